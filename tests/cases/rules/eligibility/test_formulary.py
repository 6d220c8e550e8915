"""The shorter time of formulary drugs."""

from dataclasses import replace
from datetime import date

from cases.enums import CheckVerdict
from cases.rules.eligibility.formulary import check_formulary
from tests.factories.eligibility import ITEM, TODAY, answer, facts, figures

DRUG = replace(ITEM, is_drug=True)


def test_drug_is_for_a_person_after_the_tenth_day() -> None:
    for received, verdict in (
        (date(2026, 10, 26), CheckVerdict.PASSED),
        (date(2026, 10, 27), CheckVerdict.PASSED),
        (date(2026, 10, 28), CheckVerdict.NEEDS_PERSON),
    ):
        found = answer(check_formulary, items=(DRUG,), received_on=received)
        assert (found.verdict, found.item) == (verdict, 1)


def test_nothing_is_asked_where_there_is_no_drug_or_a_person_has_said_what_it_is() -> None:
    assert check_formulary(facts(), figures(), TODAY) == []
    for said in (True, False):
        assert check_formulary(facts(items=(DRUG,), is_formulary=said), figures(), TODAY) == []


def test_decisions_before_the_formulary_are_not_asked_about() -> None:
    assert check_formulary(facts(items=(DRUG,), served_on=date(2017, 12, 31)), figures(), TODAY) == []
