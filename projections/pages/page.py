"""A page made from a template, every text escaped; and the page as PDF.

Jinja2 and WeasyPrint come with the extra `poolbook[board]`, and are asked for by name where they are missing.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from ledger.errors import Refused
from ledger.money import printed
from ledger.text import escaped


def wanted(module: str, what: str) -> Any:
    """A module of the extra; raises Refused, naming the extra, where it or a library that it needs is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise Refused(f"{what} is made with {module}, which is not installed: pip install 'poolbook[board]'.") from None
    except OSError as error:  # a library of the system that the module loads
        said = " ".join(str(error).split())[:120]
        raise Refused(
            f"{what} is made with {module}, which cannot load a library that it needs ({said}): install Pango, on Debian "
            f"with apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
        ) from None


def rendered(template: str, **given: Any) -> str:
    """A template of this folder filled in; texts are escaped, pence go through the filter `money`."""
    jinja2 = wanted("jinja2", "A page")
    markup = wanted("markupsafe", "A page").Markup
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("projections.pages", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: escaped(value) if isinstance(value, str) and not isinstance(value, markup) else value,
    )
    environment.filters.update(money=money, day=day)
    page: str = environment.get_template(template).render(given)
    return page


def money(pence: int | None) -> str:
    """Pence as people read them; nothing where there is none."""
    return "" if pence is None else printed(pence)


def day(on: date | None) -> str:
    """A day as people read it: 30 September 2013."""
    return "" if on is None else f"{on.day} {on:%B %Y}"


def write_pdf(html: str, path: Path) -> None:
    """Write a page as a PDF that says its structure to screen readers (PDF/UA); nothing is fetched from anywhere."""
    weasyprint = wanted("weasyprint", "A PDF")

    def refuse(url: str, *_: object, **__: object) -> dict[str, object]:
        raise ValueError(f"{url} is not fetched")

    weasyprint.HTML(string=html, url_fetcher=refuse).write_pdf(path, pdf_variant="pdf/ua-1")
