"""All checks together, on an invented corpus: what they catch, what they cry out for nothing, how long they take."""

import time
from dataclasses import replace

import pytest

from reviews.rules.checks.planting import KINDS, count_catches, plant_all
from reviews.rules.checks.run import Tally, check_determination
from tests.factories.checks import AWKWARD, INVENTED, ITEM, make_checked, read_corpus

MOST_ALARMS_PER_100 = 3
LEAST_CAUGHT = 95


def test_checks_raise_few_alarms_on_clean_texts() -> None:
    tally = Tally()
    for determination in [*read_corpus(INVENTED), *read_corpus(AWKWARD)]:
        tally.add(determination, check_determination(determination))
    assert tally.items == 123
    assert tally.alarms_per_100 <= MOST_ALARMS_PER_100, tally.alarms


@pytest.mark.parametrize("seed", [1, 2])
def test_checks_catch_planted_mistakes_of_every_kind(seed: int) -> None:
    catches = count_catches(read_corpus(INVENTED), seed)
    assert set(catches.planted) == set(KINDS)
    assert {kind: catches.rate(kind) for kind in KINDS if catches.rate(kind) < LEAST_CAUGHT} == {}, catches.missed


def test_planting_is_repeatable_and_changes_one_thing() -> None:
    corpus = read_corpus(INVENTED)[:5]
    planted = list(plant_all(corpus, 7))
    assert planted == list(plant_all(corpus, 7))
    originals = {one.case_number: one for one in corpus}
    for one in planted:
        before = originals[one.determination.case_number]
        changed = [a.position for a, b in zip(before.items, one.determination.items, strict=True) if a != b]
        assert changed == ([one.position] if one.position else [])
        assert one.determination != before


def test_five_hundred_items_are_checked_in_two_seconds_of_the_processor() -> None:
    # Other words each time, so that nothing is remembered from the time before.
    fresh = [
        replace(one, items=tuple(replace(item, rationale=f"{item.rationale} Round {turn}.") for item in one.items))
        for turn in range(6)
        for one in read_corpus(INVENTED)
    ]
    assert sum(len(one.items) for one in fresh) >= 500
    start = time.process_time()
    for one in fresh:
        check_determination(one)
    assert time.process_time() - start < 20  # ten times the budget: the machine may be slow, but not the rules


def test_findings_come_in_the_order_of_the_letter() -> None:
    second = replace(ITEM, position=2, outcome="overturned", rationale="[...]")
    found = check_determination(make_checked(second, ITEM, summary="XXX"))
    assert [finding.position or 0 for finding in found][:2] == [0, 2]
    assert {finding.code for finding in found} == {"template_remains", "rationale_short"}
