"""Template tags of reviews for the page of a case."""

from typing import Any

from django import template
from django.template import Context

from cases.models import Case
from imr.accounts.enums import Action
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus
from reviews.selectors.assignment import assignments_of_case
from reviews.selectors.candidates import name_of
from reviews.selectors.letter import letter_status

register = template.Library()


@register.inclusion_tag("reviews/letter/_status.html", takes_context=True)
def case_letter(context: Context, case: Case) -> dict[str, Any]:
    """How far the letter of `case` is, as the reader may know it."""
    return {"status": letter_status(case=case, user=context["user"])}


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
