"""Invitations: send, send again, revoke, accept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from imr.accounts.enums import Action, Role
from imr.accounts.exceptions import InvitationGoneError
from imr.accounts.forms.person import AcceptanceForm, InvitationForm
from imr.accounts.models import Invitation
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.selectors.invitation import invitation_for, invitations_visible_to
from imr.accounts.services import invitation as service
from imr.accounts.services.secret import secret_hash
from imr.accounts.views.person import list_heading
from imr.core.errors import DomainError, NotAllowedError


@requires(Action.PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_create(request: AuthenticatedRequest) -> HttpResponseBase:
    form = InvitationForm(request.user, request.POST or None, initial={"organization": request.GET.get("organization")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            sent = service.invite_person(
                actor=request.user,
                email=data["email"],
                role=Role(data["role"]),
                organization=data["organization"],
            )
        except NotAllowedError:
            raise
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, f"The invitation to {sent.email} is on its way. It is good for 7 days.")
            return redirect("accounts:person-list")
    return render(
        request,
        "accounts/invitation_form.html",
        {"form": form, "heading": list_heading(request.user)},
        status=422 if form.errors else 200,
    )


@requires(Action.PEOPLE_INVITE)
@require_POST
def invitation_resend(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    sent = service.resend_invitation(actor=request.user, invitation=_invitation(request, pk))
    messages.success(request, f"A new link is on its way to {sent.email}. The former one does not work any more.")
    return redirect("accounts:person-list")


@requires(Action.PEOPLE_INVITE)
@require_POST
def invitation_revoke(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    service.revoke_invitation(actor=request.user, invitation=_invitation(request, pk))
    messages.success(request, "The invitation is revoked.")
    return redirect("accounts:person-list")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitation_for(secret_hash(token))
    if invitation is None:
        return _gone(request)
    form = AcceptanceForm(invitation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.accept_invitation(
                token=token,
                full_name=form.cleaned_data.get("full_name", ""),
                password=form.cleaned_data["new_password1"],
            )
        except InvitationGoneError:
            return _gone(request)
        messages.success(request, "Your account is ready. Sign in with your e-mail address and password.")
        return redirect("accounts:sign-in")
    return render(
        request,
        "accounts/invitation_accept.html",
        {"form": form, "invitation": invitation, "is_reviewer": invitation.role == Role.REVIEWER},
        status=422 if form.errors else 200,
    )


def _invitation(request: AuthenticatedRequest, pk: int) -> Invitation:
    return get_object_or_404(invitations_visible_to(request.user), pk=pk)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", status=410)
