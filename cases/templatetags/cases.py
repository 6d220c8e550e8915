"""Template tags of cases: the status in the reader's words, and the arithmetic of a deadline."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import Context

from cases.enums import PARTY_LABELS, CaseStatus, PeriodUnit
from cases.models import Case, Deadline
from cases.selectors.detail import status_kind
from imr.accounts.models import User
from imr.core import words

register = template.Library()


@register.inclusion_tag("components/status_tag.html", takes_context=True)
def case_status(context: Context, case: Case) -> dict[str, Any]:
    """The status of `case` in the words for the person who reads the page."""
    status = CaseStatus(case.status)
    user = context["user"]
    label = PARTY_LABELS[status] if isinstance(user, User) and user.is_claims else status.label
    return {"label": label, "kind": status_kind(status)}


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
