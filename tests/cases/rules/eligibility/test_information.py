"""Requests for information."""

from datetime import date

from cases.enums import CheckVerdict
from cases.rules.eligibility.facts import InformationRequest
from cases.rules.eligibility.information import check_information
from tests.factories.eligibility import DAY, TODAY, answer

ASKED = InformationRequest(requested_on=date(2026, 11, 12), due_on=TODAY)


def test_no_request_and_answered_requests_pass() -> None:
    assert answer(check_information).verdict == CheckVerdict.PASSED
    answered = InformationRequest(requested_on=date(2026, 11, 12), due_on=TODAY, answered_on=TODAY)
    assert answer(check_information, information=(answered,)).verdict == CheckVerdict.PASSED


def test_open_request_is_for_a_person_with_other_words_once_it_is_due() -> None:
    for today, words in ((TODAY - DAY, "may still come"), (TODAY, "may still come"), (TODAY + DAY, "was not answered")):
        found = answer(check_information, today, information=(ASKED,))
        assert (found.verdict, found.code) == (CheckVerdict.NEEDS_PERSON, "INE-INFO")
        assert words in found.words
