"""Earlier determinations: keeping their index, and showing them to a reviewer who has chosen an outcome."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from cases.models import DisputedItem
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError
from reviews.enums import CitationSide
from reviews.letters.reader import BlockFacts
from reviews.models import (
    ArchivedCitation,
    ArchivedItem,
    Assignment,
    Determination,
    Finding,
    Precedent,
    PrecedentReveal,
)
from reviews.rules.precedent import CitedSection, likeness_of
from reviews.selectors.archive import ExchangeReader
from reviews.selectors.exchange import exchange_of_letter
from reviews.selectors.precedent import archived_without_precedent
from reviews.selectors.snapshot import snapshot_of
from reviews.services.review_lock import lock_review

INDEX_DETERMINATION = "reviews.index_determination"
BATCH = 1_000


@transaction.atomic
def reveal_precedents(*, assignment_id: int, item_id: int, actor: User) -> PrecedentReveal:
    """Earlier determinations on the item are open to its reviewer, and it is on record which outcome was chosen until
    then; safe to call again.

    Raises `ConflictError` (409) while no outcome is chosen, or when the case is no longer with this reviewer.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = Finding.objects.select_related("item").get(review=review, item_id=item_id)
    if not finding.outcome:
        raise ConflictError(
            f"Choose Upheld or Overturned for item {finding.item.position} first. Earlier determinations are shown "
            "after that, so that they do not choose for you."
        )
    reveal, is_new = PrecedentReveal.objects.get_or_create(
        assignment=review.assignment,
        item=finding.item,
        defaults={"outcome_before": finding.outcome, "revealed_by": actor},
    )
    if is_new:
        _record("precedent.reveal", actor, review.assignment, finding.item, outcome=finding.outcome)
    return reveal


def record_precedent_view(
    *, assignment: Assignment, item: DisputedItem, actor: User, precedent: Precedent | None = None
) -> None:
    """A look at the list, or at one of its determinations, stands in the audit record."""
    action = "precedent.list" if precedent is None else "precedent.view"
    _record(action, actor, assignment, item, precedent=precedent.pk if precedent else None)


def index_archived(items: Sequence[ArchivedItem], citations: Iterable[ArchivedCitation]) -> None:
    """The items, saved with their determinations, are in the index; those that are there already stay as they are."""
    cited: dict[int, list[CitedSection]] = {}
    for citation in citations:
        if citation.side == CitationSide.REVIEWER and citation.chapter:
            cited.setdefault(citation.item_id, []).append(CitedSection(citation.chapter, tuple(citation.sections)))
    Precedent.objects.bulk_create(
        [
            Precedent(
                archived_item=item,
                position=item.position,
                case_number=item.determination.case_number,
                outcome=item.outcome,
                decided_on=item.determination.decision_date,
                keys=likeness_of(item.text, cited.get(item.pk, [])).keys,
            )
            for item in items
        ],
        ignore_conflicts=True,
    )


def index_missing_archived() -> int:
    """Every archived item is in the index; returns how many were added. Safe to stop and to run again."""
    added = 0
    while items := archived_without_precedent(BATCH):
        index_archived(items, [citation for item in items for citation in item.citations.all()])
        added += len(items)
    return added


@transaction.atomic
def index_determination(*, determination_id: int) -> None:
    """The items of a served determination are in the index; safe to run twice."""
    determination = Determination.objects.select_related("case").get(pk=determination_id)
    letter = snapshot_of(determination).letter
    facts = ExchangeReader().read(exchange_of_letter(letter)).facts
    Precedent.objects.bulk_create(
        [
            Precedent(
                determination=determination,
                position=item.position,
                case_number=letter.case_number,
                outcome=item.outcome or "",
                decided_on=letter.decision_date,
                keys=likeness_of(item.text, _cited(fact.reviewer)).keys,
            )
            for item, fact in zip(letter.items, facts, strict=True)
        ],
        ignore_conflicts=True,
    )


def _cited(block: BlockFacts) -> list[CitedSection]:
    return [CitedSection(place.chapter, tuple(place.sections)) for place in block.mtus]


def _record(action: str, actor: User, assignment: Assignment, item: DisputedItem, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail={"item": item.pk, **detail},
    )
