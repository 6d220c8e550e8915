"""Signing in and out, staying signed in, and where each role's work is."""

import time
from typing import Any, Final

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe

from imr.accounts.enums import Action, Role
from imr.accounts.forms.session import SignInForm
from imr.accounts.models import User
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.services import session as service
from imr.core.middleware import SEEN_AT, SIGNED_IN_AT

LANDING: Final = {
    Role.CLAIMS_STAFF: "cases:case-list",
    Role.CLAIMS_MANAGER: "cases:case-list",
    Role.REVIEWER: "reviews:worklist",
    Role.ADMINISTRATOR: "cases:intake-queue",
    Role.MEDICAL_DIRECTOR: "reviews:quality-queue",
    Role.AUDITOR: "cases:case-list",
    Role.OPERATOR: "accounts:person-list",
}


class SignInView(LoginView):
    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        now = int(time.time())
        self.request.session[SIGNED_IN_AT] = now
        self.request.session[SEEN_AT] = now
        service.record_sign_in(user=user)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        email = form.cleaned_data.get("username", "")
        if email and form.cleaned_data.get("password"):
            service.record_failed_sign_in(email=email, locked=getattr(self.request, "axes_locked_out", False))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "ended": self.request.GET.get("ended") == "1"}


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The same words whether the account exists, and whether the password was right."""
    locked = render(request, "registration/locked.html", status=429)
    locked["Retry-After"] = str(15 * 60)
    return locked


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is gone and the browser is told to forget what it kept."""
    if isinstance(request.user, User):
        service.record_sign_out(user=request.user)
    logout(request)
    response = redirect("accounts:sign-in")
    # Browsers act on it over HTTPS only; "cookies" would also clear what other sites of the domain set.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@requires(Action.ACCOUNT_OWN)
@require_POST
def session_extend(request: AuthenticatedRequest) -> HttpResponseBase:
    """The idle time starts anew; the limit of 12 hours in all stays."""
    request.session[SEEN_AT] = int(time.time())
    return HttpResponse(status=204)


@requires(Action.ACCOUNT_OWN)
@require_safe
def session_resume(request: AuthenticatedRequest) -> HttpResponseBase:
    """Where somebody lands who signed in again in a second window; the first one goes on from here."""
    return render(request, "accounts/resume.html")


@requires(Action.ACCOUNT_OWN)
def home(request: AuthenticatedRequest) -> HttpResponseBase:
    """To where this role's work is; a plain page with the menu where there is none."""
    name = LANDING.get(Role(request.user.role))
    if name:
        try:
            return redirect(reverse(name))
        except NoReverseMatch:
            pass
    return render(request, "accounts/home.html")


@requires(Action.ACCOUNT_OWN)
def account(request: AuthenticatedRequest) -> HttpResponseBase:
    return render(request, "accounts/account.html")
