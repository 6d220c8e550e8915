"""Searching the records of a case under review."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.models import Document
from cases.selectors.document import reviewable_documents
from cases.views.page import search_records
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from reviews.permissions import may_read_records
from reviews.views.workspace_page import find_assignment, wants_fragment


@require_safe
@requires(Action.REVIEW_WRITE)
def page_search(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """The pages of the records that hold the words of `q`: beside the decision, or as a page of its own."""
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()

    def address(document: Document) -> str:
        return reverse("reviews:document", args=[assignment.pk, document.pk])

    found = search_records(request, assignment.case_id, reviewable_documents(assignment.case_id), address)
    context = {"assignment": assignment, "case": assignment.case, "found": found}
    if wants_fragment(request):
        # What was typed stands in the field still; a refusal stands where the hits would be.
        status = HTTPStatus.UNPROCESSABLE_ENTITY if found.form.errors else HTTPStatus.OK
        return render(request, "cases/_page_hits.html", context | {"in_viewer": True}, status=status)
    return render(request, "reviews/workspace/search.html", context, status=found.status)
