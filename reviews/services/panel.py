"""Panels: recording the approval of more than one reviewer, dissolving, and opening signed opinions again."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseStatus
from cases.services.transitions import lock_case
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.storage import store
from reviews.enums import OPEN_ASSIGNMENTS
from reviews.models import Assignment, Determination, Opinion, Panel
from reviews.rules.panel import FEWEST_SEATS, MOST_SEATS
from reviews.selectors.panel import panel_of_case, valid_opinions

BEFORE_SIGNATURE = frozenset(
    {
        CaseStatus.ELIGIBLE,
        CaseStatus.AWAITING_RECORDS,
        CaseStatus.INSUFFICIENT_RECORDS,
        CaseStatus.READY_FOR_REVIEW,
        CaseStatus.IN_REVIEW,
        CaseStatus.DOCS_REQUESTED,
    }
)


@transaction.atomic
def record_panel(
    *,
    case_id: int,
    actor: User,
    seats: int,
    approved_on: date,
    approved_by_name: str,
    reason: str,
    chunks: Iterable[bytes],
    name: str,
) -> Panel:
    """This round of the case has `seats` reviewers, with the Administrative Director's written approval on file
    (8 CCR 9792.10.6(c)). A reviewer who has the case already holds the first seat.

    Raises `DomainError` for a day to come or a number of seats that is not possible, `ConflictError` (409) when a panel
    stands or the case is past its review.
    """
    _require(actor)
    if not FEWEST_SEATS <= seats <= MOST_SEATS:
        problem = f"A panel has {FEWEST_SEATS} to {MOST_SEATS} reviewers."
        raise DomainError(problem, fields={"seats": [problem]})
    if approved_on > clock.today():
        problem = "Enter the day on which it was approved, today at the latest."
        raise DomainError(problem, fields={"approved_on": [problem]})
    case = lock_case(case_id)
    if CaseStatus(case.status) not in BEFORE_SIGNATURE:
        raise ConflictError(
            f"The case is “{case.get_status_display()}”. More than one reviewer can be recorded from the finding "
            "of eligibility until the determination is signed."
        )
    if panel_of_case(case.pk, case.round) is not None:
        raise ConflictError("A panel is on file for this case already.")
    stored = store(chunks)
    panel = Panel.objects.create(
        case=case,
        round=case.round,
        seats=seats,
        approved_on=approved_on,
        approved_by_name=approved_by_name,
        reason=reason,
        approval_sha256=stored.sha256,
        approval_name=name[-255:],
        recorded_by=actor,
    )
    _record("panel.record", actor, panel, seats=seats, approved_on=approved_on.isoformat(), sha256=stored.sha256)
    return panel


@transaction.atomic
def dissolve_panel(*, panel_id: int, actor: User, reason: str) -> Panel:
    """The case has one reviewer again.

    Raises `ConflictError` (409) while two seats are held or an opinion is signed.
    """
    _require(actor)
    case = lock_case(Panel.objects.values_list("case_id", flat=True).get(pk=panel_id))
    panel = Panel.objects.select_for_update(of=("self",)).get(pk=panel_id)
    if panel.dissolved_at is not None:
        raise ConflictError("This panel is dissolved already.")
    if valid_opinions(case.pk, panel.round).exists():
        raise ConflictError("An opinion is signed. The panel can no longer be dissolved.")
    held = Assignment.objects.filter(case=case, round=panel.round, status__in=OPEN_ASSIGNMENTS)
    if held.count() > 1 or held.exclude(seat=1).exists():
        raise ConflictError("Take the case back from the reviewers of every seat but the first one before.")
    Panel.objects.filter(pk=panel.pk).update(dissolved_at=Now(), dissolved_by=actor, dissolved_reason=reason)
    _record("panel.dissolve", actor, panel, reason=reason)
    panel.refresh_from_db()
    return panel


def void_opinions(*, determination: Determination, reason: str) -> None:
    """Each reviewer of the panel writes again and signs again. Called under the lock of the case."""
    Opinion.objects.filter(determination=determination, voided_at__isnull=True).update(
        voided_at=Now(), void_reason=reason
    )


def record_approval_download(*, panel: Panel, actor: User) -> None:
    """It is on record that `actor` downloaded the approval."""
    _record("panel.approval_download", actor, panel, sha256=panel.approval_sha256)


def _require(actor: User) -> None:
    if not actor.can(Action.ASSIGNMENT_MAKE):
        raise NotAllowedError(f"Your role ({actor.get_role_display()}) does not assign reviewers.")


def _record(action: str, actor: User, panel: Panel, *, reason: str = "", **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="panel",
        object_id=panel.pk,
        case_id=panel.case_id,
        reason=reason,
        detail={"round": panel.round, **detail},
    )
