"""One rationale for several items: chosen, kept whole for each item, changed together, and apart again."""

from typing import Any

import pytest

from cases.enums import ItemStatus
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from reviews.enums import Keep
from reviews.exceptions import StaleVersionError
from reviews.models import Finding, Revision
from reviews.selectors.shared_rationale import last_spread, shared_positions
from reviews.selectors.snapshot import draft_snapshot
from reviews.selectors.workspace import workspace
from reviews.services.review import Choice, FindingWords, restore_revision, save_finding
from reviews.services.revision import SavedFrom
from reviews.services.shared_rationale import share_rationale, unshare_rationale
from tests.factories.letters import Signable, make_signable

pytestmark = pytest.mark.django_db
THREE = [{"description": name} for name in ("Percocet 5/325mg", "Diazepam 10mg", "Norco 10/325mg")]


def start() -> tuple[Signable, dict[str, Any], list[int]]:
    made = make_signable(items=THREE)
    who = {"assignment_id": made.assignment.pk, "actor": made.user}
    return made, who, list(made.case.items.order_by("position").values_list("pk", flat=True))


def finding_of(item_id: int) -> Finding:
    return Finding.objects.select_related("review", "item").get(item_id=item_id)


def write(who: dict[str, Any], item_id: int, rationale: str, **arguments: Any) -> Finding:
    finding = finding_of(item_id)
    written = FindingWords(outcome="upheld", rationale=rationale, claims_basis="none", reviewer_basis="mtus")
    return save_finding(**{**who, "item_id": item_id, "version": finding.version, "written": written, **arguments})


def test_chosen_items_hold_the_whole_text_each_and_change_together() -> None:
    made, who, (one, two, three) = start()
    write(who, two, "Words of the second item.")
    write(who, one, "Neither drug is necessary.")
    shared = share_rationale(**who, item_id=one, others=[two])
    assert [finding.item_id for finding in shared] == [two]
    assert finding_of(two).rationale == "Neither drug is necessary."
    assert shared_positions(made.assignment.pk) == {1: (2,), 2: (1,)}
    assert [work.shared_with for work in workspace(made.assignment).items] == [(2,), (1,), ()]
    # What the second item said before is not lost.
    assert Revision.objects.filter(item_id=two, field="rationale", text="Words of the second item.").exists()
    # From either side.
    write(who, two, "Neither drug is necessary, and why.")
    assert finding_of(one).rationale == "Neither drug is necessary, and why."
    letter = draft_snapshot(assignment=made.assignment, decision_date=clock.today()).letter
    assert [item.rationale for item in letter.items][:2] == ["Neither drug is necessary, and why."] * 2
    assert finding_of(three).rationale not in {finding_of(one).rationale, ""}
    saved = Event.objects.filter(action="review.finding_saved").latest("pk")
    assert saved.detail["also_items"] == [one]
    # An outcome stays the item's own.
    before = finding_of(one).version
    save_finding(
        **who,
        item_id=two,
        version=finding_of(two).version,
        written=FindingWords(outcome="overturned", rationale=finding_of(two).rationale),
    )
    assert (finding_of(one).outcome, finding_of(one).version) == ("upheld", before)


def test_apart_again_both_keep_the_words_and_go_their_own_way() -> None:
    made, who, (one, two, three) = start()
    write(who, one, "For all three.")
    share_rationale(**who, item_id=one, others=[two, three])
    unshare_rationale(**who, item_id=two)
    assert shared_positions(made.assignment.pk) == {1: (3,), 3: (1,)}
    write(who, one, "For two of them.")
    assert [finding_of(item).rationale for item in (one, two, three)] == [
        "For two of them.",
        "For all three.",
        "For two of them.",
    ]
    unshare_rationale(**who, item_id=one)
    assert not Finding.objects.filter(rationale_group__isnull=False).exists()
    unshare_rationale(**who, item_id=one)
    assert Event.objects.filter(action="review.rationale_unshared").count() == 2


def test_an_item_that_moves_to_another_text_leaves_nobody_alone_in_a_group() -> None:
    made, who, (one, two, three) = start()
    share_rationale(**who, item_id=one, others=[two])
    write(who, three, "Of the third.")
    share_rationale(**who, item_id=three, others=[two])
    assert shared_positions(made.assignment.pk) == {2: (3,), 3: (2,)}
    assert finding_of(one).rationale_group is None
    assert finding_of(one).rationale != "Of the third."


def test_a_choice_needs_items_words_and_a_review() -> None:
    made, who, (one, two, _) = start()
    with pytest.raises(DomainError, match="Tick the items"):
        share_rationale(**who, item_id=one, others=[one])
    made.case.items.filter(pk=two).update(status=ItemStatus.WITHDRAWN)
    with pytest.raises(ConflictError, match=r"Item 2 .* is no longer under review"):
        share_rationale(**who, item_id=one, others=[two])
    write(who, one, "")
    with pytest.raises(DomainError, match="Write the rationale first"):
        share_rationale(**who, item_id=one, others=[finding_of(one).item_id + 2])
    assert not Finding.objects.filter(rationale_group__isnull=False).exists()


def test_words_of_another_window_in_a_linked_item_are_never_overwritten() -> None:
    _, who, (one, two, _) = start()
    desk, phone = SavedFrom("desk", 1), SavedFrom("phone", 1)
    write(who, one, "Common words.", window=desk)
    share_rationale(**who, item_id=one, others=[two])
    seen = finding_of(two).version
    write(who, one, "Common words. From the desk.", window=desk)
    spread = last_spread(finding_of(two))
    assert spread is not None
    assert (spread.was, spread.from_version) == ("Common words.", seen)
    mine = {"version": seen, "window": phone}
    with pytest.raises(StaleVersionError) as refused:
        write(who, two, "Common words. By telephone.", **mine)
    assert refused.value.current["rationale"] == "Common words. From the desk."
    assert refused.value.base["rationale"] == "Common words."
    # The same window in its other field, typed before it had heard of its own save: asked too.
    with pytest.raises(StaleVersionError):
        write(who, two, "Common words. In the next field.", version=seen, window=SavedFrom("desk", 2))
    merged = write(who, two, "Common words. By telephone.", **mine, choice=Choice(Keep.MERGED, finding_of(two).version))
    assert "From the desk." in merged.rationale
    assert "By telephone." in merged.rationale
    assert finding_of(one).rationale == merged.rationale


def test_a_text_that_is_brought_back_comes_back_to_all() -> None:
    _, who, (one, two, _) = start()
    write(who, one, "First words.")
    share_rationale(**who, item_id=one, others=[two])
    write(who, two, "Second words.")
    first = Revision.objects.filter(item_id=one, text="First words.").latest("pk")
    restore_revision(**who, revision_id=first.pk)
    assert finding_of(two).rationale == "First words."
