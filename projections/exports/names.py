"""Account names in other programs' grammars: different names stay different, and a name is the same in every export.

In hledger and ledger a name may stand as it is, behind its arrangement and book; but ledger adds to an account's balance
those of the accounts below it, so there nothing may lie below an account that is posted to. In beancount a part of a name is
made of letters, digits and hyphens and begins with a capital or a digit, and the first part is one of five.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from ledger.accounts import ADVANCE, PREPAID

_PLAIN = re.compile(r"[A-Za-z0-9._-]+(?: [A-Za-z0-9._-]+)*")
_ODD = re.compile(r"[^A-Za-z0-9-]|-(?=x)")
_ESCAPED = re.compile(r"-x([0-9a-f]+)-")
_LOWER = re.compile(r".+[a-z]", re.DOTALL)
_EXACTLY = "X-"

_VOCABULARY = (
    "Cash", "Debtors", "Prepaid contributions", "Fixed assets", "Cost", "Depreciation", "Investment", "Creditors",
    "Contributions in advance", "Provisions", "Recharges", "Grants", "Service charges", "Contract", "Other", "Transfer",
    "Provision", "Risk share", "Capital", "Distribution", "Reserve",
)  # fmt: skip
"""The words of our own chart of accounts; every other part of a name is somebody's code."""

_WORDS = {word.replace(" ", "-"): word for word in _VOCABULARY}


@lru_cache(100_000)
def in_hledger(arrangement: str, book: str, account: str) -> str:
    """An account's name in hledger, behind its arrangement and book.

    A part with anything but letters, digits, dots, hyphens, underscores and single blanks is percent-encoded: two blanks
    would end the name, a colon would divide it, brackets would make it virtual.
    """
    return ":".join(map(_percent_encoded, (arrangement, book, *account.split(":"))))


@lru_cache(100_000)
def in_ledger(arrangement: str, book: str, account: str) -> str:
    """An account's name in ledger: hledger's, with a fund's contributions beside the party's and not below (“OCC/dfg”)."""
    name = in_hledger(arrangement, book, account)
    if not account.startswith((ADVANCE, PREPAID)):
        return name
    *above, kind, rest = name.split(":", 4)
    return ":".join((*above, kind, rest.replace(":", "/")))


def _percent_encoded(part: str) -> str:
    return part if _PLAIN.fullmatch(part) else quote(part, safe="") or "%"


@lru_cache(100_000)
def in_beancount(arrangement: str, book: str, account: str) -> str:
    """An account's name in beancount: its kind, then its arrangement and book, then the rest."""
    kind, *rest = account.split(":")
    return ":".join((kind, *map(component, (arrangement, book, *rest))))


def component(text: str) -> str:
    """A part of a beancount account name, from which `original` gives the text back.

    “Fixed assets” is Fixed-assets and “care” is Care; a code that would read like another stands behind “X-” as it is
    (“Care” is X-Care). A character that cannot stand there is its number in hexadecimal (“van.2” is Van-x2e-2).
    """
    if text in _VOCABULARY:
        return text.replace(" ", "-")
    escaped = _ODD.sub(lambda odd: f"-x{ord(odd[0]):x}-", text)
    plain = escaped[:1].upper() + escaped[1:]
    return plain if plain[:1].isalnum() and original(plain) == text else _EXACTLY + escaped


def original(component: str) -> str:
    """The text that a part of a beancount account name stands for."""
    if component in _WORDS:
        return _WORDS[component]
    exactly = component.startswith(_EXACTLY)
    text = _ESCAPED.sub(lambda number: chr(int(number[1], 16)), component.removeprefix(_EXACTLY))
    return text[:1].lower() + text[1:] if not exactly and _LOWER.match(text) else text
