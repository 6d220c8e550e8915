"""API tokens of one's organization."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from imr.accounts.enums import Action
from imr.accounts.forms.organization import TokenForm
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.accounts.selectors.api_token import tokens_visible_to
from imr.accounts.services import api_token as service
from imr.core import clock


@requires(Action.TOKENS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """The tokens, and a form for a new one, whose key the answer shows this one time."""
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        issued = service.issue_token(
            actor=request.user, name=form.cleaned_data["name"], days=int(form.cleaned_data["days"])
        )
        form = TokenForm()
    now = clock.now()
    tokens = [
        {
            "token": token,
            "state": "revoked" if token.revoked_at else "ended" if token.expires_at <= now else "active",
        }
        for token in tokens_visible_to(request.user)[:200]
    ]
    return render(
        request,
        "accounts/token_list.html",
        {"form": form, "issued": issued, "tokens": tokens},
        status=422 if form.errors else 200,
    )


@requires(Action.TOKENS_MANAGE)
@require_POST
def token_revoke(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    service.revoke_token(actor=request.user, token=get_object_or_404(tokens_visible_to(request.user), pk=pk))
    messages.success(request, "The token is revoked. Programs that use it are refused from now on.")
    return redirect("accounts:token-list")
