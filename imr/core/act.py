"""A page with one form that does one thing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from imr.core.errors import DomainError
from imr.core.forms import add_refusal

Refuse = Callable[[Any, DomainError], int]


def act_page(
    request: HttpRequest,
    form: forms.Form,
    carry_out: Callable[[], object],
    *,
    template: str,
    back_url: str,
    done: str,
    context: dict[str, Any],
    refuse: Refuse = add_refusal,
) -> HttpResponse:
    """The page of `form`, or after `carry_out` the page at `back_url`, with `done` said.

    What the rules refuse is shown beside the fields by `refuse`, and nothing typed is lost: 422 for what the form
    found, the error's own status for what the service found. `context` has the words: `title`, `lead` and `submit`.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                carry_out()
            except DomainError as error:
                status = refuse(form, error)
            else:
                messages.success(request, done)
                return redirect(back_url)
    return render(request, template, {"form": form, "back_url": back_url, **context}, status=status)
