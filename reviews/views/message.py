"""The thread of an assignment, for its reviewer and for those who assign."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.forms.message import MessageForm
from reviews.forms.refusal import add_refusal
from reviews.models import Assignment
from reviews.selectors.assignment import visible_to
from reviews.selectors.message import thread_of, threads
from reviews.selectors.workspace import assignments_of, is_writable
from reviews.services import message as service


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def own_thread(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The reviewer's side."""
    assignment = assignments_of(request.user).select_related("case", "reviewer").filter(pk=assignment_id).first()
    back = ("reviews:workspace", assignment_id) if assignment and is_writable(assignment) else ("reviews:worklist",)
    return _thread(request, assignment, back_url=reverse(back[0], args=back[1:]), other="the IMR organization")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ASSIGNMENT_MAKE)
def staff_thread(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The side of those who assign."""
    rows = visible_to(request.user, action=Action.ASSIGNMENT_MAKE).select_related("case", "reviewer")
    assignment = rows.filter(pk=pk).first()
    other = assignment.reviewer.code if assignment else ""
    return _thread(request, assignment, back_url=reverse("reviews:thread-list"), other=other)


@require_safe
@requires(Action.ASSIGNMENT_MAKE)
def thread_list(request: AuthenticatedRequest) -> HttpResponse:
    """Threads by their last message, newest first."""
    page = keyset_page(
        threads(),
        field="last_at",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "reviews/assignment/threads.html", {"page": page})


def _thread(request: AuthenticatedRequest, assignment: Assignment | None, *, back_url: str, other: str) -> HttpResponse:
    if assignment is None:
        raise Http404("There is no such assignment.")
    form = MessageForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.send_message(assignment_id=assignment.pk, actor=request.user, text=form.cleaned_data["text"])
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "Your message is sent.")
                return redirect(request.path)
    else:
        service.open_thread(assignment_id=assignment.pk, actor=request.user)
    context: dict[str, Any] = {
        "assignment": assignment,
        "case": assignment.case,
        "thread": thread_of(assignment),
        "form": form,
        "other": other,
        "back_url": back_url,
        "may_write": assignment.status in service.WRITABLE,
    }
    return render(request, "reviews/assignment/thread.html", context, status=status)
