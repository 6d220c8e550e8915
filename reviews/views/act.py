"""A page with one form that does one thing to a case."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.models import Case
from cases.views.closed import closed_page
from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import DomainError
from reviews.forms.refusal import add_refusal


def act_page(
    request: AuthenticatedRequest,
    case: Case,
    form: forms.Form,
    carry_out: Callable[[], Any],
    *,
    done: str,
    context: dict[str, Any],
    closed: str = "",
) -> HttpResponse:
    """The form, or after it was carried out the page of the case; what is refused is shown beside the fields.

    `context` has the words: `title`, `lead` and `submit`. `closed` says why the act is not possible now: then there
    is no form to fill in.
    """
    if closed and request.method != "POST":
        return closed_page(request, case, title=context["title"], why=closed)
    status = 200
    back_url = reverse("cases:case-detail", args=[case.pk])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                carry_out()
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, done)
                return redirect(back_url)
    return render(
        request, "reviews/letter/act.html", {"form": form, "case": case, "back_url": back_url, **context}, status=status
    )
