"""One rationale for several items, because the reviewer chose it. Each item keeps its own whole text."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import DomainError
from reviews.models import Finding, Review
from reviews.selectors.shared_rationale import findings_sharing
from reviews.services.review_lock import lock_finding, lock_review
from reviews.services.revision import keep_revisions

NOTHING_CHOSEN = "Tick the items that this rationale is meant for."
NOTHING_WRITTEN = "Write the rationale first, then choose the items that share it."


@transaction.atomic
def share_rationale(*, assignment_id: int, item_id: int, actor: User, others: Collection[int]) -> list[Finding]:
    """The items named by `others` hold the rationale of this item, and from now on a change of one is a change of all.

    What they held before stands in their history. Raises `DomainError` when none is named or nothing is written yet,
    `ConflictError` (409) when one of them is no longer under review.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = lock_finding(review, item_id)
    wanted = sorted(set(others) - {item_id})
    if not wanted:
        raise DomainError(NOTHING_CHOSEN)
    if not finding.rationale:
        raise DomainError(NOTHING_WRITTEN)
    joined = [lock_finding(review, other) for other in wanted]
    left = {other.rationale_group for other in joined} - {finding.rationale_group, None}
    group = finding.rationale_group or _free_group(review)
    Finding.objects.filter(pk__in=[finding.pk, *(other.pk for other in joined)]).update(rationale_group=group)
    finding.refresh_from_db()
    spread_rationale(review=review, finding=finding, actor=actor)
    for number in left:
        _dissolve_if_single(review, number)
    _record("review.rationale_shared", actor, review, item_id=item_id, items=wanted)
    return findings_sharing(finding)


@transaction.atomic
def unshare_rationale(*, assignment_id: int, item_id: int, actor: User) -> Finding:
    """The item has a rationale of its own again, with the words as they are; nothing happens when it had one.

    Where one other item is left, that one has its own again too.
    """
    review = lock_review(assignment_id=assignment_id, actor=actor)
    finding = lock_finding(review, item_id)
    group = finding.rationale_group
    if group is None:
        return finding
    Finding.objects.filter(pk=finding.pk).update(rationale_group=None)
    finding.refresh_from_db()
    _dissolve_if_single(review, group)
    _record("review.rationale_unshared", actor, review, item_id=item_id)
    return finding


def spread_rationale(*, review: Review, finding: Finding, actor: User) -> list[int]:
    """The items that share the rationale of `finding` hold its text; the ids of those that held another one.

    Call it under the lock of the review, in the transaction that stored the text. The window that saved is not named
    in their history, since the words in its field of that item may be others.
    """
    changed = []
    for other in findings_sharing(finding):
        if other.rationale == finding.rationale:
            continue
        Finding.objects.filter(pk=other.pk).update(
            rationale=finding.rationale, version=F("version") + 1, saved_at=Now()
        )
        other.refresh_from_db()
        texts = {"rationale": finding.rationale}
        keep_revisions(review=review, item=other.item, texts=texts, version=other.version, actor=actor)
        changed.append(other.item_id)
    return changed


def _free_group(review: Review) -> int:
    highest = Finding.objects.filter(review=review).aggregate(highest=Max("rationale_group"))["highest"]
    return (highest or 0) + 1


def _dissolve_if_single(review: Review, group: int | None) -> None:
    held = Finding.objects.filter(review=review, rationale_group=group)
    if held.count() < 2:
        held.update(rationale_group=None)


def _record(action: str, actor: User, review: Review, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="review",
        object_id=review.pk,
        case_id=review.assignment.case_id,
        detail=detail,
    )
