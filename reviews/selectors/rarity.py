"""Counting who and what else fits a public copy, before somebody approves it."""

from cases.enums import ItemStatus
from cases.models import DisputedItem
from imr.core.states import US_STATES
from reviews.enums import LicenseStatus
from reviews.letters.public import public_letter
from reviews.models import License, PublicCopy, Reviewer
from reviews.rules.rarity import SMALL_CELL, ItemCount, Rarity, rare_combinations
from reviews.selectors.publication import redactions_of
from reviews.selectors.snapshot import snapshot_of

_CODES = {name: code for code, name in US_STATES}


def rarities_of(copy: PublicCopy) -> list[Rarity]:
    """What of this copy few people share; letter and determination must be loaded.

    A state or specialty that was taken out narrows nothing down.
    """
    letter = public_letter(snapshot_of(copy.letter.determination).letter, redactions_of(copy))
    states = [state for state in letter.states_of_licensure if state in _CODES]
    certifications = [name for name in letter.certifications if "[redacted]" not in name]
    reviewers = Reviewer.objects.filter(is_active=True)
    for state in states:
        held = License.objects.filter(state=_CODES[state], status=LicenseStatus.ACTIVE)
        reviewers = reviewers.filter(pk__in=held.values("reviewer"))
    for specialty in certifications:
        reviewers = reviewers.filter(certifications__specialty=specialty)
    return rare_combinations(
        states=states,
        certifications=certifications,
        reviewers=len(set(reviewers.values_list("pk", flat=True)[:SMALL_CELL])),
        items=_counts(copy),
        texts=[text for _, text in letter.as_letter().texts()],
    )


def _counts(copy: PublicCopy) -> list[ItemCount]:
    """For each decided item of the case, how many decided items are of its kind, counted to the small cell."""
    items = DisputedItem.objects.filter(case=copy.case_id, status=ItemStatus.DECIDED, category__isnull=False)
    rows = list(items.values_list("position", "category_id", "category__name"))
    counts = {
        category: len(
            DisputedItem.objects.filter(status=ItemStatus.DECIDED, category=category).values_list("pk")[:SMALL_CELL]
        )
        for category in {category for _, category, _ in rows}
    }
    return [ItemCount(position, name, counts[category]) for position, category, name in rows]
