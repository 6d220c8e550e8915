"""What the checks say of a draft before it is signed, with the pages of the record that speak to it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.contrib.postgres.search import SearchQuery

from cases.enums import UR_INFORMATION_KINDS, ItemEligibility, Outcome, UROutcome
from cases.models import DisputedItem, DocumentPage
from cases.selectors.document import reviewable_documents
from cases.selectors.page import PageHit, TextState, page_hits, page_matches, text_states
from reviews.enums import CheckReply
from reviews.letters import FinalDeterminationLetter
from reviews.models import Assignment, CheckAnswer, Finding
from reviews.rules.checks.denial import is_denied
from reviews.rules.checks.determination import CheckFinding, PageMention, Severity
from reviews.rules.checks.reconcile import Match, reconcile_items
from reviews.rules.checks.record import absences
from reviews.rules.checks.run import check_determination
from reviews.rules.completeness import check_contradiction, place_of
from reviews.selectors.check import STOPPED_ITEMS, checked_letter
from reviews.selectors.shared_rationale import shared_positions
from reviews.selectors.workspace import review_draft, review_of

# So many pages are shown for one finding; the search shows the rest.
MOST_MENTIONS = 20
# So many pages are read for whether they call the thing absent themselves; of further ones it is not assumed.
MOST_READ = 200
RATIONALE_FIELDS = {"rationale": "rationale", "reviewer_guideline": "citations", "outcome": "outcome"}
PLACES = {"summary": "summary_clinical_case_summary", "header": "facts"}


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding with the part of the workspace that mends it, the pages that mention what it says is missing, and
    what the reviewer said to it."""

    finding: CheckFinding
    place: str
    pages: tuple[PageHit, ...] = ()
    looked_for: str = ""
    answer: CheckAnswer | None = None

    @property
    def is_kept(self) -> bool:
        return self.answer is not None and self.answer.reply == CheckReply.KEPT


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of the application with its state in the UR decision, the findings and the letter; "" where it lacks."""

    position: int
    application: str
    ur_decision: str
    finding: str
    letter: str
    match: Match

    @property
    def missing(self) -> str:
        """Where the item lacks, in words."""
        places = [name for name, text in (("findings", self.finding), ("letter", self.letter)) if not text]
        return " and ".join(places)

    @property
    def is_matched(self) -> bool:
        return self.match != Match.MISSING


@dataclass(frozen=True, slots=True)
class SignChecks:
    """All that the page before the signature shows of the checks. `unsearched` are documents that a search for what
    is said to be missing could not see, or not whole; empty when no rationale says that anything is missing."""

    advice: tuple[Advice, ...] = ()
    notes: tuple[Advice, ...] = ()
    lines: tuple[ItemLine, ...] = ()
    unsearched: tuple[TextState, ...] = field(default=())

    @property
    def unanswered(self) -> tuple[Advice, ...]:
        return tuple(one for one in self.advice if one.answer is None)

    @property
    def digest(self) -> str:
        """Names the unanswered advice, so that a tick counts for what was on the page and nothing else."""
        keys = "\n".join(sorted(one.finding.key for one in self.unanswered))
        return hashlib.sha256(keys.encode()).hexdigest() if keys else ""

    @property
    def mismatched(self) -> tuple[ItemLine, ...]:
        return tuple(line for line in self.lines if not line.is_matched)


class RecordPages:
    """Finds the pages of a case that hold all terms and remembers them, so that they can be linked.

    Pages that call the thing absent, as the rationale does, are left out, unless there are no others.

    UR information is left out: it says of many things that they are not documented (8 CCR 9792.10.6(b)(2)).
    """

    def __init__(self, case_id: int) -> None:
        self.case_id = case_id
        self.found: dict[tuple[str, ...], list[PageHit]] = {}

    def __call__(self, terms: Sequence[str]) -> list[PageMention]:
        query = SearchQuery(" ".join(terms), config="english", search_type="plain")
        ids = page_matches(reviewable_documents(self.case_id), query, without_kinds=UR_INFORMATION_KINDS)
        texts = dict(DocumentPage.objects.filter(pk__in=ids[:MOST_READ]).values_list("pk", "text"))
        telling = [pk for pk in ids if pk not in texts or not is_denied(texts[pk], terms)]
        hits = page_hits((telling or ids)[:MOST_MENTIONS], query)
        self.found[tuple(terms)] = hits
        return [PageMention(hit.document.title, hit.number, hit.plain_snippet, is_denied=not telling) for hit in hits]


def sign_checks(assignment: Assignment, letter: FinalDeterminationLetter) -> SignChecks:
    """The checks of the draft that would be signed as this `letter`.

    Left out is what the completeness gate says already: its gates, and a contradiction that it warns of.
    """
    draft = checked_letter(letter, assignment.case_id, shared=shared_positions(assignment.pk))
    pages = RecordPages(assignment.case_id)
    states = text_states(reviewable_documents(assignment.case_id))
    is_searchable = any(state.reading is not None and state.reading.text_pages for state in states)
    findings = check_determination(replace(draft, pages=pages if is_searchable else None))
    items = {item.position: item for item in _items(assignment.case_id)}
    warned = _warned_positions(assignment)
    answers = {answer.key: answer for answer in CheckAnswer.objects.filter(assignment=assignment)}
    shown = [
        _advice(finding, items, pages, answers)
        for finding in findings
        if finding.severity != Severity.GATE
        and finding.code != "items_differ"
        and not (finding.code == "outcome" and finding.position in warned)
    ]
    names_absence = any(absences(item.rationale) for item in draft.items)
    return SignChecks(
        advice=tuple(one for one in shown if one.finding.severity == Severity.ADVICE),
        notes=tuple(one for one in shown if one.finding.severity == Severity.NOTE),
        lines=tuple(item_lines(assignment, items.values(), letter)),
        unsearched=tuple(state for state in states if names_absence and not state.is_complete),
    )


def item_lines(
    assignment: Assignment, items: Iterable[DisputedItem], letter: FinalDeterminationLetter
) -> Iterable[ItemLine]:
    """The items side by side. A line lacks a match when the item has no decided finding or is not in the letter."""
    outcomes = dict(Finding.objects.filter(review__assignment=assignment).values_list("item_id", "outcome"))
    texts = {item.position: item.text for item in letter.items}
    for item in items:
        outcome = outcomes.get(item.pk, "")
        text = texts.get(item.position, "")
        yield ItemLine(
            position=item.position,
            application=item.description,
            ur_decision=_ur_words(item),
            finding=Outcome(outcome).label if outcome else "",
            letter=text,
            match=_match(item.description, text) if outcome and text else Match.MISSING,
        )


def _match(application: str, letter: str) -> Match:
    rows = reconcile_items(application=[application], ur_decision=None, findings=None, letter=[letter])
    # The letter's words are made of the item's; other words are shown as such and are no other item.
    return rows[0].match if len(rows) == 1 else Match.SIMILAR


def _ur_words(item: DisputedItem) -> str:
    """What the application says of the UR decision on the item."""
    if not item.ur_outcome:
        return ""
    words = UROutcome(item.ur_outcome).label
    if item.authorized:
        words += f"; authorized: {item.authorized}"
    if item.remaining:
        words += f"; in dispute: {item.remaining}"
    return words


def _items(case_id: int) -> list[DisputedItem]:
    """The eligible items of the application whose review was not ended."""
    eligible = DisputedItem.objects.filter(case_id=case_id, eligibility=ItemEligibility.ELIGIBLE)
    return list(eligible.exclude(status__in=list(STOPPED_ITEMS)).order_by("position", "pk"))


def _warned_positions(assignment: Assignment) -> set[int]:
    """The items of which the gate warns that outcome and rationale contradict each other."""
    review = review_of(assignment)
    drafts = review_draft(review).items if review else ()
    return {draft.position for draft in drafts if check_contradiction(draft)}


def _advice(
    finding: CheckFinding,
    items: Mapping[int, DisputedItem],
    pages: RecordPages,
    answers: Mapping[str, CheckAnswer],
) -> Advice:
    terms = finding.data.get("terms", [])
    looked_for = [str(term) for term in terms] if isinstance(terms, list) else []
    return Advice(
        finding=finding,
        place=_place(finding, items),
        pages=tuple(pages.found.get(tuple(looked_for), [])),
        looked_for=" ".join(looked_for),
        answer=answers.get(finding.key),
    )


def _place(finding: CheckFinding, items: Mapping[int, DisputedItem]) -> str:
    """The id of the part of the workspace in which the words stand."""
    item = items.get(finding.position or 0)
    if item is None or finding.place in PLACES:
        return PLACES.get(finding.place, "decision")
    if finding.place in RATIONALE_FIELDS:
        return place_of(item.pk, RATIONALE_FIELDS[finding.place])
    return f"item_{item.pk}"
