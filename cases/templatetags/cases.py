"""Template tags of cases: the status in the reader's words, and the arithmetic of a deadline."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context

from cases.enums import PARTY_LABELS, CaseStatus, DeadlineKind, PeriodUnit
from cases.models import Case, Deadline
from cases.selectors.detail import status_kind
from imr.accounts.models import User
from imr.core import clock, words

register = template.Library()

# Who has to act before a deadline; the others are the IMR organization's.
DUTIES = {
    DeadlineKind.RECORDS: "claims administrator",
    DeadlineKind.AUTHORIZE: "claims administrator",
    DeadlineKind.APPEAL: "parties",
}


@register.inclusion_tag("components/status_tag.html", takes_context=True)
def case_status(context: Context, case: Case) -> dict[str, Any]:
    """The status of `case` in the words for the person who reads the page."""
    status = CaseStatus(case.status)
    user = context["user"]
    label = PARTY_LABELS[status] if isinstance(user, User) and user.is_claims else status.label
    return {"label": label, "kind": status_kind(status)}


@register.inclusion_tag("components/due_chip.html", takes_context=True)
def case_due(context: Context, case: Case) -> dict[str, Any]:
    """What is due next in a `case` of `with_summary`, and when; for claims users also who has to do it."""
    # Annotations of `with_summary`; without a running deadline both are None.
    due_at, due_kind = vars(case)["due_at"], vars(case)["due_kind"]
    if due_at is None:
        return {"due": None}
    kind, user = DeadlineKind(due_kind), context["user"]
    label = str(kind.label)
    if isinstance(user, User) and user.is_claims:
        label += f" ({DUTIES.get(kind, 'IMR organization')})"
    return {"due": words.due(due_at, clock.now()), "label": label}


@register.inclusion_tag("cases/_deadline_words.html")
def deadline_words(deadline: Deadline) -> dict[str, Any]:
    """Rule, citation, start, days counted and days stepped over, in sentences."""
    told = deadline.explanation
    return {
        "rule": told.get("rule", ""),
        "citation": told.get("citation", ""),
        "is_confirmed": told.get("is_confirmed", False),
        "start_event": told.get("start_event", ""),
        "start": words.pacific(datetime.fromisoformat(told["start"])) if told.get("start") else "",
        "period": f"{told.get('value', 0) + told.get('extra_days', 0)} {_unit(told.get('unit', ''))}",
        "extra_days": told.get("extra_days", 0),
        "extra_citation": told.get("extra_citation", ""),
        "skipped": [words.mmddyyyy(date.fromisoformat(day)) for day in told.get("skipped", [])],
        "due": words.pacific(deadline.due_at),
    }


def _unit(value: str) -> str:
    return PeriodUnit(value).label if value in PeriodUnit.values else ""
