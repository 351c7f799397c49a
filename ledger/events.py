"""The catalogue: every fact that can be recorded, one flat struct each, and the envelope that makes it an event.

A fact says what happened, with every part that was decided (splits, what was drawn and what billed, the cost an asset
carried), so that neither replay nor a later rule decides anything again. The stored name of a fact is its class name; a
fact whose shape changes gets a new name with a version (“RechargeRaised.2”), and the old one stays here for ever. Only a
field that means “as before” where it is absent may be added, at the end of a struct and with an empty default.
Amounts are whole pence; `book` is the code of the body in whose book the fact is recorded.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from ledger.accounts import Entries
from ledger.agreement.model import Agreement, Ratio, Variation

Parts: TypeAlias = dict[str, int]
"""Party → its part, in pence; no nil parts."""


class Recorded(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type", tag=True):
    """What every fact is."""


class AgreementSigned(Recorded, frozen=True):
    """The parties signed the agreement."""

    agreement: Agreement


class AgreementVaried(Recorded, frozen=True):
    """The parties varied the agreement, with effect from the event's business date."""

    variation: Variation


class ContributionDue(Recorded, frozen=True):
    """A party owes the pool a contribution (aligned: allocated its own funding to the aim).

    `instalment` is the day in the agreement's schedule that it was raised for.
    """

    party: str
    amount: int
    fund: str = ""
    scheme: str = ""
    instalment: date | None = None


class ContributionReceived(Recorded, frozen=True):
    """A party paid the pool."""

    party: str
    amount: int
    fund: str = ""
    scheme: str = ""


class ContributionGivenInKind(Recorded, frozen=True):
    """A party gave the arrangement something other than money, at a value; a memorandum."""

    party: str
    amount: int
    scheme: str = ""


class ExpenditureIncurred(Recorded, frozen=True):
    """A book incurred cost from a supplier."""

    book: str
    scheme: str
    supplier: str
    amount: int
    fund: str = ""


class PaymentMade(Recorded, frozen=True):
    """A book paid a supplier."""

    book: str
    supplier: str
    amount: int


class CashIncomeReceived(Recorded, frozen=True):
    """A book received income in cash."""

    book: str
    scheme: str
    amount: int
    customer: str = ""
    fund: str = ""


class IncomeDue(Recorded, frozen=True):
    """A customer owes a book for a scheme's service."""

    book: str
    scheme: str
    customer: str
    amount: int


class IncomeCollected(Recorded, frozen=True):
    """A customer paid a book what it owed."""

    book: str
    customer: str
    amount: int


class BillRaised(Recorded, frozen=True):
    """The contractor billed: the billing lead's pool (no parts), or each party its part in the ratio."""

    scheme: str
    amount: int
    parts: Parts = {}
    ratio: Ratio = {}


class RechargeRaised(Recorded, frozen=True):
    """A scheme's net cost (a venture: a service charge) was charged to the parties.

    Each party's part is what was drawn on its contributions in advance plus what was billed to it; in a venture what was
    credited stands where a negative part went beyond what the party owed. `ratio` is what the amount was split by.
    """

    scheme: str
    amount: int
    ratio: Ratio
    fund: str = ""
    drawn: Parts = {}
    billed: Parts = {}
    credited: Parts = {}


class ChargeAdjusted(Recorded, frozen=True):
    """What each party bears of an earlier recharge, service charge or bill, by its number, since its ratio was varied.

    The parts are the differences to what stood, and sum to nil; `ratio` is the one of the charge's date now.
    """

    adjusts: int
    scheme: str
    ratio: Ratio
    bears: Parts
    drawn: Parts = {}
    billed: Parts = {}
    credited: Parts = {}


class SettlementMade(Recorded, frozen=True):
    """One book of the arrangement paid another what it owed it."""

    payer: str
    payee: str
    amount: int


class ContributionRefunded(Recorded, frozen=True):
    """The pool owes a party back what was not spent of its contributions."""

    party: str
    amount: int
    fund: str = ""


class BalancesSetOff(Recorded, frozen=True):
    """What the pool and a party owe each other was set off."""

    party: str
    amount: int


class AssetAcquired(Recorded, frozen=True):
    """A book acquired a fixed asset, or added to the cost of one."""

    book: str
    asset: str
    scheme: str
    supplier: str
    amount: int
    fund: str = ""


class AssetDepreciated(Recorded, frozen=True):
    """A fixed asset wore off by an amount."""

    book: str
    asset: str
    amount: int


class AssetTransferred(Recorded, frozen=True):
    """A fixed asset passed from one book to another for a consideration, carrying its cost and depreciation.

    One taken in kind `at_end` is no income of its scheme: the consideration is distributed.
    """

    giver: str
    taker: str
    asset: str
    scheme: str
    cost: int
    depreciation: int
    consideration: int
    fund: str = ""
    at_end: bool = False


class AssetDisposed(Recorded, frozen=True):
    """A fixed asset left the arrangement for proceeds; sold `at_end`, they are distributed and no income of its scheme."""

    book: str
    asset: str
    scheme: str
    cost: int
    depreciation: int
    proceeds: int
    buyer: str = ""
    fund: str = ""
    at_end: bool = False


class LiabilityRecognised(Recorded, frozen=True):
    """A book provided for a liability, or released part of the provision (negative)."""

    book: str
    liability: str
    scheme: str
    amount: int


class LiabilitySettled(Recorded, frozen=True):
    """A book paid what it had provided for."""

    book: str
    liability: str
    amount: int


class BudgetSet(Recorded, frozen=True):
    """A party's budget for a scheme in a year was set, net; a provisional one does not count until it is set again."""

    year: str
    scheme: str
    party: str
    amount: int
    provisional: bool = False


class BudgetVired(Recorded, frozen=True):
    """Budget moved between schemes or parties of a year, or across the pool's boundary (the side outside is empty).

    A provisional virement does not count until another, which names it in `confirms`, has confirmed it.
    """

    year: str
    amount: int
    from_scheme: str = ""
    from_party: str = ""
    to_scheme: str = ""
    to_party: str = ""
    provisional: bool = False
    confirms: int = 0


class ForecastMade(Recorded, frozen=True):
    """What a scheme's net cost of a year is expected to be; a forecast never posts."""

    year: str
    scheme: str
    amount: int


class IndicatorReported(Recorded, frozen=True):
    """A body reported what an indicator came to in a period, beside the target that the agreement had for it.

    Figures are exact decimals, as text; the last that a body reported of a period is the one that counts.
    """

    indicator: str
    period: str
    body: str
    value: str
    area: str = ""
    target: str = ""


class Step(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step of the risk share: a party bears an amount, under a clause, for a scheme (empty: for all that is netted)."""

    party: str
    amount: int
    clause: str
    scheme: str


class TrueUpRaised(Recorded, frozen=True):
    """What each party bears of a year under the risk share, less what it has been charged: parts that sum to nil.

    Posted like a recharge, drawn or billed, but to the party's risk share. Its grounds stand beside: what each bears, what it
    was charged before, and the steps of the waterfall.
    """

    year: str
    drawn: Parts = {}
    billed: Parts = {}
    borne: Parts = {}
    charged: Parts = {}
    steps: list[Step] = []


class UnspentDecided(Recorded, frozen=True):
    """What becomes of a year's unspent contributions: return, carry_forward or retain, and what each party had left."""

    year: str
    decision: str
    left: Parts = {}


class BalancesReclassified(Recorded, frozen=True):
    """For a year's end, a book's debtor in credit was shown as its creditor, or its creditor in debit as its debtor.

    `amount` was put from the book's creditors to its debtors, both naming the body (and back where it is negative).
    """

    year: str
    book: str
    body: str
    amount: int


class YearClosed(Recorded, frozen=True):
    """A body closed its year: every account's balance at its last day, by posting date, in each of the body's books.

    `first` is the year's first day and `opens` the next year's, on which the closing entries are dated.
    """

    body: str
    year: str
    first: date
    opens: date
    balances: Entries


class DisputeRaised(Recorded, frozen=True):
    """A party disputes an amount of an event, by its number; the item stays on both sides' books, flagged."""

    event: int
    party: str
    amount: int


class DisputeAcknowledged(Recorded, frozen=True):
    """A dispute, by the number of the event that raised it, was acknowledged for a year's end and no longer blocks it."""

    dispute: int
    year: str


class DisputeResolved(Recorded, frozen=True):
    """A dispute, by the number of the event that raised it, is settled between the parties."""

    dispute: int


class Difference(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One item on which two sides differ, by cause; amounts as each side has them, nil where it has none.

    `event` is our event's number, 0 where there is none.
    """

    cause: Literal["missing_there", "missing_here", "timing", "amount", "disputed"]
    reference: str
    ours: int
    theirs: int
    event: int = 0


class BalancesAgreed(Recorded, frozen=True):
    """A party's own figures were held against its mirror here, as at a day: what agrees, and each difference by its cause.

    `columns` says which column of the party's extract was read as which; the extract's hash is the event's evidence. An
    extract that does not begin with the account's first line begins on `first`, with the balance `brought_forward`.
    """

    party: str
    as_at: date
    ours: int
    theirs: int
    columns: dict[str, str]
    confirmed: list[int] = []
    differences: list[Difference] = []
    first: date | None = None
    brought_forward: int | None = None


class NarrativeErased(Recorded, frozen=True):
    """The narrative and the reason of an earlier event, by its number, were taken out of the ledger, with their salts."""

    event: int


class NoticeGiven(Recorded, frozen=True):
    """A party (empty: all of them together) gave notice that the arrangement ends on a day.

    An end that every party has `agreed` to is not bound by the notice period.
    """

    ends: date
    party: str = ""
    agreed: bool = False


class Entitled(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a party was entitled to at the end: owed to it, its shares of assets, less liabilities, and of the residual.

    `not_called` is what of it was left as it was, because a venture's owners do not answer for its deficit.
    """

    party: str
    owed: int = 0
    share_of_assets: int = 0
    share_of_liabilities: int = 0
    share_of_residual: int = 0
    not_called: int = 0


class Ended(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What became of an asset, liability, creditor, debtor or dispute at the end, at its value; `to` is who took it.

    `parts` is each party's part of its value, in the ratio of a clause; of a dispute or a debtor held back, what waits for it
    of each party's payment.
    """

    kind: str
    code: str
    value: int
    then: str
    to: str = ""
    carried: int = 0
    parts: Parts = {}
    ratio: Ratio = {}
    clause: str = ""


class Survivor(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A balance of the pool book that outlives the arrangement, by the name of the item it is about, and why.

    An item is disputed, held back, or not called in; money may be set aside for it, or a party's payment wait for it; an open
    dispute without an account is settled in spite of it, or nothing is owed of it.
    """

    name: str
    why: Literal["disputed", "held", "not_called", "set_aside", "waits", "open", "contingent"]
    account: str = ""
    amount: int = 0


class ArrangementCompleted(Recorded, frozen=True):
    """The arrangement came to its end: what was there, at which values, and who is entitled to what of it.

    The `steps` events that follow under the same reference carry it out. `cut_short` is a year whose budgets were left
    standing although the arrangement ended within it.
    """

    net_worth: int
    steps: int
    entitled: list[Entitled] = []
    items: list[Ended] = []
    residual_ratio: Ratio = {}
    residual_clause: str = ""
    survivors: list[Survivor] = []
    cut_short: str = ""


class CreditorNovated(Recorded, frozen=True):
    """A body took over what a book owes a creditor; the book owes it to that body instead."""

    book: str
    creditor: str
    taker: str
    amount: int


class DebtorAssigned(Recorded, frozen=True):
    """A body took over what a debtor owes a book; that body owes it to the book instead."""

    book: str
    debtor: str
    taker: str
    amount: int


class AssetDivided(Recorded, frozen=True):
    """A fixed asset passed to the parties in undivided shares: what each gives for its part, and what that is carried at."""

    giver: str
    asset: str
    scheme: str
    cost: int
    depreciation: int
    parts: Parts = {}
    carried: Parts = {}
    fund: str = ""


class LiabilityAssumed(Recorded, frozen=True):
    """The parties took over a provision, each its part; the book owes each as much for it."""

    book: str
    liability: str
    parts: Parts


class PoolClosed(Recorded, frozen=True):
    """The pool book's income and expenditure up to a day were closed to its reserve for good, year by year."""

    up_to: date
    balances: dict[str, int] = {}


class CapitalReturned(Recorded, frozen=True):
    """What each party paid in as capital of a venture comes back through the distribution."""

    parts: Parts


class DistributionMade(Recorded, frozen=True):
    """What falls to each party at the end beyond what it is owed (below nil: what it makes good)."""

    parts: Parts


class DistributionClosed(Recorded, frozen=True):
    """What was distributed to each party, with the capital returned, was closed to the reserve, in both books."""

    parts: Parts


class SurvivorAdjusted(Recorded, frozen=True):
    """What outlived the arrangement turned out at another amount, and the parties bear the difference.

    `debtors` and `creditors` are what the pool's accounts with each party moved by, `pool` its other accounts; together nil.
    """

    name: str
    pool: dict[str, int] = {}
    debtors: Parts = {}
    creditors: Parts = {}


class FactReversed(Recorded, frozen=True):
    """An earlier event was reversed: its number, and the fact it recorded."""

    reverses: int
    fact: Fact


Fact: TypeAlias = (
    AgreementSigned
    | AgreementVaried
    | ContributionDue
    | ContributionReceived
    | ContributionGivenInKind
    | ExpenditureIncurred
    | PaymentMade
    | CashIncomeReceived
    | IncomeDue
    | IncomeCollected
    | BillRaised
    | RechargeRaised
    | ChargeAdjusted
    | SettlementMade
    | ContributionRefunded
    | BalancesSetOff
    | AssetAcquired
    | AssetDepreciated
    | AssetTransferred
    | AssetDisposed
    | LiabilityRecognised
    | LiabilitySettled
    | BudgetSet
    | BudgetVired
    | ForecastMade
    | IndicatorReported
    | TrueUpRaised
    | UnspentDecided
    | BalancesReclassified
    | YearClosed
    | DisputeRaised
    | DisputeAcknowledged
    | DisputeResolved
    | BalancesAgreed
    | NarrativeErased
    | NoticeGiven
    | ArrangementCompleted
    | CreditorNovated
    | DebtorAssigned
    | AssetDivided
    | LiabilityAssumed
    | PoolClosed
    | CapitalReturned
    | DistributionMade
    | DistributionClosed
    | SurvivorAdjusted
    | FactReversed
)
"""Everything that can happen."""


def stored_name(fact: Recorded) -> str:
    """The name under which a fact's type is stored, for ever."""
    return str(fact.__struct_config__.tag)


class Event(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One event of an arrangement's stream, as its bytes hold it.

    `recorded_at` is UTC and never goes back within an arrangement; `clock` is the clock's own reading where that was
    behind. `asked` (first event of a command) is the SHA-256 of the request, for telling a repeated command from another
    under the same reference. `evidence` is the SHA-256 of a file; the commitments are SHA-256(salt‖text)
    of texts kept apart. `posted_on` names the books whose legs are dated otherwise than
    `effective_on`, because their year was closed.
    """

    ledger: str
    arrangement: str
    number: int
    effective_on: date
    recorded_at: str
    actor: str
    reference: str
    fact: Fact
    entries: Entries = {}
    posted_on: dict[str, date] = {}
    part: int = 0
    asked: str = ""
    clock: str = ""
    document: str = ""
    evidence: str = ""
    narrative_commitment: str = ""
    reason_commitment: str = ""

    @property
    def type(self) -> str:
        """The stored name of the fact."""
        return stored_name(self.fact)

    @property
    def reverses(self) -> int | None:
        """The number of the event this one reverses, if it is a reversal."""
        return self.fact.reverses if isinstance(self.fact, FactReversed) else None

    @property
    def originator_id(self) -> str:
        """The stream, as the event store's contract calls it."""
        return self.arrangement

    @property
    def originator_version(self) -> int:
        """The number in the stream, as the event store's contract calls it."""
        return self.number
