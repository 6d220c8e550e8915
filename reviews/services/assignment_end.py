"""How an assignment ends before a signature, whoever ends it: the reviewer, the staff, or the clock.

Locks are taken in one order everywhere: the case, its assignment, the reviewer.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError
from imr.core.words import pacific
from reviews.enums import (
    OPEN_ASSIGNMENTS,
    OPEN_REQUESTS,
    AssignmentStatus,
    ConflictRelation,
    DeclineReason,
    RequestStatus,
)
from reviews.models import Assignment, DocumentRequest
from reviews.selectors.candidates import problems_of_holder
from reviews.selectors.panel import opinion_of
from reviews.services.reviewer_mail import tell_reviewer

IN_REVIEW = frozenset({CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED})
SIGNED = frozenset(
    {
        CaseStatus.QA,
        CaseStatus.DETERMINED,
        CaseStatus.ISSUED,
        CaseStatus.IMPLEMENTATION,
        CaseStatus.APPEALED,
        CaseStatus.CLOSED,
        CaseStatus.PUBLISHED,
    }
)
NOTE_LIMIT = 1000


def lock_assignment(assignment_id: int, *, of: User | None = None) -> tuple[Case, Assignment]:
    """The case and its assignment, locked in this order. With `of`, only that reviewer's own is found."""
    mine = Assignment.objects.filter(reviewer__user=of) if of is not None else Assignment.objects.all()
    case_id = mine.values_list("case_id", flat=True).get(pk=assignment_id)
    case = lock_case(case_id)
    assignment = (
        Assignment.objects.select_for_update(of=("self",)).select_related("reviewer__user").get(pk=assignment_id)
    )
    return case, assignment


def refuse_ended(assignment: Assignment) -> None:
    """Raise `ConflictError` (409) with the day when the assignment has ended."""
    if assignment.status in OPEN_ASSIGNMENTS:
        return
    when = pacific(assignment.ended_at) if assignment.ended_at else "before"
    raise ConflictError(
        f"This assignment has been “{AssignmentStatus(assignment.status).label}” since {when}. "
        "Open the case to see it as it is."
    )


def end_assignment(
    case: Case,
    assignment: Assignment,
    actor: User | None,
    status: AssignmentStatus,
    *,
    note: str,
    action: str,
    decline_reason: DeclineReason | None = None,
    conflicts: Sequence[str] = (),
) -> Assignment:
    """The locked assignment has ended; a case in review is back in the queue, unless others of a panel are at work on
    it. What was written is kept.

    Raises `ConflictError` (409) when the determination was signed meanwhile. `actor` None is the system.
    """
    came_from = assignment.status
    Assignment.objects.filter(pk=assignment.pk).update(
        status=status,
        ended_at=Now(),
        ended_by=actor,
        decline_reason=decline_reason or "",
        declared_conflicts=[relation.value for relation in ConflictRelation if relation.value in conflicts],
        end_note=note.strip()[:NOTE_LIMIT],
    )
    if came_from == AssignmentStatus.ACCEPTED and case.status in SIGNED:
        raise ConflictError(
            f"The determination was signed: the case has been “{CaseStatus(case.status).label}” since "
            f"{pacific(case.status_changed_at)}. A change now needs a correction.",
            code="already_signed",
        )
    if came_from == AssignmentStatus.ACCEPTED and opinion_of(assignment) is not None:
        raise ConflictError(
            "The opinion of this reviewer is signed. It stays until the determination is returned for correction.",
            code="already_signed",
        )
    if came_from == AssignmentStatus.ACCEPTED and case.status in IN_REVIEW and not others_at_work(assignment):
        transition_case(
            case_id=case.pk,
            event=CaseEvent.RETURN_TO_QUEUE,
            actor=actor,
            reason=decline_reason.label if decline_reason else "",
            detail={"assignment": assignment.pk},
        )
    DocumentRequest.objects.filter(assignment=assignment, status__in=OPEN_REQUESTS).update(
        status=RequestStatus.WITHDRAWN
    )
    record(
        action=action,
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail={"from": came_from, "reason": decline_reason or ""},
    )
    assignment.refresh_from_db()
    return assignment


def others_at_work(assignment: Assignment) -> bool:
    """Whether another reviewer of the panel has accepted the case."""
    return (
        Assignment.objects.filter(case_id=assignment.case_id, round=assignment.round, status=AssignmentStatus.ACCEPTED)
        .exclude(pk=assignment.pk)
        .exists()
    )


@transaction.atomic
def return_for_credentials(*, assignment_id: int, actor: User, problems: Sequence[str]) -> Assignment:
    """A case in review is back in the queue because a credential of the reviewer no longer holds; the draft is kept.

    For the moment of signing, when the check against that day fails (LC 139.5(d)(4)); `actor` is the reviewer.
    """
    case, assignment = lock_assignment(assignment_id, of=actor)
    refuse_ended(assignment)
    return end_assignment(
        case,
        assignment,
        actor,
        AssignmentStatus.RECALLED,
        note=" ".join(problems),
        action="assignment.credentials_lapsed",
    )


@transaction.atomic
def take_back_if_barred(*, assignment_id: int) -> list[str]:
    """An open assignment that the reviewer's file bars today has ended; why, or nothing when it goes on.

    A credential that lapsed or was suspended takes a case in review back (LC 139.5(d)(4)); an offer stays, since the
    file may be mended before the answer. A tie to a party ends both, and with it the access to the records
    (LC 139.5(d)(5)). The text is kept, a signed determination stays. Safe to run twice and side by side.
    """
    case, assignment = lock_assignment(assignment_id)
    if assignment.status not in OPEN_ASSIGNMENTS or case.status in SIGNED or opinion_of(assignment) is not None:
        return []
    today = clock.today()
    problems, lapsed = problems_of_holder(case, assignment.reviewer, today)
    action = "assignment.conflict_found"
    if not problems and assignment.status == AssignmentStatus.ACCEPTED:
        problems, action = lapsed, "assignment.credentials_lapsed"
    if not problems:
        return []
    end_assignment(case, assignment, None, AssignmentStatus.RECALLED, note=" ".join(problems), action=action)
    tell_reviewer(MailEvent.CASE_TAKEN_BACK, assignment_id=assignment.pk)
    return problems
