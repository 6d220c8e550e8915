"""How far a reviewer has read the records, and how the workspace should come."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.forms.reading import PagesSeenForm, SettingsForm
from reviews.models import Assignment
from reviews.permissions import may_read_records
from reviews.selectors.records import Coverage, coverage_of
from reviews.selectors.workspace import records_of, review_of, written_texts
from reviews.services.reading import keep_pages_seen, save_settings
from reviews.views.workspace_page import find_assignment


@require_POST
@requires(Action.REVIEW_WRITE)
def pages_seen(request: AuthenticatedRequest, assignment_id: int, document_id: int) -> HttpResponse:
    """Pages that stood before the reviewer's eyes, in batches; the answer says how far all records are read."""
    assignment = find_assignment(request, assignment_id)
    may_read_records(request.user, assignment).require()
    document = get_object_or_404(records_of(assignment.case_id), pk=document_id)
    form = PagesSeenForm(request.POST)
    if not form.is_valid():
        raise DomainError("Pages are numbers with commas between them.", code="page_unknown")
    if form.cleaned_data["pages"]:
        keep_pages_seen(
            assignment_id=assignment.pk, document=document, actor=request.user, pages=form.cleaned_data["pages"]
        )
    return JsonResponse(coverage_data(reading_of(assignment)))


@require_POST
@requires(Action.REVIEW_WRITE)
def settings_save(request: AuthenticatedRequest) -> HttpResponse:
    """Width of the records, letter keys, reading space: what was sent is kept for the person."""
    form = SettingsForm(request.POST)
    if not form.is_valid():
        raise DomainError("This setting is not possible. Reload the page.", code="setting_unknown")
    save_settings(actor=request.user, **form.wishes())
    return HttpResponse(status=204)


def reading_of(assignment: Assignment) -> Coverage:
    """How far the records are read; what the texts refer to counts as proposed."""
    review = review_of(assignment)
    return coverage_of(assignment, written_texts(review) if review else {})


def coverage_data(coverage: Coverage) -> dict[str, object]:
    """What the page changes without being loaded again."""
    return {
        "words": coverage.words,
        "proposed": coverage.proposed,
        "documents": {
            str(pk): {"words": reading.words, "state": reading.state.value, "is_proposed": reading.is_proposed}
            for pk, reading in coverage.readings.items()
        },
    }
