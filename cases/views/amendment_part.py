"""One part of an amendment as a form: the application's own forms, kept word by word until it is filed."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import DraftStep
from cases.exceptions import StaleVersionError, TooLongError
from cases.forms.amendment import Part, find_part, is_stale, typed_of
from cases.forms.filing_step import StepForm
from cases.models import AmendmentDraft, Case
from cases.rules.amendment import check_review_type, why_items_stay
from cases.selectors.amendment import working_copy
from cases.selectors.draft import Draft, read_draft
from cases.services.amendment import require_amendable, why_closed
from cases.services.amendment_draft import drop_part, keep_part
from cases.views.amendment import find_amended, record_view
from cases.views.closed import closed_page
from cases.views.filing_shared import Editing, conflict_rows, edited, saved_moment, too_long_words
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import ConflictError, DomainError


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_AMEND)
def amend_part(request: AuthenticatedRequest, case_id: int, part: str) -> HttpResponseBase:
    """The form of the part, with what is on file or what is prepared."""
    case = find_amended(request, case_id)
    draft = read_draft(case)
    found = _part(part, draft)
    why = why_closed(case, request.user) or _why_item_stays(case, found)
    if request.method == "GET":
        if why:
            return closed_page(request, case, title="Amend the application", why=why)
        record_view(request, case, part=found.slug)
        return _opened(request, draft, found)
    if why:
        raise ConflictError(why)
    form = found.form(draft, request.POST)
    try:
        copy = _keep(request, draft, found, form, edited(request))
    except StaleVersionError as error:
        return _conflict(request, draft, found, error.message)
    except TooLongError as error:
        form.add_error(None, error.message)
        return _page(request, draft, found, form, edited(request), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "later" in request.POST or (form.is_valid() and not _review_type_problem(draft, form)):
        return redirect("cases:amend", case_id=case.pk)
    if problem := _review_type_problem(draft, form):
        form.add_error("review_type", problem)
    editing = Editing(copy.version, edited(request).editor)
    return _page(request, draft, found, form, editing, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@requires(Action.CASE_AMEND)
def amend_part_save(request: AuthenticatedRequest, case_id: int, part: str) -> HttpResponseBase:
    """Autosave: what is typed is kept, unchecked. Answers with the words for the status line."""
    case = find_amended(request, case_id)
    require_amendable(case, request.user)
    draft = read_draft(case)
    found = _part(part, draft)
    try:
        copy = _keep(request, draft, found, found.form(draft, request.POST), edited(request))
    except StaleVersionError as error:
        return HttpResponse(f"Not saved. {error.message}", status=HTTPStatus.CONFLICT)
    except TooLongError as error:
        return too_long_words(error)
    context = {"moment": saved_moment(copy.saved_at), "version": copy.version}
    return render(request, "cases/filing/_saved.html", context)


def _part(slug: str, draft: Draft) -> Part:
    found = find_part(slug, draft)
    if found is None:
        raise Http404
    return found


def _why_item_stays(case: Case, part: Part) -> str:
    return why_items_stay(case.status) if part.step == DraftStep.ITEMS and part.item is None else ""


def _review_type_problem(draft: Draft, form: StepForm) -> str:
    new = form.cleaned_data.get("review_type", "") if form.step == DraftStep.REVIEW_TYPE and form.is_valid() else ""
    return check_review_type(draft.application.review_type, new) if new else ""


def _keep(request: AuthenticatedRequest, draft: Draft, part: Part, form: StepForm, editing: Editing) -> AmendmentDraft:
    """Keep what is typed; where nothing differs from what is on file there is nothing to keep."""
    if not form.has_changed():
        return drop_part(case_id=draft.case.pk, actor=request.user, part=part.slug)
    return keep_part(
        case_id=draft.case.pk,
        actor=request.user,
        part=part.slug,
        typed=form.typed_values(),
        version=editing.version,
        based_on=_based_on(request),
        editor=editing.editor,
        typed_at=editing.typed_at,
    )


def _based_on(request: AuthenticatedRequest) -> int:
    text = request.POST.get("on_file", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise DomainError("The form was sent without its version. Open the page again.", code="version_missing")
    return int(text)


def _opened(request: AuthenticatedRequest, draft: Draft, part: Part) -> HttpResponse:
    copy = working_copy(draft.case, request.user)
    typed = typed_of(copy, part.slug)
    form = part.form(draft, typed=typed)
    editing = Editing.fresh(copy.version)
    if typed is None or not is_stale(copy, part, draft):
        return _page(request, draft, part, form, editing, is_typed=typed is not None)
    # Somebody amended this part since it was prepared: both are shown, and saving again decides.
    return _page(
        request,
        draft,
        part,
        form,
        editing,
        is_typed=True,
        conflict="This part was amended by somebody else since you changed it.",
        rows=conflict_rows(form, part.form(draft)),
    )


def _conflict(request: AuthenticatedRequest, draft: Draft, part: Part, words: str) -> HttpResponse:
    """Another page of the same person was faster: both on one page."""
    copy = working_copy(draft.case, request.user)
    form = part.form(draft, request.POST)
    form.is_valid()
    theirs = part.form(draft, typed=typed_of(copy, part.slug))
    return _page(
        request,
        draft,
        part,
        form,
        Editing.fresh(copy.version),
        status=HTTPStatus.CONFLICT,
        conflict=words,
        rows=conflict_rows(form, theirs),
    )


def _page(
    request: AuthenticatedRequest,
    draft: Draft,
    part: Part,
    form: StepForm,
    editing: Editing,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    context = {
        "case": draft.case,
        "draft": draft,
        "part": part,
        "form": form,
        "editing": editing,
        "on_file": draft.application.version,
        "books": {},
        "save_url": reverse("cases:amend-part-save", args=[draft.case.pk, part.slug]),
        "back_url": reverse("cases:amend", args=[draft.case.pk]),
        **more,
    }
    return render(request, "cases/amendment/part.html", context, status=status)
