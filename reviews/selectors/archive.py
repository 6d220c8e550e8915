"""Reading the archive: search and filters, one determination, its letter, and what helps to read new ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, QuerySet

from cases.enums import GuidelineBasis, Outcome
from guidelines.models import GuidelineSection, GuidelineSource
from reviews.enums import CitationSide, SourceFormat, TemplateStatus
from reviews.letters import (
    ExchangedDetermination,
    FinalDeterminationLetter,
    GuidelineBlock,
    ItemShape,
    LetterItem,
    LetterWording,
)
from reviews.letters.reader import Grammar, ItemFacts, codes_in, dates_in, grammar_of, item_facts, read_letter
from reviews.letters.source import Reader, SourcedDetermination
from reviews.models import ArchivedCitation, ArchivedDetermination, ArchivedItem, LetterTemplate
from reviews.selectors.template import wording_from, wording_of, wording_on

# Matches are sorted after this many were taken: a word that stands in every letter then costs what a rare one costs.
MOST_HITS = 1_000


@dataclass(frozen=True, slots=True)
class ArchiveFilters:
    """What to look for; an empty field does not narrow. Years are of the decision."""

    words: str = ""
    number: str = ""
    outcome: str = ""
    format: str = ""
    since: int | None = None
    until: int | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveMatches:
    """The determinations found; `is_cut` says that only the first `MOST_HITS` matching items were looked at."""

    rows: QuerySet[ArchivedDetermination]
    is_cut: bool = False


def archive_matches(filters: ArchiveFilters) -> ArchiveMatches:
    """The archived determinations that pass, with their items; their order is for the page to choose."""
    rows = _narrowed(ArchivedDetermination.objects.all(), filters)
    if not filters.words:
        return ArchiveMatches(rows.prefetch_related(_item_lines()))
    query = SearchQuery(filters.words, config="english", search_type="websearch")
    hits = ArchivedItem.objects.filter(search=query).order_by()
    if filters != ArchiveFilters(words=filters.words):
        hits = hits.filter(determination__in=rows.values("pk"))
    found = list(hits.values_list("determination_id", flat=True)[: MOST_HITS + 1])
    rows = ArchivedDetermination.objects.filter(pk__in=set(found[:MOST_HITS])).prefetch_related(_item_lines())
    return ArchiveMatches(rows, is_cut=len(found) > MOST_HITS)


def archived_detail() -> QuerySet[ArchivedDetermination]:
    """With items and citations, for one page."""
    items = ArchivedItem.objects.defer("search").prefetch_related(
        Prefetch("citations", queryset=ArchivedCitation.objects.all())
    )
    return ArchivedDetermination.objects.select_related("imported_by").prefetch_related(
        Prefetch("items", queryset=items)
    )


def letter_of(archived: ArchivedDetermination, *, wording: LetterWording | None = None) -> FinalDeterminationLetter:
    """The archived determination as a letter, its texts as they came, in the wording of its decision date.

    The label of the reviewer's guideline and the organization are those of the source; the wording's where the source
    had none. Raises `NoWordingError` when no wording was in force on the decision date.
    """
    wording = wording or wording_on(archived.decision_date)
    return FinalDeterminationLetter(
        template_version=wording.version,
        organization_name=archived.organization_name or wording.organization_name,
        reviewer_guideline_label=archived.reviewer_guideline_label or wording.reviewer_guideline_label,
        case_number=archived.case_number,
        date_assigned=archived.date_assigned,
        date_of_injury=archived.date_of_injury,
        decision_date=archived.decision_date,
        ur_denial_date=archived.ur_denial_date,
        priority=archived.priority,
        application_received=archived.application_received,
        states_of_licensure=tuple(archived.states_of_licensure),
        certifications=tuple(archived.certifications),
        clinical_case_summary=archived.clinical_case_summary,
        items=tuple(_letter_item(item) for item in archived.items.all()),
    )


def wording_for(letter: FinalDeterminationLetter) -> LetterWording:
    """The letter's wording with the letter's own organization in its sentences. Raises `NoWordingError`."""
    return replace(wording_of(letter.template_version), organization_name=letter.organization_name)


def letter_reader() -> Reader:
    """Reads letters with what is known here: our own wordings, and the chapters and sections of the catalog. It holds
    plain values, so that another process can use it."""
    chapters, sections = _known_places()
    return partial(read_letter, wordings=_known_wordings(), chapters=chapters, sections=sections)


class ExchangeReader:
    """Makes of an exchanged determination what reading a letter gives: the facts in its texts."""

    def __init__(self) -> None:
        self._grammar: Grammar = grammar_of(_known_wordings())
        self._chapters, self._sections = _known_places()

    def read(self, determination: ExchangedDetermination) -> SourcedDetermination:
        summary = determination.clinical_case_summary
        facts: tuple[ItemFacts, ...] = item_facts(
            determination, self._grammar, chapters=self._chapters, sections=self._sections
        )
        return SourcedDetermination(
            determination=determination,
            format=SourceFormat.EXCHANGE,
            facts=facts,
            codes=codes_in(summary),
            dates=dates_in(summary, "summary"),
        )


def _narrowed(rows: QuerySet[ArchivedDetermination], filters: ArchiveFilters) -> QuerySet[ArchivedDetermination]:
    if filters.number:
        rows = rows.filter(case_number__icontains=filters.number)
    if filters.outcome:
        rows = rows.filter(outcome=filters.outcome)
    if filters.format:
        rows = rows.filter(format=filters.format)
    if filters.since:
        rows = rows.filter(decision_date__year__gte=filters.since)
    if filters.until:
        rows = rows.filter(decision_date__year__lte=filters.until)
    if filters.doubtful:
        rows = rows.exclude(problems=[])
    return rows


def _item_lines() -> "Prefetch[str, QuerySet[ArchivedItem], str]":
    """The items without their long texts."""
    return Prefetch("items", queryset=ArchivedItem.objects.only("determination_id", "position", "text", "outcome"))


def _letter_item(item: ArchivedItem) -> LetterItem:
    return LetterItem(
        position=item.position,
        shape=ItemShape(item.shape) if item.shape else ItemShape.PLAIN,
        is_retrospective=item.is_retrospective,
        text=item.text,
        outcome=Outcome(item.outcome),
        claims_administrator=_block(CitationSide.CLAIMS_ADMINISTRATOR, item.claims_basis, item.claims_guideline),
        reviewer=_block(CitationSide.REVIEWER, item.reviewer_basis, item.reviewer_guideline),
        rationale=item.rationale,
    )


def _block(side: CitationSide, basis: str, text: str) -> GuidelineBlock:
    # Words in no known form name some source at least, and are printed as they came in any case.
    return GuidelineBlock(side=side, basis=GuidelineBasis(basis or GuidelineBasis.NON_MTUS), text=text)


def _known_wordings() -> tuple[LetterWording, ...]:
    approved = LetterTemplate.objects.filter(status=TemplateStatus.APPROVED).order_by("in_force_from")
    return tuple(wording_from(template) for template in approved)


def _known_places() -> tuple[Sequence[str], Sequence[str]]:
    """The names of chapters and of sections that the catalog has, the longest first."""
    sources = GuidelineSource.objects.values_list("name", flat=True)
    chapters = GuidelineSection.objects.exclude(chapter="").values_list("chapter", flat=True)
    sections = GuidelineSection.objects.exclude(title="").values_list("title", flat=True)
    return (
        sorted({*sources, *chapters}, key=len, reverse=True),
        sorted(set(sections), key=len, reverse=True),
    )
