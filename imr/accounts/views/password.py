"""Forgotten and changed passwords."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from imr.accounts.enums import Action
from imr.accounts.forms.password import ChangePasswordForm, NewPasswordForm, ResetRequestForm
from imr.accounts.models import User
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.services import password as service


@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    form = ResetRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service.request_password_reset(email=form.cleaned_data["email"])
        return redirect("accounts:password-reset-sent")
    return render(request, "registration/password_reset.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/password_reset_sent.html")


class ResetConfirmView(PasswordResetConfirmView):
    """Checks the link, keeps its token in the session and out of the address, and takes the new password."""

    form_class = NewPasswordForm  # type: ignore[assignment]
    template_name = "registration/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:sign-in")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and service.can_reset(user) else None

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        form = context.get("form")
        status = 410 if not self.validlink else 422 if form is not None and form.errors else 200
        return super().render_to_response(context, **{"status": status, **kwargs})

    def form_valid(self, form: Any) -> HttpResponseRedirect:
        service.change_password(user=form.user, password=form.cleaned_data["new_password1"])
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, "Your password is changed. Sign in with the new one.")
        return HttpResponseRedirect(str(self.success_url))


@requires(Action.ACCOUNT_OWN)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: AuthenticatedRequest) -> HttpResponseBase:
    form = ChangePasswordForm(request, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = service.change_password(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("accounts:account")
    return render(request, "accounts/password_change.html", {"form": form}, status=422 if form.errors else 200)
