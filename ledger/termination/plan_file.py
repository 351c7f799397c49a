"""A plan as a file: TOML that people read, change and keep, and that `terminate complete --plan` takes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.agreement import Terms
from ledger.agreement import values as take
from ledger.agreement.source import read
from ledger.agreement.table import Table
from ledger.errors import BadInput, Fault
from ledger.money import pounds
from ledger.termination.estate import Estate, Thing
from ledger.termination.plan import NAMES_WHO, THEN, Choice, Plan

_SAYS = {
    "creditor": "What the pool owes outside: pay, novate (to = a party that takes it over) or hold (in dispute).",
    "debtor": "What the pool is owed from outside: collect, assign (to = a party that takes it over) or hold.",
    "asset": "Each asset at the value agreed: shares, in_kind (to = the party that takes it) or sell (value = the proceeds).",
    "liability": "Each provision: shares, assume (to = the party that takes it over) or hold.",
    "dispute": "What a party disputes of what it owes: hold, or settle in spite of it.",
}


def written(estate: Estate, arrangement: str, on: date, number: int, root: str, budgets_stand: bool = False) -> str:
    """The plan of an end with each thing taking its course, and what else may become of it."""
    lines = [
        f"# A plan for the end of {arrangement} on {on}. Change what becomes of each thing, then:",
        f"# poolbook terminate complete {arrangement} --on {on} --plan THIS-FILE",
        "# What is held back by then = \"hold\" holds back payments of the parties too: pro rata, or",
        "# add whose = { PARTY = 1 } to say whose.",
        "",
        "[plan]",
        f'arrangement = "{arrangement}"',
        f"on = {on}",
        f"number = {number}          # the books this plan was made from, which must not have moved",
        f'root = "{root}"',
        f"budgets_stand = {'true' if budgets_stand else 'false'}",
    ]  # fmt: skip
    for kind in THEN:
        things = estate.of(kind)
        if things:
            lines += ["", f"# {_SAYS[kind]}"]
        for thing in things:
            lines += [f"[[{kind}]]", *_lines(thing)]
    return "\n".join(lines) + "\n"


def _lines(thing: Thing) -> Iterator[str]:
    yield f'code = "{thing.code}"'
    if thing.kind == "asset":
        yield f'value = "{pounds(thing.value)}"          # carried at {pounds(thing.carried)}'
    else:
        yield f'# amount = "{pounds(thing.value)}"' + (f", disputed by {thing.whom}" if thing.whom else "")
    yield f'then = "{thing.then}"'
    if thing.choice.to:
        yield f'to = "{thing.choice.to}"'
    if thing.choice.whose:
        yield f"whose = {{ {', '.join(f'{party} = {share}' for party, share in thing.choice.whose.items())} }}"


def read_plan(name: str, raw: bytes, terms: Terms) -> Plan:
    """The plan in a file's bytes; raises BadInput listing every fault, by its line."""
    data, lines = read(name, raw)
    faults: list[Fault] = []
    plan = _plan(Table(data, (), lines, faults, called="a plan"), terms)
    if faults:
        raise BadInput(name, sorted(faults, key=lambda fault: fault.line))
    return plan


def _plan(top: Table, terms: Terms) -> Plan:
    head = top.table("plan")
    plan = Plan(
        arrangement=head.take("arrangement", take.lower_code, "", needed=True),
        on=head.take("on", take.day, date.min, needed=True),
        number=head.take("number", _whole, 0, needed=True),
        root=head.take("root", take.words, "", needed=True),
        budgets_stand=head.take("budgets_stand", take.truth, False),
        choices=[choice for kind in THEN for choice in _choices(top, kind, terms)],
    )
    head.end()
    top.end()
    return plan


def _choices(top: Table, kind: str, terms: Terms) -> list[Choice]:
    found = [_choice(table, kind, terms) for table in top.tables(kind)]
    top.refuse_twice(kind, [choice.code for choice in found])
    return found


def _choice(table: Table, kind: str, terms: Terms) -> Choice:
    then = table.take("then", take.one_of(THEN[kind]), "", needed=True)
    may_wait = then == "hold" and kind in ("debtor", "dispute")
    choice = Choice(
        kind=kind,
        code=table.take("code", take.words, "", needed=True),
        then=then,
        to=table.take("to", take.one_of(terms.parties, "party"), "", needed=then in NAMES_WHO),
        value=table.take("value", _value, None, needed=then == "sell") if kind == "asset" else None,
        whose=table.take("whose", take.ratio(table, "whose", terms.parties), {}) if may_wait else {},
    )
    if choice.to and then not in NAMES_WHO:
        who = " or ".join(f"“{name}”" for name in THEN[kind] if name in NAMES_WHO)
        table.fault(f"to: nobody takes it where then is “{then}”; write {who}, or leave to out", "to")
    table.end()
    return choice


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("this must be a whole number, the last event's")
    return value


def _value(value: object) -> int:
    found = take.amount(value)
    if found < 0:
        raise ValueError("a value cannot be below nil")
    return found
