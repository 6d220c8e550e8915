"""What the buttons of an item do after its words are saved: cite, take back a citation, insert a paragraph."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse

from cases.enums import GuidelineBasis
from guidelines.models import GuidelineSection
from imr.accounts.permissions import AuthenticatedRequest
from imr.core.errors import ConflictError, DomainError
from reviews.forms.review import CitationForm
from reviews.models import Assignment, Finding
from reviews.selectors.citation import claims_section
from reviews.selectors.paragraph import filled_paragraph
from reviews.selectors.workspace import item_work, relevant_day, review_of
from reviews.services import review as service
from reviews.services.review import FindingWords
from reviews.views.draft_answer import Elsewhere, back_to, item_again, saved
from reviews.views.workspace_page import (
    Picker,
    Typed,
    find_places,
    first_guideline,
    recently_cited,
    render_workspace,
    wants_fragment,
    window_of,
)

MOST_SOURCE = 1_000
ADD, REMOVE, SAME, PARAGRAPH = "add", "remove", "same", "paragraph"


def change_citations(
    request: AuthenticatedRequest, assignment: Assignment, item_id: int, verb: str, number: str
) -> HttpResponse:
    target = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else None
    who: dict[str, Any] = {"assignment_id": assignment.pk, "item_id": item_id, "actor": request.user}
    form = CitationForm(request.POST, item_id=item_id)
    if verb == REMOVE:
        service.remove_citation(**who, citation_id=target or 0)
    elif verb == SAME:
        _cite_the_same(who, form, assignment)
    elif form.is_valid():
        try:
            _add_citation(who, form, target, is_from_catalog=bool(number))
        except ConflictError:
            raise
        except DomainError as error:
            form.add_error("cite_text", error.message)
    if verb in {ADD, SAME} and form.errors:
        query = request.POST.get("q", "").strip()
        picker = Picker(form, query=query, results=find_places(assignment, item_id, query).results)
        if not wants_fragment(request):
            return render_workspace(request, assignment, typed=Typed(pickers={item_id: picker}), status=422)
        return saved(request, assignment, item_id=item_id, picker=picker, status=422)
    if wants_fragment(request):
        recent = recently_cited(request.user, relevant_day(assignment.case_id))
        picker = Picker(CitationForm(item_id=item_id), recent=recent)
        return saved(request, assignment, item_id=item_id, picker=picker, elsewhere=_followed(request, item_id, who))
    return back_to(assignment, f"item_{item_id}_citations")


def _add_citation(who: dict[str, Any], form: CitationForm, section_id: int | None, *, is_from_catalog: bool) -> None:
    section = _section(section_id)
    if is_from_catalog and section is None:
        raise DomainError("The catalog no longer has this section. Search again.")
    data = form.cleaned_data
    service.add_citation(
        **who,
        section=section,
        is_mtus=data["cite_is_mtus"],
        text=data["cite_text"],
        pages=data["cite_pages"],
        url=data["cite_url"],
    )


def _cite_the_same(who: dict[str, Any], form: CitationForm, assignment: Assignment) -> None:
    """The claims administrator's guideline is cited too: as a section where the catalog has it, else in its words."""
    finding = Finding.objects.get(review__assignment=assignment, item_id=who["item_id"])
    text = " ".join(finding.claims_text.split())
    if not text:
        form.add_error("cite_text", "The claims administrator’s guideline is not named above. Name it there first.")
    elif len(text) > MOST_SOURCE:
        form.add_error("cite_text", f"The claims administrator’s text has {len(text):,} characters. Cite a part of it.")
    else:
        section = claims_section(finding, relevant_day(assignment.case_id))
        is_mtus = finding.claims_basis == GuidelineBasis.MTUS
        service.add_citation(**who, section=section, is_mtus=is_mtus, text="" if section else text)


def _followed(request: AuthenticatedRequest, item_id: int, who: dict[str, Any]) -> tuple[Elsewhere, ...]:
    """The basis of the decision, when the citations changed it."""
    finding = Finding.objects.get(review__assignment_id=who["assignment_id"], item_id=item_id)
    sent = request.POST.get("reviewer_basis", "")
    if sent == finding.reviewer_basis:
        return ()
    return (Elsewhere("reviewer_basis", "Your decision is based on", sent, finding.reviewer_basis),)


def _section(pk: int | None) -> GuidelineSection | None:
    if pk is None:
        return None
    return GuidelineSection.objects.select_related("edition__source").filter(pk=pk).first()


def insert_paragraph(
    request: AuthenticatedRequest, assignment: Assignment, finding: Finding, written: FindingWords, number: str
) -> HttpResponse:
    """Without scripts: the paragraph stands at the end of the rationale. With them the page inserts it by itself."""
    review = review_of(assignment)
    work = item_work(review, finding.item_id) if review else None
    pk = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0
    found = filled_paragraph(request.user, work, pk, guideline=first_guideline(work)) if work else None
    if found is None:
        raise DomainError("This paragraph is not there any more. Search again.")
    rationale = "\n\n".join(part for part in (finding.rationale, found.text) if part)
    service.save_finding(
        assignment_id=assignment.pk,
        item_id=finding.item_id,
        actor=request.user,
        version=finding.version,
        written=replace(written, rationale=rationale),
        window=window_of(request),
    )
    if wants_fragment(request):
        return item_again(request, assignment, finding.item_id)
    return back_to(assignment, f"item_{finding.item_id}_rationale")
