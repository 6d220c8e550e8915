"""The disputed items of an application: list, form, order."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.enums import DraftStep
from cases.exceptions import StaleVersionError, TooLongError
from cases.forms.filing_items import ItemForm
from cases.models import Application, Case, DisputedItem
from cases.rules.application import TYPED_WORDS
from cases.rules.items import MAX_ITEMS
from cases.selectors.draft import Draft, draft_findings, item_step_key, read_draft
from cases.services.draft import discard_typed, keep_typed
from cases.services.item import add_item, edit_item, move_item, remove_item
from cases.views.filing_shared import (
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
from imr.core.errors import DomainError


@require_http_methods(["GET"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def items(request: AuthenticatedRequest, draft: Draft) -> HttpResponseBase:
    """The list of items, each with its ways to change it."""
    record_view(request, draft, step=DraftStep.ITEMS.value)
    findings = [
        one
        for one in draft_findings(draft, today=clock.today())
        if one.step == DraftStep.ITEMS and one.message != TYPED_WORDS
    ]
    return render(
        request,
        "cases/filing/items.html",
        {
            "draft": draft,
            **place_of(DraftStep.ITEMS),
            "findings": findings if draft.items else [],
            "is_full": len(draft.items) >= MAX_ITEMS,
            "has_typed": draft.typed(item_step_key(None)) is not None,
            "typed_ids": [item.pk for item in draft.items if draft.typed(item_step_key(item.pk)) is not None],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def item(request: AuthenticatedRequest, draft: Draft, item_id: int | None = None) -> HttpResponseBase:
    """A new item (`item_id` None) or a stored one."""
    stored = _item(draft, item_id)
    key = item_step_key(item_id)
    if request.method == "GET":
        record_view(request, draft, step=key)
        form = ItemForm(draft=draft, item=stored, typed=draft.typed(key))
        return _page(request, draft, form, Editing.fresh(draft.application.version))
    editing = edited(request)
    form = ItemForm(request.POST, draft=draft, item=stored)
    try:
        if "discard" in request.POST:
            discard_typed(
                case_id=draft.case.pk, actor=request.user, key=key, version=editing.version, editor=editing.editor
            )
            messages.success(request, "What was typed and not in the list is gone.")
            return redirect("cases:filing-items", draft.case.pk)
        if form.is_valid() and _save(request, draft.case.pk, item_id, form, editing):
            return redirect(
                "cases:filing-item-add" if "another" in request.POST else "cases:filing-items", draft.case.pk
            )
        kept = _keep(request, draft, form, key, editing).version
    except StaleVersionError as error:
        return _conflict(request, draft.case, item_id, error)
    except TooLongError as error:
        form.add_error(None, error.message)
        kept = None
    if "later" in request.POST and kept is not None:
        messages.success(request, "The item is kept as you left it. You can finish it any time.")
        return redirect("cases:filing-tasks", case_id=draft.case.pk)
    shown = Editing(editing.version if kept is None else kept, editing.editor)
    return _page(request, draft, form, shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def item_save(request: AuthenticatedRequest, draft: Draft, item_id: int | None = None) -> HttpResponseBase:
    """Autosave of an item's form."""
    form = ItemForm(request.POST, draft=draft, item=_item(draft, item_id))
    try:
        application = _keep(request, draft, form, item_step_key(item_id), edited(request))
    except StaleVersionError:
        return HttpResponse(stale_words(), status=HTTPStatus.CONFLICT)
    except TooLongError as error:
        return too_long_words(error)
    return saved_words(request, application)


@require_http_methods(["GET", "POST"])
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def item_remove(request: AuthenticatedRequest, draft: Draft, item_id: int) -> HttpResponseBase:
    """Remove an item, after a question."""
    stored = _item(draft, item_id)
    if request.method == "POST":
        remove_item(case_id=draft.case.pk, item_id=item_id, actor=request.user)
        messages.success(request, "The item was removed.")
        return redirect("cases:filing-items", case_id=draft.case.pk)
    return render(request, "cases/filing/item_remove.html", {"draft": draft, "item": stored})


@require_POST
@requires(Action.CASE_EDIT_DRAFT)
@on_draft
def item_move(request: AuthenticatedRequest, draft: Draft, item_id: int) -> HttpResponseBase:
    """Move an item one place up or down (`direction`)."""
    _item(draft, item_id)
    offset = {"up": -1, "down": 1}.get(request.POST.get("direction", ""))
    if offset is None:
        raise DomainError("Choose whether the item moves up or down.")
    move_item(case_id=draft.case.pk, item_id=item_id, actor=request.user, offset=offset)
    return redirect("cases:filing-items", case_id=draft.case.pk)


def _item(draft: Draft, item_id: int | None) -> DisputedItem | None:
    if item_id is None:
        return None
    for row in draft.items:
        if row.pk == item_id:
            return row
    raise Http404


def _save(request: AuthenticatedRequest, case_id: int, item_id: int | None, form: ItemForm, editing: Editing) -> bool:
    """Store the item; false, with the reason in the form, when a rule of the list refuses it."""
    try:
        if item_id is None:
            add_item(
                case_id=case_id,
                actor=request.user,
                cleaned=form.cleaned_data,
                version=editing.version,
                editor=editing.editor,
            )
        else:
            edit_item(
                case_id=case_id,
                item_id=item_id,
                actor=request.user,
                cleaned=form.cleaned_data,
                version=editing.version,
                editor=editing.editor,
            )
    except StaleVersionError:
        raise
    except DomainError as error:
        form.add_error("description" if "description" in error.fields else None, error.message)
        return False
    return True


def _keep(request: AuthenticatedRequest, draft: Draft, form: ItemForm, key: str, editing: Editing) -> Application:
    if not form.has_changed():
        return discard_typed(
            case_id=draft.case.pk, actor=request.user, key=key, version=editing.version, editor=editing.editor
        )
    return keep_typed(
        case_id=draft.case.pk,
        actor=request.user,
        key=key,
        typed=form.typed_values(),
        version=editing.version,
        editor=editing.editor,
        typed_at=editing.typed_at,
    )


def _conflict(
    request: AuthenticatedRequest, case: Case, item_id: int | None, error: StaleVersionError
) -> HttpResponseBase:
    draft = read_draft(case)
    stored = _item(draft, item_id)
    form = ItemForm(request.POST, draft=draft, item=stored)
    form.is_valid()
    theirs = ItemForm(draft=draft, item=stored, typed=draft.typed(item_step_key(item_id)))
    return _page(
        request,
        draft,
        form,
        Editing.fresh(draft.application.version),
        status=HTTPStatus.CONFLICT,
        conflict=error.message,
        rows=conflict_rows(form, theirs),
    )


def _page(
    request: AuthenticatedRequest,
    draft: Draft,
    form: ItemForm,
    editing: Editing,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    stored = form.item
    case_id = draft.case.pk
    save_url = (
        reverse("cases:filing-item-save", args=[case_id, stored.pk])
        if stored
        else reverse("cases:filing-item-add-save", args=[case_id])
    )
    context = {
        "draft": draft,
        "form": form,
        "editing": editing,
        "item": stored,
        "position": stored.position if stored else len(draft.items) + 1,
        "save_url": save_url,
        "is_typed": not form.is_bound and draft.typed(item_step_key(stored.pk if stored else None)) is not None,
        **more,
    }
    return render(request, "cases/filing/item.html", context, status=status)
