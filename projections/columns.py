"""The columns of every report as one flat list, so that a list without a line has them too."""

from __future__ import annotations

BANDS = (("up_to_30_days", 30), ("from_31_to_60_days", 60), ("from_61_to_90_days", 90), ("over_90_days", None))
"""Column → the most days since posting; the first takes what is not due yet, the last everything older."""

AGES = (*(name for name, _ in BANDS), "in_credit", "total", "disputed")
"""The amounts of the aged reports: by days since posting, what is in credit, in all, and what of it is disputed."""

FLAT: dict[str, tuple[str, ...]] = {
    "balances": ("arrangement", "book", "account", "balance"),
    "accounts": (
        "arrangement", "book", "account", "number", "posted_on", "type", "reference", "document", "amount", "balance",
    ),
    "journal": (
        "arrangement", "number", "posted_on", "effective_on", "type", "reference", "document", "book", "account", "amount",
        "reverses", "reversed_by",
    ),
    "statement": ("arrangement", "body", "statutory", "section", "heading", "account", "amount"),
    "memorandum": ("arrangement", "year", "of", "code", "figure", "amount"),
    "memorandum_trace": ("arrangement", "year", "of", "code", "figure", "amount", "events"),
    "outturn": (
        "arrangement", "year", "of", "code", "budget", "provisional", "actual", "variance", "direction", "forecast",
        "forecast_variance",
    ),
    "outturn_against": (
        "arrangement", "year", "scheme", "figure", "number", "type", "effective_on", "recorded_at", "reference", "document",
        "amount",
    ),
    "assets": (
        "arrangement", "asset", "holder", "scheme", "fund", "acquired_on", "cost", "depreciation", "value", "disposed_on",
        "proceeds", "gain",
    ),
    "contributions": (
        "arrangement", "party", "fund", "due_on", "event", "amount", "cleared", "outstanding", "in_advance", "days_overdue",
        "standing",
    ),
    "debtors": ("arrangement", "book", "body", *AGES),
    "creditors": ("arrangement", "book", "body", *AGES),
    "disputes": (
        "arrangement", "dispute", "party", "event", "type", "amount", "raised_on", "acknowledged", "resolved_on", "standing",
    ),
    "performance": (
        "arrangement", "within", "scheme", "area", "indicator", "name", "unit", "period", "reported_by", "target", "value",
        "standing", "previous", "change",
    ),
    "final": ("arrangement", "of", "code", "party", "figure", "amount"),
    "responsibilities": ("arrangement", "key", "question", "answer", "from"),
    "audit_log": (
        "arrangement", "number", "recorded_at", "recorded", "actor", "type", "effective_on", "posted_on", "reference",
        "document", "fact", "amount", "narrative", "reason", "reverses", "reversed_by",
    ),
    "audit_log_filters": ("arrangement", "filter", "finds", "events"),
    "audit_show": ("arrangement", "number", "book", "posted_on", "account", "amount"),
}  # fmt: skip
"""Report (with what changes its columns) → its columns."""
