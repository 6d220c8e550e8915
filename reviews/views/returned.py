"""Answering a comment of the second read, from the workspace or on a page of its own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.forms.refusal import add_refusal
from reviews.forms.returned import AnswerCommentForm
from reviews.selectors.returned import comment_to_answer
from reviews.services.returned import answer_comment
from reviews.views.workspace_page import find_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def comment_answer(request: AuthenticatedRequest, assignment_id: int, comment_id: int) -> HttpResponse:
    """Back to the comment in the workspace once it is answered; what is refused is shown with the words here."""
    assignment = find_assignment(request, assignment_id)
    found = comment_to_answer(assignment, comment_id)
    if found is None:
        raise Http404("There is no such comment.")
    back_url = reverse("reviews:workspace", args=[assignment.pk]) + f"#returned_{found.comment.position or 0}"
    start = {"text": found.answer.text if found.answer else ""}
    form = AnswerCommentForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_comment(
                    assignment_id=assignment.pk,
                    actor=request.user,
                    comment_id=comment_id,
                    text=form.cleaned_data["text"],
                )
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, "Your answer is saved.")
                return redirect(back_url)
    context = {"assignment": assignment, "case": assignment.case, "found": found, "form": form, "back_url": back_url}
    return render(request, "reviews/workspace/answer.html", context, status=status)
