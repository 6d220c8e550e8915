"""Notes on pages of the records: one list for the case, beside the decision or as a page of its own."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cases.models import Document
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.forms.reading import MAX_TAG, NoteForm
from reviews.models import Assignment, PageNote
from reviews.permissions import may_read_records
from reviews.selectors.note import notes_of, place_of_note
from reviews.selectors.records import numbered_records
from reviews.services import note as service
from reviews.views.workspace_page import find_assignment, wants_fragment


@require_safe
@requires(Action.REVIEW_WRITE)
def note_list(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """All notes of the case, or those with one `tag`."""
    return _notes(request, _readable(request, assignment_id))


@require_POST
@requires(Action.REVIEW_WRITE)
def note_add(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """One more note; a refused one comes back as it was typed, with the reason beside the field."""
    assignment = _readable(request, assignment_id)
    form = NoteForm(request.POST, records=numbered_records(assignment))
    if form.is_valid():
        data = form.cleaned_data
        document = get_object_or_404(Document, pk=data["document"], case_id=assignment.case_id)
        try:
            service.add_note(
                assignment_id=assignment.pk,
                actor=request.user,
                document=document,
                page=data["page"],
                text=data["text"],
                quote=data["quote"],
                tags=data["tags"],
            )
        except DomainError as error:
            form.add_error("text", error.message)
        else:
            return _done(request, assignment, "The note is kept.")
    return _notes(request, assignment, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@requires(Action.REVIEW_WRITE)
def note_edit(request: AuthenticatedRequest, assignment_id: int, note_id: int) -> HttpResponse:
    """Other words or tags of one's own note."""
    assignment = _readable(request, assignment_id)
    note = get_object_or_404(PageNote, pk=note_id, assignment=assignment)
    data = request.POST.copy()
    place = place_of_note(note, assignment.case_id)
    data.update({"document": str(place[0]), "page": str(place[1]), "quote": note.quote})
    form = _edit_form(note, place, numbered_records(assignment), data)
    if form.is_valid():
        service.change_note(
            assignment_id=assignment.pk,
            note_id=note.pk,
            actor=request.user,
            text=form.cleaned_data["text"],
            tags=form.cleaned_data["tags"],
        )
        return _done(request, assignment, "The note is changed.")
    return _notes(request, assignment, edited=(note.pk, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@requires(Action.REVIEW_WRITE)
def note_remove(request: AuthenticatedRequest, assignment_id: int, note_id: int) -> HttpResponse:
    """One's own note is thrown away."""
    assignment = _readable(request, assignment_id)
    get_object_or_404(PageNote, pk=note_id, assignment=assignment)
    service.remove_note(assignment_id=assignment.pk, note_id=note_id, actor=request.user)
    return _done(request, assignment, "The note is removed.")


def _readable(request: AuthenticatedRequest, assignment_id: int) -> Assignment:
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()
    return assignment


def _edit_form(note: PageNote, place: tuple[int, int], records: Any, data: Any = None) -> NoteForm:
    initial = {
        "document": place[0],
        "page": place[1],
        "quote": note.quote,
        "text": note.text,
        "tags": ", ".join(note.tags),
    }
    return NoteForm(data, records=records, auto_id=f"note_{note.pk}_%s", initial=initial)


def _done(request: AuthenticatedRequest, assignment: Assignment, said: str) -> HttpResponse:
    if wants_fragment(request):
        return _notes(request, assignment, said=said)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("reviews:note-list", args=[assignment.pk]))


def _notes(
    request: AuthenticatedRequest,
    assignment: Assignment,
    *,
    form: NoteForm | None = None,
    edited: tuple[int, NoteForm] | None = None,
    said: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    records = numbered_records(assignment)
    tag = request.GET.get("tag", "").strip().lower()[:MAX_TAG]
    notes = notes_of(assignment, tag=tag)
    rows = [
        (
            shown,
            edited[1]
            if edited and edited[0] == shown.note.pk
            else _edit_form(shown.note, (shown.document_id, shown.page), records),
        )
        for shown in notes.shown
    ]
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "notes": notes,
        "rows": rows,
        "form": form or NoteForm(records=records),
        "has_records": bool(records),
        "edited": edited[0] if edited else None,
        "said": said,
    }
    name = "reviews/viewer/_notes.html" if wants_fragment(request) else "reviews/viewer/notes.html"
    return render(request, name, context, status=status)
