"""A page with one form that does one thing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.enums import IneligibilityReason
from cases.models import Case
from cases.views.closed import closed_page
from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import DomainError


def act_page(
    request: AuthenticatedRequest,
    case: Case,
    form: forms.Form,
    carry_out: Callable[[], Any],
    *,
    done: str,
    context: dict[str, Any],
    template: str = "cases/act.html",
    then: str = "cases:case-detail",
    closed: str = "",
) -> HttpResponse:
    """The page of `form`, or what follows once it is carried out: the page `then` of the case, with `done` said.

    What the rules refuse is shown beside the fields, and nothing typed is lost. `closed` says why the act is not
    possible now: then there is no form to fill in.
    """
    if closed and request.method != "POST":
        return closed_page(request, case, title=context["title"], why=closed)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                carry_out()
            except DomainError as error:
                status = error.status
                for name, lines in error.fields.items():
                    if name in form.fields:
                        form.add_error(name, lines)
                    else:
                        for line in lines:
                            form.add_error(None, line)
                if not error.fields:
                    form.add_error(None, error.message)
            else:
                messages.success(request, done)
                return redirect(then, case_id=case.pk)
    back = {"back_url": reverse(then, args=[case.pk]), "notice": None, "shown": None}
    return render(request, template, {"case": case, "form": form, **back, **context}, status=status)


def known_reason(value: str) -> str:
    """`value` when it is a reason of ineligibility, else ""."""
    return value if value in IneligibilityReason.values else ""
