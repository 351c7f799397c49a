"""Check an audit pack that Poolbook made, with nothing but this file and Python's standard library (3.9 or newer).

    python3 -I -S verify_pack.py FOLDER [--key KEY] [--checkpoint FILE] ...

What is checked, from the bytes of the events alone: the signature (Ed25519, RFC 8032), the root and the proofs (RFC 6962,
RFC 9162), numbers without gaps, every event balanced in every book, totals equal to the closes, and that the files for
reading say what the events say. Ends with 0 where all of it holds, 1 where anything does not, with a sentence that says what.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

HASH, LONGEST, LONGEST_NOTE = 32, 1 << 26, 1 << 16
PACK, EVENTS, PROOFS, JOURNAL, EVIDENCE = "pack.json", "events.jsonl", "proofs.json", "journal.csv", "evidence.csv"
PURPOSE, OPENING, CLOSING = b"poolbook pack\n", "trial-balance-opening.csv", "trial-balance-closing.csv"
Json = dict[str, Any]
Point = tuple[int, int, int, int]


class Wrong(Exception):
    """What does not hold, as a sentence."""


def require(holds: object, sentence: str) -> None:
    """Refuse the pack unless something holds."""
    if not holds:
        raise Wrong(sentence)


def opened(folder: str, name: str) -> BinaryIO:
    """One of the pack's files: a plain one, never through a link."""
    path = Path(folder, name)
    try:
        require(path.is_file() and not path.is_symlink(), f"{name} is missing, or not a plain file")
        return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb")
    except OSError as error:
        raise Wrong(f"{name} cannot be read: {error.strerror}") from None


def whole(folder: str, name: str, longest: int = LONGEST) -> bytes:
    """All of a file that is not long."""
    with opened(folder, name) as file:
        raw = file.read(longest + 1)
    require(len(raw) <= longest, f"{name} is too long")
    return raw


def lines(folder: str, name: str) -> Iterator[bytes]:
    """A file's lines, each of which must end in a line break."""
    with opened(folder, name) as file:
        while line := file.readline(LONGEST):
            require(line.endswith(b"\n"), f"a line of {name} is too long, or its end is missing")
            yield line[:-1]


def document(raw: bytes, what: str) -> Json:
    """A JSON object, without duplicate keys, fractions or huge numbers."""

    def once(pairs: list[tuple[str, Any]]) -> Json:
        require(len(dict(pairs)) == len(pairs), f"{what} says a thing twice")
        return dict(pairs)

    def number(digits: str) -> int:
        require(re.fullmatch(r"-?[0-9]{1,18}", digits), f"{what} holds {digits[:20]}, and whole numbers are all it may")
        return int(digits)

    try:
        found = json.loads(raw.decode(), object_pairs_hook=once, parse_int=number, parse_float=number, parse_constant=number)
    except (ValueError, RecursionError):
        raise Wrong(f"{what} is not the JSON that it must be") from None
    require(isinstance(found, dict), f"{what} is not a JSON object")
    written = json.dumps(found, indent=1).encode() + b"\n"
    require(what not in (PACK, PROOFS) or written == raw, f"{what} is not written as Poolbook writes it")
    return dict(found)


def field(of: Json, name: str, kind: type, what: str, default: Any = None) -> Any:
    """A field of a JSON object, which must be of a kind."""
    found = of.get(name, default)
    require(type(found) is kind, f"{what} has no proper “{name}”")
    return found


def day(text: object, what: str) -> date:
    """A day written YYYY-MM-DD."""
    try:
        require(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(text)), f"{what} has a date that is none")
        return date.fromisoformat(str(text))
    except ValueError:
        raise Wrong(f"{what} has a date that is none") from None


class Checkpoint(NamedTuple):
    """What a log held at a size, and the signatures under it."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes]]


def unpacked(text: str) -> bytes:
    """Base64 in its one canonical form; empty for anything else."""
    raw = b64decode(text) if re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) and len(text) % 4 == 0 else b""
    return raw if b64encode(raw).decode() == text else b""


def checkpoint(raw: bytes, what: str) -> Checkpoint:
    """A checkpoint as a file has it (C2SP tlog-checkpoint in a signed-note)."""
    said = raw.decode("utf-8", "replace")
    text, blank, signed = said.rpartition("\n\n")
    body, plain = text.split("\n"), all(character >= " " or character == "\n" for character in said)
    found = [re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line) for line in signed[:-1].split("\n")]
    sound = blank and signed.endswith("\n") and len(raw) <= LONGEST_NOTE and plain and all(found) and all(body)
    require(sound and len(body) >= 3 and re.fullmatch(r"[1-9][0-9]{0,17}", body[1]), f"{what} is no checkpoint")
    require(re.fullmatch(r"poolbook/[0-9a-f]{32}/[a-z][a-z0-9-]{0,39}", body[0]), f"{what} is of no log of Poolbook")
    require(len(unpacked(body[2])) == HASH, f"{what} is no checkpoint")
    signatures = [(line[1], unpacked(line[2])) for line in found if line]
    return Checkpoint(text + "\n", body[0], int(body[1]), unpacked(body[2]), signatures)


def signed_by(noted: Checkpoint, vkey: str, what: str) -> bytes:
    """Refuse a checkpoint that is not signed with a key; gives the key's own 32 bytes."""
    name, _, rest = vkey.partition("+")
    key_id, _, packed = rest.partition("+")
    raw = unpacked(packed)
    made = sha256(name.encode() + b"\n" + raw).digest()[:4]
    require(len(raw) == 33 and raw[0] == 1 and made.hex() == key_id, "the key is none: it is like name+01234567+base64")
    require(name == noted.origin, f"the key is that of {name[:80]}, and {what} is of {noted.origin}")
    found = [signature[4:] for signer, signature in noted.signatures if (signer, signature[:4]) == (name, made)]
    good = all(ed25519(raw[1:], noted.text.encode(), signature) for signature in found)
    require(found and good, f"{what} is not signed with the key {vkey}")
    return raw[1:]


# Ed25519 (RFC 8032 §5.1): points in extended coordinates, none of it secret.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def added(a: Point, b: Point) -> Point:
    """The sum of two points."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, a: Point) -> Point:
    """A multiple of a point."""
    found: Point = (0, 1, 1, 0)
    while scalar:
        found = added(found, a) if scalar & 1 else found
        a, scalar = added(a, a), scalar >> 1
    return found


def point(raw: bytes) -> Point | None:
    """The point that 32 bytes stand for, if they do."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (not x and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is good; a key of small order, which could have signed anything, is none."""
    base, a, r = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")), point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if not base or not a or not r or len(signature) != 64 or s >= L or times(8, a)[0] == 0:
        return False
    h = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, base), added(r, times(h, a))
    return all((left[at] * right[2] - right[at] * left[2]) % P == 0 for at in (0, 1))


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two others (RFC 6962 §2.1)."""
    return sha256(b"\x01" + left + right).digest()


def roots_at(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root at each of some sizes that the log had."""
    edge, wanted, roots = [], set(sizes), {}  # type: list[bytes], set[int], dict[int, bytes]
    for size, leaf in enumerate(leaves, 1):
        full = size - 1
        while full & 1:
            leaf, full = node(edge.pop(), leaf), full >> 1
        edge.append(leaf)
        if size in wanted:
            roots[size] = reduce(lambda right, left: node(left, right), reversed(edge))
    return roots


def walked(at: int, last: int, was: bytes, now: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """What a proof's path makes of two hashes at a place: the earlier root and the later one (§2.1.3.2, §2.1.4.2)."""
    for sibling in path:
        if last == 0:
            return b"", b""
        if at & 1 or at == last:
            was, now = node(sibling, was), node(sibling, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, sibling)
        at, last = at >> 1, last >> 1
    return (was, now) if last == 0 else (b"", b"")


def consistent(earlier: int, was: bytes, later: int, now: bytes, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the later tree begins with the earlier one."""
    if not 0 < earlier < later:
        return earlier == later and not path and was == now
    path = [was, *path] if earlier & (earlier - 1) == 0 else path
    at, last = earlier - 1, later - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(path) and walked(at, last, path[0], path[0], path[1:]) == (was, now)


class Scope(NamedTuple):
    """What a pack is about: the books it tells in full (None: all), the days it spans (None: all), when years start."""

    books: list[str] | None
    first: date | None
    after: date | None
    starts: tuple[int, int]

    def has(self, book: str) -> bool:
        """Whether a book is told in full."""
        return self.books is None or book in self.books


def event_in(line: bytes, origin: str, before: int) -> Json:
    """An event of the log, balanced in every book, with the day it is posted in each; its number is above the one before."""
    event = document(line, f"the event after #{before}")
    number = field(event, "number", int, f"the event after #{before}")
    what = f"#{number}"
    require(number > before, f"{what} stands after #{before}")
    require(origin == f"poolbook/{event.get('ledger')}/{event.get('arrangement')}", f"{what} is of another log")
    for name in ("recorded_at", "actor", "reference"):
        field(event, name, str, what)
    field(field(event, "fact", dict, what), "type", str, what)
    posted_on, on = field(event, "posted_on", dict, what, {}), day(event.get("effective_on"), what)
    event["on"] = {book: day(posted_on.get(book, on), what) for book in field(event, "entries", dict, what, {})}
    for book, accounts in event.get("entries", {}).items():
        sound = isinstance(accounts, dict) and all(type(pence) is int for pence in accounts.values())
        require(sound and not sum(accounts.values()), f"{what} does not balance in {book}")
    return event


def row(*cells: object) -> bytes:
    """A line of a CSV file; a text that a spreadsheet would take for a formula is escaped."""
    texts = ["'" + text if re.match(r"[=+@\t\r]|-(?![0-9]+\.[0-9]{2}$)", text) else text for text in map(str, cells)]
    quoted = ['"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text for text in texts]
    return ",".join(quoted).encode("utf-8", "replace")


def pounds(pence: int) -> str:
    """Pence as pounds."""
    return "{}{}.{:02}".format("-" if pence < 0 else "", *divmod(abs(pence), 100))


# The fields of AICPA's GL_Detail (General Ledger Standard, July 2015) that a ledger has, in its order; and our reference.
JOURNAL_ROW = (
    b"Journal_ID,Journal_ID_Line_Number,JE_Header_Description,JE_Line_Description,Source,Business_Unit_Code,Effective_Date,"
    b"Fiscal_Year,Period,GL_Account_Number,Amount,Amount_Credit_Debit_Indicator,Amount_Currency,Entered_By,Entered_Date,"
    b"Entered_Time,Reversal_Indicator,Reversal_Journal_ID,Reference"
)
EVIDENCE_ROW, BALANCE_ROW = b"number,reference,document,sha256", b"book,account,balance"


def journal_rows(event: Json, scope: Scope) -> Iterator[bytes]:
    """The lines of an event that the journal tells."""
    fact, at = event["fact"], event["recorded_at"]
    legs = [(book, name, pence) for book, accounts in event.get("entries", {}).items() for name, pence in accounts.items()]
    for line, (book, account, pence) in enumerate(sorted(legs), 1):
        on = event["on"][book]
        if scope.has(book) and (scope.first is None or scope.after is None or scope.first <= on < scope.after):
            months = on.month - scope.starts[0] - (on.day < scope.starts[1])
            yield row(
                event["number"], line, fact["type"], event.get("document", ""), "Poolbook", book, on, on.year - (months < 0),
                months % 12 + 1, account, pounds(pence), "D" if pence > 0 else "C", "GBP", event["actor"], at[:10], at[11:19],
                int("reverses" in fact), fact.get("reverses", ""), event["reference"],
            )  # fmt: skip


class Figures:
    """Every account's total by posting date, between the cuts: days on which a close or the scope looks back."""

    def __init__(self, cuts: Iterable[date]) -> None:
        self.cuts = sorted(set(cuts))
        self._totals: list[dict[tuple[str, str], int]] = [{} for _ in range(len(self.cuts) + 1)]

    def post(self, event: Json) -> None:
        """Add an event."""
        for book, accounts in event.get("entries", {}).items():
            totals = self._totals[sum(cut <= event["on"][book] for cut in self.cuts)]
            for account, pence in accounts.items():
                totals[book, account] = totals.get((book, account), 0) + pence

    def before(self, cut: date | None) -> dict[tuple[str, str], int]:
        """Every account that is not nil, by what was posted before a cut (None: by all)."""
        found: dict[tuple[str, str], int] = {}
        require(cut is None or cut in self.cuts, "a close is not written as a close")
        for totals in self._totals if cut is None else self._totals[: self.cuts.index(cut) + 1]:
            for account, pence in totals.items():
                found[account] = found.get(account, 0) + pence
        return {account: pence for account, pence in sorted(found.items()) if pence}


class Pack:
    """A pack that holds: its checkpoint, how many events it tells, and what was found; raises Wrong at what does not hold.

    It is held against a key, where one is given, and against checkpoints kept from before, by name.
    """

    def __init__(self, folder: str, key: str = "", kept: Sequence[tuple[str, bytes]] = ()) -> None:
        self.folder, self.said = folder, []  # type: str, list[str]
        self.about = document(whole(folder, PACK, LONGEST_NOTE), PACK)
        self.code = field(self.about, "arrangement", str, PACK)
        known = {"pack", "arrangement", "books", "first", "after", EVENTS, PROOFS, "signature"}
        sound = set(self.about) == known and self.about["pack"] == 1 and re.fullmatch(r"[a-z][a-z0-9-]{0,39}", self.code)
        require(sound, f"{PACK} is not of a kind that this verifier knows")
        note, own = f"{self.code}.checkpoint", whole(folder, f"{self.code}.key", LONGEST_NOTE).decode(errors="replace")
        self.key, self.noted = key.strip() or own.removesuffix("\n"), checkpoint(whole(folder, note, LONGEST_NOTE), note)
        require(self.noted.origin.split("/")[2] == self.code, f"{note} is of {self.noted.origin}")
        require(f"{self.key}\n" == own, f"{self.code}.key is not the key that you gave")
        public, signature = signed_by(self.noted, self.key, note), unpacked(str(self.about.pop("signature")))
        signed = PURPOSE + json.dumps(self.about, indent=1).encode()
        require(ed25519(public, signed, signature), f"{PACK} is not signed with that key")
        held = (
            "the key that you gave" if key else f"the key in the pack: compare it with the one you have otherwise, {self.key}"
        )
        self.said.append(f"{self.noted.origin} at {self.noted.size:,} events is signed with {held}")
        self._check_log(kept)
        self.told = self._check_events()

    def leaves(self, first: int = 1) -> Iterator[bytes]:
        """The leaf hashes from a number on."""
        with opened(self.folder, f"{self.code}.leaves") as file:
            file.seek((first - 1) * HASH)
            yield from iter(lambda: file.read(HASH), b"")

    def _check_log(self, kept: Sequence[tuple[str, bytes]]) -> None:
        noted, name = self.noted, f"{self.code}.leaves"
        with opened(self.folder, name) as file:
            require(os.fstat(file.fileno()).st_size == noted.size * HASH, f"{name} does not hold {noted.size:,} hashes")
        raw = whole(self.folder, PROOFS)
        proofs = document(raw, PROOFS)
        require(sha256(raw).hexdigest() == self.about[PROOFS], f"{PROOFS} is not the one that was put into the pack")
        older = [(path, checkpoint(note, path)) for path, note in kept]
        steps = [(field(each, "size", int, PROOFS), each) for each in self._proofs(proofs, "consistency")]
        roots = roots_at(self.leaves(), [noted.size, *(each.size for _, each in older), *(size for size, _ in steps)])
        require(roots.get(noted.size) == noted.root, f"{name} does not make the root that was signed")
        self.said.append(f"the {noted.size:,} leaf hashes make the root that was signed")
        for path, each in older:
            signed_by(each, self.key, path)
            require(roots.get(each.size) == each.root, f"the log does not continue {path}: it was changed since, or is older")
            self.said.append(f"the log continues {path}, of {each.size:,} events")
        for size, step in steps:
            holds = roots.get(size) == bytes.fromhex(step["root"])
            holds = holds and consistent(size, roots[size], noted.size, noted.root, step["path"])
            require(holds, f"{PROOFS} does not prove that the log continues what it was at {size:,} events")
        for place in self._proofs(proofs, "inclusion"):
            number = field(place, "number", int, PROOFS)
            leaf = next(self.leaves(number), b"") if 0 < number <= noted.size else b""
            _, found = walked(number - 1, noted.size - 1, leaf, leaf, place["path"])
            require(leaf and found == noted.root, f"{PROOFS} does not prove the place of #{number}")
        self.said.append("the proofs of places and of earlier sizes hold")

    @staticmethod
    def _proofs(proofs: Json, name: str) -> list[Json]:
        found: list[Json] = field(proofs, name, list, PROOFS)
        for each in found:
            sound = isinstance(each, dict) and type(each.get("path")) is list and len(each["path"]) <= 64
            hashes = [*each["path"], each.get("root", "0" * 64)] if sound else [None]
            sound = all(isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text) for text in hashes)
            require(sound and ("root" in each or name == "inclusion"), f"{PROOFS} has a proof that is none")
            each["path"] = [bytes.fromhex(text) for text in each["path"]]
        return found

    def _check_events(self) -> int:
        scope, last = self._scope(), self.noted.size
        figures = Figures(self._cuts(scope))
        journal, evidence = _Told(self.folder, JOURNAL, JOURNAL_ROW), _Told(self.folder, EVIDENCE, EVIDENCE_ROW)
        before, told, closes, leaves, made = 0, 0, 0, enumerate(self.leaves(), 1), sha256()
        for line in lines(self.folder, EVENTS):
            event = event_in(line, self.noted.origin, before)
            number = event["number"]
            require(scope.books is not None or number == before + 1, f"there is no #{before + 1}")
            leaf = next((leaf for at, leaf in leaves if at == number), b"")
            require(sha256(b"\x00" + line).digest() == leaf, f"#{number} is not the event that was signed")
            closes += self._closed(event, figures, scope)
            figures.post(event)
            journal.expect(journal_rows(event, scope))
            if event.get("evidence"):
                evidence.expect([row(number, event["reference"], event.get("document", ""), event["evidence"])])
            made.update(line + b"\n")
            before, told = number, told + 1
        require(made.hexdigest() == self.about[EVENTS], f"{EVENTS} is not the one that was put into the pack")
        require(scope.books is not None or told == last, f"there is no #{told + 1}, and {last:,} events were signed")
        for name, cut in ((OPENING, scope.first), (CLOSING, scope.after)):
            balances = {} if name == OPENING and cut is None else figures.before(cut)
            rows = [row(book, account, pounds(pence)) for (book, account), pence in balances.items() if scope.has(book)]
            _Told(self.folder, name, BALANCE_ROW).expect(rows, end=True)
        journal.expect((), end=True)
        evidence.expect((), end=True)
        left = "numbered without gaps" if scope.books is None else f"of {last:,} (the others stand as their hashes)"
        self.said.append(f"{told:,} events, {left}, are those that were signed, and each balances in every book")
        until = "" if scope.books is None else ": before the last of them none of these books' events is left out"
        self.said.append(
            f"the totals equal what the {closes} closes say{until}" if closes else "no book of it was closed yet"
        )
        self.said.append("journal, trial balances and evidence say what the events say")
        return told

    def _scope(self) -> Scope:
        line, books, span = (
            next(lines(self.folder, EVENTS), b""),
            self.about["books"],
            [self.about["first"], self.about["after"]],
        )
        sound = books is None or (isinstance(books, list) and all(isinstance(book, str) for book in books))
        require(sound and (span[0] is None) == (span[1] is None), f"{PACK} does not say what it tells")
        first, after = (None if each is None else day(each, PACK) for each in span)
        agreement = event_in(line, self.noted.origin, 0)["fact"].get("agreement")
        starts = agreement.get("year_starts", "04-01") if isinstance(agreement, dict) else ""
        require(re.fullmatch(r"[01][0-9]-[0-3][0-9]", str(starts)), f"{EVENTS} does not begin with the agreement")
        return Scope(books, first, after, (int(starts[:2]), int(starts[3:])))

    def _cuts(self, scope: Scope) -> list[date]:
        closes = [document(line, EVENTS).get("fact") for line in lines(self.folder, EVENTS) if b'"YearClosed"' in line]
        cuts = [day(fact["opens"], EVENTS) for fact in closes if isinstance(fact, dict) and "opens" in fact]
        return [*cuts, *(cut for cut in (scope.first, scope.after) if cut)]

    @staticmethod
    def _closed(event: Json, figures: Figures, scope: Scope) -> int:
        fact, what = event["fact"], f"#{event['number']}"
        if fact["type"] != "YearClosed":
            return 0
        books, opens = field(fact, "balances", dict, what), day(fact.get("opens"), what)
        for book in filter(scope.has, books):
            made = {account: pence for (of, account), pence in figures.before(opens).items() if of == book}
            told = {account: pence for account, pence in field(books, book, dict, what).items() if pence}
            require(made == told, f"{what} closes {book} with other balances than its events make")
        return int(any(map(scope.has, books)))


class _Told:
    """A file for reading, compared line by line with what the events say."""

    def __init__(self, folder: str, name: str, header: bytes) -> None:
        self._name, self._lines = name, lines(folder, name)
        self.expect([header])

    def expect(self, rows: Iterable[bytes], end: bool = False) -> None:
        for each in rows:
            said = f"{self._name} does not say what the events say, which is: {each.decode()[:200]}"
            require(next(self._lines, None) == each, said)
        require(not end or next(self._lines, None) is None, f"{self._name} says more than the events say")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check as asked on the command line; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="FOLDER", help="the pack")
    parser.add_argument("--key", default="", help="the log's public key, as you got it by another way than the pack")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="one that you keep from before")
    asked = parser.parse_args(arguments)
    try:
        said = Pack(asked.folder, asked.key, [(path, whole(".", path, LONGEST_NOTE)) for path in asked.checkpoint]).said
        said, code = [f"ok: {sentence}." for sentence in [*said, "all of it holds"]], 0
    except Wrong as wrong:
        said, code = [f"WRONG: {wrong}."], 1
    print("\n".join(ascii(line)[1:-1] if not line.isprintable() else line for line in said))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
