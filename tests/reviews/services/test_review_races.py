"""Two windows save in the same moment (hazard C4): both texts are kept, every time."""

from collections.abc import Mapping
from threading import Barrier
from typing import Any

import pytest

from reviews.enums import Keep
from reviews.exceptions import StaleVersionError
from reviews.models import Finding, Review, Revision
from reviews.services import review as writing
from reviews.services.review import Choice, FindingWords, save_finding
from reviews.services.revision import SavedFrom
from reviews.services.shared_rationale import share_rationale
from tests.factories.letters import Signable, make_signable
from tests.races import PATIENCE, REPETITIONS, race

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = {"desk": "From the desk. " * 40, "phone": "By telephone. " * 40}


def save(made: Signable, item_id: int, version: int, window: str, choice: Choice = writing.ASK) -> Finding:
    return save_finding(
        assignment_id=made.assignment.pk,
        item_id=item_id,
        actor=made.user,
        version=version,
        written=FindingWords(rationale=TEXTS[window]),
        window=SavedFrom(window, 1),
        choice=choice,
    )


def race_of_windows(made: Signable, items: Mapping[str, int]) -> list[Any]:
    versions = {window: Finding.objects.get(item_id=item).version for window, item in items.items()}
    return race(
        lambda: save(made, items["desk"], versions["desk"], "desk"),
        lambda: save(made, items["phone"], versions["phone"], "phone"),
    )


def expect_both_texts(made: Signable, items: Mapping[str, int], results: list[Any]) -> None:
    """One was stored, the other came back with both; taken together, both stand, and nothing was ever lost."""
    won = [result for result in results if isinstance(result, Finding)]
    lost = [result for result in results if isinstance(result, StaleVersionError)]
    assert (len(won), len(lost)) == (1, 1), results
    assert lost[0].current["rationale"] == won[0].rationale
    loser = "phone" if won[0].rationale == TEXTS["desk"] else "desk"
    together = Choice(Keep.MERGED, lost[0].current_version)
    merged = save(made, items[loser], 1, loser, together)
    assert all(text.strip() in merged.rationale for text in TEXTS.values())
    kept = set(Revision.objects.filter(review=merged.review, field="rationale").values_list("text", flat=True))
    assert set(TEXTS.values()) - {TEXTS[loser]} <= kept


def test_two_windows_of_one_item_keep_both_texts() -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        item = made.case.items.get().pk
        items = {"desk": item, "phone": item}
        expect_both_texts(made, items, race_of_windows(made, items))


def test_two_windows_of_two_items_with_one_rationale_keep_both_texts() -> None:
    for _ in range(REPETITIONS):
        made = make_signable(items=[{}, {}])
        one, two = made.case.items.order_by("position").values_list("pk", flat=True)
        who: dict[str, Any] = {"assignment_id": made.assignment.pk, "actor": made.user}
        share_rationale(**who, item_id=one, others=[two])
        items = {"desk": one, "phone": two}
        expect_both_texts(made, items, race_of_windows(made, items))
        assert len(set(Finding.objects.filter(item_id__in=[one, two]).values_list("rationale", flat=True))) == 1


def test_without_the_locks_the_last_save_wins_and_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both windows have compared before either writes, and one text is gone from the letter."""
    made = make_signable()
    item = made.case.items.get().pk
    both_have_compared = Barrier(2)
    settled = writing._settled

    def settle_then_wait(*arguments: Any, **more: Any) -> dict[str, str]:
        values = settled(*arguments, **more)
        both_have_compared.wait(timeout=PATIENCE)
        return values

    def unlocked(*, assignment_id: int, actor: object) -> Review:
        return Review.objects.select_related("assignment").get(assignment_id=assignment_id)

    monkeypatch.setattr(writing, "lock_review", unlocked)
    monkeypatch.setattr(
        writing, "lock_finding", lambda _, item_id: Finding.objects.select_related("item").get(item_id=item_id)
    )
    # It waits for the row of the sitting.
    monkeypatch.setattr(writing, "note_work", lambda **_: None)
    monkeypatch.setattr(writing, "_settled", settle_then_wait)
    results = race_of_windows(made, {"desk": item, "phone": item})
    assert all(isinstance(result, Finding) for result in results), results
    assert Finding.objects.get(item_id=item).rationale in TEXTS.values()
