"""Who answers for what: what the type of arrangement says (guide, the tables of its appendix), unless the agreement does."""

from __future__ import annotations

from textwrap import wrap

from ledger.agreement import Terms
from ledger.application import Ledger
from projections.columns import FLAT
from projections.sheets import Report, Sheet

QUESTIONS = {
    "recording": "Where is income and expenditure recorded?",
    "performance": "Who reports performance to the joint board?",
    "assets": "Where are assets and liabilities held?",
    "assurance": "What may the chief finance officers rely on?",
    "internal_audit": "How is internal audit provided?",
    "external_audit": "Who audits the accounts?",
    "access": "Who has a right of access?",
    "monitoring_lead": "Who monitors the contract?",
    "continuity": "Who must continue the activity at the end?",
}
"""Key (as in the agreement's [responsibilities]) → the question it answers."""

_CONTINUITY = (
    "Each of {parties} considers its own duty to continue the activity, and what the end of the arrangement does to its "
    "ability to do so."
)
_ACCESS = "{parties} may each keep a right of access for internal audit to {keeper}: write it into the agreement."
_OWN_ACCESS = "The auditors of each of {parties} have access to its own records; nobody keeps records for another."

ALIGNED = {
    "recording": "In the accounts of {parties}, each its own.",
    "performance": "Each of {parties} reports its own performance; the reports are collated across the arrangement.",
    "assets": "{parties} each hold their own.",
    "assurance": "Each of {parties} relies on its own normal internal arrangements.",
    "internal_audit": "Each of {parties} is subject to its own internal audit.",
    "external_audit": "The external auditors of {parties}, each as usual.",
    "access": _OWN_ACCESS,
    "monitoring_lead": "Nobody: there is no contract in common. Each of {parties} monitors its own spending.",
    "continuity": _CONTINUITY,
}

LEAD_BODY = {
    "recording": "In the accounts of {lead}, and recharged among {parties} by the agreed formula.",
    "performance": "{lead} reports for all parties and makes its reports available to all.",
    "assets": "{lead} holds them for all; how they are shared at the end is agreed beforehand.",
    "assurance": "The systems of {lead}, unless there is evidence to suggest otherwise, with regular reports to {others}.",
    "internal_audit": "The internal audit of {lead}, unless there is evidence to suggest otherwise, with regular reports to "
    "{others}.",
    "external_audit": "The auditors of {lead} audit the whole of the activity; those of {others} rely on its records.",
    "access": "{others} may keep a right of access for internal audit to {lead}: write it into the agreement.",
    "monitoring_lead": "{lead}, which manages the budget from day to day.",
    "continuity": _CONTINUITY,
}

JOINT_COMMISSIONING = {
    "recording": "By {contractor}, which bills {parties} separately as the contract says.",
    "performance": "{contractor} reports in the format that the contract lays down.",
    "assets": "{held}",
    "assurance": "Normal contract management by each of {parties}.",
    "internal_audit": "Normal contract management by each of {parties}; their internal audit may look into the contract.",
    "external_audit": "The auditors of each of {parties} audit the contract's documents and transactions.",
    "access": _ACCESS,
    "monitoring_lead": "Nobody is nominated: {parties} may name a lead body to manage and monitor the contract.",
    "continuity": _CONTINUITY,
}

BILLING_LEAD = JOINT_COMMISSIONING | {
    "recording": "By {contractor}, which bills {lead} once; {lead} recharges {parties} by the agreed formula.",
    "assurance": "Normal contract management; for the bills and recharges, the systems of {lead} with regular reports to "
    "{others}.",
    "external_audit": "The auditors of each of {parties} audit the contract's documents and transactions; for the bills and "
    "recharges they rely on the records of {lead}.",
    "access": "{parties} may each keep a right of access for internal audit to {contractor}, and to the pool's records at "
    "{lead}: write it into the agreement.",
    "monitoring_lead": "Nobody is nominated to monitor the contract; {lead} receives the bills and recharges them.",
}

JOINT_VENTURE = {
    "recording": "In the accounts of {entity}.",
    "performance": "{entity} reports regularly for the venture as a whole.",
    "assets": "{entity} holds them; the agreement says how they are divided if it is wound up.",
    "assurance": "The internal control and financial management of {entity}, as {parties} agree and monitor them.",
    "internal_audit": "{entity} has its own internal audit, or one of {parties} provides it under contract.",
    "external_audit": "{entity} appoints its own external auditors, and {parties} rely on its accounts.",
    "access": _ACCESS,
    "monitoring_lead": "Nobody is nominated: {parties} may name a lead body to monitor {entity}.",
    "continuity": _CONTINUITY,
}

_HELD = {
    "contractor": "{contractor} holds them, as the contract says.",
    "parties": "{parties} hold them, as the contract says.",
    "": "{contractor}, as is normal under a contract for services, or {parties} where the contract says so.",
}

_WIDTH = 70
"""How many characters of an answer a line of the table shows."""

_BY_TYPE = {"aligned": ALIGNED, "lead_body": LEAD_BODY, "joint_venture": JOINT_VENTURE}


def responsibilities(ledger: Ledger, arrangements: list[str] | None) -> list[Report]:
    """Who answers for what in arrangements (None: all), by today's terms."""
    today = ledger.clock().date()
    with ledger.store.snapshot():
        codes = ledger.store.streams() if arrangements is None else arrangements
        terms = [ledger.draft(code).head.terms_on(today) for code in codes]
    return [_report(each) for each in terms]


def answers(terms: Terms) -> list[tuple[str, str, str]]:
    """Each key with its answer, and who gives it: “agreement” or “type” (the guide's words for the type, with the bodies)."""
    agreement = terms.agreement
    texts = _BY_TYPE.get(agreement.type) or (BILLING_LEAD if terms.lead else JOINT_COMMISSIONING)
    words = _words(terms)
    found = []
    for key in QUESTIONS:
        agreed = getattr(agreement.responsibilities, key)
        found.append((key, agreed or texts[key].format(**words), "agreement" if agreed else "type"))
    return found


def _words(terms: Terms) -> dict[str, str]:
    agreement, roles = terms.agreement, terms.agreement.roles
    names = {party.code: f"{party.name} ({party.code})" for party in agreement.parties}
    bodies = {role: f"{body.name} ({body.code})" if body else "" for role, body in
              (("contractor", roles.contractor), ("entity", roles.entity))}  # fmt: skip
    words = {
        **bodies,
        "parties": listed(list(names.values())),
        "lead": names.get(terms.lead, ""),
        "others": listed([name for code, name in names.items() if code != terms.lead]),
    }
    words["keeper"] = words["lead"] or words["entity"] or words["contractor"]
    words["held"] = _HELD[roles.assets_held_by].format(**words)
    return words


def listed(names: list[str]) -> str:
    """“A, B and C”."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _report(terms: Terms) -> Report:
    code = terms.agreement.code
    rows = answers(terms)
    document = {
        "arrangement": code,
        "type": terms.agreement.type,
        "responsibilities": [
            {"key": key, "question": QUESTIONS[key], "answer": answer, "from": source} for key, answer, source in rows
        ],
    }
    shown = [
        ("", line, "") if place else (QUESTIONS[key], line, source)
        for key, answer, source in rows
        for place, line in enumerate(wrap(answer, _WIDTH))
    ]
    flat = [(code, key, QUESTIONS[key], answer, source) for key, answer, source in rows]
    sheet = Sheet(f"Who answers for what in {terms.agreement.name} ({code})", ("question", "answer", "from"), shown)
    listed = Sheet("", FLAT["responsibilities"], flat)
    return Report(lambda: document, lambda: [sheet], lambda: listed)
