"""The case list and the case page."""

from datetime import UTC, datetime, timedelta

from django.db.models import Case as SqlCase
from django.db.models import DateTimeField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.enums import PARTY_LABELS, CaseEvent, CaseStatus, Priority
from cases.forms.staff import CaseFilterForm
from cases.models import Case
from cases.rules.documents import CHANGES_DOCUMENTS, TAKES_DOCUMENTS
from cases.rules.expedited import CONVERTIBLE
from cases.selectors.amendment import amended_rows
from cases.selectors.arrangement import open_arrangements
from cases.selectors.case import visible_to
from cases.selectors.completeness import SCREENED, late_letter
from cases.selectors.detail import case_detail
from cases.selectors.document import former_documents
from cases.selectors.duplicate import duplicates_of
from cases.selectors.ending import items_to_report, reports_of, with_clocks
from cases.selectors.fee import fee_of
from cases.selectors.implementation import (
    CONFIRMABLE,
    appeal_window,
    implementation_of,
    standings_of,
    waiting_for_claims,
)
from cases.selectors.ineligibility_appeal import appeals_of
from cases.selectors.information import requests_of
from cases.selectors.message import is_unread
from cases.selectors.notice import notices_of
from cases.selectors.penalty import late_records_of
from cases.selectors.timeline import GROUPS, case_timeline
from cases.selectors.upload_link import open_links
from cases.selectors.worklist import due_before, matching, status_counts, with_summary
from cases.services.amendment import why_closed
from cases.services.ending import ENDABLE
from cases.workflow import TERMINAL, TRANSITIONS
from imr.accounts.enums import Action, Role
from imr.accounts.models import User
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core import clock
from imr.core.paging import keyset_page

FAR = datetime(9000, 1, 1, tzinfo=UTC)
# Before a determination is signed there is nothing to say about a letter.
LETTER_STATUSES = frozenset(
    {
        CaseStatus.QA,
        CaseStatus.DETERMINED,
        CaseStatus.ISSUED,
        CaseStatus.IMPLEMENTATION,
        CaseStatus.APPEALED,
        CaseStatus.REMANDED,
        CaseStatus.CLOSED,
        CaseStatus.PUBLISHED,
    }
)
# The next step of a party is to send records.
RECORDS_AWAITED = frozenset({CaseStatus.AWAITING_RECORDS, CaseStatus.INSUFFICIENT_RECORDS})
SORTS = {"due": ("sort_due", False), "-due": ("sort_due", True), "received": ("sort_received", False)}
SORTS |= {"-received": ("sort_received", True), "number": ("sort_number", False), "-number": ("sort_number", True)}


def find_case(request: AuthenticatedRequest, case_id: int, action: Action = Action.CASE_VIEW) -> Case:
    """The case when it exists for this person under `action`; 404 otherwise, with the same words either way."""
    case = visible_to(request.user, action=action).select_related("organization", "analyst").filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


@requires(Action.CASE_LIST)
def case_list(request: AuthenticatedRequest) -> HttpResponse:
    user = request.user
    if user.role == Role.REVIEWER:
        return redirect("reviews:worklist")
    cases = visible_to(user, action=Action.CASE_LIST)
    labels = PARTY_LABELS if user.is_claims else {status: status.label for status in CaseStatus}
    counts = {count.status: count.count for count in status_counts(cases)}
    # Statuses that read the same to this person are one choice, named after the first of them.
    alike: dict[str, list[CaseStatus]] = {}
    for status in CaseStatus:
        if user.is_claims or status != CaseStatus.DRAFT or status in counts:
            alike.setdefault(labels[status], []).append(status)
    form = CaseFilterForm(
        request.GET or None,
        statuses=[
            (same[0].value, f"{label} ({found:,})" if (found := sum(counts.get(one, 0) for one in same)) else label)
            for label, same in alike.items()
        ],
    )
    rows = _sortable(with_summary(cases))
    sort = "due"
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        rows = _filtered(rows, chosen, next((same for same in alike.values() if chosen["status"] == same[0]), None))
        sort = form.cleaned_data["sort"] or "due"
    elif form.is_bound:
        rows = rows.none()
    if request.GET.get("sort") in SORTS:
        sort = request.GET["sort"]
    field, descending = SORTS[sort]
    page = keyset_page(
        rows,
        field=field,
        descending=descending,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(
        request,
        "cases/list.html",
        {
            "form": form,
            "page": page,
            "standings": standings_of(page.rows),
            "may_file": user.can(Action.CASE_CREATE),
            "sort": sort,
        },
        status=400 if form.is_bound and form.errors else 200,
    )


def _is_open_for(user: User, case: Case) -> bool:
    """Whether this person may still decide on the eligibility of the case."""
    return user.can(Action.ELIGIBILITY_DECIDE) and case.status in SCREENED


def _is_screened_by(user: User, case: Case) -> bool:
    """Whether possible duplicates concern this person now: whoever screens may still merge the case."""
    return user.can(Action.CASE_SCREEN) and case.status in TRANSITIONS[CaseEvent.MERGE_DUPLICATE].sources


def _sortable(rows: QuerySet[Case]) -> QuerySet[Case]:
    far = Value(FAR, output_field=DateTimeField())
    return rows.annotate(
        sort_due=SqlCase(
            When(status__in=[status.value for status in TERMINAL], then=far),
            default=Coalesce("due_at", far),
            output_field=DateTimeField(),
        ),
        sort_received=Coalesce("received_at", "created_at"),
        sort_number=Coalesce("number", Value("")),
    )


def _filtered(rows: QuerySet[Case], chosen: dict[str, str], statuses: list[CaseStatus] | None) -> QuerySet[Case]:
    rows = matching(rows, chosen["q"])
    if statuses:
        rows = rows.filter(status__in=statuses)
    if chosen["priority"]:
        rows = rows.filter(priority=chosen["priority"])
    if chosen["waits"]:
        rows = waiting_for_claims(rows)
    if chosen["due"] == "overdue":
        rows = due_before(rows, clock.now())
    elif chosen["due"] == "week":
        rows = due_before(rows, clock.now() + timedelta(days=7), since=clock.now())
    return rows


@requires(Action.CASE_VIEW)
def case_page(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id)
    if case.is_draft:
        return redirect("cases:filing-tasks", case_id=case.pk)
    group = request.GET.get("show", "")
    group = group if group in GROUPS else ""
    detail = case_detail(case, user=request.user)
    may_end = CaseStatus(case.status) in ENDABLE
    may_tell = may_end and request.user.can(Action.ENDING_REPORT) and bool(items_to_report(case))
    record(action="case.viewed", actor=request.user, object_type="case", object_id=case.pk, case_id=case.pk)
    return render(
        request,
        "cases/detail.html",
        {
            "case": case,
            "detail": detail,
            "timeline": case_timeline(case, reader=request.user, group=group),
            "groups": [] if request.user.is_claims else list(GROUPS.items()),
            "group": group,
            "list_url": reverse("cases:case-list"),
            # After a remand the letter that was set aside stays in view.
            "may_expedite": request.user.can(Action.CASE_ROUTE)
            and case.status in CONVERTIBLE
            and case.priority == Priority.STANDARD,
            "amended": amended_rows(case),
            "may_amend": request.user.can(Action.CASE_AMEND) and not why_closed(case, request.user),
            "may_correct_receipt": request.user.can(Action.RECEIPT_CORRECT),
            "letter": late_letter(case) if _is_open_for(request.user, case) else None,
            "matches": duplicates_of(case) if _is_screened_by(request.user, case) else [],
            "show_letter": CaseStatus(case.status) in LETTER_STATUSES or case.round > 1,
            "may_copy": request.user.can(Action.CASE_CREATE),
            "may_add_records": request.user.can(Action.DOCUMENT_UPLOAD) and case.status in TAKES_DOCUMENTS,
            "may_print_sheet": request.user.can(Action.COVER_SHEET),
            "may_ask": (may_ask := request.user.can(Action.UPLOAD_LINK)),
            "waiting_links": open_links(clock.now()).filter(case=case) if may_ask else [],
            "notices": notices_of(case) if request.user.can(Action.NOTICE_VIEW) else [],
            "reports": with_clocks(reports_of(case)),
            "requests": requests_of(case),
            "may_answer": request.user.can(Action.INFORMATION_ANSWER),
            "may_message": request.user.can(Action.CASE_MESSAGE),
            "unread_here": request.user.can(Action.CASE_MESSAGE) and is_unread(case, reader=request.user),
            "window": appeal_window(case),
            "appeals": appeals_of(case),
            "may_record_appeal": request.user.can(Action.APPEAL_RECORD) and case.status == CaseStatus.INELIGIBLE,
            "implementations": (rows := implementation_of(case)),
            "is_outstanding": any(row.confirmed is None for row in rows),
            "may_confirm": request.user.can(Action.IMPLEMENTATION_CONFIRM) and case.status in CONFIRMABLE,
            "may_refuse_proof": request.user.can(Action.CASE_CLOSE) and case.status in CONFIRMABLE,
            "awaits_records": case.status in RECORDS_AWAITED,
            "may_report": request.user.is_claims and may_tell,
            "may_record": not request.user.is_claims and may_tell,
            "fee": fee_of(request.user, case),
            "may_invoice": request.user.can(Action.FEE_MANAGE),
            "late": late_records_of(request.user, case.pk, today=clock.today()),
            "may_end": request.user.can(Action.ENDING_DECIDE) and may_end,
            "may_decide": request.user.can(Action.ENDING_DECIDE),
            "may_repeat": request.user.can(Action.NOTICE_SERVE) and case.status == CaseStatus.INSUFFICIENT_RECORDS,
            "may_check": request.user.can(Action.ELIGIBILITY_DECIDE),
            "may_see_checklist": request.user.can(Action.RECORDS_CHECKLIST),
            "may_package": request.user.can(Action.RECORDS_PACKAGE),
            "may_replace": request.user.can(Action.DOCUMENT_UPLOAD) and case.status in CHANGES_DOCUMENTS,
            "may_decide_late": request.user.can(Action.DOCUMENT_DECIDE) and case.status in TAKES_DOCUMENTS,
            "former": former_documents(case.pk) if request.user.can(Action.DOCUMENT_VIEW) else (),
            "arrangements": open_arrangements(case.pk) if request.user.can(Action.DOCUMENT_UPLOAD) else (),
            "may_see_arrangements": request.user.can(Action.DOCUMENT_UPLOAD),
            "may_assign": request.user.can(Action.ASSIGNMENT_MAKE) and case.status == CaseStatus.READY_FOR_REVIEW,
        },
    )
