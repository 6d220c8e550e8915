"""An earlier refusal of the same treatment that still holds (12 months)."""

from datetime import date
from typing import Any

import pytest

from cases.enums import CheckVerdict
from cases.rules.eligibility.facts import EarlierDispute, item_key
from cases.rules.eligibility.repeat_request import check_repeat_request
from tests.factories.eligibility import ITEM, TODAY, answer, facts, figures


def _earlier(decided_on: date, item: str = ITEM.description) -> EarlierDispute:
    return EarlierDispute(
        number="CM25-0000009", received_on=decided_on, decided_on=decided_on, items=frozenset({item_key(item)})
    )


@pytest.mark.parametrize(
    ("decided", "verdict"),
    [
        (date(2025, 10, 15), CheckVerdict.PASSED),
        (date(2025, 10, 16), CheckVerdict.NEEDS_PERSON),
        (date(2025, 10, 17), CheckVerdict.NEEDS_PERSON),
    ],
)
def test_refusal_holds_twelve_months(decided: date, verdict: CheckVerdict) -> None:
    found = answer(check_repeat_request, earlier=(_earlier(decided),))
    assert (found.verdict, found.item) == (verdict, 1)


def test_other_treatment_and_later_decisions_pass() -> None:
    assert answer(check_repeat_request, earlier=(_earlier(date(2026, 9, 1), "MRI"),)).verdict == CheckVerdict.PASSED
    assert answer(check_repeat_request, earlier=(_earlier(date(2026, 11, 1)),)).verdict == CheckVerdict.PASSED


def test_decision_before_the_law_is_for_a_person_and_an_unknown_one_is_not_asked_about() -> None:
    old: dict[str, Any] = {"decided_on": date(2013, 1, 5), "earlier": (_earlier(date(2012, 12, 1)),)}
    assert answer(check_repeat_request, **old).verdict == CheckVerdict.NEEDS_PERSON
    assert check_repeat_request(facts(decided_on=None), figures(), TODAY) == []
