"""Documents that came late: how late, and what was decided about them (8 CCR 9792.10.5)."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseStatus, DeadlineKind, DocumentKind, LateDecision, Lateness
from cases.exceptions import GoneError, IncompleteError
from cases.models import Case, Deadline, Document
from cases.rules.documents import late_decisions, lateness_of
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError


def lateness_now(case: Case, kind: str, *, received_at: datetime | None = None) -> Lateness | None:
    """How late a document of this kind is that comes now; None when it is in time. Call it under the case's lock.

    Paper that is filed now came at `received_at`, which decides whether the records were due by then.

    Proof that an overturned item was carried out is no record of the review, and cannot be late for it.
    """
    if kind == DocumentKind.IMPLEMENTATION_PROOF:
        return None
    due = (
        Deadline.objects.filter(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
        .order_by("-due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return lateness_of(CaseStatus(case.status), received_at=received_at or clock.now(), records_due_at=due)


@transaction.atomic
def decide_late_document(*, document_id: int, actor: User, decision: str, reason: str) -> Document:
    """The decision about the late document is on record, with its reason; a forwarded one lies before the reviewer.

    It may be changed until the determination is signed; after that nothing reaches the reviewer any more. Raises
    `ConflictError` when the document was in time or the decision is not possible now, `GoneError` when the document
    was removed, `IncompleteError` without a reason.
    """
    case_id = Document.objects.values_list("case_id", flat=True).get(pk=document_id)
    case = lock_case(case_id)
    document = Document.objects.get(pk=document_id)
    if document.removed_at is not None:
        raise GoneError("This document was removed or replaced meanwhile.")
    if not document.lateness:
        raise ConflictError("This document came in time; there is nothing to decide.")
    possible = late_decisions(CaseStatus(case.status))
    if decision not in possible:
        raise ConflictError(
            f"This cannot be decided now: the case is “{CaseStatus(case.status).label}”.", code="decision_not_possible"
        )
    if not reason.strip():
        raise IncompleteError("Give the reason.", fields={"reason": ["Enter the reason; it stays on record."]})
    before = document.late_decision
    Document.objects.filter(pk=document.pk).update(
        late_decision=LateDecision(decision), late_reason=reason, late_decided_at=Now(), late_decided_by=actor
    )
    document.refresh_from_db()
    record(
        action="document.late_decided",
        actor=actor,
        object_type="document",
        object_id=document.pk,
        case_id=case.pk,
        detail={"late": document.lateness, "decision": decision, "before": before},
    )
    return document
