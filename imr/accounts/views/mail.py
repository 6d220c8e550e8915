"""What a person gets by mail, ending mails with one click, and the queue of all mails."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.forms.mail import MailChoicesForm, MailFilterForm
from imr.accounts.models import Mail, User
from imr.accounts.permissions import AuthenticatedRequest, may_see_email, requires, shown_name
from imr.accounts.rules.mails import MAILS
from imr.accounts.selectors.mail import (
    habit_of,
    mail_counts,
    mail_queue,
    read_unsubscribe,
    wishes_of,
)
from imr.accounts.services.mail import RESENDABLE, send_again
from imr.accounts.services.mail_choice import choose_mails, switch_off
from imr.core.paging import keyset_page


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A mail as the queue shows it; for some a reviewer has no name, no address and no case."""

    mail: Mail
    name: str
    address: str
    number: str


@requires(Action.ACCOUNT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request: AuthenticatedRequest) -> HttpResponseBase:
    user = request.user
    form = MailChoicesForm(user, wishes_of(user), habit_of(user), request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/mail_choices.html", {"form": form})
    if not form.is_valid():
        return render(request, "accounts/mail_choices.html", {"form": form}, status=422)
    choose_mails(
        user=user,
        modes=form.modes,
        digest_hour=form.cleaned_data["digest_hour"],
        is_for_all_cases=form.cleaned_data.get("is_for_all_cases", False),
    )
    messages.success(request, "Your choice of mails is saved.")
    return redirect("accounts:mail-choices")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """Ends one kind of mail without signing in. Mail programs post here by themselves (RFC 8058), so there is no
    token of a form; the address itself cannot be guessed. Looking changes nothing, for scanners follow links."""
    found = read_unsubscribe(token)
    if found is None:
        raise Http404
    user, event = found
    context = {"event": event, "why_fixed": MAILS[event].why_fixed, "is_done": request.method == "POST"}
    if request.method == "POST" and not MAILS[event].why_fixed:
        switch_off(user=user, event=event)
    return render(request, "accounts/mail_off.html", context)


@require_safe
@requires(Action.MAIL_VIEW)
def mail_list(request: AuthenticatedRequest) -> HttpResponse:
    form = MailFilterForm(request.GET)
    page = keyset_page(
        mail_queue(request.user, form.wanted()),
        field="pk",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "page": page,
        "rows": [_queue_row(request.user, mail) for mail in page.rows],
        "counts": mail_counts(),
        "resendable": RESENDABLE,
        "may_retry": request.user.can(Action.MAIL_RETRY),
    }
    return render(request, "accounts/mail_list.html", context, status=200 if form.is_valid() else 422)


@require_POST
@requires(Action.MAIL_RETRY)
def mail_again(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    send_again(mail_id=get_object_or_404(Mail, pk=pk).pk, actor=request.user)
    messages.success(request, "The mail waits and goes out in a moment.")
    return redirect("accounts:mail-list")


def _queue_row(viewer: User, mail: Mail) -> QueueRow:
    """`mail` as `viewer` may see it."""
    sees = may_see_email(viewer, mail.recipient)
    return QueueRow(
        mail=mail,
        name=shown_name(viewer, mail.recipient),
        address=(mail.sent_to or mail.recipient.email) if sees else "",
        number=mail.case_number if sees else "",
    )
