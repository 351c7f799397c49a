"""The agreement between the parties: what it may say, how its file is read, and the terms in force on a day."""

from ledger.agreement.model import (
    Agreement,
    Band,
    Body,
    Budget,
    Fund,
    Held,
    Indicator,
    Instalment,
    Party,
    Ratio,
    Responsibilities,
    Risk,
    Roles,
    Scheme,
    Shares,
)
from ledger.agreement.terms import Terms

__all__ = [
    "Agreement",
    "Band",
    "Body",
    "Budget",
    "Fund",
    "Held",
    "Indicator",
    "Instalment",
    "Party",
    "Ratio",
    "Responsibilities",
    "Risk",
    "Roles",
    "Scheme",
    "Shares",
    "Terms",
]
