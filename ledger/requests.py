"""What can be asked: each kind of fact with the columns it uses, the same for a CSV row and for a command.

The table below is the single source of the CSV's types, the commands' options and the canonical request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ledger import events as e
from ledger import text
from ledger.agreement import Agreement, Ratio, Variation
from ledger.errors import UnknownCode
from ledger.termination.plan import Plan

Posted: TypeAlias = type[e.Recorded]


class Request(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """One fact as it is asked for: the type and the business fields as given, amounts in pence."""

    type: str
    effective_on: date
    amount: int = 0
    party: str = ""
    counterparty: str = ""
    scheme: str = ""
    fund: str = ""
    asset: str = ""
    liability: str = ""
    consideration: int = 0
    document: str = ""
    evidence: str = ""


class Reversal(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to reverse an earlier event by its number."""

    reverses: int
    effective_on: date
    document: str = ""
    evidence: str = ""


class Signing(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to sign an agreement."""

    agreement: Agreement
    effective_on: date
    document: str = ""
    evidence: str = ""


class Varying(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to vary an agreement from a day."""

    variation: Variation
    effective_on: date
    document: str = ""
    evidence: str = ""


class Run(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to recharge all net cost not yet recharged, up to a day."""

    effective_on: date
    document: str = ""
    evidence: str = ""


class YearStep(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request about a financial year: to reclassify balances, to settle it, to close or reopen a body's (or all) books."""

    step: str
    year: str
    body: str = ""
    unspent: str = ""
    document: str = ""
    evidence: str = ""


class Disputing(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to raise, acknowledge or resolve a dispute."""

    fact: e.DisputeRaised | e.DisputeAcknowledged | e.DisputeResolved
    effective_on: date
    document: str = ""
    evidence: str = ""


class Agreeing(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to record what came of holding a party's own figures, an extract of them, against ours.

    The same extract is the same request, whatever it is found to differ from by then.
    """

    fact: e.BalancesAgreed
    document: str = ""
    evidence: str = ""


class Scheduled(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to raise every instalment of the schedule that is due up to a day and not raised yet."""

    to: date
    document: str = ""
    evidence: str = ""


class Planned(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to record a budget, a virement or a forecast; `confirms` names a provisional virement."""

    fact: e.BudgetSet | e.BudgetVired | e.ForecastMade
    effective_on: date
    confirms: int = 0
    document: str = ""
    evidence: str = ""


class Measured(Struct, frozen=True, omit_defaults=True):
    """What an indicator came to in a period, as a party (or, without one, whoever is responsible) reports it."""

    indicator: str
    period: str
    value: str
    party: str = ""


class Reporting(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to record what indicators came to: one figure, or those of a file."""

    figures: list[Measured]
    effective_on: date
    document: str = ""
    evidence: str = ""


class Erasing(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to erase the narrative and the reason of an event, by its number."""

    event: int
    effective_on: date
    document: str = ""
    evidence: str = ""


class Notice(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to record that a party (empty: all of them) gave notice; without `ends`, to the earliest end there may be."""

    effective_on: date
    party: str = ""
    ends: date | None = None
    agreed: bool = False
    document: str = ""
    evidence: str = ""


class Adjusting(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to put a survivor at another amount: by how much it is more, or less, and in which ratio that is borne."""

    name: str
    amount: int
    effective_on: date
    whose: Ratio = {}
    document: str = ""
    evidence: str = ""


class Completing(Struct, frozen=True, omit_defaults=True, tag_field="asked", tag=True):
    """A request to end an arrangement on a day, by a plan, or with each thing taking its usual course."""

    effective_on: date
    plan: Plan | None = None
    budgets_stand: bool = False
    document: str = ""
    evidence: str = ""


Asked: TypeAlias = (
    Request
    | Reversal
    | Signing
    | Varying
    | Run
    | YearStep
    | Planned
    | Disputing
    | Agreeing
    | Scheduled
    | Reporting
    | Erasing
    | Notice
    | Completing
    | Adjusting
)
"""Whatever can be asked of the ledger."""


@dataclass(frozen=True)
class Kind:
    """One type of fact that can be asked for.

    `needs` and `may` are the columns it uses; `means` says what a column is here where its name does not. `negative` and
    `nil` say which amounts make sense: without them they are above nil.
    """

    type: str
    command: tuple[str, ...]
    fact: Posted
    says: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    means: Mapping[str, str] = field(default_factory=dict)
    negative: bool = False
    nil: bool = False
    instead: str = "reverse the event that was wrong"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the type uses."""
        return (*self.needs, *self.may)

    @cached_property
    def needed(self) -> frozenset[str]:
        """The columns a row must fill."""
        return frozenset(("arrangement", "date", "reference", *self.needs))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes a request must give."""
        return tuple(column for column in self.needs if column not in ("amount", "consideration"))

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The codes and amounts a request may not give."""
        return tuple(column for column in MEANING if column not in self.columns)

    @cached_property
    def usable(self) -> frozenset[str]:
        """The columns a row may fill."""
        return frozenset((*self.needed, *self.may, "document", "narrative"))

    def meaning(self, column: str) -> str:
        """What a column is in this type, for help texts."""
        return self.means.get(column, MEANING[column])


MEANING = {
    "party": "the party",
    "counterparty": "the other body",
    "scheme": "the scheme",
    "fund": "the fund that the money is ring-fenced in",
    "asset": "the asset's code",
    "liability": "the liability's code",
    "amount": "pounds, like 1234.50",
    "consideration": "pounds paid for it, 0 if nothing",
}
"""What a column is, where a type does not say otherwise."""

_SUPPLIER = {"counterparty": "the supplier"}
_CUSTOMER = {"counterparty": "the customer"}
_WHO = "whose it is: required with aligned budgets; the contractor for its own, with a billing lead"
_HOLDER = "who holds it: required with aligned budgets and where parties hold assets"
_INFORMATION = "the scheme it is meant for (information only)"

KINDS: dict[str, Kind] = {
    kind.type: kind
    for kind in (
        Kind("contribution_due", ("contribution", "due"), e.ContributionDue, "A party owes the pool a contribution.",
             ("party", "amount"), ("fund", "scheme"), {"scheme": _INFORMATION}, negative=True),
        Kind("contribution_received", ("contribution", "receive"), e.ContributionReceived, "A party paid the pool.",
             ("party", "amount"), ("fund", "scheme"), {"scheme": _INFORMATION}),
        Kind("contribution_in_kind", ("contribution", "in-kind"), e.ContributionGivenInKind,
             "A party gave something other than money, at a value; a memorandum.",
             ("party", "amount"), ("scheme",), {"scheme": _INFORMATION}),
        Kind("expenditure", ("expenditure", "incur"), e.ExpenditureIncurred,
             "Cost incurred from a supplier; a party may be the supplier where there is a pool.",
             ("scheme", "amount", "counterparty"), ("party", "fund"), _SUPPLIER | {"party": _WHO}, negative=True),
        Kind("payment", ("expenditure", "pay"), e.PaymentMade, "A supplier was paid.",
             ("amount", "counterparty"), ("party",), _SUPPLIER | {"party": _WHO},
             instead="record money that came back as a reversal of the payment, or as income"),
        Kind("income", ("income", "receive"), e.CashIncomeReceived, "Income received in cash from clients and others.",
             ("scheme", "amount"), ("counterparty", "fund", "party"), _CUSTOMER | {"party": _WHO}, negative=True),
        Kind("income_due", ("income", "due"), e.IncomeDue, "A customer was invoiced.",
             ("counterparty", "amount", "scheme"), ("party",), _CUSTOMER | {"party": _WHO}, negative=True),
        Kind("income_received", ("income", "collect"), e.IncomeCollected, "A customer paid what it was invoiced.",
             ("counterparty", "amount"), ("party",), _CUSTOMER | {"party": _WHO}),
        Kind("bill", ("bill",), e.BillRaised,
             "The contractor's bill, split between the parties or to the billing lead's pool.",
             ("scheme", "amount"), negative=True),
        Kind("recharge", ("recharge", "raise"), e.RechargeRaised,
             "Charge a scheme's net cost to the parties by formula; a venture's service charge.",
             ("scheme", "amount"), ("fund",), negative=True),
        Kind("settlement", ("settlement",), e.SettlementMade, "One body of the arrangement paid another what it owed.",
             ("party", "counterparty", "amount"), means={"party": "the payer", "counterparty": "the payee"}),
        Kind("refund", ("refund",), e.ContributionRefunded, "The pool owes a party back an unspent contribution.",
             ("party", "amount"), ("fund",)),
        Kind("set_off", ("set-off",), e.BalancesSetOff, "Set off what the pool and a party owe each other.",
             ("party", "amount")),
        Kind("asset_acquired", ("asset", "acquire"), e.AssetAcquired,
             "A fixed asset was bought; again for the same asset adds to its cost.",
             ("asset", "amount", "counterparty", "scheme"), ("fund", "party"), _SUPPLIER | {"party": _HOLDER}),
        Kind("asset_depreciated", ("asset", "depreciate"), e.AssetDepreciated, "A fixed asset wore off.",
             ("asset", "amount")),
        Kind("asset_transferred", ("asset", "transfer"), e.AssetTransferred,
             "A fixed asset passed from one body to another.",
             ("asset", "party", "counterparty", "consideration"), means={"party": "the giver",
             "counterparty": "the taker"}, nil=True),
        Kind("asset_disposed", ("asset", "dispose"), e.AssetDisposed,
             "A fixed asset was sold or scrapped outside the arrangement; the amount is the proceeds.",
             ("asset", "amount"), ("counterparty",), {"counterparty": "the buyer",
             "amount": "the proceeds in pounds, 0 if scrapped"}, nil=True),
        Kind("liability_recognised", ("liability", "recognise"), e.LiabilityRecognised,
             "A provision was made for a liability; negative releases it.",
             ("liability", "scheme", "amount"), ("party",), {"party": _HOLDER}, negative=True),
        Kind("liability_settled", ("liability", "settle"), e.LiabilitySettled, "A provision was paid.",
             ("liability", "amount")),
    )
}  # fmt: skip
"""CSV type → what it uses (interfaces, “Facts: a CSV file”)."""


def refuse_misshapen(request: Request) -> None:
    """Refuse a code of the wrong shape where no agreement says which codes there are: the truth does not rest on readers."""
    for column in text.OUTSIDE:
        if given := getattr(request, column):
            try:
                text.code(column, given)
            except ValueError as error:
                raise UnknownCode(f"{error}.", column) from None


_canonical = msgspec.json.Encoder(order="deterministic")


def asked(request: Asked) -> str:
    """The SHA-256, in hex, of the canonical request.

    Actor, narrative, reason, clock and number are no part of it, so a command repeated later by a colleague is the same.
    """
    if isinstance(request, Agreeing):
        fact = request.fact
        bare = replace(fact, ours=0, theirs=0, confirmed=[], differences=[])
        request = replace(request, fact=bare)
    return sha256(_canonical.encode(request)).hexdigest()
