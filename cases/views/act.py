"""A page with one form that does one thing to a case."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from cases.enums import IneligibilityReason
from cases.models import Case
from cases.views.closed import closed_page
from imr.accounts.permissions import AuthenticatedRequest
from imr.core import act
from imr.core.forms import add_refusal


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
    refuse: act.Refuse = add_refusal,
) -> HttpResponse:
    """The page of `form`, or what follows once it is carried out: the page `then` of the case, with `done` said.

    What the rules refuse is shown beside the fields, and nothing typed is lost. `closed` says why the act is not
    possible now: then there is no form to fill in.
    """
    if closed and request.method != "POST":
        return closed_page(request, case, title=context["title"], why=closed)
    words = {"case": case, "notice": None, "shown": None, **context}
    back_url = reverse(then, args=[case.pk])
    return act.act_page(
        request, form, carry_out, template=template, back_url=back_url, done=done, context=words, refuse=refuse
    )


def known_reason(value: str) -> str:
    """`value` when it is a reason of ineligibility, else ""."""
    return value if value in IneligibilityReason.values else ""
