"""The last two of a panel sign in the same moment: one determination, of both opinions (hazard C18)."""

from threading import Barrier
from typing import Any

import pytest

from cases.enums import CaseStatus
from cases.models import Case
from reviews.models import Determination, Opinion
from reviews.selectors.snapshot import open_items
from reviews.services import opinion as service
from tests.factories.panels import make_panel
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_last_signatures_at_once_are_combined_once() -> None:
    for _ in range(REPETITIONS):
        made = make_panel([["upheld"], ["overturned"]])
        results = race(lambda: made.sign(1), lambda: made.sign(2))  # noqa: B023  they are done before the next round
        assert all(isinstance(result, Opinion) for result in results), results
        determination = Determination.objects.get(case=made.case)
        assert Opinion.objects.filter(determination=determination).count() == 2
        assert Case.objects.get(pk=made.case.pk).status == CaseStatus.QA


def test_without_the_lock_each_thinks_that_the_other_has_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both count before either commits, and nobody combines."""
    made = make_panel([["upheld"], ["overturned"]])
    both_have_counted = Barrier(2)
    combine = service._combine

    def combine_then_wait(*arguments: Any) -> None:
        combine(*arguments)
        both_have_counted.wait(timeout=20)

    monkeypatch.setattr(service, "lock_case", lambda case_id: Case.objects.get(pk=case_id))
    monkeypatch.setattr(service, "lock_items", lambda case_id: list(open_items(case_id)))
    monkeypatch.setattr(service, "_combine", combine_then_wait)
    results = race(lambda: made.sign(1), lambda: made.sign(2))
    assert all(isinstance(result, Opinion) for result in results), results
    assert Opinion.objects.filter(case=made.case, determination__isnull=True).count() == 2
    assert not Determination.objects.filter(case=made.case).exists()
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW
