"""Turning pages, dividing a document, joining several: the forms, and how far the work is."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.forms.arrangement import DivideForm, JoinForm, TurnForm, shown_parts
from cases.models import Arrangement, Case, Document
from cases.selectors.arrangement import arrangeable_documents, arrangement_progress
from cases.services.arrangement import divide_document, join_into_one, turn_document
from cases.services.document import why_not_changed
from cases.views.case import find_case
from cases.views.closed import closed_page
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.forms import add_refusal


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_UPLOAD)
def turn(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponse:
    """Pages of a document are turned in a newer version of it."""
    case, document = _find(request, case_id, document_id)
    form = TurnForm(request.POST if request.method == "POST" else None, document=document)

    def carry_out() -> Arrangement:
        return turn_document(document_id=document.pk, actor=request.user, turns=form.turns)

    return _page(
        request, case, form, carry_out, template="cases/arrangement/turn.html", title="Turn pages", document=document
    )


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_UPLOAD)
def divide(request: AuthenticatedRequest, case_id: int, document_id: int) -> HttpResponse:
    """A document becomes several, each with pages and a description of its own."""
    case, document = _find(request, case_id, document_id)
    if request.method == "POST" and "more" in request.POST:
        form = DivideForm.as_typed(request.POST.dict(), document=document)
    elif request.method == "POST":
        form = DivideForm(request.POST, document=document, wanted=shown_parts(request.POST.dict()))
    else:
        form = DivideForm(document=document)

    def carry_out() -> Arrangement:
        return divide_document(
            document_id=document.pk,
            actor=request.user,
            parts=form.parts,
            left_out=form.cleaned_data["left_out"],
        )

    return _page(
        request, case, form, carry_out, template="cases/arrangement/divide.html", title="Divide", document=document
    )


@require_http_methods(["GET", "POST"])
@requires(Action.DOCUMENT_UPLOAD)
def join(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """Several documents become one, in a chosen order; `first` in the address has the first place already."""
    case = find_case(request, case_id, Action.DOCUMENT_UPLOAD)
    documents = list(arrangeable_documents(case.pk))
    first = request.GET.get("first", "")
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        documents=documents,
        first=int(first) if first.isascii() and first.isdecimal() and len(first) < 10 else None,
    )

    def carry_out() -> Arrangement:
        return join_into_one(case_id=case.pk, actor=request.user, document_ids=form.chosen, described=form.described)

    return _page(request, case, form, carry_out, template="cases/arrangement/join.html", title="Join documents")


@require_safe
@requires(Action.DOCUMENT_UPLOAD)
def arrangement(request: AuthenticatedRequest, case_id: int, arrangement_id: int) -> HttpResponse:
    """How far the work is, and what became of it; the part of the page that follows by itself asks here too."""
    case = find_case(request, case_id, Action.DOCUMENT_UPLOAD)
    found = Arrangement.objects.filter(case=case, pk=arrangement_id).select_related("requested_by").first()
    if found is None:
        raise Http404
    is_part = request.headers.get("HX-Request") == "true"
    template = "cases/arrangement/_status.html" if is_part else "cases/arrangement/status.html"
    context = {"case": case, "one": arrangement_progress(found), "back_url": _back_url(case)}
    return render(request, template, context)


def _page(
    request: AuthenticatedRequest,
    case: Case,
    form: TurnForm | DivideForm | JoinForm,
    carry_out: Callable[[], Arrangement],
    *,
    template: str,
    title: str,
    document: Document | None = None,
) -> HttpResponse:
    """The page of `form`, or the page of the arrangement once it is asked for; refusals stand beside the fields."""
    if (closed := why_not_changed(case)) and request.method != "POST":
        return closed_page(request, case, title=title, why=closed)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = carry_out()
        except DomainError as error:
            status = add_refusal(form, error)
        else:
            return redirect("cases:arrangement-detail", case_id=case.pk, arrangement_id=made.pk)
    context = {"case": case, "form": form, "document": document, "title": title, "back_url": _back_url(case)}
    return render(request, template, context, status=status)


def _back_url(case: Case) -> str:
    page = "cases:filing-documents" if case.is_draft else "cases:case-detail"
    return reverse(page, args=[case.pk])


def _find(request: AuthenticatedRequest, case_id: int, document_id: int) -> tuple[Case, Document]:
    case = find_case(request, case_id, Action.DOCUMENT_UPLOAD)
    document = arrangeable_documents(case.pk).filter(pk=document_id).first()
    if document is None:
        raise Http404
    document.case = case
    return case, document
