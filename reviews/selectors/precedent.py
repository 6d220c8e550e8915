"""Earlier determinations on the same treatment: which there are, how they went, and what they say.

Two sources in one index: letters that were archived, and those served here as long as they stand. A reviewer sees them
after choosing an outcome, never before (`reviews.services.precedent.reveal_precedents`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from cases.enums import Outcome
from cases.models import Case, DisputedItem
from guidelines.models import GuidelineSection, GuidelineSource
from guidelines.selectors.catalog import catalog_row
from reviews.letters import FinalDeterminationLetter, LetterItem
from reviews.models import (
    ArchivedItem,
    Assignment,
    Determination,
    Finding,
    Precedent,
    PrecedentReveal,
)
from reviews.rules.precedent import CitedSection, Likeness, likeness_of, words_of
from reviews.selectors.archive import letter_of
from reviews.selectors.exchange import public_copy_of
from reviews.selectors.workspace import ItemWork

SNIPPET = 260


@dataclass(frozen=True, slots=True)
class PrecedentFilters:
    """How alike, and which; an empty field does not narrow. Years are of the decision."""

    like: str = "part"
    outcome: str = ""
    source: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """How the found items were decided."""

    upheld: int = 0
    overturned: int = 0

    @property
    def total(self) -> int:
        return self.upheld + self.overturned

    @property
    def words(self) -> str:
        """`31 of 40 upheld (78%), 9 overturned`."""
        if not self.total:
            return "None found"
        share = round(100 * self.upheld / self.total)
        return f"{self.upheld:,} of {self.total:,} upheld ({share}%), {self.overturned:,} overturned"


@dataclass(frozen=True, slots=True)
class PrecedentLine:
    """One earlier item on the page. Of a determination of ours without an approved public copy the words are kept
    back: `text` then says the treatment by its kind."""

    precedent: Precedent
    text: str
    snippet: str
    guideline: str
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class RevealLine:
    """What quality sees of a reveal: the outcome chosen before it, and what the outcome is now."""

    reveal: PrecedentReveal
    position: int
    outcome_now: str

    @property
    def before(self) -> str:
        return Outcome(self.reveal.outcome_before).label

    @property
    def now(self) -> str:
        return Outcome(self.outcome_now).label if self.outcome_now else "not decided"

    @property
    def has_changed(self) -> bool:
        return self.outcome_now != self.reveal.outcome_before


def likeness_of_work(work: ItemWork) -> Likeness:
    """What the item under review is like: its words, its category, and what the reviewer cites so far."""
    item, finding = work.item, work.finding
    words = f"{item.description} {item.category.name if item.category else ''}"
    cited = [
        CitedSection(row.chapter or row.source, (row.title,) if row.title else ())
        for row in (catalog_row(place.section) for place in work.citations if place.section is not None)
    ]
    text = " ".join([finding.reviewer_text, *(place.text for place in work.citations)]).casefold()
    cited += [CitedSection(name) for name in _chapters() if name.casefold() in text]
    return likeness_of(words, cited)


def precedents_like(likeness: Likeness, filters: PrecedentFilters, *, without: Case) -> QuerySet[Precedent]:
    """The earlier items on the same treatment that pass; the case itself is not among them.

    All keys of the treatment have to match. Without any match one of them is enough.
    """
    rows = _narrowed(standing_precedents().exclude(case_number=without.number or ""), filters)
    wanted: list[str] = []
    if filters.like in {"part", "both"}:
        wanted += likeness.parts
    if not likeness.subject:
        return rows.none()
    if filters.like in {"guideline", "both"}:
        places = likeness.sections or likeness.chapters
        rows = rows.filter(keys__overlap=list(places)) if places else rows.none()
    exact = rows.filter(keys__contains=[*likeness.subject, *wanted])
    if exact.order_by()[:1].exists():
        return exact
    loose = rows.filter(keys__overlap=list(likeness.subject))
    return loose.filter(keys__contains=wanted) if wanted else loose


def standing_precedents() -> QuerySet[Precedent]:
    """Archived items, and those of determinations that are neither superseded nor set aside."""
    return Precedent.objects.filter(
        Q(determination__isnull=True)
        | Q(
            determination__voided_at__isnull=True,
            determination__superseded_at__isnull=True,
            determination__set_aside_at__isnull=True,
        )
    )


def split_of(rows: QuerySet[Precedent]) -> Split:
    """How all of `rows` were decided, in one query."""
    counted = rows.aggregate(
        upheld=Count("pk", filter=Q(outcome=Outcome.UPHELD)),
        overturned=Count("pk", filter=Q(outcome=Outcome.OVERTURNED)),
    )
    return Split(**counted)


def precedent_lines(rows: Sequence[Precedent]) -> list[PrecedentLine]:
    """The rows of a page with the words that may be shown."""
    ids = [row.archived_item_id for row in rows if row.archived_item_id]
    archived = ArchivedItem.objects.filter(pk__in=ids).defer("search").in_bulk()
    own = Determination.objects.filter(pk__in=[row.determination_id for row in rows if row.determination_id])
    copies = {pk: public_copy_of(found) for pk, found in own.in_bulk().items()}
    lines = []
    for row in rows:
        if row.archived_item_id:
            item = archived[row.archived_item_id]
            lines.append(PrecedentLine(row, item.text, _short(item.rationale), item.reviewer_guideline))
        else:
            lines.append(_own_line(row, copies.get(row.determination_id or 0)))
    return lines


def public_words_of(precedent: Precedent) -> tuple[FinalDeterminationLetter, LetterItem] | None:
    """The letter as it was published and its item; None where nothing of it is published."""
    if precedent.archived_item is not None:
        letter: FinalDeterminationLetter | None = letter_of(precedent.archived_item.determination)
    else:
        letter = public_copy_of(precedent.determination) if precedent.determination else None
    if letter is None:
        return None
    return letter, next(item for item in letter.items if item.position == precedent.position)


def reveal_of(assignment: Assignment, item: DisputedItem) -> PrecedentReveal | None:
    """When earlier determinations on the item were first shown; None while they are hidden."""
    return PrecedentReveal.objects.filter(assignment=assignment, item=item).first()


def reveals_of(assignments: Iterable[Assignment]) -> list[RevealLine]:
    """The reveals of these assignments, with the outcome as it stands now."""
    ids = [assignment.pk for assignment in assignments]
    outcomes = {
        (assignment_id, item_id): outcome
        for assignment_id, item_id, outcome in Finding.objects.filter(review__assignment__in=ids).values_list(
            "review__assignment_id", "item_id", "outcome"
        )
    }
    found = PrecedentReveal.objects.filter(assignment__in=ids).select_related("item").order_by("item__position", "pk")
    return [
        RevealLine(reveal, reveal.item.position, outcomes.get((reveal.assignment_id, reveal.item_id), ""))
        for reveal in found
    ]


def archived_without_precedent(limit: int) -> list[ArchivedItem]:
    """The next archived items that the index lacks, with their citations."""
    return list(
        ArchivedItem.objects.filter(precedent__isnull=True)
        .defer("search", "rationale", "claims_guideline")
        .select_related("determination")
        .prefetch_related(Prefetch("citations"))
        .order_by("pk")[:limit]
    )


def _narrowed(rows: QuerySet[Precedent], filters: PrecedentFilters) -> QuerySet[Precedent]:
    if filters.outcome:
        rows = rows.filter(outcome=filters.outcome)
    if filters.source:
        rows = rows.filter(archived_item__isnull=filters.source == "own")
    if filters.since:
        rows = rows.filter(decided_on__year__gte=filters.since)
    if filters.until:
        rows = rows.filter(decided_on__year__lte=filters.until)
    return rows


def _own_line(row: Precedent, copy: FinalDeterminationLetter | None) -> PrecedentLine:
    if copy is None:
        kinds = likeness_from(row.keys)
        named = words_of(kinds.treatments) or "Treatment of no common kind"
        parts = f", {words_of(kinds.parts)}" if kinds.parts else ""
        return PrecedentLine(row, f"{named}{parts}", "", words_of(kinds.chapters), is_withheld=True)
    item = next(item for item in copy.items if item.position == row.position)
    return PrecedentLine(row, item.text, _short(item.rationale), item.reviewer.printed)


def likeness_from(keys: Iterable[str]) -> Likeness:
    """The likeness whose keys these are."""
    found = list(keys)

    def with_prefix(prefix: str) -> tuple[str, ...]:
        return tuple(key for key in found if key.startswith(prefix))

    return Likeness(with_prefix("t:"), with_prefix("w:"), with_prefix("p:"), with_prefix("c:"), with_prefix("s:"))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SNIPPET else f"{words[:SNIPPET].rsplit(' ', 1)[0]} …"


def _chapters() -> list[str]:
    sources = GuidelineSource.objects.values_list("name", flat=True)
    chapters = GuidelineSection.objects.exclude(chapter="").values_list("chapter", flat=True)
    return sorted({*sources, *chapters})
