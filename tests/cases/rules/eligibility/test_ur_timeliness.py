"""Untimely utilization review: pointed out, and left to the WCAB."""

from dataclasses import replace
from datetime import date

from cases.enums import CheckVerdict
from cases.rules.eligibility.ur_timeliness import check_ur_timeliness
from tests.factories.eligibility import DAY, ITEM, SOUND, answer

PASSED, PERSON = CheckVerdict.PASSED, CheckVerdict.NEEDS_PERSON
RECEIVED = date(2026, 10, 2)


def test_fourteenth_day_passes_and_the_next_is_pointed_out() -> None:
    for received, verdict in ((RECEIVED + DAY, PASSED), (RECEIVED, PASSED), (RECEIVED - DAY, PERSON)):
        found = answer(check_ur_timeliness, request_received_on=received)
        assert (found.verdict, found.code) == (verdict, "INE-URLATE")
        assert found.doubts


def test_treatment_already_given_has_thirty_days() -> None:
    given = (replace(ITEM, is_retrospective=True),)
    for received, verdict in ((date(2026, 9, 16), PASSED), (date(2026, 9, 15), PERSON)):
        assert answer(check_ur_timeliness, request_received_on=received, items=given).verdict == verdict


def test_only_a_finding_of_the_wcab_fails() -> None:
    assert answer(check_ur_timeliness, request_received_on=date(2026, 1, 6)).verdict == PERSON
    found = answer(check_ur_timeliness, wcab_untimely_on=date(2026, 11, 2))
    assert found.verdict == CheckVerdict.FAILED
    assert "WCAB" in found.words


def test_unknown_request_and_days_before_the_law_pass() -> None:
    assert SOUND.request_received_on is None
    assert answer(check_ur_timeliness).verdict == PASSED
    assert answer(check_ur_timeliness, request_received_on=date(2012, 5, 1)).verdict == PASSED
