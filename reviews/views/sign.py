"""The last page before a determination is signed."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from reviews.exceptions import LetterTextError, NotCompleteError, ReauthenticationError
from reviews.forms.review import SignForm
from reviews.models import Assignment, Review
from reviews.selectors.letter import draft_snapshot
from reviews.selectors.reviewer import credential_problems
from reviews.selectors.workspace import is_writable, review_of
from reviews.services.assignment import return_for_credentials
from reviews.services.completeness import all_gaps, confirm_warnings
from reviews.services.determination import sign_determination
from reviews.views.workspace_page import find_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DETERMINATION_SIGN)
def sign(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """What is signed, what signing does, and the password again."""
    assignment = find_assignment(request, assignment_id)
    review = review_of(assignment)
    if review is None or not is_writable(assignment):
        return redirect("reviews:workspace", assignment_id=assignment.pk)
    form = SignForm(request.POST or None, warnings=_warnings(review))
    if request.method != "POST":
        return _page(request, assignment, review, form)
    if not form.is_valid():
        return _page(request, assignment, review, form, status=422)
    try:
        confirm_warnings(assignment_id=assignment.pk, actor=request.user, keys=set(form.cleaned_data["confirmed"]))
        sign_determination(
            assignment_id=assignment.pk,
            actor=request.user,
            password=form.cleaned_data["password"],
            snapshot_sha256=request.POST.get("snapshot", "")[:64],
        )
    except (ReauthenticationError, LetterTextError, ConflictError) as error:
        return _refused(request, assignment, review, form, error)
    return redirect("reviews:workspace", assignment_id=assignment.pk)


def _refused(
    request: AuthenticatedRequest, assignment: Assignment, review: Review, form: SignForm, error: DomainError
) -> HttpResponse:
    """The page again with what stands in the way; nothing was signed and nothing is lost."""
    if error.code == "credentials_lapsed":
        return _give_back(request, assignment, error.message)
    if isinstance(error, ReauthenticationError):
        form.add_error("password", error.message)
        return _page(request, assignment, review, form, status=429 if error.code == "reauth_locked" else 422)
    if isinstance(error, LetterTextError):
        return _page(request, assignment, review, form, problems=error.problems, status=422)
    # What is missing is listed by the page itself.
    problems = [] if isinstance(error, NotCompleteError) else [error.message]
    return _page(request, assignment, review, form, problems=problems, status=409)


def _page(
    request: AuthenticatedRequest,
    assignment: Assignment,
    review: Review,
    form: SignForm,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    review.refresh_from_db()
    found = all_gaps(review=review)
    problems = list(problems or [])
    context: dict[str, Any] = {
        "assignment": assignment,
        "case": assignment.case,
        "form": form,
        "missing": [gap for gap in found if not gap.needs_confirmation],
        "warnings": [gap for gap in found if gap.needs_confirmation],
        "problems": problems,
    }
    try:
        snapshot = draft_snapshot(assignment=assignment, decision_date=clock.today())
    except (ValueError, ObjectDoesNotExist) as error:
        # The case lacks a date that the letter prints; staff have to add it.
        problems.append(f"{error} Ask the administrator to add it.")
    else:
        context |= {"letter": snapshot.letter, "snapshot": snapshot.sha256}
    return render(request, "reviews/workspace/sign.html", context, status=status)


def _warnings(review: Review) -> list[tuple[str, str]]:
    return [(gap.key, gap.message) for gap in all_gaps(review=review) if gap.needs_confirmation]


def _give_back(request: AuthenticatedRequest, assignment: Assignment, message: str) -> HttpResponse:
    """A credential lapsed since the case was accepted: the case returns to the queue, the draft is kept."""
    return_for_credentials(
        assignment_id=assignment.pk,
        actor=request.user,
        problems=credential_problems(assignment.reviewer, clock.today()),
    )
    context = {"assignment": assignment, "case": assignment.case, "message": message, "typed": []}
    return render(request, "reviews/workspace/closed.html", context, status=409)
