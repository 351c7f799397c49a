"""Codes and free text as they may come in: what a name may be made of, and what no text may hide."""

from __future__ import annotations

import re
import unicodedata

ARRANGEMENT = SCHEME = re.compile(r"[a-z][a-z0-9-]{0,39}")
BODY = re.compile(r"[A-Z][A-Z0-9-]{0,15}")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

LONGEST = 64 * 1024
"""No text may be longer than this many characters."""

SHAPES = {
    "scheme": (SCHEME, "small letters, digits and hyphens, starting with a letter, at most 40"),
    "party": (BODY, "capitals, digits and hyphens, starting with a capital, at most 16"),
    "counterparty": (CODE, "letters, digits, dots, hyphens and underscores, at most 40"),
    "fund": (CODE, "letters, digits, dots, hyphens and underscores, at most 40"),
    "asset": (CODE, "letters, digits, dots, hyphens and underscores, at most 40"),
    "liability": (CODE, "letters, digits, dots, hyphens and underscores, at most 40"),
}
"""Column → the pattern its codes must match in full, and the pattern in words."""

OUTSIDE = ("counterparty", "asset", "liability")
"""The columns whose codes no agreement lists, so that their shape is all there is to hold them to."""

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, but letters of some scripts and pictures of several parts need them."""


def code(column: str, text: str) -> str:
    """A code of the column's shape; raises ValueError with a sentence."""
    pattern, words = SHAPES[column]
    if not pattern.fullmatch(text):
        raise ValueError(f"“{escaped(text[:40])}” is not a code for {column}: use {words}")
    return text


def arrangement(text: str) -> str:
    """An arrangement's code; raises ValueError with a sentence."""
    if not ARRANGEMENT.fullmatch(text):
        raise ValueError(f"“{escaped(text[:40])}” is not a code for an arrangement: use {SHAPES['scheme'][1]}")
    return text


def clean(text: str, longest: int = LONGEST, *, lines: bool = False) -> str:
    """Text without control or bidirectional characters; raises ValueError with a sentence.

    With `lines`, line breaks and tabs may stand in it.
    """
    if len(text) > longest:
        raise ValueError(f"the text has {len(text):,} characters: at most {longest:,} can be kept")
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    for character in text:
        if _hidden(character) and not (lines and character in "\n\t"):
            raise ValueError(f"the text holds the hidden character U+{ord(character):04X}: take it out")
    return text


def reference(text: str) -> str:
    """A reference a user may give; raises ValueError with a sentence."""
    if text.startswith("#"):
        raise ValueError("a reference may not begin with #: those are the ledger's own")
    return clean(text, 200).strip()


def actor(text: str) -> str:
    """The name of whoever records; raises ValueError with a sentence for a blank one."""
    if not text.strip():
        raise ValueError("it is blank: say who records this")
    return clean(text, 200).strip()


def reason(text: str) -> str:
    """Why something is done; raises ValueError with a sentence for a blank one."""
    if not text.strip():
        raise ValueError("it is blank: say why")
    return clean(text).strip()


def escaped(text: str) -> str:
    """Text for output: every control or bidirectional character shown as its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_numbered(character) if _hidden(character) else character for character in text)


def _numbered(character: str) -> str:
    """The character as JSON numbers it: beyond U+FFFF by two surrogates."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _hidden(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
