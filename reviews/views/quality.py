"""The medical director's quality check: read the letter, pass it or return it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.enums import CaseEvent, CaseStatus
from cases.workflow import TRANSITIONS
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.paging import keyset_page
from reviews.forms.letter import ReturnForm
from reviews.forms.quality import CommentForm
from reviews.forms.refusal import add_refusal
from reviews.models import Determination, QualityComment
from reviews.permissions import may_pass
from reviews.selectors.colleague import opinions_asked
from reviews.selectors.correction import corrections_to_decide
from reviews.selectors.letter import letter_status, quality_queue
from reviews.selectors.panel import opinions_in
from reviews.selectors.precedent import reveals_of
from reviews.selectors.quality import BEING_READ, comments_by_item, comments_on
from reviews.selectors.returned import earlier_answers
from reviews.selectors.snapshot import snapshot_of
from reviews.services.determination import pass_determination, return_for_correction
from reviews.services.quality import add_comment, remove_comment


@require_safe
@requires(Action.QUALITY_PASS)
def quality_list(request: AuthenticatedRequest) -> HttpResponse:
    page = keyset_page(
        quality_queue(), field="signed_at", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    corrections = corrections_to_decide()[:100]
    return render(request, "reviews/quality/queue.html", {"page": page, "corrections": corrections})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.QUALITY_PASS)
def quality_detail(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    """The letter beside its facts; the form returns it for correction."""
    determination = _find(determination_id)
    form = ReturnForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return_for_correction(
                    determination_id=determination.pk, actor=request.user, reason=form.cleaned_data["reason"]
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                messages.success(request, f"Case {determination.case.number} is back with its reviewer.")
                return redirect("reviews:quality-queue")
    return _page(request, determination, form, None, status=status)


@require_POST
@requires(Action.QUALITY_PASS)
def quality_comment(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    """One more comment, about an item or the letter as a whole."""
    determination = _find(determination_id)
    form = CommentForm(request.POST, items=snapshot_of(determination).letter.items)
    if not form.is_valid():
        return _page(request, determination, ReturnForm(), form, status=422)
    try:
        add_comment(determination_id=determination.pk, actor=request.user, **form.cleaned_data)
    except DomainError as error:
        return _page(request, determination, ReturnForm(), form, status=add_refusal(form, error))
    return redirect(reverse("reviews:quality-detail", args=[determination.pk]) + "#comments")


@require_POST
@requires(Action.QUALITY_PASS)
def quality_comment_remove(request: AuthenticatedRequest, determination_id: int, comment_id: int) -> HttpResponse:
    determination = _find(determination_id)
    comment = QualityComment.objects.filter(pk=comment_id, determination=determination).first()
    if comment is None:
        raise Http404
    remove_comment(comment_id=comment.pk, actor=request.user)
    return redirect(reverse("reviews:quality-detail", args=[determination.pk]) + "#comments")


@require_POST
@requires(Action.QUALITY_PASS)
def quality_pass(request: AuthenticatedRequest, determination_id: int) -> HttpResponse:
    determination = _find(determination_id)
    pass_determination(determination_id=determination.pk, actor=request.user)
    messages.success(request, f"Case {determination.case.number} passed. Its letter can be released.")
    return redirect("reviews:quality-queue")


def _find(determination_id: int) -> Determination:
    found = Determination.objects.select_related("case", "assignment").filter(pk=determination_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: AuthenticatedRequest,
    determination: Determination,
    form: ReturnForm,
    comment_form: CommentForm | None,
    *,
    status: int,
) -> HttpResponse:
    letter = snapshot_of(determination).letter
    case_status = CaseStatus(determination.case.status)
    is_open = determination.voided_at is None
    opinions = opinions_in(determination)
    return render(
        request,
        "reviews/quality/detail.html",
        {
            "determination": determination,
            "case": determination.case,
            "letter": letter,
            "status": letter_status(case=determination.case, user=request.user),
            "form": form,
            "comment_form": comment_form or CommentForm(items=letter.items),
            "rows": comments_by_item(letter, comments_on(determination)),
            "opinions": opinions,
            "earlier": earlier_answers(determination),
            "reveals": reveals_of([line.opinion.assignment for line in opinions] or [determination.assignment]),
            "asked": opinions_asked(determination),
            "passing": may_pass(request.user, determination),
            "may_comment": is_open and case_status in BEING_READ,
            "may_return": is_open and case_status in TRANSITIONS[CaseEvent.RETURN_FOR_CORRECTION].sources,
        },
        status=status,
    )
