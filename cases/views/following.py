"""The end of a case: proof of implementation, appeals of ineligibility, closing."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseEvent, CaseStatus, DocumentKind, DocumentSource
from cases.forms.following import (
    CloseForm,
    ImplementationForm,
    IneligibilityAppealDecisionForm,
    IneligibilityAppealForm,
)
from cases.forms.staff import ReasonForm
from cases.models import Case, Implementation
from cases.selectors.document import current_documents
from cases.selectors.implementation import (
    CONFIRMABLE,
    appeal_window,
    implementation_queue,
    outstanding_items,
    why_not_closable,
)
from cases.selectors.ineligibility_appeal import open_appeal
from cases.services.closing import close_case
from cases.services.document import OtherCaseNamedError, add_document
from cases.services.implementation import confirm_implementation, refuse_implementation
from cases.services.ineligibility_appeal import decide_ineligibility_appeal, record_ineligibility_appeal
from cases.views.act import act_page
from cases.views.case import find_case
from cases.views.closed import closed_page, why_closed
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from imr.core.pdf_intake import REFUSALS
from imr.core.uploads import oversized_files, takes_uploads


@require_safe
@requires(Action.DEADLINE_QUEUE)
def implementation_list(request: AuthenticatedRequest) -> HttpResponse:
    """Overturned treatment that is neither authorized nor paid, the most urgent first."""
    page = keyset_page(
        implementation_queue(), field="due_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    overdue = implementation_queue().filter(due_at__lt=clock.now(), paused_at__isnull=True).count()
    return render(request, "cases/implementation/queue.html", {"page": page, "overdue": overdue})


@require_http_methods(["GET", "POST"])
@takes_uploads
@requires(Action.IMPLEMENTATION_CONFIRM)
def implementation_confirm(request: AuthenticatedRequest, case_id: int) -> HttpResponseBase:
    """Items that were authorized or paid, the day, and the proof."""
    case = find_case(request, case_id, Action.IMPLEMENTATION_CONFIRM)
    title = f"Confirm authorization or payment in case {case.number}"
    why = _why_not_confirmable(case)
    if why and request.method != "POST":
        return closed_page(request, case, title=title, why=why)
    form = _implementation_form(request, case)
    status = HTTPStatus.OK
    if oversized_files(request):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        form.errors.pop("file", None)
        form.add_error("file", REFUSALS["too_large"])
    elif form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                _confirm(request, case, form)
            except DomainError as error:
                status, form = HTTPStatus(error.status), _with_refusal(request, case, form, error)
            else:
                messages.success(request, "The authorization or payment is on record, with its proof.")
                return redirect("cases:case-detail", case_id=case.pk)
    back_url = reverse("cases:case-detail", args=[case.pk])
    context = {"case": case, "form": form, "title": title, "back_url": back_url}
    return render(request, "cases/implementation/confirm.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_CLOSE)
def implementation_refuse(request: AuthenticatedRequest, case_id: int, implementation_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.CASE_CLOSE)
    rows = Implementation.objects.filter(case=case).select_related("item", "confirmed_by")
    row = rows.filter(pk=implementation_id).first()
    if row is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = "The claims administrator reads it."
    return act_page(
        request,
        case,
        form,
        lambda: refuse_implementation(implementation_id=row.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Item {row.item.position} is outstanding again.",
        closed=f"This confirmation was refused on {row.refused_at:%m/%d/%Y}." if row.refused_at else "",
        context={
            "title": f"Refuse the proof for item {row.item.position} of case {case.number}",
            "lead": (
                f"{row.get_kind_display()} on {row.done_on:%m/%d/%Y}, as {row.confirmed_by.display_name} says. When "
                "the proof does not show it, the item is outstanding again and its date runs on as before."
            ),
            "submit": "Refuse the proof",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.APPEAL_RECORD)
def appeal_record(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """An appeal of a finding of ineligibility."""
    case = find_case(request, case_id, Action.APPEAL_RECORD)
    window = appeal_window(case)
    form = IneligibilityAppealForm(request.POST if request.method == "POST" else None)
    closed = why_closed(case, CaseEvent.REVERSE_INELIGIBILITY)
    if not closed and open_appeal(case):
        closed = "An appeal is open already. Record what the board decides about it first."
    until = f" The last day to file is {window.clock.due_at.astimezone(clock.PACIFIC):%m/%d/%Y}." if window else ""
    return act_page(
        request,
        case,
        form,
        lambda: record_ineligibility_appeal(case_id=case.pk, actor=request.user, **form.cleaned_data),
        done=f"The appeal in case {case.number} is on record.",
        closed=closed,
        context={
            "title": f"Record an appeal of ineligibility in case {case.number}",
            "lead": (
                f"The finding can be appealed to the appeals board (8 CCR 10575).{until} A later one is taken and "
                "marked late. The case stays ineligible until the board decides."
            ),
            "submit": "Record appeal",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.APPEAL_RECORD)
def appeal_decide(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The board's decision on it, and what follows."""
    case = find_case(request, case_id, Action.APPEAL_RECORD)
    form = IneligibilityAppealDecisionForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        case,
        form,
        lambda: decide_ineligibility_appeal(case_id=case.pk, actor=request.user, **form.cleaned_data),
        done=f"The decision on the appeal in case {case.number} is on record.",
        closed="" if open_appeal(case) else "No appeal of ineligibility is open in this case.",
        context={
            "title": f"Decision on the appeal of ineligibility in case {case.number}",
            "lead": (
                "Denied: the finding stands, and the case has ended. Reversed: the case and its items are eligible, "
                "and the notice of assignment is next (8 CCR 9792.10.3(f))."
            ),
            "submit": "Record decision",
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_CLOSE)
def close(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    case = find_case(request, case_id, Action.CASE_CLOSE)
    left = list(outstanding_items().filter(case=case))
    form = CloseForm(request.POST if request.method == "POST" else None, is_needed=bool(left))
    lead = "The time to appeal is over. Nothing more is taken in; everything stays readable."
    if left:
        positions = ", ".join(str(item.position) for item in left)
        lead += f" Neither authorized nor paid yet: item {positions}. Say why the case is closed all the same."
    return act_page(
        request,
        case,
        form,
        lambda: close_case(case_id=case.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"Case {case.number} is closed.",
        closed=why_closed(case, CaseEvent.CLOSE) or why_not_closable(case),
        context={"title": f"Close case {case.number}", "lead": lead, "submit": "Close the case"},
    )


def _why_not_confirmable(case: Case) -> str:
    if CaseStatus(case.status) not in CONFIRMABLE:
        return why_closed(case, CaseEvent.CLOSE, CaseEvent.APPEAL) or "Nothing is to be authorized or paid now."
    if not outstanding_items().filter(case=case).exists():
        return "Nothing is left to be authorized or paid in this case."
    return ""


def _implementation_form(request: AuthenticatedRequest, case: Case) -> ImplementationForm:
    is_post = request.method == "POST"
    return ImplementationForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        items=list(outstanding_items().filter(case=case)),
        documents=list(current_documents(case.pk)),
    )


def _confirm(request: AuthenticatedRequest, case: Case, form: ImplementationForm) -> None:
    told = form.cleaned_data
    document_id, file = told["document_id"], told["file"]
    if file:
        source = DocumentSource.CLAIMS_ADMINISTRATOR if request.user.is_claims else DocumentSource.IMR_ORGANIZATION
        added = add_document(
            case_id=case.pk,
            actor=request.user,
            file=file,
            name=file.name or "proof.pdf",
            kind=DocumentKind.IMPLEMENTATION_PROOF,
            source=source,
            is_name_confirmed=told["is_name_confirmed"],
        )
        document_id = added.document.pk
        told["document_id"] = document_id
    confirm_implementation(
        case_id=case.pk,
        actor=request.user,
        item_ids=told["items"],
        done_on=told["done_on"],
        note=told["note"],
        document_id=document_id,
    )


def _with_refusal(
    request: AuthenticatedRequest, case: Case, form: ImplementationForm, error: DomainError
) -> ImplementationForm:
    """The form with what was refused beside its field. A file that was taken in stays, and is chosen already."""
    taken = form.cleaned_data.get("document_id")
    if taken and form.cleaned_data.get("file"):
        data: QueryDict = request.POST.copy()
        data["document_id"] = str(taken)
        form = ImplementationForm(
            data,
            items=list(outstanding_items().filter(case=case)),
            documents=list(current_documents(case.pk)),
        )
        form.full_clean()
    is_named = isinstance(error, OtherCaseNamedError)
    if is_named:
        form.fields["is_name_confirmed"].widget = forms.CheckboxInput()
    known = {name: lines for name, lines in error.fields.items() if name in form.fields}
    for name, lines in known.items():
        form.add_error(name, lines)
    if not known:
        is_about_file = bool(form.cleaned_data.get("file")) and not taken
        form.add_error("file" if is_about_file else None, error.message)
    return form
