"""A year of a pool for measuring: the same facts for the same seed."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

AGREEMENT = """
[arrangement]
code = "bench"
name = "A benchmark's pool"
type = "lead_body"
starts = 2013-04-01
[[party]]
code = "OCC"
name = "Council"
sector = "local_authority"
[[party]]
code = "OCCG"
name = "CCG"
sector = "nhs"
[roles]
lead = "OCC"
[shares]
recharge = { OCC = 99, OCCG = 96 }
"""
SCHEMES = [f"scheme-{number}" for number in range(10)]
HEADER = [
    "arrangement",
    "type",
    "date",
    "reference",
    "document",
    "party",
    "counterparty",
    "scheme",
    "asset",
    "amount",
    "narrative",
]


def facts(rows: int, seed: int = 20260401) -> list[list[str]]:
    """A year of a pool, the same for the same seed: contributions, costs of 5,000 suppliers, payments, recharges, assets."""
    dice = random.Random(seed)
    out = []
    for number in range(rows):
        day = (date(2013, 4, 1) + timedelta(days=dice.randrange(365))).isoformat()
        pounds = f"{dice.randrange(1, 5000)}.{dice.randrange(100):02d}"
        scheme, supplier = dice.choice(SCHEMES), f"S{dice.randrange(5000):04d}"
        kind = number % 20
        row = {"arrangement": "bench", "date": day, "reference": f"R{number:07d}", "amount": pounds}
        if kind in (0, 1):
            row |= {"type": "contribution_due", "party": dice.choice(("OCC", "OCCG"))}
        elif kind in (2, 3):
            row |= {"type": "contribution_received", "party": dice.choice(("OCC", "OCCG"))}
        elif kind < 11:
            row |= {"type": "expenditure", "counterparty": supplier, "scheme": scheme, "document": f"INV{number}"}
        elif kind < 17:
            row |= {"type": "payment", "counterparty": supplier, "document": f"INV{number - 6}"}
        elif kind == 17:
            row |= {"type": "income", "scheme": scheme, "amount": "0.10", "narrative": f"week {number}"}
        elif kind == 18 and number < 2000 * 20:
            row |= {"type": "asset_acquired", "asset": f"A{number // 20:04d}", "counterparty": supplier, "scheme": scheme}
        elif kind == 19 and number > 2000:
            row |= {"type": "recharge", "scheme": scheme, "amount": "0.50"}
        else:
            row |= {"type": "expenditure", "counterparty": supplier, "scheme": scheme, "amount": "10.00"}
        out.append([row.get(name, "") for name in HEADER])
    return out


def write(path: Path, rows: list[list[str]]) -> None:
    """Write a CSV file of facts."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


def agreement() -> str:
    """The agreement of the pool, as TOML."""
    return AGREEMENT + "".join(f'[[scheme]]\ncode = "{scheme}"\nname = "{scheme}"\n' for scheme in SCHEMES)
