"""The messages of a case, and the list of all threads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cases.enums import CaseStatus
from cases.forms.message import CaseMessageForm
from cases.rules.messages import why_not_writable
from cases.selectors.document import current_documents
from cases.selectors.message import thread_of, threads
from cases.services.message import open_thread, send_message
from cases.views.case import find_case
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.forms import add_refusal
from imr.core.paging import keyset_page


@require_safe
@requires(Action.CASE_MESSAGE)
def message_list(request: AuthenticatedRequest) -> HttpResponse:
    """The threads by their last message, the newest first."""
    is_claims = request.user.is_claims
    rows = threads(request.user)
    only_unread = request.GET.get("show") == "unread"
    if only_unread:
        rows = rows.filter(**{"is_unread_by_claims" if is_claims else "is_unread_by_staff": True})
    page = keyset_page(
        rows,
        field="last_at",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    lines = [
        {"thread": row, "is_unread": row.is_unread_by_claims if is_claims else row.is_unread_by_staff}
        for row in page.rows
    ]
    return render(request, "cases/message/list.html", {"page": page, "lines": lines, "only_unread": only_unread})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CASE_MESSAGE)
def message_thread(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The thread of a case, and the form that continues it."""
    case = find_case(request, case_id, Action.CASE_MESSAGE)
    documents = list(current_documents(case.pk))
    form = CaseMessageForm(request.POST if request.method == "POST" else None, documents=documents)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = form.cleaned_data
            try:
                send_message(
                    case_id=case.pk, actor=request.user, text=told["text"], document_ids=told.get("documents", [])
                )
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "Your message is sent.")
                return redirect("cases:message-thread", case_id=case.pk)
    else:
        open_thread(case_id=case.pk, actor=request.user)
    return render(
        request,
        "cases/message/thread.html",
        {
            "case": case,
            "form": form,
            "thread": thread_of(case, reader=request.user),
            "why_closed": why_not_writable(CaseStatus(case.status)),
            "back_url": reverse("cases:case-detail", args=[case.pk]),
        },
        status=status,
    )
