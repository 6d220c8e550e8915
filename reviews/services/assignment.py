"""Offering a case to a reviewer, the reviewer's answer, and taking a case back.

Locks are taken in one order everywhere: the case, its assignment, the reviewer.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus
from cases.exceptions import TransitionError
from cases.models import Case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import Action, MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.words import clock_time, pacific
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus, ConflictRelation, DeclineReason
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Assignment, ConflictDisclosure, Reviewer
from reviews.selectors.candidates import candidate_for, problems_of_holder, screening_record
from reviews.selectors.offer import is_unanswered
from reviews.selectors.panel import free_seat, panel_of_case
from reviews.selectors.period import end_of_period
from reviews.selectors.reviewer import credential_problems
from reviews.services.assignment_end import (
    IN_REVIEW,
    end_assignment,
    lock_assignment,
    others_at_work,
    refuse_ended,
)
from reviews.services.review import open_review
from reviews.services.reviewer_mail import tell_reviewer

# The further seats of a panel are filled while the first reviewers are at work.
SEATING = frozenset({CaseStatus.READY_FOR_REVIEW, *IN_REVIEW})


@transaction.atomic
def offer_assignment(*, case_id: int, reviewer_id: int, actor: User) -> Assignment:
    """The case is offered to the reviewer, with the screening of this moment kept beside it.

    The case stays ready for review until the reviewer accepts; an offer without an answer ends by itself. Raises
    `ConflictError` (409) when an offer is open or the case is no longer ready, and `AssignmentBlockedError` naming
    every rule that bars the reviewer (LC 139.5(d)).
    """
    _require(actor, Action.ASSIGNMENT_MAKE)
    case = lock_case(case_id)
    _refuse_second_offer(case, actor)
    seat = free_seat(case)
    has_panel = panel_of_case(case.pk, case.round) is not None
    if seat is None or case.status not in (SEATING if has_panel else {CaseStatus.READY_FOR_REVIEW}):
        raise TransitionError(
            f"The case has been “{CaseStatus(case.status).label}” since {pacific(case.status_changed_at)}; "
            "only a case that is ready for review can be assigned. Open the case to see it."
        )
    # Two cases offered to one reviewer at once must not both take the last place. NO KEY: foreign keys stay free.
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer_id)
    if reviewer.user_id == actor.pk:
        raise NotAllowedError("Nobody assigns a case to themselves. Let somebody else offer it.")
    _refuse_seated(case, reviewer)
    today = clock.today()
    candidate = candidate_for(case, reviewer, on=today)
    if not candidate.is_fit:
        reasons = [check.words for check in candidate.failures]
        raise AssignmentBlockedError(
            f"{reviewer.code} cannot be given this case. " + " ".join(reasons), fields={"reviewer": reasons}
        )
    assignment = Assignment.objects.create(
        case=case,
        round=case.round,
        seat=seat,
        reviewer=reviewer,
        offered_by=actor,
        screening=screening_record(case, candidate, on=today),
        answer_due_at=end_of_period("offer_answer", case, clock.now()),
    )
    tell_reviewer(MailEvent.OFFER_MADE, assignment_id=assignment.pk)
    _record(
        "assignment.offer",
        actor,
        assignment,
        detail={"reviewer": reviewer.code, "warnings": [check.code for check in candidate.warnings]},
    )
    return assignment


@transaction.atomic
def recall_assignment(*, assignment_id: int, actor: User, reason: str) -> Assignment:
    """The case is back in the assignment queue and its records are closed to the reviewer; the draft is kept.

    Raises `ConflictError` (409) when the offer was answered or the determination signed meanwhile.
    """
    _require(actor, Action.ASSIGNMENT_MAKE)
    if not reason.strip():
        raise DomainError(
            "Say why the case is taken back.", code="required", fields={"reason": ["Say why the case is taken back."]}
        )
    case, assignment = lock_assignment(assignment_id)
    refuse_ended(assignment)
    return end_assignment(case, assignment, actor, AssignmentStatus.RECALLED, note=reason, action="assignment.recall")


@transaction.atomic
def accept_assignment(
    *,
    assignment_id: int,
    actor: User,
    conflicts: Sequence[str],
    note: str,
    is_qualified: bool,
    is_in_active_practice: bool,
) -> Assignment:
    """What the reviewer attested is on record, and the case is in review unless the attestation stands against it.

    A declared conflict (LC 139.5(d)(5)), or not being qualified or not in active practice, declines the offer with
    that reason: look at the status of what is returned. Raises `AssignmentBlockedError` when a credential does not
    hold today or the file has a tie to a party by now, `ConflictError` (409) when the offer is no longer open or its
    time to answer is over. Only the reviewer to whom the offer was made finds it.
    """
    _require(actor, Action.ASSIGNMENT_ANSWER)
    unknown = set(conflicts) - set(ConflictRelation.values)
    if unknown:
        raise DomainError("Answer each of the five questions.", fields={"conflicts": ["Answer each question."]})
    case, assignment = lock_assignment(assignment_id, of=actor)
    _refuse_answered(assignment)
    _refuse_too_late(assignment)
    if assignment.offered_by_id == actor.pk:
        raise NotAllowedError("You offered this case yourself; its reviewer has to be somebody else.")
    ConflictDisclosure.objects.create(
        assignment=assignment,
        conflicts=[relation.value for relation in ConflictRelation if relation.value in conflicts],
        note=note,
        is_qualified=is_qualified,
        is_in_active_practice=is_in_active_practice,
    )
    against = _stands_against(conflicts, is_qualified, is_in_active_practice)
    if against is not None:
        return end_assignment(
            case,
            assignment,
            actor,
            AssignmentStatus.DECLINED,
            note=note,
            action="assignment.decline",
            decline_reason=against,
            conflicts=conflicts,
        )
    today = clock.today()
    ties, _ = problems_of_holder(case, assignment.reviewer, today)
    problems = ties or credential_problems(assignment.reviewer, today)
    if problems:
        raise AssignmentBlockedError(
            "You cannot accept this case now. " + " ".join(problems) + " Please ask the IMR organization to update "
            "your file; the offer stays open.",
        )
    Assignment.objects.filter(pk=assignment.pk).update(status=AssignmentStatus.ACCEPTED, accepted_at=Now())
    # Of several reviewers the first one to accept opens the review; the others join it.
    if not (case.status in IN_REVIEW and others_at_work(assignment)):
        transition_case(
            case_id=case.pk,
            event=CaseEvent.ACCEPT_ASSIGNMENT,
            actor=actor,
            detail={"assignment": assignment.pk, "credentials_checked_on": today.isoformat()},
        )
    _record("assignment.accept", actor, assignment)
    # The draft is made here, so that opening the workspace writes nothing.
    open_review(assignment_id=assignment.pk, actor=actor)
    assignment.refresh_from_db()
    return assignment


@transaction.atomic
def decline_assignment(
    *,
    assignment_id: int,
    actor: User,
    reason: str,
    note: str = "",
    suggestion: str = "",
    conflicts: Sequence[str] = (),
) -> Assignment:
    """The offer is declined, or a case in review given back, with the reason; the case waits for another reviewer.

    With the end the records are closed to the reviewer. `conflicts` are the relations (LC 139.5(d)(5)) that a
    conflict lies with; they are kept, and the reviewer is not asked about this case again. `suggestion` says who or
    which specialty would be better. A draft that exists is kept. Raises `ConflictError` (409) when the assignment
    has ended meanwhile.
    """
    _require(actor, Action.ASSIGNMENT_ANSWER)
    if reason not in DeclineReason.values:
        raise DomainError("Choose a reason.", code="required", fields={"reason": ["Choose a reason."]})
    if reason != DeclineReason.CONFLICT:
        conflicts = ()
    case, assignment = lock_assignment(assignment_id, of=actor)
    refuse_ended(assignment)
    _refuse_too_late(assignment)
    words = " ".join(
        part for part in (note.strip(), f"Suggested: {suggestion.strip()}" if suggestion.strip() else "") if part
    )
    return end_assignment(
        case,
        assignment,
        actor,
        AssignmentStatus.DECLINED,
        note=words,
        action="assignment.decline",
        decline_reason=DeclineReason(reason),
        conflicts=conflicts,
    )


def _refuse_second_offer(case: Case, actor: User) -> None:
    taken = Assignment.objects.filter(case=case, round=case.round, status__in=OPEN_ASSIGNMENTS).first()
    if taken is None or free_seat(case) is not None:
        return
    who = "you" if taken.offered_by_id == actor.pk else "another administrator"
    raise ConflictError(
        f"This case was assigned at {_moment(taken.offered_at)} by {who}. Open the case to see it.",
        code="already_assigned",
    )


def _refuse_seated(case: Case, reviewer: Reviewer) -> None:
    """Nobody sits twice on one panel."""
    if Assignment.objects.filter(case=case, round=case.round, reviewer=reviewer, status__in=OPEN_ASSIGNMENTS).exists():
        raise ConflictError(f"{reviewer.code} has a seat in this case already. Choose another reviewer.")


def _refuse_answered(assignment: Assignment) -> None:
    refuse_ended(assignment)
    if assignment.status == AssignmentStatus.ACCEPTED and assignment.accepted_at is not None:
        raise ConflictError(f"You accepted this case on {pacific(assignment.accepted_at)}.", code="already_accepted")


def _refuse_too_late(assignment: Assignment) -> None:
    """The moment itself ends an offer; the schedule only writes it down."""
    if assignment.answer_due_at is not None and is_unanswered(assignment, clock.now()):
        raise ConflictError(
            f"The time to answer was over on {pacific(assignment.answer_due_at)}, so the offer has ended. "
            "There is nothing left for you to do.",
            code="offer_over",
        )


def _stands_against(conflicts: Sequence[str], is_qualified: bool, is_in_active_practice: bool) -> DeclineReason | None:
    if conflicts:
        return DeclineReason.CONFLICT
    if not is_qualified or not is_in_active_practice:
        return DeclineReason.QUALIFICATION
    return None


def _moment(instant: datetime) -> str:
    """The time of day; with the date when that was not today."""
    return clock_time(instant) if clock.pacific_date(instant) == clock.today() else pacific(instant)


def _require(actor: User, action: Action) -> None:
    if not actor.can(action):
        raise NotAllowedError(f"Your role ({actor.get_role_display()}) does not include: {action.label.lower()}.")


def _record(action: str, actor: User, assignment: Assignment, *, detail: dict[str, object] | None = None) -> None:
    record(
        action=action,
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail=detail,
    )
