"""Merging a duplicate into the case that was received first (8 CCR 9792.10.3(a)(2))."""

from django.db import transaction

from cases.enums import CaseEvent, CaseLinkKind, CaseStatus
from cases.models import Case, CaseLink, DisputedItem
from cases.rules.documents import TAKES_DOCUMENTS
from cases.rules.duplicates import shared_items
from cases.services.document import join_documents
from cases.services.transitions import lock_cases, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError


@transaction.atomic
def merge_duplicate(*, case_id: int, into_id: int, actor: User, reason: str) -> Case:
    """The case is merged: its documents are on file in the other one, which goes on with its own, earlier receipt.

    Raises `ConflictError` when the other case was received later, belongs to another claims administrator, has ended
    or takes no more documents, or lacks an item of this one, which would be lost; `TransitionError` when this case is
    past its eligibility review.
    """
    cases = lock_cases(case_id, into_id)
    case, into = cases[case_id], cases[into_id]
    _refuse(case, into)

    def write(merged: Case) -> None:
        joined = join_documents(case=merged, into=into)
        CaseLink.objects.create(case=merged, lead=into, kind=CaseLinkKind.MERGED, reason=reason, linked_by=actor)
        record(
            action="case.duplicate_joined",
            actor=actor,
            object_type="case",
            object_id=into.pk,
            case_id=into.pk,
            reason=reason,
            detail={"number": merged.number, "documents": joined},
        )

    return transition_case(
        case_id=case_id,
        event=CaseEvent.MERGE_DUPLICATE,
        actor=actor,
        before_clocks=write,
        reason=reason,
        detail={"into": into.number},
    )


def _refuse(case: Case, into: Case) -> None:
    if case.pk == into.pk:
        raise ConflictError("A case cannot be merged into itself.")
    if into.organization_id != case.organization_id:
        raise ConflictError(
            f"Case {into.number} is another claims administrator’s. Its parties may not see these documents, so the "
            "two are not merged; find this one ineligible (INE-DUP) if the dispute is the same."
        )
    if into.status in {CaseStatus.DRAFT, CaseStatus.MERGED, CaseStatus.CONSOLIDATED}:
        raise ConflictError(f"Case {into} is not open itself: it is “{CaseStatus(into.status).label}”.")
    if CaseStatus(into.status) not in TAKES_DOCUMENTS:
        raise ConflictError(
            f"Case {into.number} takes no more documents: it is “{CaseStatus(into.status).label}”. Find this case "
            "ineligible (INE-DUP) instead."
        )
    if _received(case) < _received(into):
        raise ConflictError(
            f"Case {into.number} was received after this one. The earliest receipt counts, so it is the later case "
            "that is merged."
        )
    mine = list(DisputedItem.objects.filter(case=case))
    theirs = DisputedItem.objects.filter(case=into).values_list("description", flat=True)
    shared = set(shared_items([item.description for item in mine], theirs))
    lost = [item.position for index, item in enumerate(mine) if index not in shared]
    if lost:
        words = ", ".join(str(position) for position in lost)
        raise ConflictError(
            f"Case {into.number} does not dispute item {words} of this case, and merging would lose it. Review this "
            "case on its own, or find only the repeated items ineligible (INE-DUP)."
        )


def _received(case: Case) -> tuple[float, int]:
    return (case.received_at.timestamp() if case.received_at else 0.0, case.pk)
