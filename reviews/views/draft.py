"""Saving the draft: by the button, or by itself while typing. What was typed comes back whatever happens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from guidelines.models import GuidelineSection
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock, words
from imr.core.errors import ConflictError, DomainError
from reviews.enums import DocumentUse
from reviews.exceptions import StaleVersionError
from reviews.forms.review import CitationForm, DocumentMarksForm, FindingForm, SummaryForm, VersionedForm
from reviews.models import Assignment, Review
from reviews.selectors.workspace import (
    case_facts,
    has_finding,
    is_writable,
    item_work,
    records_of,
    relevant_day,
    review_of,
    workspace,
)
from reviews.services import review as service
from reviews.views.reading import reading_of
from reviews.views.workspace_page import (
    Picker,
    Typed,
    conflict_of,
    find_assignment,
    find_places,
    item_panel,
    render_workspace,
    shared_context,
    summary_context,
    wants_fragment,
)

SAVE, STARTER, FIND = "save", "starter", "find"
KEEP_MINE, KEEP_STORED = "resolve:mine", "resolve:stored"
ADD, REMOVE = "add", "remove"


def _on_open_draft(
    view: Callable[[AuthenticatedRequest, Assignment, int], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the reviewer's own draft. When it can no longer be changed, show what was typed instead."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, assignment_id: int, item_id: int = 0) -> HttpResponse:
        assignment = find_assignment(request, assignment_id)
        if not is_writable(assignment):
            return _closed(request, assignment)
        try:
            return view(request, assignment, item_id)
        except ConflictError as error:
            return _closed(request, assignment, error.message)

    return wrapper


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def save_summary(request: AuthenticatedRequest, assignment: Assignment, _: int) -> HttpResponse:
    """The clinical case summary."""
    action = request.POST.get("action", SAVE)
    if action == KEEP_STORED:
        return _summary_again(request, assignment)
    form = SummaryForm(_data(request, action))
    if not form.is_valid():
        return _refused(request, assignment, form, Typed(summary=form))
    text: str = form.cleaned_data["clinical_case_summary"]
    if action == STARTER and not text:
        text = case_facts(assignment.case_id).starter
    try:
        review = service.save_summary(
            assignment_id=assignment.pk,
            actor=request.user,
            version=form.cleaned_data["version"],
            clinical_case_summary=text,
        )
    except StaleVersionError as error:
        conflict = conflict_of(error, form, form.cleaned_data)
        return _conflicted(request, assignment, Typed(summary=form, conflicts={Typed.SUMMARY: conflict}), None)
    if action == STARTER:
        return _summary_again(request, assignment)
    return _saved(request, assignment, review=review)


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def save_finding(request: AuthenticatedRequest, assignment: Assignment, item_id: int) -> HttpResponse:
    """What is written about one item; then, if a button asked for it, a search or a change of the citations."""
    review = review_of(assignment)
    if review is None or not has_finding(review, item_id):
        raise Http404
    action = request.POST.get("action", SAVE)
    if action == KEEP_STORED and item_work(review, item_id) is not None:
        return _item_again(request, assignment, item_id)
    form = FindingForm(_data(request, action), item_id=item_id)
    if not form.is_valid():
        return _refused(request, assignment, form, Typed(findings={item_id: form}), item_id)
    try:
        service.save_finding(
            assignment_id=assignment.pk,
            item_id=item_id,
            actor=request.user,
            version=form.cleaned_data["version"],
            written=form.words(),
        )
    except StaleVersionError as error:
        conflict = conflict_of(error, form, form.cleaned_data)
        typed = Typed(findings={item_id: form}, conflicts={item_id: conflict})
        return _conflicted(request, assignment, typed, item_id)
    verb, _, number = action.partition(":")
    if verb in {ADD, REMOVE}:
        return _change_citations(request, assignment, item_id, verb, number)
    query = request.POST.get("q", "").strip()
    if not wants_fragment(request) and query:
        return _to(assignment, f"item_{item_id}_citations", find=item_id, q=query[:200])
    return _saved(request, assignment, item_id=item_id)


@require_POST
@requires(Action.REVIEW_WRITE)
@_on_open_draft
def mark_documents(request: AuthenticatedRequest, assignment: Assignment, _: int) -> HttpResponse:
    """Considered, or not relevant, for the documents whose mark the person changed; with `propose` also considered for
    those that were opened or referred to and carry no mark."""
    known = records_of(assignment.case_id).values_list("pk", flat=True)
    form = DocumentMarksForm(known, request.POST)
    if not form.is_valid():
        raise DomainError("A document can be marked as considered or as not relevant. Reload the page and try again.")
    uses = form.changes()
    if request.POST.get("propose"):
        readings = reading_of(assignment).readings
        uses = {pk: DocumentUse.CONSIDERED for pk, reading in readings.items() if reading.is_proposed} | uses
    service.mark_documents(assignment_id=assignment.pk, actor=request.user, uses=uses)
    if not wants_fragment(request):
        messages.success(request, "The marks on the records are saved.")
        return _to(assignment, "documents")
    space = workspace(assignment)
    context = {**shared_context(assignment, space), "space": space, "saved_at": clock.now()}
    return render(request, "reviews/workspace/_marks_saved.html", context)


def _change_citations(
    request: AuthenticatedRequest, assignment: Assignment, item_id: int, verb: str, number: str
) -> HttpResponse:
    target = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else None
    who: dict[str, Any] = {"assignment_id": assignment.pk, "item_id": item_id, "actor": request.user}
    form = CitationForm(request.POST, item_id=item_id)
    if verb == REMOVE:
        service.remove_citation(**who, citation_id=target or 0)
    elif form.is_valid():
        try:
            _add_citation(who, form, target, is_from_catalog=bool(number))
        except ConflictError:
            raise
        except DomainError as error:
            form.add_error("cite_text", error.message)
    if verb == ADD and form.errors:
        query = request.POST.get("q", "").strip()
        picker = Picker(form, query=query, results=find_places(assignment, item_id, query).results)
        if not wants_fragment(request):
            return render_workspace(request, assignment, typed=Typed(pickers={item_id: picker}), status=422)
        return _saved(request, assignment, item_id=item_id, picker=picker, status=422)
    if wants_fragment(request):
        return _saved(request, assignment, item_id=item_id, picker=Picker(CitationForm(item_id=item_id)))
    return _to(assignment, f"item_{item_id}_citations")


def _add_citation(who: dict[str, Any], form: CitationForm, section_id: int | None, *, is_from_catalog: bool) -> None:
    section = _section(section_id)
    if is_from_catalog and section is None:
        raise DomainError("The catalog no longer has this section. Search again.")
    data = form.cleaned_data
    service.add_citation(
        **who,
        section=section,
        is_mtus=data["cite_is_mtus"],
        text=data["cite_text"],
        pages=data["cite_pages"],
        url=data["cite_url"],
    )


def _section(pk: int | None) -> GuidelineSection | None:
    if pk is None:
        return None
    return GuidelineSection.objects.select_related("edition__source").filter(pk=pk).first()


def _data(request: AuthenticatedRequest, action: str) -> QueryDict:
    """The request's data; with "keep mine" the save starts from the version that the conflict showed."""
    if action != KEEP_MINE:
        return request.POST
    data = request.POST.copy()
    data["version"] = data.get("stored_version", "")
    return data


def _saved(
    request: AuthenticatedRequest,
    assignment: Assignment,
    *,
    review: Review | None = None,
    item_id: int | None = None,
    picker: Picker | None = None,
    status: int = 200,
) -> HttpResponse:
    """Everything that a save changes on the page; with `picker`, the citations too. Without htmx, back to the page."""
    if not wants_fragment(request):
        messages.success(request, f"Saved at {words.clock_time(clock.now())}.")
        return _to(assignment, f"item_{item_id}" if item_id else "summary")
    space = workspace(assignment)
    context = {**shared_context(assignment, space), "saved_at": clock.now(), "picker_changed": picker is not None}
    if item_id is None:
        context["summary"] = summary_context(assignment, review or space.review)
    else:
        work = next(work for work in space.items if work.item.pk == item_id)
        typed = Typed(pickers={item_id: picker} if picker else {})
        context["panel"] = item_panel(assignment, work, relevant_day(assignment.case_id), typed=typed)
    return render(request, "reviews/workspace/_saved.html", context, status=status)


def _refused(
    request: AuthenticatedRequest, assignment: Assignment, form: VersionedForm, typed: Typed, item_id: int | None = None
) -> HttpResponse:
    """What was typed cannot be stored: 422 with the words beside the fields, 400 for a form that is not ours."""
    status = 400 if form.has_no_version else 422
    if not wants_fragment(request):
        return render_workspace(request, assignment, typed=typed, status=status)
    context = {"form": form, "item_id": item_id, "stale": form.has_no_version}
    return render(request, "reviews/workspace/_refused.html", context, status=status)


def _conflicted(
    request: AuthenticatedRequest, assignment: Assignment, typed: Typed, item_id: int | None
) -> HttpResponse:
    """409 with both texts whole, and the choice."""
    if not wants_fragment(request):
        return render_workspace(request, assignment, typed=typed, status=409)
    key = Typed.SUMMARY if item_id is None else item_id
    url = (
        reverse("reviews:summary-save", args=[assignment.pk])
        if item_id is None
        else reverse("reviews:finding-save", args=[assignment.pk, item_id])
    )
    context = {
        "conflict": typed.conflicts[key],
        "place": "summary" if item_id is None else f"item_{item_id}",
        "save_url": url,
    }
    return render(request, "reviews/workspace/_conflict_answer.html", context, status=409)


def _closed(request: AuthenticatedRequest, assignment: Assignment, message: str = "") -> HttpResponse:
    """The draft can no longer be changed; what was typed is shown, to be copied."""
    assignment.case.refresh_from_db()
    typed: list[tuple[str, str]] = []
    for form_class in (SummaryForm, FindingForm):
        for name, field in form_class.base_fields.items():
            text = request.POST.get(name, "")
            if name != "version" and text:
                typed.append((str(field.label), text))
    context = {"assignment": assignment, "case": assignment.case, "typed": typed, "message": message}
    fragment = wants_fragment(request)
    name = "reviews/workspace/_closed_answer.html" if fragment else "reviews/workspace/closed.html"
    return render(request, name, context, status=409)


def _summary_again(request: AuthenticatedRequest, assignment: Assignment) -> HttpResponse:
    if not wants_fragment(request):
        return _to(assignment, "summary")
    space = workspace(assignment)
    context = {
        **shared_context(assignment, space),
        "summary": summary_context(assignment, space.review, starter=space.facts.starter),
        "is_fragment": True,
    }
    return _whole_section(render(request, "reviews/workspace/_summary.html", context), "summary")


def _item_again(request: AuthenticatedRequest, assignment: Assignment, item_id: int) -> HttpResponse:
    if not wants_fragment(request):
        return _to(assignment, f"item_{item_id}")
    space = workspace(assignment)
    work = next(work for work in space.items if work.item.pk == item_id)
    panel = item_panel(assignment, work, relevant_day(assignment.case_id))
    context = {**shared_context(assignment, space), "panel": panel, "is_fragment": True}
    return _whole_section(render(request, "reviews/workspace/_item.html", context), f"item_{item_id}")


def _whole_section(response: HttpResponse, place: str) -> HttpResponse:
    response["HX-Retarget"] = f"#{place}"
    response["HX-Reswap"] = "outerHTML"
    return response


def _to(assignment: Assignment, place: str, **query: str | int) -> HttpResponseRedirect:
    address = reverse("reviews:workspace", args=[assignment.pk])
    return HttpResponseRedirect(f"{address}{'?' + urlencode(query) if query else ''}#{place}")
