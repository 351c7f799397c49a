"""Who answers for what."""

from __future__ import annotations

import pytest

from ledger.agreement import Responsibilities
from projections.responsibilities import QUESTIONS, responsibilities
from tests.projections.conftest import Books

OCC, OCCG = "Oxfordshire County Council (OCC)", "Oxfordshire CCG (OCCG)"
BOTH = f"{OCC} and {OCCG}"


def answered(books: Books) -> dict[str, tuple[str, str]]:
    """Key → answer, and who gives it."""
    (report,) = responsibilities(books.ledger, ["pool"])
    return {row["key"]: (row["answer"], row["from"]) for row in report.document["responsibilities"]}


@pytest.mark.parametrize(
    ("kind", "recording", "external_audit"),
    [
        ("aligned", f"In the accounts of {BOTH}, each its own.", f"The external auditors of {BOTH}, each as usual."),
        (
            "lead_body",
            f"In the accounts of {OCC}, and recharged among {BOTH} by the agreed formula.",
            f"The auditors of {OCC} audit the whole of the activity; those of {OCCG} rely on its records.",
        ),
        (
            "commissioned",
            f"By Acme Care Ltd (ACME), which bills {BOTH} separately as the contract says.",
            f"The auditors of each of {BOTH} audit the contract's documents and transactions.",
        ),
        (
            "hybrid",
            f"By Acme Care Ltd (ACME), which bills {OCC} once; {OCC} recharges {BOTH} by the agreed formula.",
            f"The auditors of each of {BOTH} audit the contract's documents and transactions; for the bills and recharges "
            f"they rely on the records of {OCC}.",
        ),
        (
            "venture",
            "In the accounts of Joint Care Ltd (JV).",
            f"Joint Care Ltd (JV) appoints its own external auditors, and {BOTH} rely on its accounts.",
        ),
    ],
)
def test_the_type_answers_in_the_bodies_own_names(books: Books, kind: str, recording: str, external_audit: str) -> None:
    found = answered(books.sign(kind))
    assert list(found) == list(QUESTIONS)
    assert found["recording"] == (recording, "type")
    assert found["external_audit"] == (external_audit, "type")
    for answer, _ in found.values():
        assert "{" not in answer
        assert "  " not in answer


def test_every_row_of_the_agreement_has_a_question() -> None:
    assert tuple(QUESTIONS) == Responsibilities.__struct_fields__


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("commissioned", f"Acme Care Ltd (ACME), as is normal under a contract for services, or {BOTH} where the contract "
                         f"says so."),
        ("parties hold", f"{BOTH} hold them, as the contract says."),
    ],
)  # fmt: skip
def test_who_holds_assets_is_as_the_contract_says(books: Books, kind: str, held: str) -> None:
    assert answered(books.sign(kind))["assets"] == (held, "type")


def test_the_agreement_overrides_the_type(books: Books) -> None:
    books.sign("lead_body", more='[responsibilities]\nexternal_audit = "Each party\'s own auditor {OCC}"')
    found = answered(books)
    assert found["external_audit"] == ("Each party's own auditor {OCC}", "agreement")
    assert found["internal_audit"][1] == "type"
