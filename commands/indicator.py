"""`poolbook indicator`: what the agreement's indicators came to, reported by the body that answers for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from commands.context import Convert, Group, code, paper, recording_options
from commands.receipt import record
from ledger import measures
from ledger.requests import Measured, Reporting

indicator = Group("indicator", help="Performance: what the agreement's indicators came to.")

_VALUE = Convert("figure", measures.measure, may_be_empty=True)
_ONE = {"indicator": "the indicator's code", "period": "the period", "value": "the figure"}
"""Option → what it says, each needed where no file is given."""


@indicator.command()
@click.argument("arrangement")
@click.option("--indicator", type=code("indicator"), default="", help="The indicator's code.")
@click.option("--period", type=code("period"), default="", help="A year, quarter or month: 2013/14, 2013/14-Q2, 2013-07.")
@click.option("--value", type=_VALUE, default="", help="The figure, in the indicator's unit, like 87.5.")
@click.option("--party", type=code("party"), default="", help="Who reports, where each party reports its own.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="Many at once: CSV or XLSX with indicator, period, value, party."
)
@recording_options
def report(file: Path | None, **given: Any) -> None:
    """Record what an indicator came to in a period, beside its target.

    Aligned parties report each their own, a lead body for all, under joint commissioning the provider, in a joint venture the
    entity; an indicator may name another. A later figure of the same period takes the place of the earlier.
    """
    record(Reporting(figures=_figures(file, given), effective_on=given["on"], **paper(given)), given)


def _figures(file: Path | None, given: dict[str, Any]) -> list[Measured]:
    said = [name for name in (*_ONE, "party") if given[name]]
    if file is None:
        for name, what in _ONE.items():
            if not given[name]:
                raise click.UsageError(f"Say {what}, with --{name}; or name a --file of many.")
        return [Measured(**{name: given[name] for name in (*_ONE, "party")})]
    if said:
        raise click.UsageError(f"--file says it all: leave --{said[0]} out.")
    from ledger.indicator_file import read_figures

    return read_figures(file)
