"""Signing an opinion as one reviewer of a panel, and combining the opinions after the last one."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, ItemStatus
from cases.models import Case, DisputedItem
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs
from imr.core.errors import ConflictError, DomainError
from reviews.letters import SignedSnapshot
from reviews.letters.panel import combined_snapshot
from reviews.models import Assignment, Determination, Opinion, Panel
from reviews.selectors.letter import job_key
from reviews.selectors.panel import panel_of, valid_opinions
from reviews.selectors.snapshot import draft_snapshot
from reviews.services.completeness import require_complete
from reviews.services.determination import (
    checked_draft,
    lock_assignment,
    lock_items,
    require_credentials,
    require_open,
    require_own,
)
from reviews.services.letter import RENDER_LETTER
from reviews.services.reauthentication import require_password
from reviews.services.sampling import draw_sample


def sign_opinion(*, assignment_id: int, actor: User, password: str, snapshot_sha256: str = "") -> Opinion:
    """The draft of this seat is frozen and signed. With the last opinion of the panel all are combined, under the lock
    of the case: a determination with each item as the majority decided it, an even split overturned, every analysis
    kept (LC 4610.6(e), (f)); the case is in quality check and its letter promised.

    An earlier opinion that does not decide the items that are open now is void; its reviewer signs again. A second
    signature of the same words returns the first opinion. Raises as `sign_determination`.
    """
    assignment = Assignment.objects.select_related("reviewer").get(pk=assignment_id)
    require_own(assignment, actor)
    require_password(actor, password, case_id=assignment.case_id)
    confirmed_at = clock.now()
    if first := _already_signed(assignment, snapshot_sha256):
        return first
    day = clock.today()
    try:
        snapshot = checked_draft(assignment, day, snapshot_sha256).snapshot
    except DomainError:
        # A second click reads beside the first one: what it meets may be the first one's signature.
        if first := _already_signed(assignment, snapshot_sha256):
            return first
        raise
    with transaction.atomic():
        case = lock_case(assignment.case_id)
        items = lock_items(case.pk)
        assignment = lock_assignment(assignment_id)
        if first := _already_signed(assignment, snapshot_sha256):
            return first
        panel = panel_of(assignment)
        if panel is None:
            raise ConflictError("This case has one reviewer now. Open the page again, then sign the determination.")
        require_open(assignment, case)
        require_credentials(assignment)
        require_complete(assignment_id=assignment.pk)
        if draft_snapshot(assignment=assignment, decision_date=day).sha256 != snapshot.sha256:
            raise ConflictError("The draft changed while you were signing. Read the preview again, then sign.")
        opinion = _kept(assignment, actor, snapshot, confirmed_at)
        _combine(case, panel, items, opinion)
    return opinion


def _kept(assignment: Assignment, actor: User, snapshot: SignedSnapshot, confirmed_at: datetime) -> Opinion:
    opinion = Opinion.objects.create(
        assignment=assignment,
        case_id=assignment.case_id,
        round=assignment.round,
        seat=assignment.seat,
        snapshot=snapshot.to_data(),
        snapshot_sha256=snapshot.sha256,
        signed_by=actor,
        reauthenticated_at=confirmed_at,
    )
    _record("opinion.sign", actor, opinion, snapshot_sha256=opinion.snapshot_sha256)
    return opinion


def _combine(case: Case, panel: Panel, items: list[DisputedItem], last: Opinion) -> None:
    """Nothing while a seat has not signed; otherwise the determination of the panel."""
    opinions = _of_these_items(case, panel, items, last)
    if len(opinions) < panel.seats:
        return
    snapshot = combined_snapshot([SignedSnapshot.from_data(opinion.snapshot) for opinion in opinions])
    outcome = snapshot.letter.outcome
    if outcome is None:
        raise ConflictError("An item is not decided in every opinion.")
    determination = Determination.objects.create(
        case=case,
        round=case.round,
        assignment=last.assignment,
        outcome=outcome,
        snapshot=snapshot.to_data(),
        snapshot_sha256=snapshot.sha256,
        signed_by=last.signed_by,
        reauthenticated_at=last.reauthenticated_at,
    )
    Opinion.objects.filter(pk__in=[opinion.pk for opinion in opinions]).update(determination=determination)
    last.determination = determination
    outcomes = {item.position: item.outcome for item in snapshot.letter.items}
    for item in items:
        DisputedItem.objects.filter(pk=item.pk).update(status=ItemStatus.DECIDED, outcome=outcomes[item.position])
    transition_case(
        case_id=case.pk,
        event=CaseEvent.SIGN,
        actor=last.signed_by,
        detail={
            "determination": determination.pk,
            "outcome": determination.outcome,
            "snapshot_sha256": determination.snapshot_sha256,
            "opinions": len(opinions),
        },
    )
    draw_sample(determination)
    jobs.enqueue(RENDER_LETTER, unique_key=job_key(determination.pk), determination_id=determination.pk)


def _of_these_items(case: Case, panel: Panel, items: list[DisputedItem], last: Opinion) -> list[Opinion]:
    """The standing opinions that decide exactly the items that are open; the others are void from now on."""
    positions = [item.position for item in items]
    found = []
    for opinion in valid_opinions(case.pk, panel.round):
        if [item["position"] for item in opinion.snapshot["letter"]["items"]] == positions:
            found.append(opinion)
        else:
            reason = "The items under review changed after it was signed."
            Opinion.objects.filter(pk=opinion.pk).update(voided_at=Now(), void_reason=reason)
            _record("opinion.void", last.signed_by, opinion, reason=reason)
    return found


def _already_signed(assignment: Assignment, snapshot_sha256: str) -> Opinion | None:
    """The standing opinion of this assignment, when these words were signed before."""
    first = Opinion.objects.filter(assignment=assignment, voided_at__isnull=True).first()
    if first is not None and snapshot_sha256 and first.snapshot_sha256 != snapshot_sha256:
        raise ConflictError("Your opinion is signed already, with other words. Changes need a correction.")
    return first


def _record(action: str, actor: User, opinion: Opinion, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="opinion",
        object_id=opinion.pk,
        case_id=opinion.case_id,
        detail={"assignment": opinion.assignment_id, **detail},
    )
