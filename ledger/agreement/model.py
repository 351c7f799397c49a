"""What an agreement says, as it is kept in the event that signed it.

Shares are whole numbers that stand to each other as the agreement's shares do; money is whole pence.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from msgspec import Struct

Ratio: TypeAlias = dict[str, int]
"""Party code → its share; a party left out has none. Empty where the agreement is silent."""


ROLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "aligned": ((), ()),
    "lead_body": (("lead",), ()),
    "joint_commissioning": (("contractor",), ("billing_lead", "assets_held_by")),
    "joint_venture": (("entity", "funding"), ("owners_liable",)),
}
"""Type of arrangement → the roles it must have, and those it may have."""


class Body(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A body that is not a party: the contractor or the joint entity."""

    code: str
    name: str


class Party(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A party to the agreement; sector is nhs, local_authority or other."""

    code: str
    name: str
    sector: str


class Roles(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who does what; which of these an agreement has depends on its type."""

    lead: str = ""
    contractor: Body | None = None
    billing_lead: str = ""
    assets_held_by: str = ""
    entity: Body | None = None
    funding: list[str] = []
    owners_liable: bool = False


class Scheme(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of the arrangement with costs of its own, and perhaps ratios of its own."""

    code: str
    name: str
    recharge: Ratio = {}
    risk: Ratio = {}


class Fund(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Ring-fenced money; kind is revenue or capital."""

    code: str
    name: str
    kind: str


class Shares(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The ratios that hold for the whole arrangement."""

    recharge: Ratio = {}
    assets: Ratio = {}
    liabilities: Ratio = {}
    residual: Ratio = {}


class Held(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An asset's or a liability's own shares at the end."""

    code: str
    shares: Ratio


class Band(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One band of an overspend; `up_to` counts from nil in pence, and the last band has none."""

    shares: Ratio
    up_to: int | None = None


class Risk(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How over- and underspends are shared at the year end."""

    base: str = ""
    own_underspend_first: list[str] = []
    reserve_first: bool = False
    underspend: str = ""
    underspend_shares: Ratio = {}
    undecided: bool = False
    bands: list[Band] = []


class Budget(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A party's budget for a scheme in a financial year, net, in pence."""

    year: str
    scheme: str
    party: str
    amount: int


class Instalment(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A contribution that falls due on a day, in pence."""

    party: str
    amount: int
    on: date
    fund: str = ""
    scheme: str = ""


class Indicator(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What performance is measured by: `direction` says which is better, higher or lower.

    `target` holds for every period, `targets` for a year, a quarter or a month by its label. `reported_by` is a body's code
    where it is not the one that the type of arrangement makes responsible.
    """

    code: str
    name: str
    unit: str
    direction: str
    area: str = ""
    scheme: str = ""
    target: str = ""
    targets: dict[str, str] = {}
    reported_by: str = ""


class Responsibilities(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where the agreement says otherwise than its type on who answers for what."""

    recording: str = ""
    performance: str = ""
    assets: str = ""
    assurance: str = ""
    internal_audit: str = ""
    external_audit: str = ""
    access: str = ""
    monitoring_lead: str = ""
    continuity: str = ""


class Agreement(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A signed agreement, whole.

    Only what is empty or nil may be a default, here and in every stored struct: msgspec leaves a default out of the bytes by
    its identity, so a default with content would be written or not depending on who made it.
    """

    code: str
    name: str
    type: str
    starts: date
    year_starts: str
    parties: list[Party]
    roles: Roles
    shares: Shares
    responsibilities: Responsibilities
    ends: date | None = None
    legal_basis: str = ""
    notice_months: int = 0
    schemes: list[Scheme] = []
    funds: list[Fund] = []
    assets: list[Held] = []
    liabilities: list[Held] = []
    risk: Risk | None = None
    budgets: list[Budget] = []
    instalments: list[Instalment] = []
    indicators: list[Indicator] = []


class Succession(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One body takes the place of another: its share is added to its own, and its balances pass to it."""

    old: str
    new: str


class Removed(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the agreement no longer has, by code; `risk` and `instalments` take the whole table away."""

    schemes: list[str] = []
    funds: list[str] = []
    assets: list[str] = []
    liabilities: list[str] = []
    indicators: list[str] = []
    risk: bool = False
    instalments: bool = False


class Variation(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a variation changes, each table as given; what is empty stays as it was.

    Parties, schemes, funds, assets, liabilities and indicators replace those of the same code, budgets those of the same
    year, scheme and party; every other table replaces the whole of its kind.
    """

    name: str = ""
    type: str = ""
    ends: date | None = None
    legal_basis: str = ""
    notice_months: int | None = None
    parties: list[Party] = []
    successions: list[Succession] = []
    leavers: list[str] = []
    roles: Roles | None = None
    schemes: list[Scheme] = []
    funds: list[Fund] = []
    shares: Shares | None = None
    assets: list[Held] = []
    liabilities: list[Held] = []
    risk: Risk | None = None
    budgets: list[Budget] = []
    instalments: list[Instalment] = []
    indicators: list[Indicator] = []
    responsibilities: Responsibilities | None = None
    removed: Removed | None = None


class Version(Struct, frozen=True, omit_defaults=True):
    """The agreement as it stands from a day on, and the variations that take effect that day, in the order recorded."""

    agreement: Agreement
    variations: list[Variation] = []
