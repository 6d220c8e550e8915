"""Turning a regular review into an expedited one (8 CCR 9792.10.4(c))."""

from datetime import date

from django.db import transaction
from django.db.models import F

from cases.enums import CaseStatus, DeadlineKind, DocumentKind, ItemEligibility, ItemStatus, NoticeKind, Priority
from cases.exceptions import IncompleteError
from cases.models import Case, DisputedItem, Document, ExpeditedCertification, URDecision
from cases.rules.expedited import CONVERTIBLE, check_certification
from cases.services.deadlines import restart_deadline
from cases.services.notice import issue_notice
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError

# The clocks that are shorter in an expedited review; they count from the conversion.
SHORTENED = (DeadlineKind.RECORDS, DeadlineKind.DOCUMENTS, DeadlineKind.DETERMINE)


@transaction.atomic
def convert_to_expedited(*, case_id: int, actor: User, document_id: int, physician: str, certified_on: date) -> Case:
    """The case is expedited, and its running clocks have the shorter periods, in this same transaction.

    They count from now: 24 hours for records, 72 hours for the determination; a clock that would end earlier anyway
    stays. The former dates are kept, and the notice of the expedited review goes to the parties. Raises
    `ConflictError` when the case is expedited already or not under way, and `IncompleteError` beside the fields.
    """
    case = lock_case(case_id)
    if case.priority == Priority.EXPEDITED:
        raise ConflictError("This review is expedited already.")
    if CaseStatus(case.status) not in CONVERTIBLE:
        raise ConflictError(
            f"A review becomes an expedited one between the notice of assignment and the decision; the case is "
            f"“{CaseStatus(case.status).label}”."
        )
    document = Document.objects.filter(
        pk=document_id, case=case, kind=DocumentKind.EXPEDITED_CERTIFICATION, removed_at__isnull=True
    ).first()
    if document is None:
        words = "Choose the physician's certification from the documents of the case."
        raise IncompleteError(words, fields={"document": [words]})
    reviewed = DisputedItem.objects.filter(case=case, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN)
    items = DisputedItem.objects.filter(case=case, eligibility=ItemEligibility.ELIGIBLE)
    problems = check_certification(
        certified_on,
        decided_on=URDecision.objects.values_list("decided_on", flat=True).get(case=case),
        today=clock.today(),
        retrospective=items.values_list("is_retrospective", flat=True),
    )
    for name, words in problems.items():
        raise IncompleteError(words, fields={name: [words]})
    ExpeditedCertification.objects.create(
        case=case, document=document, physician=physician, certified_on=certified_on, converted_by=actor
    )
    Case.objects.filter(pk=case.pk).update(priority=Priority.EXPEDITED, version=F("version") + 1)
    case.refresh_from_db()
    now, reason = clock.now(), "The review became an expedited one (8 CCR 9792.10.4(c))."
    for kind in SHORTENED:
        restart_deadline(case=case, kind=kind, started_at=now, actor=actor, reason=reason, is_only_shortened=True)
    record(
        action="case.expedited",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        reason=reason,
        detail={"document": document.pk, "certified_on": certified_on.isoformat()},
    )
    # After the clocks, so that the dates it tells are theirs.
    issue_notice(case=case, kind=NoticeKind.EXPEDITED, actor=actor, items=reviewed)
    return case
