"""The case on paper, for its reviewer."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from imr.core.storage import open_noted
from reviews.permissions import may_read_records
from reviews.rules.print_pack import MOST_PAGES
from reviews.selectors.print_pack import current_pack, pack_lines
from reviews.selectors.workspace import is_writable
from reviews.services.print_pack import record_pack_download, request_pack
from reviews.views.workspace_page import find_assignment


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.REVIEW_WRITE)
def print_pack(request: AuthenticatedRequest, assignment_id: int) -> HttpResponse:
    """What the pack holds, the packs made so far, and the button for another one."""
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()
    if request.method == "POST":
        try:
            request_pack(assignment_id=assignment.pk, actor=request.user)
        except DomainError as error:
            messages.warning(request, error.message)
        return redirect("reviews:print-pack", assignment.pk)
    lines = pack_lines(assignment)
    context = {
        "assignment": assignment,
        "case": assignment.case,
        "lines": lines,
        "is_waiting": any(line.is_waiting for line in lines),
        "most_pages": MOST_PAGES,
        "may_make": is_writable(assignment),
    }
    return render(request, "reviews/own/print_pack.html", context)


@require_safe
@requires(Action.DOCUMENT_VIEW)
def print_pack_download(request: AuthenticatedRequest, assignment_id: int, pack_id: int) -> HttpResponseBase:
    """The PDF, as a download that runs nothing; closed with the records."""
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()
    pack = current_pack(assignment)
    if pack is None or pack.pk != pack_id:
        raise Http404("There is no such pack.")
    note = partial(record_pack_download, pack=pack, actor=request.user)
    response = FileResponse(open_noted(pack.pdf_sha256, note), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{assignment.case.number}_review.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
