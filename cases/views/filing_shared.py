"""What the pages of the application share: finding the draft, versions of forms, words for the status line."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, Self, cast

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from cases.enums import DraftStep, StepState
from cases.exceptions import SubmittedError, TooLongError
from cases.models import Application
from cases.selectors.case import visible_to
from cases.selectors.draft import Draft, read_draft
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest
from imr.audit.services import record
from imr.core.clock import PACIFIC
from imr.core.errors import DomainError

STATE_KINDS = {
    StepState.NOT_STARTED: "neutral",
    StepState.IN_PROGRESS: "waiting",
    StepState.COMPLETED: "good",
}
MAX_EDITOR = 32
_NOT_IN_EDITOR = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Editing:
    """Which version of the draft a form was shown with, and the token of its page."""

    version: int
    editor: str
    typed_at: int = 0

    @classmethod
    def fresh(cls, version: int) -> Self:
        """For a page that is shown anew."""
        return cls(version, secrets.token_urlsafe(9))


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A field in which the stored answer and the typed one differ."""

    label: str
    stored: str
    typed: str


def find_draft(request: AuthenticatedRequest, case_id: int) -> Draft:
    """The draft when this person may edit it; 404 otherwise. Raises `SubmittedError` when it is no longer a draft."""
    case = (
        visible_to(request.user, action=Action.CASE_EDIT_DRAFT)
        .select_related("organization", "created_by")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise Http404
    if not case.is_draft:
        raise SubmittedError(f"This application was submitted as {case.number} and can no longer be changed here.")
    return read_draft(case)


def on_draft[**P](
    view: Callable[Concatenate[AuthenticatedRequest, Draft, P], HttpResponseBase],
) -> Callable[Concatenate[AuthenticatedRequest, int, P], HttpResponseBase]:
    """Give the view the draft of `case_id`. Whoever looks for one that was submitted gets its receipt."""

    @wraps(view)
    def wrapper(request: AuthenticatedRequest, case_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            draft = find_draft(request, case_id)
        except SubmittedError:
            if request.method != "GET":
                raise
            return redirect("cases:filing-receipt", case_id=case_id)
        return view(request, draft, *args, **kwargs)

    return cast("Callable[Concatenate[AuthenticatedRequest, int, P], HttpResponseBase]", wrapper)


def edited(request: AuthenticatedRequest) -> Editing:
    """Version and page token that came with a form. Raises `DomainError` when the version is missing."""
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) <= 9):
        raise DomainError("The form was sent without its version. Open the page again.", code="version_missing")
    typed_at = request.POST.get("typed_at", "")
    moment = int(typed_at) if typed_at.isascii() and typed_at.isdigit() and len(typed_at) <= 15 else 0
    editor = _NOT_IN_EDITOR.sub("", request.POST.get("editor", ""))
    return Editing(int(version), editor[:MAX_EDITOR], moment)


def record_view(request: AuthenticatedRequest, draft: Draft, **detail: str) -> None:
    """The application was looked at."""
    record(
        action="draft.view",
        actor=request.user,
        object_type="case",
        object_id=draft.case.pk,
        case_id=draft.case.pk,
        detail=dict(detail),
    )


def place_of(step: DraftStep) -> dict[str, int]:
    """`Step 7 of 10`, for the template."""
    order = list(DraftStep)
    return {"number": order.index(step) + 1, "total": len(order)}


def saved_words(request: AuthenticatedRequest, application: Application) -> HttpResponse:
    """`Saved at 3:42:10 PM PT`, and the new version for the form."""
    context = {"moment": saved_moment(application.saved_at), "version": application.version}
    return render(request, "cases/filing/_saved.html", context)


def saved_moment(saved_at: datetime | None) -> str:
    """`3:42:10 PM PT`; empty where nothing was saved."""
    local = saved_at.astimezone(PACIFIC) if saved_at else None
    return f"{local.hour % 12 or 12}:{local:%M:%S %p} PT" if local else ""


def stale_words() -> str:
    """For the status line after a conflict."""
    return "Not saved: this was changed meanwhile in another window. Choose “Save and continue” to compare both."


def too_long_words(error: TooLongError) -> HttpResponse:
    """For the status line when there is more than can be kept; the words stay in the form."""
    return HttpResponse(f"Not saved. {error.message}", status=HTTPStatus.UNPROCESSABLE_ENTITY)


def conflict_rows(typed: forms.Form, stored: forms.Form) -> list[ConflictRow]:
    """Where the bound form and the one of the stored answers differ, in words."""
    rows = []
    for name, field in typed.fields.items():
        mine, theirs = _words(typed[name]), _words(stored[name])
        if mine != theirs:
            rows.append(ConflictRow(str(field.label), theirs, mine))
    return rows


def _words(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return "Yes" if value else "No"
    if isinstance(field.field, forms.ChoiceField):
        for key, label in cast("list[tuple[object, object]]", field.field.choices):
            options = label if isinstance(label, list | tuple) else [(key, label)]
            for option, words in options:
                if str(option) == str(value or ""):
                    return str(words) if option else ""
    if isinstance(field.field, forms.DateField) and hasattr(value, "strftime"):
        return f"{value:%m/%d/%Y}"
    return "" if value is None else str(value)
