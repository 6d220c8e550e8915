"""Reviewing cases of one worker, physician and injury together, with one determination (8 CCR 9792.10.4(a))."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from cases.enums import CaseEvent, CaseLinkKind, CaseStatus, ItemEligibility, ItemStatus
from cases.models import Case, CaseLink, DisputedItem
from cases.rules.consolidation import check_consolidation, lead_of
from cases.rules.duplicates import shared_items
from cases.selectors.consolidation import CONSOLIDABLE, candidates
from cases.services.document import join_documents
from cases.services.item import ITEM_FIELDS
from cases.services.transitions import lock_cases, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError


@transaction.atomic
def consolidate_cases(*, case_ids: Collection[int], actor: User, reason: str) -> Case:
    """One of the cases leads and has the eligible items and the documents of all; the others have ended and link to it.

    The lead is the case whose notice was served first, else the one received first. All cases are locked in the order
    of their ids, so that two consolidations of the same case never cross. Raises `ConflictError` when they may not be
    reviewed together, or one of them is not open for it any more.
    """
    cases = lock_cases(*case_ids)
    for case in cases.values():
        if CaseStatus(case.status) not in CONSOLIDABLE:
            raise ConflictError(
                f"Case {case.number} is “{CaseStatus(case.status).label}”. Cases are consolidated from the finding of "
                "eligibility until the records are complete."
            )
    described = {one.case_id: one.candidate for one in candidates(cases.values())}
    problems = check_consolidation(list(described.values()))
    if problems:
        raise ConflictError(" ".join(problems))
    chosen = lead_of(list(described.values()))
    lead = next(case for case in cases.values() if case.number == chosen.number)
    for case in cases.values():
        if case.pk != lead.pk:
            _join(case, lead, actor, reason)
    lead.refresh_from_db()
    return lead


def _join(case: Case, lead: Case, actor: User, reason: str) -> None:
    items = _take_items(case, lead)
    documents = join_documents(case=case, into=lead)
    CaseLink.objects.create(case=case, lead=lead, kind=CaseLinkKind.CONSOLIDATED, reason=reason, linked_by=actor)
    transition_case(
        case_id=case.pk, event=CaseEvent.CONSOLIDATE, actor=actor, reason=reason, detail={"into": lead.number}
    )
    record(
        action="case.consolidated_joined",
        actor=actor,
        object_type="case",
        object_id=lead.pk,
        case_id=lead.pk,
        reason=reason,
        detail={"number": case.number, "items": items, "documents": documents},
    )


def _take_items(case: Case, lead: Case) -> int:
    """The eligible, open items of `case` stand behind those of `lead`, unless it disputes them itself."""
    own = list(DisputedItem.objects.filter(case=lead).values_list("description", flat=True))
    position = DisputedItem.objects.filter(case=lead).aggregate(last=Max("position"))["last"] or 0
    rows = list(DisputedItem.objects.filter(case=case, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN))
    shared = set(shared_items([row.description for row in rows], own))
    taken = [row for index, row in enumerate(rows) if index not in shared]
    for row in taken:
        position += 1
        DisputedItem.objects.create(
            case=lead,
            position=position,
            eligibility=row.eligibility,
            **{name: getattr(row, name) for name in ITEM_FIELDS},
        )
    return len(taken)
