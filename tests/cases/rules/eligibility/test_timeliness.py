"""Filed in time: each period at its last day, the day before and the day after."""

from datetime import date
from typing import Any

import pytest

from cases.enums import CheckVerdict, ServiceMethod, ServicePlace
from cases.rules.eligibility.timeliness import check_timeliness
from tests.factories.eligibility import DAY, LAST_DAY, SERVED, answer

PASSED, FAILED, PERSON = CheckVerdict.PASSED, CheckVerdict.FAILED, CheckVerdict.NEEDS_PERSON


@pytest.mark.parametrize(
    ("received", "verdict"), [(LAST_DAY - DAY, PASSED), (LAST_DAY, PASSED), (LAST_DAY + DAY, FAILED)]
)
def test_thirty_days_after_personal_service(received: date, verdict: CheckVerdict) -> None:
    found = answer(check_timeliness, received_on=received)
    assert (found.verdict, found.code) == (verdict, "INE-LATE")
    assert "11/16/2026" in found.words
    assert any("30 calendar days" in step for step in found.steps)


@pytest.mark.parametrize(
    ("method", "place", "received", "verdict"),
    [
        # By mail within California the five days are settled (Avila); 11/21 is a Saturday and rolls to 11/23.
        (ServiceMethod.MAIL, ServicePlace.CALIFORNIA, date(2026, 11, 23), PASSED),
        (ServiceMethod.MAIL, ServicePlace.CALIFORNIA, date(2026, 11, 24), FAILED),
        # Out of state and electronic service add days that are to be confirmed: between the two a person decides.
        (ServiceMethod.MAIL, ServicePlace.OTHER_STATE, LAST_DAY, PASSED),
        (ServiceMethod.MAIL, ServicePlace.OTHER_STATE, LAST_DAY + DAY, PERSON),
        (ServiceMethod.MAIL, ServicePlace.OTHER_STATE, date(2026, 11, 30), PERSON),
        (ServiceMethod.MAIL, ServicePlace.OTHER_STATE, date(2026, 12, 1), FAILED),
        (ServiceMethod.ELECTRONIC, "", LAST_DAY + DAY, PERSON),
        (ServiceMethod.ELECTRONIC, "", date(2026, 11, 19), FAILED),
    ],
)
def test_service_adds_days(method: str, place: str, received: date, verdict: CheckVerdict) -> None:
    found = answer(check_timeliness, service_method=method, service_place=place, received_on=received)
    assert found.verdict == verdict


def test_last_day_on_a_sunday_moves_to_monday() -> None:
    # 10/16/2026 and 30 days is Sunday 11/15.
    found = answer(check_timeliness, served_on=SERVED - DAY, received_on=LAST_DAY)
    assert found.verdict == PASSED
    assert any("offices are closed" in step for step in found.steps)
    assert answer(check_timeliness, served_on=SERVED - DAY, received_on=LAST_DAY + DAY).verdict == FAILED


def test_draft_counts_as_received_today() -> None:
    assert answer(check_timeliness, LAST_DAY, received_on=None).verdict == PASSED
    late = answer(check_timeliness, LAST_DAY + DAY, received_on=None)
    assert late.verdict == FAILED
    assert "Would be received" in [one.label for one in late.inputs]


def test_formulary_dispute_has_its_shorter_time_whose_figure_is_to_be_confirmed() -> None:
    for received, verdict in ((date(2026, 10, 27), PASSED), (date(2026, 10, 28), PERSON)):
        assert answer(check_timeliness, is_formulary=True, received_on=received).verdict == verdict


def test_disputed_liability_starts_the_time_with_the_notice_of_its_end() -> None:
    running = answer(check_timeliness, is_liability_disputed=True, received_on=LAST_DAY + DAY)
    assert running.verdict == PASSED
    assert "liability is resolved" in running.words
    resolved: dict[str, Any] = {"is_liability_disputed": True, "liability_resolved_on": date(2027, 3, 2)}
    for received, verdict in ((date(2027, 4, 1), PASSED), (date(2027, 4, 2), PERSON)):
        assert answer(check_timeliness, received_on=received, **resolved).verdict == verdict


def test_form_that_was_not_sent_starts_no_time() -> None:
    assert answer(check_timeliness, is_form_withheld=True, received_on=date(2027, 3, 1)).verdict == PASSED
    later: dict[str, Any] = {"form_served_on": date(2027, 2, 1), "form_service_method": ServiceMethod.PERSONAL}
    for received, verdict in ((date(2027, 3, 3), PASSED), (date(2027, 3, 4), PERSON)):
        assert answer(check_timeliness, received_on=received, **later).verdict == verdict


def test_unknown_service_is_for_a_person() -> None:
    assert answer(check_timeliness, served_on=None).verdict == PERSON
    assert answer(check_timeliness, service_method="", received_on=LAST_DAY + DAY).verdict == PERSON
    assert answer(check_timeliness, is_ur_attached=False, received_on=LAST_DAY + DAY).verdict == PERSON


def test_service_before_the_law_is_for_a_person() -> None:
    found = answer(check_timeliness, served_on=date(2012, 12, 31))
    assert found.verdict == PERSON
    assert "no rule in force" in found.words
