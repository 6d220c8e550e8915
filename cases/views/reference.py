"""Reference data: the rows of every kind, changes that wait for a second person, and their history."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import CorrectionState, ReferenceAct
from cases.forms.reference import DecisionForm, ReferenceFilterForm, ReferenceForm
from cases.models import ReferenceChange
from cases.selectors.reference import (
    changes_about,
    decided_changes,
    field_changes,
    rows_of,
    shown_row,
    shown_rows,
    told_fields,
    versions_of_row,
    waiting_changes,
)
from cases.selectors.reference_kind import KINDS, ReferenceKind
from cases.services.reference_change import decide_change, propose_change
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from imr.core.redline import redline

LONG = 120
LATEST = 20


@require_safe
@requires(Action.REFERENCE_VIEW)
def reference_home(request: AuthenticatedRequest) -> HttpResponseBase:
    """The kinds, what waits for a second person, and what was decided last."""
    context = {
        "kinds": [(kind, rows_of(kind).count(), rows_of(kind, is_open=True).count()) for kind in KINDS.values()],
        "waiting": list(waiting_changes()[:100]),
        "decided": list(decided_changes()[:LATEST]),
    }
    return render(request, "cases/reference/home.html", context)


@require_safe
@requires(Action.REFERENCE_VIEW)
def reference_list(request: AuthenticatedRequest, slug: str) -> HttpResponseBase:
    """The rows of a kind."""
    kind = _kind(slug)
    form = ReferenceFilterForm(request.GET or None, kind=kind)
    rows = rows_of(kind)
    if form.is_bound:
        chosen = form.cleaned_data if form.is_valid() else {}
        rows = rows_of(kind, q=chosen["q"], is_open=bool(chosen["state"]), on=chosen["on"]) if chosen else rows.none()
    page = keyset_page(
        rows,
        field="in_force_from" if kind.is_dated else "day",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "kind": kind,
        "form": form,
        "page": page,
        "rows": shown_rows(kind, list(page.rows)),
        "has_state": "is_confirmed" in kind.fields,
        "may_edit": request.user.can(Action.REFERENCE_EDIT),
        "back_url": reverse("cases:reference-home"),
    }
    return render(request, "cases/reference/list.html", context, status=400 if form.is_bound and form.errors else 200)


@require_safe
@requires(Action.REFERENCE_VIEW)
def reference_row(request: AuthenticatedRequest, slug: str, row_id: int) -> HttpResponseBase:
    """A row with its other versions and everything that was proposed about them."""
    kind = _kind(slug)
    row = _row(kind, row_id)
    versions = versions_of_row(kind, row)
    changes = list(changes_about(kind, versions))
    context = {
        "kind": kind,
        "shown": shown_row(kind, row),
        "fields": told_fields(kind, row),
        "versions": [shown_row(kind, one) for one in versions],
        "changes": [(change, field_changes(kind, change)) for change in changes],
        "waiting": next(
            (one for one in changes if one.state == CorrectionState.PROPOSED and one.object_id == row.pk), None
        ),
        "may_edit": request.user.can(Action.REFERENCE_EDIT),
        "why_not_corrected": kind.may_correct(row, clock.today()),
        "may_correct": bool(kind.correctable(row, clock.today())),
        "back_url": reverse("cases:reference-list", args=[slug]),
    }
    return render(request, "cases/reference/row.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.REFERENCE_EDIT)
def reference_add(request: AuthenticatedRequest, slug: str) -> HttpResponseBase:
    """Propose a further row; of most dated kinds a row is succeeded instead."""
    kind = _kind(slug)
    if not kind.may_add:
        raise Http404
    return _propose(request, kind, ReferenceAct.ADD)


@require_http_methods(["GET", "POST"])
@requires(Action.REFERENCE_EDIT)
def reference_succeed(request: AuthenticatedRequest, slug: str, row_id: int) -> HttpResponseBase:
    """Propose something else from a day on."""
    kind = _kind(slug)
    if not kind.is_dated:
        raise Http404
    return _propose(request, kind, ReferenceAct.SUCCEED, _row(kind, row_id))


@require_http_methods(["GET", "POST"])
@requires(Action.REFERENCE_EDIT)
def reference_correct(request: AuthenticatedRequest, slug: str, row_id: int) -> HttpResponseBase:
    """Propose a correction of the row."""
    kind = _kind(slug)
    return _propose(request, kind, ReferenceAct.CORRECT, _row(kind, row_id))


@require_safe
@requires(Action.REFERENCE_VIEW)
def reference_change(request: AuthenticatedRequest, change_id: int) -> HttpResponseBase:
    """A change with its differences, its reason, and what became of it."""
    return _change_page(request, _change(change_id), DecisionForm())


@require_POST
@requires(Action.REFERENCE_EDIT)
def reference_decide(request: AuthenticatedRequest, change_id: int) -> HttpResponseBase:
    """A second person approves or refuses the change; whoever proposed it may take it back."""
    change = _change(change_id)
    form = DecisionForm(request.POST)
    answer = request.POST.get("answer")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if answer not in {"approve", "refuse"}:
        form.add_error(None, "Choose whether to approve or to refuse the change.")
    elif form.is_valid():
        try:
            decide_change(
                kind=KINDS[change.kind],
                change_id=change.pk,
                actor=request.user,
                is_approved=answer == "approve",
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            status = _show(form, error)
            change.refresh_from_db()
        else:
            done = "approved and in the table" if answer == "approve" else "refused"
            if answer == "refuse" and change.proposed_by_id == request.user.pk:
                done = "taken back"
            messages.success(request, f"The change is {done}.")
            return redirect("cases:reference-change", change_id=change.pk)
    return _change_page(request, change, form, status=status)


def _change(change_id: int) -> ReferenceChange:
    change = ReferenceChange.objects.select_related("proposed_by", "decided_by").filter(pk=change_id).first()
    if change is None or change.kind not in KINDS:
        raise Http404
    return change


def _change_page(
    request: AuthenticatedRequest, change: ReferenceChange, form: DecisionForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    kind = KINDS[change.kind]
    context = {
        "kind": kind,
        "change": change,
        "form": form,
        "differences": [
            (one, redline(one.old, one.new) if len(one.old) > LONG else ()) for one in field_changes(kind, change)
        ],
        "is_own": change.proposed_by_id == request.user.pk,
        "may_edit": request.user.can(Action.REFERENCE_EDIT),
        "is_waiting": change.state == CorrectionState.PROPOSED,
        "row_id": change.made_id or change.object_id,
        "back_url": reverse("cases:reference-home"),
    }
    return render(request, "cases/reference/change.html", context, status=status)


def _kind(slug: str) -> ReferenceKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _row(kind: ReferenceKind, row_id: int) -> Any:
    row = rows_of(kind).filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row


def _propose(request: AuthenticatedRequest, kind: ReferenceKind, act: ReferenceAct, row: Any = None) -> HttpResponse:
    form = ReferenceForm(request.POST if request.method == "POST" else None, kind=kind, act=act, row=row)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                change = propose_change(
                    kind=kind,
                    act=act,
                    actor=request.user,
                    values=form.values(),
                    reason=form.cleaned_data["reason"],
                    object_id=row.pk if row else None,
                )
            except DomainError as error:
                status = _show(form, error)
            else:
                messages.success(request, "The change is proposed. A second person has to approve it.")
                return redirect("cases:reference-change", change_id=change.pk)
    back_url = (
        reverse("cases:reference-row", args=[kind.slug, row.pk])
        if row
        else reverse("cases:reference-list", args=[kind.slug])
    )
    shown = shown_row(kind, row) if row else None
    context = {"kind": kind, "act": act, "form": form, "shown": shown, "back_url": back_url}
    return render(request, "cases/reference/propose.html", context, status=status)


def _show(form: forms.Form, error: DomainError) -> HTTPStatus:
    """What a service refuses, beside its field."""
    for name, lines in (error.fields or {"": [error.message]}).items():
        for line in lines:
            form.add_error(name if name in form.fields else None, line)
    return HTTPStatus(error.status) if error.status != 400 else HTTPStatus.UNPROCESSABLE_ENTITY
