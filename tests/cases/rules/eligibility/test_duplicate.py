"""The same dispute in an earlier case."""

from dataclasses import replace

from cases.enums import CheckVerdict
from cases.rules.eligibility.duplicate import check_duplicate
from cases.rules.eligibility.facts import EarlierDispute, item_key
from tests.factories.eligibility import DAY, DECIDED, ITEM, RECEIVED, TODAY, answer, facts, figures

EARLIER = EarlierDispute(
    number="CM26-0000007",
    received_on=RECEIVED - DAY,
    decided_on=DECIDED,
    items=frozenset({item_key(ITEM.description)}),
)


def test_first_filing_passes() -> None:
    assert answer(check_duplicate).verdict == CheckVerdict.PASSED


def test_same_item_of_the_same_decision_fails_and_names_the_earlier_case() -> None:
    found = answer(check_duplicate, earlier=(EARLIER,))
    assert (found.verdict, found.code) == (CheckVerdict.FAILED, "INE-DUP")
    assert "CM26-0000007" in found.words


def test_words_are_compared_without_case_and_blanks_and_other_items_pass() -> None:
    same = replace(ITEM, description="AQUATIC  therapy, 12 sessions ")
    other = replace(ITEM, position=2, description="MRI of the knee")
    found = check_duplicate(facts(items=(same, other), earlier=(EARLIER,)), figures(), TODAY)
    assert [one.verdict for one in found] == [CheckVerdict.FAILED, CheckVerdict.PASSED]


def test_another_decision_is_no_duplicate() -> None:
    other = replace(EARLIER, decided_on=DECIDED - DAY)
    assert answer(check_duplicate, earlier=(other,)).verdict == CheckVerdict.PASSED


def test_refused_case_may_be_filed_anew_and_an_ended_one_is_for_a_person() -> None:
    refused = answer(check_duplicate, earlier=(replace(EARLIER, is_refused=True),))
    assert refused.verdict == CheckVerdict.PASSED
    assert "may be filed anew" in refused.words
    assert answer(check_duplicate, earlier=(replace(EARLIER, is_ended=True),)).verdict == CheckVerdict.NEEDS_PERSON
