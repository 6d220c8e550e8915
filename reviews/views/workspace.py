"""The reviewer's workspace: records on one side, the decision on the other."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from cases.selectors.document import readable_records
from cases.views.document import FRAMED_CSP, document_part, wants_copy
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.audit.services import record
from imr.core.byte_ranges import continues_opening
from reviews.enums import LookPlace
from reviews.models import Assignment
from reviews.permissions import may_read_records
from reviews.selectors.candidates import bars_of
from reviews.selectors.letter import letter_status
from reviews.selectors.panel import opinion_of, panel_of, progress_of_panel
from reviews.selectors.worklist import determination_of, own_signature
from reviews.selectors.workspace import is_writable, item_work, lacks_findings, review_of
from reviews.services.look import note_look
from reviews.services.reading import begin_visit, open_document
from reviews.services.review import open_review
from reviews.views.workspace_page import Typed, find_assignment, find_places, render_workspace


@require_safe
@requires(Action.REVIEW_WRITE)
def workspace(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The page of an accepted case; once signed, what was signed and how far the letter is."""
    assignment = find_assignment(request, assignment_id)
    if not is_writable(assignment):
        return _after_signing(request, assignment)
    if problems := bars_of(assignment):
        return _barred(request, assignment, problems)
    if lacks_findings(assignment):
        open_review(assignment_id=assignment.pk, actor=request.user)
    begin_visit(assignment_id=assignment.pk, actor=request.user)
    note_look(assignment_id=assignment.pk, place=LookPlace.CASE)
    record(
        action="review.viewed",
        actor=request.user,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
    )
    return render_workspace(request, assignment, typed=_asked_for(request, assignment))


@require_safe
@requires(Action.REVIEW_WRITE)
def find_citation(request: AuthenticatedRequest, assignment_id: int, item_id: int) -> HttpResponse:
    """The places of the catalog that match `q`, as a fragment while typing."""
    assignment = find_assignment(request, assignment_id)
    if not is_writable(assignment):
        raise Http404
    review = review_of(assignment)
    if review is None or item_work(review, item_id) is None:
        raise Http404
    picker = find_places(assignment, item_id, request.GET.get("q", "").strip())
    context = {"picker": picker, "item_id": item_id}
    return render(request, "reviews/workspace/_results.html", context, status=422 if picker.problem else 200)


@require_safe
@csp_override(FRAMED_CSP)
@requires(Action.DOCUMENT_VIEW)
def document(request: AuthenticatedRequest, assignment_id: int, document_id: int) -> HttpResponseBase:
    """A record of the case for its reviewer, shown in the page: whole, or the part that a viewer asks for.

    Every opening is recorded, once however many parts are fetched.
    """
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()
    paper = get_object_or_404(readable_records(assignment.case_id), pk=document_id)
    requested = request.headers.get("Range", "")
    return document_part(
        paper,
        requested,
        wants_copy=wants_copy(request),
        note=lambda: open_document(
            assignment_id=assignment.pk, document=paper, actor=request.user, is_part=continues_opening(requested)
        ),
    )


def _barred(request: AuthenticatedRequest, assignment: Assignment, problems: list[str]) -> HttpResponse:
    """The reviewer's file bars the case since it was accepted: it stays shut, and the schedule takes it back."""
    message = " ".join([*problems, "Your work is saved; the case goes back to the IMR organization."])
    context = {"assignment": assignment, "case": assignment.case, "message": message, "typed": []}
    return render(request, "reviews/workspace/closed.html", context, status=409)


def _asked_for(request: AuthenticatedRequest, assignment: Assignment) -> Typed:
    """Without scripts the search for a citation is part of the page's address."""
    query = request.GET.get("q", "").strip()
    item = request.GET.get("find", "")
    if not query or not (item.isascii() and item.isdigit() and len(item) <= 18):
        return Typed()
    return Typed(pickers={int(item): find_places(assignment, int(item), query)})


def _after_signing(request: AuthenticatedRequest, assignment: Assignment) -> HttpResponse:
    determination = determination_of(assignment)
    opinion = opinion_of(assignment) if determination is None else None
    panel = panel_of(assignment) if opinion is not None else None
    if opinion is not None and panel is not None:
        waiting = {
            "assignment": assignment,
            "case": assignment.case,
            "opinion": opinion,
            "items": opinion.snapshot["letter"]["items"],
            "progress": progress_of_panel(panel),
        }
        return render(request, "reviews/workspace/waiting.html", waiting)
    if determination is None:
        return render(
            request, "reviews/workspace/closed.html", {"assignment": assignment, "case": assignment.case}, status=409
        )
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "determination": determination,
        "signed": own_signature(assignment) or determination,
        "items": determination.snapshot["letter"]["items"],
        "status": letter_status(case=assignment.case, user=request.user),
    }
    return render(request, "reviews/workspace/signed.html", context)
