"""Filing an application: the task list and the steps."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import DocumentKind, DraftStep
from cases.exceptions import StaleVersionError, TooLongError
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_step import StepForm
from cases.models import Application, Case
from cases.selectors.address import entries_for, entry_of
from cases.selectors.draft import (
    Draft,
    draft_findings,
    earlier_cases,
    filing_due,
    read_draft,
    step_statuses,
)
from cases.services.address import keep_party, note_use
from cases.services.draft import (
    PARTY_FIELDS,
    PARTY_SWITCH,
    STEP_PARTIES,
    delete_draft,
    discard_typed,
    keep_typed,
    save_step,
)
from cases.views.filing_shared import (
    STATE_KINDS,
    Editing,
    conflict_rows,
    edited,
    on_draft,
    place_of,
    record_view,
    saved_words,
    stale_words,
    too_long_words,
)
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock

OWN_PAGES = {DraftStep.ITEMS: "cases:filing-items", DraftStep.DOCUMENTS: "cases:filing-documents"}


@require_http_methods(["GET"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def tasks(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """The task list: every step with its state and what is missing in it."""
    record_view(request, draft)
    findings = draft_findings(draft, today=clock.today())
    statuses = step_statuses(draft, findings)
    rows = [
        {
            "title": status.step.label,
            "url": reverse("cases:filing-step", args=[draft.case.pk, status.step]),
            "state": status.state.label,
            "kind": STATE_KINDS[status.state],
            "hint": " ".join(finding.message for finding in (status.open if status.state == "in_progress" else ())[:3]),
        }
        for status in statuses
    ]
    context = {
        "draft": draft,
        "tasks": rows,
        "done": sum(status.state == "completed" for status in statuses),
        "total": len(statuses),
        "filing_due": filing_due(draft.ur_decision),
        "letter": next(
            (row for row in draft.documents if row.kind == DocumentKind.UR_DECISION and row.text_page_count), None
        ),
        "earlier": earlier_cases(draft),
        "warnings": [finding for status in statuses if status.state != "not_started" for finding in status.notes],
    }
    return render(request, "cases/filing/tasks.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def step(request: AuthenticatedRequest, draft: Draft, slug: str) -> HttpResponseBase:
    """One step. `Save and continue` checks it; `come back later` keeps what is typed as it is."""
    which = _step(slug)
    if which in OWN_PAGES:
        return redirect(OWN_PAGES[which], case_id=draft.case.pk)
    form_class = STEP_FORMS[which]
    if request.method == "GET":
        record_view(request, draft, step=slug)
        form = form_class(draft=draft, typed=draft.typed(slug))
        return _page(request, draft, form, Editing.fresh(draft.application.version))
    try:
        return _fill(request, draft, form_class) if "fill" in request.POST else _answer(request, draft, form_class)
    except StaleVersionError as error:
        return _conflict(request, draft.case, form_class, error)
    except TooLongError as error:
        form = form_class(request.POST, draft=draft)
        form.add_error(None, error.message)
        return _page(request, draft, form, edited(request), status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def step_save(request: AuthenticatedRequest, draft: Draft, slug: str) -> HttpResponseBase:
    """Autosave: what is typed is kept, unchecked. Answers with the words for the status line."""
    which = _step(slug)
    if which not in STEP_FORMS:
        raise Http404
    try:
        application = _keep(request, draft, STEP_FORMS[which](request.POST, draft=draft), slug, edited(request))
    except StaleVersionError:
        return HttpResponse(stale_words(), status=HTTPStatus.CONFLICT)
    except TooLongError as error:
        return too_long_words(error)
    return saved_words(request, application)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def delete(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """Remove the draft for good, after a question."""
    if request.method == "POST":
        delete_draft(case_id=draft.case.pk, actor=request.user)
        messages.success(request, "The application was deleted.")
        return redirect("cases:filing-start")
    return render(request, "cases/filing/delete.html", {"draft": draft})


def _answer(request: AuthenticatedRequest, draft: Draft, form_class: type[StepForm]) -> HttpResponseBase:
    which, form = form_class.step, form_class(request.POST, draft=draft)
    editing, is_leaving = edited(request), "later" in request.POST
    application = _save_or_keep(request, draft, form, editing)
    if is_leaving:
        if form.errors:
            messages.success(request, f"“{which.label}” is kept as you left it. You can finish it any time.")
        return redirect("cases:filing-tasks", case_id=draft.case.pk)
    if not form.errors:
        return _after(draft.case.pk, which)
    return _page(
        request, draft, form, Editing(application.version, editing.editor), status=HTTPStatus.UNPROCESSABLE_ENTITY
    )


def _step(slug: str) -> DraftStep:
    try:
        return DraftStep(slug)
    except ValueError as error:
        raise Http404 from error


def _after(case_id: int, which: DraftStep) -> HttpResponse:
    """The page after `which`: the next step, and after the last one the check of all answers."""
    order = list(DraftStep)
    following = order[order.index(which) + 1]
    return redirect("cases:filing-step", case_id=case_id, slug=following.value)


def _fill(request: AuthenticatedRequest, draft: Draft, form_class: type[StepForm]) -> HttpResponseBase:
    """The party's fields hold what the address book says, to be looked at and saved; the other fields stay."""
    slug = form_class.step.value
    wanted = [one for one in STEP_PARTIES.get(form_class.step, ()) if one[0] == request.POST["fill"]]
    if not wanted:
        raise Http404
    role, prefix = wanted[0]
    entry = entry_of(draft.case.organization, role, request.POST.get(f"book_{role}", ""))
    data = request.POST.copy()
    if entry is not None:
        for name in PARTY_FIELDS:
            data[prefix + name] = getattr(entry, name)
        if role in PARTY_SWITCH:
            data[PARTY_SWITCH[role]] = "yes"
        note_use(entry=entry)
        messages.success(request, f"Filled in from the address book: {entry}. Check it, then save.")
    else:
        messages.warning(request, "Select an entry of the address book first, then “Fill in”.")
    _keep(request, draft, form_class(data, draft=draft), slug, edited(request), is_left=True)
    return redirect("cases:filing-step", case_id=draft.case.pk, slug=slug)


def _save_or_keep(request: AuthenticatedRequest, draft: Draft, form: StepForm, editing: Editing) -> Application:
    """The answers are stored when the form is right; else what was typed is kept."""
    if not form.is_valid():
        return _keep(request, draft, form, form.step.value, editing)
    application = save_step(
        case_id=draft.case.pk,
        actor=request.user,
        step=form.step,
        cleaned=form.cleaned_data,
        version=editing.version,
        editor=editing.editor,
    )
    if request.user.can(Action.ADDRESS_BOOK):
        for role, _ in STEP_PARTIES.get(form.step, ()):
            if f"keep_{role}" in request.POST:
                keep_party(actor=request.user, case=draft.case, role=role)
    return application


def _keep(
    request: AuthenticatedRequest,
    draft: Draft,
    form: StepForm,
    slug: str,
    editing: Editing,
    *,
    is_left: bool = False,
) -> Application:
    """Keep what is typed; where nothing differs from the stored answers there is nothing to keep."""
    if not form.has_changed():
        return discard_typed(
            case_id=draft.case.pk, actor=request.user, key=slug, version=editing.version, editor=editing.editor
        )
    return keep_typed(
        case_id=draft.case.pk,
        actor=request.user,
        key=slug,
        typed=form.typed_values(),
        version=editing.version,
        editor=editing.editor,
        typed_at=editing.typed_at,
        is_left=is_left,
    )


def _conflict(
    request: AuthenticatedRequest, case: Case, form_class: type[StepForm], error: StaleVersionError
) -> HttpResponseBase:
    """Both versions on one page: what is stored now, and in the form what was typed. Saving again takes the latter."""
    draft = read_draft(case)
    form = form_class(request.POST, draft=draft)
    form.is_valid()
    return _page(
        request,
        draft,
        form,
        Editing.fresh(draft.application.version),
        status=HTTPStatus.CONFLICT,
        conflict=error.message,
        rows=conflict_rows(form, form_class(draft=draft, typed=draft.typed(form_class.step.value))),
    )


def _page(
    request: AuthenticatedRequest,
    draft: Draft,
    form: StepForm,
    editing: Editing,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "editing": editing,
        "step": form.step,
        **place_of(form.step),
        "save_url": reverse("cases:filing-step-save", args=[draft.case.pk, form.step]),
        "is_typed": not form.is_bound and draft.typed(form.step.value) is not None,
        "books": {
            group.book: list(entries_for(draft.case.organization, group.book)) for group in form.groups if group.book
        },
        "may_keep": request.user.can(Action.ADDRESS_BOOK),
        **more,
    }
    return render(request, "cases/filing/step.html", context, status=status)
