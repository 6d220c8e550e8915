"""Template tags of cases: the status in the reader's words, and the arithmetic of a deadline."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from cases.enums import PARTY_LABELS, CaseStatus, DeadlineKind, DeadlineOrigin
from cases.models import Case, Deadline, PageOrigin
from cases.rules.deadlines import steps
from cases.rules.deadlines_days import DayLine
from cases.rules.page_ranges import page_words
from cases.rules.progress import Holder, Standing, progress_of
from cases.selectors.arrangement import words_of
from cases.selectors.deadline import duty_of, explanation_of
from cases.selectors.detail import status_kind
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core import clock, words

register = template.Library()


@register.inclusion_tag("components/status_tag.html", takes_context=True)
def case_status(context: Context, case: Case) -> dict[str, Any]:
    """The status of `case` in the words for the person who reads the page."""
    status = CaseStatus(case.status)
    user = context["user"]
    label = PARTY_LABELS[status] if isinstance(user, User) and user.is_claims else status.label
    return {"label": label, "kind": status_kind(status)}


@register.simple_tag
def case_next(case: Case, standings: Mapping[int, Standing]) -> str:
    """Who has the next step of a case, and what it is: `Expert reviewer: every item is decided`."""
    progress = progress_of(CaseStatus(case.status), standings[case.pk])
    return progress.short if progress.holder == Holder.NOBODY else f"{progress.holder}: {progress.short}"


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
        label += f" ({duty_of(kind)})"
    return {"due": words.due(due_at, clock.now()), "label": label, "url": deadline_url(case.pk, kind)}


@register.filter
def origin_words(origin: PageOrigin) -> str:
    """From which pages of which document those of a made one came."""
    return words_of(origin)


@register.filter
def page_list(pages: list[int]) -> str:
    """`pages 1-3, 7`."""
    return page_words(pages)


@register.simple_tag
def deadline_url(case_id: int, kind: str) -> str:
    """The page that says how the due date of this kind is found."""
    return reverse("cases:deadline-detail", args=[case_id, kind])


@register.inclusion_tag("components/due_chip.html")
def deadline_due(deadline: Deadline) -> dict[str, Any]:
    """The due date as a chip that leads to how it is found."""
    return {"due": words.due(deadline.due_at, clock.now()), "url": deadline_url(deadline.case_id, deadline.kind)}


@register.inclusion_tag("cases/_deadline_words.html")
def deadline_words(deadline: Deadline) -> dict[str, Any]:
    """How the date is found, in sentences."""
    return {"steps": steps(explanation_of(deadline))}


@register.inclusion_tag("cases/_deadline_days.html")
def deadline_days(days: list[DayLine]) -> dict[str, Any]:
    """The days of a period as a table."""
    return {"days": days}


@register.simple_tag(takes_context=True)
def deadline_change_words(context: Context, deadline: Deadline) -> str:
    """How a row of a clock came about: `Extended on 11/23/2026, 5:00 PM PT by …: reason`; the parties read no names."""
    origin = DeadlineOrigin(deadline.origin)
    said = f"{origin.label} {words.pacific(deadline.created_at)}"
    if deadline.changed_by is None:
        return said
    user = context["user"]
    is_staff = isinstance(user, User) and user.can(Action.DEADLINE_CHANGE)
    by = deadline.changed_by.display_name if is_staff else "IMR organization"
    return f"{said} by {by}: {deadline.reason}"
