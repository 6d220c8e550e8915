"""Template tags of reviews for the page of a case."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.workflow import events_for
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus
from reviews.selectors.assignment import assignments_of_case
from reviews.selectors.candidates import name_of
from reviews.selectors.correction import correctable_determination, open_correction
from reviews.selectors.dispatch import deliveries_of, parties_served
from reviews.selectors.document_request import party_requests, requests_of_case
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
        "correctable": correctable_determination(case) if user.can(Action.CORRECTION_PROPOSE) else None,
        "correction": open_correction(case),
        "steps": _steps(case, user),
    }


def _steps(case: Case, user: User) -> list[tuple[str, str]]:
    """What this person may record about an appeal now: label and address."""
    pages = {
        CaseEvent.APPEAL: ("Record appeal", "reviews:appeal-record"),
        CaseEvent.DENY_APPEAL: ("Record the decision on the appeal", "reviews:appeal-decide"),
        CaseEvent.REOPEN_AFTER_REMAND: ("Open a new review", "reviews:review-reopen"),
    }
    if not user.can(Action.APPEAL_RECORD):
        return []
    return [
        (label, reverse(name, args=[case.pk]))
        for event, (label, name) in pages.items()
        if event in events_for(case.status, user.role)
    ]


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


@register.inclusion_tag("reviews/assignment/_requests_panel.html", takes_context=True)
def case_document_requests(context: Context, case: Case) -> dict[str, Any]:
    """Records that the parties were asked for; the staff also see who asked, in which words, and what to do."""
    user = context["user"]
    is_staff = user.can(Action.REVIEWER_IDENTITY_VIEW)
    return {
        "case": case,
        "is_staff": is_staff,
        "requests": requests_of_case(case) if is_staff else party_requests(case),
        "may_answer": user.can(Action.NOTICE_SERVE),
        "is_waiting": case.status == CaseStatus.DOCS_REQUESTED,
        "may_add": user.can(Action.DOCUMENT_UPLOAD),
    }
