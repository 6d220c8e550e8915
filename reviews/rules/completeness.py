"""What a determination still lacks before it may be signed, and what needs a second look.

Sources: LC 4610.5(c)(2), 4610.6(c)-(e); 8 CCR 9792.10.6(b), (d); 8 CCR 9792.21.1. Pure functions of plain values.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cases.enums import UR_INFORMATION_KINDS, GuidelineBasis, Outcome
from reviews.enums import DocumentUse
from reviews.rules.placeholders import unfilled
from reviews.rules.references import NOWHERE, NumberedRecord, reference_problems

LETTER_TEXT_LIMIT = 300_000
LEAVES_MTUS = frozenset({GuidelineBasis.NON_MTUS, GuidelineBasis.BOTH})

_NECESSITY = re.compile(r"medical(?:ly)?[\s-]+necess(?:ary|ity)", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|cannot|nor|no|none|neither|never|without|fails?|failed|lacks?|lacking|insufficient|unsupported"
    r"|unestablished)\b|n['’]t\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:!?\n]|,\s+(?:but|and|so|therefore)\b", re.IGNORECASE)
_WORDS_BEFORE = 7
_WORDS_AFTER = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that stands between the draft and a signature.

    `place` is the id of the field or block that mends it. With `needs_confirmation` it is a warning that the
    reviewer may confirm instead of changing anything; `key` names the warning together with the words it is about.
    """

    code: str
    message: str
    place: str
    citation: str = ""
    needs_confirmation: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation of the reviewer. Without `edition` it is free text; a `text` beside an edition explains it."""

    is_mtus: bool
    edition: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None
    text: str = ""

    def is_in_force_on(self, day: date) -> bool:
        """Whether the edition was in force on `day`; free text always passes."""
        if self.in_force_from is None:
            return True
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What the reviewer has written about one disputed item so far."""

    item_id: int
    position: int
    outcome: str = ""
    rationale: str = ""
    claims_basis: str = ""
    claims_text: str = ""
    reviewer_basis: str = ""
    reviewer_text: str = ""
    hierarchy_reason: str = ""
    citations: tuple[CitedPlace, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Whether outcome and rationale are there."""
        return bool(self.outcome and self.rationale)

    def place(self, field: str) -> str:
        """The id of the item's field on the page."""
        return place_of(self.item_id, field)


@dataclass(frozen=True, slots=True)
class DocumentMark:
    """A document of the case and what the reviewer says of it."""

    document_id: int
    title: str
    kind: str
    use: str


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """The whole draft. Editions must be in force on `relevant_on`, the day of the UR decision."""

    summary: str
    items: tuple[ItemDraft, ...]
    documents: tuple[DocumentMark, ...]
    relevant_on: date
    records: tuple[NumberedRecord, ...] = ()
    moved: Mapping[tuple[int, int], tuple[int, int]] = NOWHERE


def place_of(item_id: int, field: str) -> str:
    """The id of a field of an item on the workspace page."""
    return f"item_{item_id}_{field}"


def find_gaps(draft: ReviewDraft) -> list[Gap]:
    """Everything that is missing or needs confirmation, in the order of the page; empty when it may be signed."""
    gaps = [*check_documents(draft.documents), *check_summary(draft.summary)]
    if not draft.items:
        gaps.append(Gap("no_items", "No disputed item of this case is open and eligible.", "items"))
    for item in draft.items:
        gaps += check_item(item, draft.relevant_on)
    gaps += check_references(draft)
    gaps += check_length(draft)
    return gaps


def check_item(item: ItemDraft, relevant_on: date) -> list[Gap]:
    """Claims administrator's basis, own basis and evidence, reason for leaving the MTUS, outcome, rationale."""
    return [
        *check_claims_basis(item),
        *check_evidence(item),
        *check_editions(item, relevant_on),
        *check_hierarchy(item),
        *check_decision(item),
        *check_contradiction(item),
        *check_marks(item),
    ]


def check_summary(summary: str) -> list[Gap]:
    """The letter states the employee's medical condition (8 CCR 9792.10.6(d)); no mark is left in it."""
    place = "summary_clinical_case_summary"
    if not summary:
        return [Gap("summary", "Write the clinical case summary.", place, "8 CCR 9792.10.6(d)")]
    return [_mark_gap("The summary", mark, place) for mark in unfilled(summary)[:1]]


def check_documents(documents: Iterable[DocumentMark]) -> list[Gap]:
    """Every document is marked, at least one was considered, and not UR information alone."""
    marks = list(documents)
    gaps = []
    open_marks = [mark for mark in marks if mark.use not in {DocumentUse.CONSIDERED, DocumentUse.NOT_RELEVANT}]
    if open_marks:
        count = len(open_marks)
        words = f"“{open_marks[0].title}”" if count == 1 else f"{count} documents"
        gaps.append(
            Gap(
                "documents_unmarked",
                f"Mark {words} as considered or not relevant.",
                f"document_{open_marks[0].document_id}",
                "8 CCR 9792.10.6(d)",
            )
        )
    considered = [mark for mark in marks if mark.use == DocumentUse.CONSIDERED]
    if not considered:
        gaps.append(
            Gap("documents_none", "Mark at least one document as considered.", "documents", "8 CCR 9792.10.6(d)")
        )
    elif all(mark.kind in UR_INFORMATION_KINDS for mark in considered):
        gaps.append(
            Gap(
                "ur_information_alone",
                "Consider at least one document besides the UR decision and the application form: "
                "a determination may not rest on utilization review information alone.",
                "documents",
                "8 CCR 9792.10.6(b)(2)",
            )
        )
    return gaps


def check_claims_basis(item: ItemDraft) -> list[Gap]:
    """What the claims administrator's decision rested on is said, and named unless it was nothing."""
    if item.claims_basis not in set(GuidelineBasis.values):
        return [
            Gap(
                "claims_basis",
                f"Item {item.position}: say what the claims administrator based its decision on.",
                item.place("claims_basis"),
            )
        ]
    if item.claims_basis == GuidelineBasis.NONE:
        return []
    if not item.claims_text:
        return [
            Gap(
                "claims_text",
                f"Item {item.position}: name the guideline that the claims administrator used.",
                item.place("claims_text"),
            )
        ]
    return []


def check_evidence(item: ItemDraft) -> list[Gap]:
    """The reviewer's own basis is said, and citations or text agree with it (LC 4610.6(d), (e))."""
    basis = item.reviewer_basis
    law = "LC 4610.6(e)"
    if basis not in set(GuidelineBasis.values):
        words = f"Item {item.position}: say what your decision is based on."
        return [Gap("reviewer_basis", words, item.place("reviewer_basis"), law)]
    has_mtus = any(place.is_mtus for place in item.citations)
    has_other = any(not place.is_mtus for place in item.citations)
    where = item.place("citations")
    if basis == GuidelineBasis.NONE:
        if item.citations or item.reviewer_text:
            words = f"Item {item.position}: the basis says that nothing was cited, but a citation is there."
            return [Gap("none_with_citation", words, item.place("reviewer_basis"), law)]
        return [
            Gap(
                "nothing_cited",
                f"Item {item.position}: the letter will say that the decision is based on no guideline or evidence.",
                item.place("reviewer_basis"),
                law,
                needs_confirmation=True,
                key=_key("nothing_cited", item, item.outcome),
            )
        ]
    gaps = []
    if has_mtus and basis == GuidelineBasis.NON_MTUS:
        words = f"Item {item.position}: an MTUS citation is there, but the basis says outside the MTUS only."
        gaps.append(Gap("basis_without_mtus", words, item.place("reviewer_basis"), law))
    if has_other and basis == GuidelineBasis.MTUS:
        words = f"Item {item.position}: a citation outside the MTUS is there, but the basis says MTUS only."
        gaps.append(Gap("basis_without_other", words, item.place("reviewer_basis"), law))
    if gaps or item.reviewer_text:
        return gaps
    if basis in {GuidelineBasis.MTUS, GuidelineBasis.BOTH} and not has_mtus:
        gaps.append(Gap("mtus_citation", f"Item {item.position}: cite the MTUS guideline you used.", where, law))
    if basis in LEAVES_MTUS and not has_other:
        words = f"Item {item.position}: cite the guideline or study outside the MTUS that you used."
        gaps.append(Gap("other_citation", words, where, law))
    return gaps


def check_editions(item: ItemDraft, relevant_on: date) -> list[Gap]:
    """A cited edition was in force on the day of the UR decision, or words beside it say why it is cited."""
    return [
        Gap(
            "edition_not_in_force",
            f"Item {item.position}: {place.edition} was not in force on {relevant_on:%m/%d/%Y}, "
            "the day of the UR decision.",
            item.place("citations"),
            "8 CCR 9792.21.1",
            needs_confirmation=True,
            key=_key("edition_not_in_force", item, place.edition, str(place.in_force_from)),
        )
        for place in item.citations
        if place.edition and not place.text and not place.is_in_force_on(relevant_on)
    ]


def check_hierarchy(item: ItemDraft) -> list[Gap]:
    """A decision that leaves the MTUS says why (LC 4610.5(c)(2); 8 CCR 9792.21.1(a), (d))."""
    if item.reviewer_basis not in LEAVES_MTUS or item.hierarchy_reason:
        return []
    return [
        Gap(
            "hierarchy_reason",
            f"Item {item.position}: say why the MTUS alone does not decide it.",
            item.place("hierarchy_reason"),
            "LC 4610.5(c)(2); 8 CCR 9792.21.1(d)",
        )
    ]


def check_decision(item: ItemDraft) -> list[Gap]:
    """Upheld or overturned, with the clinical reasons (8 CCR 9792.10.6(d))."""
    gaps = []
    if item.outcome not in set(Outcome.values):
        words = f"Item {item.position}: choose Upheld or Overturned."
        gaps.append(Gap("outcome", words, item.place("outcome"), "8 CCR 9792.10.6(d)"))
    if not item.rationale:
        words = f"Item {item.position}: write the decision rationale."
        gaps.append(Gap("rationale", words, item.place("rationale"), "8 CCR 9792.10.6(d)"))
    return gaps


def check_contradiction(item: ItemDraft) -> list[Gap]:
    """The last words on medical necessity in the rationale agree with the outcome."""
    said = stated_outcome(item.rationale)
    if said is None or item.outcome not in set(Outcome.values) or said == item.outcome:
        return []
    reading = "not medically necessary" if said == Outcome.UPHELD else "medically necessary"
    return [
        Gap(
            "contradiction",
            f"Item {item.position}: the outcome is {Outcome(item.outcome).label}, but the rationale seems to conclude "
            f"that the treatment is {reading}.",
            item.place("rationale"),
            needs_confirmation=True,
            key=_key("contradiction", item, item.outcome, item.rationale),
        )
    ]


def check_references(draft: ReviewDraft) -> list[Gap]:
    """Every reference to a page means a page of a record that was considered, so that the letter's list has it."""
    texts = [("In the summary, ", "summary_clinical_case_summary", draft.summary)]
    for item in draft.items:
        named = {"claims_text": item.claims_text, "reviewer_text": item.reviewer_text, "rationale": item.rationale}
        texts += [(f"In item {item.position}, ", item.place(field), text) for field, text in named.items()]
    gaps: list[Gap] = []
    for where, place, text in texts:
        for problem in reference_problems(text, draft.records, draft.moved):
            if problem.document_id is None:
                gaps.append(Gap(problem.code, f"{where}{problem.message}", place))
            elif all(gap.place != f"document_{problem.document_id}" for gap in gaps):
                gaps.append(Gap(problem.code, problem.message, f"document_{problem.document_id}", "8 CCR 9792.10.6(d)"))
    return gaps


def check_marks(item: ItemDraft) -> list[Gap]:
    """No text of the item holds a mark for words still to come, or two wordings to choose from."""
    return [
        _mark_gap(f"Item {item.position}", mark, item.place(field))
        for field in ("claims_text", "reviewer_text", "hierarchy_reason", "rationale")
        for mark in unfilled(getattr(item, field))[:1]
    ]


def check_length(draft: ReviewDraft) -> list[Gap]:
    """All texts of the letter together stay under 300,000 characters."""
    length = len(draft.summary) + sum(
        len(item.rationale) + len(item.claims_text) + len(item.reviewer_text) for item in draft.items
    )
    if length <= LETTER_TEXT_LIMIT:
        return []
    return [
        Gap(
            "letter_too_long",
            f"The texts have {length:,} characters in all; a letter takes {LETTER_TEXT_LIMIT:,}. Shorten a rationale.",
            "summary_clinical_case_summary",
        )
    ]


def stated_outcome(rationale: str) -> Outcome | None:
    """What the rationale's last words on medical necessity amount to; None when it does not speak of it.

    A pattern, not a reading: good enough for a warning, never for a decision.
    """
    mentions = list(_NECESSITY.finditer(rationale))
    if not mentions:
        return None
    last = mentions[-1]
    before = _CLAUSE_END.split(rationale[: last.start()])[-1].split()[-_WORDS_BEFORE:]
    after = _CLAUSE_END.split(rationale[last.end() :])[0].split()[:_WORDS_AFTER]
    is_denied = _NEGATION.search(" ".join(before)) or _NEGATION.search(" ".join(after))
    return Outcome.UPHELD if is_denied else Outcome.OVERTURNED


def _mark_gap(what: str, mark: str, place: str) -> Gap:
    return Gap("mark_left", f"{what}: put words in the place of “{mark}”.", place)


def _key(code: str, item: ItemDraft, *words: str) -> str:
    digest = hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:16]
    return f"{code}:{item.item_id}:{digest}"
