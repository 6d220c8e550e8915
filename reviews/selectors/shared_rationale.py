"""Which items of a review share one rationale."""

from dataclasses import dataclass

from reviews.models import Finding
from reviews.rules.sharing import grouped_positions
from reviews.selectors.revision import revisions_of
from reviews.selectors.workspace import items_under_review


def findings_sharing(finding: Finding) -> list[Finding]:
    """The findings of the other items under review that share its rationale, in the order of the items."""
    if finding.rationale_group is None:
        return []
    found = Finding.objects.filter(review_id=finding.review_id, rationale_group=finding.rationale_group)
    items = items_under_review(finding.item.case_id)
    return list(found.filter(item__in=items).exclude(pk=finding.pk).select_related("item"))


def shared_positions(assignment_id: int) -> dict[int, tuple[int, ...]]:
    """By the position of an item the positions of those that share its rationale; items with their own left out."""
    rows = Finding.objects.filter(review__assignment=assignment_id, rationale_group__isnull=False)
    return grouped_positions(rows.values_list("item__position", "rationale_group"))


@dataclass(frozen=True, slots=True)
class Spread:
    """That the last change of a finding was a rationale from another item: the text and the version before it."""

    was: str
    from_version: int


def last_spread(finding: Finding) -> Spread | None:
    """How the finding got its rationale from another item; None when something else changed since."""
    texts = revisions_of(finding.review, finding.item_id).filter(field="rationale", is_set_aside=False)
    latest = list(texts.order_by("-version", "-pk")[:2])
    if not latest or latest[0].version != finding.version or latest[0].editor:
        return None
    return Spread(latest[1].text if len(latest) > 1 else "", finding.version - 1)
