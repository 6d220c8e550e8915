"""Template tags of reviews for the page of a case."""

from typing import Any

from django import template
from django.template import Context

from cases.models import Case
from imr.accounts.enums import Action, Scope
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus
from reviews.selectors.assignment import assignments_of_case
from reviews.selectors.candidates import name_of
from reviews.selectors.dispatch import deliveries_of, parties_served
from reviews.selectors.letter import LetterState, letter_status, served_versions

register = template.Library()


@register.inclusion_tag("reviews/letter/_panel.html", takes_context=True)
def case_letter(context: Context, case: Case) -> dict[str, Any]:
    """How far the letter of `case` is, as the reader may know it; for staff also whom it is or was served on."""
    user = context["user"]
    status = letter_status(case=case, user=user)
    is_signed = status.determination is not None or bool(status.former)
    if not is_signed or user.scope(Action.LETTER_DOWNLOAD) != Scope.ANY:
        return {"status": status, "shows_service": False}
    served = status.state == LetterState.SERVED
    return {
        "status": status,
        "shows_service": status.state != LetterState.STOPPED,
        "may_release": user.can(Action.LETTER_RELEASE),
        "deliveries": deliveries_of(status.dispatch) if served and status.dispatch else (),
        "parties": () if served else parties_served(case),
        "versions": served_versions(case),
    }


@register.inclusion_tag("reviews/assignment/_panel.html", takes_context=True)
def case_assignments(context: Context, case: Case) -> dict[str, Any]:
    """Who was asked to review `case` and what came of it; nothing for those who may not know reviewers."""
    user = context["user"]
    if not user.can(Action.REVIEWER_IDENTITY_VIEW):
        return {"rows": []}
    return {
        "rows": [
            {
                "assignment": row,
                "name": name_of(row.reviewer),
                "kind": "progress" if AssignmentStatus(row.status) in OPEN_ASSIGNMENTS else "ended",
                "is_open": AssignmentStatus(row.status) in OPEN_ASSIGNMENTS,
            }
            for row in assignments_of_case(case)
        ],
        "may_recall": user.can(Action.ASSIGNMENT_MAKE),
    }
