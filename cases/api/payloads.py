"""Cases and their parts as the operations give them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from cases.api.sections import answers
from cases.enums import PARTY_LABELS, CaseStatus, PartyRole
from cases.letters import FilingReceiptLetter
from cases.models import Application, Case, Deadline, DisputedItem, Document, FilingReceipt, Party, URDecision
from cases.rules.progress import Progress, Standing, progress_of
from cases.selectors.amendment import CountingDates, VersionRow
from cases.selectors.detail import CaseDetail, case_detail
from cases.selectors.draft import Draft
from cases.selectors.implementation import standings_of
from imr.accounts.models import User
from imr.core.paging import COUNT_CAP, Page

# How far the letter of a case is, as far as the person may know: `state`, `released_at`, `has_letter`.
type LetterState = Callable[[Case, User], Mapping[str, Any]]


def url(request: Request, name: str, *arguments: int) -> str:
    """The absolute address of an operation."""
    return str(request.build_absolute_uri(reverse(f"api:{name}", args=arguments)))


def status_label(case: Case, user: User) -> str:
    """The status in the words for `user`."""
    status = CaseStatus(case.status)
    return PARTY_LABELS[status] if user.is_claims else str(status.label)


def page_payload(request: Request, user: User, page: Page[Case]) -> dict[str, Any]:
    """A page of the list; its cases were read by `with_summary`."""
    standings = standings_of(page.rows)
    return {
        "next": _turned(request, after=page.after),
        "previous": _turned(request, before=page.before),
        "total": min(page.total, COUNT_CAP),
        "total_is_more": page.total > COUNT_CAP,
        "results": [_summary(request, user, case, standings[case.pk]) for case in page.rows],
    }


def _turned(request: Request, **cursor: str) -> str | None:
    if not any(cursor.values()):
        return None
    query = request.query_params.copy()
    query.pop("after", None)
    query.pop("before", None)
    for name, value in cursor.items():
        query[name] = value
    return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))


def _summary(request: Request, user: User, case: Any, standing: Standing) -> dict[str, Any]:
    employee = next(iter(case.employee_rows), None)
    return {
        "id": case.pk,
        "url": url(request, "case-detail", case.pk),
        "number": case.number,
        "status": case.status,
        "status_label": status_label(case, user),
        "priority": case.priority,
        "organization": case.organization.name,
        "claim_number": case.application.claim_number,
        "employee_name": employee.person_name if employee else "",
        "item_count": case.item_count,
        "received_at": case.received_at,
        "due_at": case.due_at,
        **_next(progress_of(CaseStatus(case.status), standing)),
    }


def _next(progress: Progress) -> dict[str, str]:
    return {"next_holder": progress.holder.value, "next_step": progress.next_step}


def case_payload(request: Request, user: User, case: Case, letter_state: LetterState) -> dict[str, Any]:
    """The case with all its parts, as `user` may see them."""
    detail = case_detail(case, user=user)
    letter = letter_state(case, user)
    return {
        "id": case.pk,
        "url": url(request, "case-detail", case.pk),
        "number": case.number,
        "status": case.status,
        "status_label": detail.status_label,
        "priority": case.priority,
        "organization": case.organization.name,
        "created_at": case.created_at,
        "received_at": case.received_at,
        "draft_version": draft_version(case, detail),
        "application_version": detail.application.version if detail.application else None,
        "joined_into": _joined_into(request, detail),
        "outcome": detail.outcome_label,
        "progress": {
            "now": detail.progress.now,
            **_next(detail.progress),
            "clock": _deadline(detail.clock) if detail.clock else None,
        },
        "application": answers(_as_draft(case, detail)),
        "items": [item_payload(item) for item in detail.items],
        "documents": [document_payload(request, document) for document in detail.documents],
        "deadlines": [_deadline(row) for row in [*detail.deadlines, *detail.ended_deadlines]],
        "letter": {"state": letter["state"], "released_at": letter["released_at"]},
        "links": {
            "items": url(request, "item-list", case.pk),
            "documents": url(request, "document-list", case.pk),
            "submit": url(request, "case-submit", case.pk) if case.is_draft else None,
            "amendments": None if case.is_draft else url(request, "amendment-list", case.pk),
            "receipt": url(request, "receipt", case.pk) if detail.receipt else None,
            "letter": url(request, "letter", case.pk) if letter["has_letter"] else None,
        },
    }


def _joined_into(request: Request, detail: CaseDetail) -> dict[str, Any] | None:
    """The surviving case of one that was merged or consolidated."""
    if detail.lead is None:
        return None
    return {
        "id": detail.lead.pk,
        "number": detail.lead.number,
        "url": url(request, "case-detail", detail.lead.pk),
    }


def draft_version(case: Case, detail: CaseDetail) -> int | None:
    """The version that a change of the draft has to name."""
    return detail.application.version if case.is_draft and detail.application else None


def _as_draft(case: Case, detail: CaseDetail) -> Draft:
    parties = {PartyRole(party.role): party for party in detail.parties.values()}
    return Draft(
        case=case,
        application=detail.application or Application(case=case),
        ur_decision=detail.ur_decision or URDecision(case=case),
        parties={role: parties.get(role) or Party(case=case, role=role) for role in PartyRole},
        items=tuple(detail.items),
        documents=tuple(detail.documents),
    )


def item_payload(item: DisputedItem) -> dict[str, Any]:
    """An item whose outcome is already hidden from those who may not know it."""
    return {
        **{
            name: getattr(item, name)
            for name in (
                "position",
                "description",
                "code",
                "quantity",
                "frequency",
                "duration",
                "is_retrospective",
                "service_date",
                "is_associated_service",
                "ur_outcome",
                "authorized",
                "remaining",
                "claims_guideline_basis",
                "claims_guideline_text",
                "eligibility",
                "ineligibility_reason",
                "status",
                "outcome",
            )
        },
        "id": item.pk,
        "category": item.category.code if item.category else None,
        "category_label": item.category.name if item.category else "",
    }


def document_payload(request: Request, document: Document) -> dict[str, Any]:
    """A document; who uploaded it is nobody's business outside."""
    return {
        "id": document.pk,
        "kind": document.kind,
        "source": document.source,
        "title": document.title,
        "author": document.author,
        "dated_on": document.dated_on,
        "file_name": document.original_name,
        "size": document.size,
        "page_count": document.page_count,
        "sha256": document.sha256,
        "received_at": document.received_at,
        "content_url": url(request, "document-content", document.case_id, document.pk),
    }


def documents_payload(request: Request, documents: Iterable[Document]) -> dict[str, Any]:
    return {"results": [document_payload(request, document) for document in documents]}


def receipt_payload(request: Request, receipt: FilingReceipt) -> dict[str, Any]:
    """The frozen words of the receipt."""
    letter = FilingReceiptLetter.from_json(receipt.manifest)
    return {
        **letter.as_json(),
        "received_at": letter.received,
        "manifest_sha256": receipt.manifest_sha256,
        "pdf_url": url(request, "receipt-pdf", receipt.case_id) if receipt.rendered_at else None,
    }


def amendment_payload(row: VersionRow, *, reader: User) -> dict[str, Any]:
    """A version of the application; who of the IMR organization made it is told to its own people alone."""
    maker = row.version.made_by
    is_told = not reader.is_claims or maker.is_claims
    return {
        "number": row.version.number,
        "made_at": row.version.made_at,
        "amended_by": maker.display_name if is_told else "IMR organization",
        "reason": row.version.reason,
        "changes": [change.as_json() for change in row.changes],
        "sections": [
            {
                "title": section["title"],
                "answers": [{"label": label, "value": value} for label, value in section["answers"] if value],
            }
            for section in row.version.sections
        ],
        "sections_sha256": row.version.sections_sha256,
        "eligibility_to_be_looked_at": row.is_open,
    }


def amendments_payload(rows: Iterable[VersionRow], dates: CountingDates, *, reader: User) -> dict[str, Any]:
    """The versions of an application with the days that count."""
    return {
        "received_at": dates.received_at,
        "complete_at": dates.complete_at,
        "added_items": [{"id": item.pk, "counts_from": item.added_at} for item in dates.added],
        "results": [amendment_payload(row, reader=reader) for row in rows],
    }


def _deadline(row: Deadline) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "label": row.get_kind_display(),
        "due_at": row.due_at,
        "ended_at": row.ended_at,
        "citation": row.parameter.citation,
        "is_confirmed": row.parameter.is_confirmed,
    }
