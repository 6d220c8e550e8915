"""The last page before a determination is signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.selectors.amendment import changes_for_reviewer
from cases.views.page import ShownHit, page_address
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from reviews.exceptions import LetterTextError, NotCompleteError, ReauthenticationError
from reviews.forms.check import AdviceForm
from reviews.forms.review import SignForm
from reviews.letters import SignedSnapshot
from reviews.models import Assignment, Review
from reviews.selectors.advice import Advice, SignChecks, sign_checks
from reviews.selectors.panel import panel_of
from reviews.selectors.reviewer import credential_problems
from reviews.selectors.snapshot import draft_snapshot
from reviews.selectors.workspace import is_writable, review_of
from reviews.services.assignment_end import return_for_credentials
from reviews.services.check import answer_finding, mark_advice_read
from reviews.services.completeness import all_gaps, confirm_warnings
from reviews.services.determination import sign_determination
from reviews.services.opinion import sign_opinion
from reviews.views.workspace_page import find_assignment


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be signed: its words and what the checks say of them; without words the reason for it."""

    assignment: Assignment
    review: Review
    snapshot: SignedSnapshot | None
    checks: SignChecks
    problem: str = ""

    @property
    def blocks(self) -> list[str]:
        """Items that are not the same in application, findings and letter: nothing is signed until they are."""
        return [f"Item {line.position} lacks in the {line.missing}." for line in self.checks.mismatched]


@dataclass(frozen=True, slots=True)
class ShownAdvice:
    """Advice with the addresses of the pages that it names."""

    advice: Advice
    pages: list[ShownHit]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DETERMINATION_SIGN)
def sign(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """What is signed, what the checks advise, what signing does, and the password again."""
    assignment = find_assignment(request, assignment_id)
    review = review_of(assignment)
    if review is None or not is_writable(assignment):
        return redirect("reviews:workspace", assignment_id=assignment.pk)
    draft = _draft(assignment, review)
    data = request.POST if request.method == "POST" else None
    form = SignForm(data, warnings=_warnings(review))
    advice_form = AdviceForm(data, digest=draft.checks.digest)
    if request.method != "POST":
        return _page(request, draft, form, advice_form)
    if not all([form.is_valid(), advice_form.is_valid()]):
        return _page(request, draft, form, advice_form, status=422)
    if draft.blocks:
        return _page(request, draft, form, advice_form, status=409)
    who: dict[str, Any] = {"assignment_id": assignment.pk, "actor": request.user}
    try:
        if draft.checks.unanswered:
            mark_advice_read(**who, keys=[one.finding.key for one in draft.checks.unanswered])
        confirm_warnings(**who, keys=set(form.cleaned_data["confirmed"]))
        seal = sign_opinion if panel_of(assignment) else sign_determination
        seal(**who, password=form.cleaned_data["password"], snapshot_sha256=request.POST.get("snapshot", "")[:64])
    except (ReauthenticationError, LetterTextError, ConflictError) as error:
        return _refused(request, draft, form, advice_form, error)
    return redirect("reviews:workspace", assignment_id=assignment.pk)


@require_POST
@requires(Action.DETERMINATION_SIGN)
def check_answer(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """A finding of the checks was seen and stays as written; back to the page before the signature."""
    assignment = find_assignment(request, assignment_id)
    if not is_writable(assignment):
        return redirect("reviews:workspace", assignment_id=assignment.pk)
    try:
        answer_finding(assignment_id=assignment.pk, actor=request.user, key=request.POST.get("key", "")[:100])
    except (ConflictError, ValueError, ObjectDoesNotExist) as error:
        messages.warning(request, str(error))
    return redirect(reverse("reviews:sign", args=[assignment.pk]) + "#advice")


def _draft(assignment: Assignment, review: Review) -> Draft:
    try:
        snapshot = draft_snapshot(assignment=assignment, decision_date=clock.today())
    except (ValueError, ObjectDoesNotExist) as error:
        # The case lacks a date that the letter prints; staff have to add it.
        return Draft(assignment, review, None, SignChecks(), f"{error} Ask the administrator to add it.")
    return Draft(assignment, review, snapshot, sign_checks(assignment, snapshot.letter))


def _refused(
    request: AuthenticatedRequest, draft: Draft, form: SignForm, advice_form: AdviceForm, error: DomainError
) -> HttpResponse:
    """The page again with what stands in the way; nothing was signed and nothing is lost."""
    if error.code == "credentials_lapsed":
        return _give_back(request, draft.assignment, error.message)
    # What was ticked is kept, so the page asks for the tick no more.
    now = _draft(draft.assignment, draft.review)
    advice_form = AdviceForm(request.POST, digest=now.checks.digest) if now.checks.digest else AdviceForm(digest="")
    if isinstance(error, ReauthenticationError):
        form.add_error("password", error.message)
        return _page(request, now, form, advice_form, status=429 if error.code == "reauth_locked" else 422)
    if isinstance(error, LetterTextError):
        return _page(request, now, form, advice_form, problems=error.problems, status=422)
    # What is missing is listed by the page itself.
    problems = [] if isinstance(error, NotCompleteError) else [error.message]
    return _page(request, now, form, advice_form, problems=problems, status=409)


def _page(
    request: AuthenticatedRequest,
    draft: Draft,
    form: SignForm,
    advice_form: AdviceForm,
    *,
    problems: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    draft.review.refresh_from_db()
    found = all_gaps(review=draft.review)
    context: dict[str, Any] = {
        "assignment": draft.assignment,
        "case": draft.assignment.case,
        "form": form,
        "advice_form": advice_form,
        "missing": [gap for gap in found if not gap.needs_confirmation],
        "warnings": [gap for gap in found if gap.needs_confirmation],
        "problems": [*problems, *([draft.problem] if draft.problem else [])],
        "checks": draft.checks,
        "advice": [_shown(draft.assignment, one) for one in draft.checks.advice],
        "blocks": draft.blocks,
        "panel": panel_of(draft.assignment),
        "amended": changes_for_reviewer(draft.assignment.case_id, since=draft.assignment.accepted_at),
    }
    if draft.snapshot is not None:
        context |= {"letter": draft.snapshot.letter, "snapshot": draft.snapshot.sha256}
    return render(request, "reviews/workspace/sign.html", context, status=status)


def _shown(assignment: Assignment, advice: Advice) -> ShownAdvice:
    pages = [
        ShownHit(hit, page_address(reverse("reviews:document", args=[assignment.pk, hit.document.pk]), hit.number))
        for hit in advice.pages
    ]
    return ShownAdvice(advice, pages)


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
