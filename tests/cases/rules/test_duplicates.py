"""Whether two applications are about the same dispute: what counts, what does not, and what is said of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cases.enums import IneligibilityReason
from cases.rules.duplicates import (
    DecidedItem,
    DisputeFacts,
    EarlierCase,
    check_earlier,
    compare,
    decided_before,
    is_same_item,
    plain_number,
    shared_items,
)
from cases.rules.finding import Severity

FACTS = DisputeFacts(
    claim_number="WC-2026-00815",
    date_of_injury=date(2024, 11, 1),
    decided_on=date(2026, 3, 2),
    physician="Noah Bell",
    employee="Maria Sandoval",
    items=("6 sessions of aquatic therapy", "Lumbar MRI without contrast"),
)


def test_equal_applications_are_the_same_dispute() -> None:
    match = compare(FACTS, FACTS)
    assert (match.score, match.is_same, match.different) == (100, True, ())
    assert match.same == (
        "claim number",
        "UR decision date",
        "date of injury",
        "requesting physician",
        "worker",
        "2 of 2 items",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"claim_number": "wc 2026 00815"},
        {"employee": "SANDOVAL, María"},
        {"employee": "Maria Sandovall"},
        {"physician": "Bell Noah"},
        {"items": ("6 sessions of Aquatic  Therapy",)},
        {"items": ("lumbar MRI, without contrast", "6 sessions aquatic therapy")},
    ],
    ids=str,
)
def test_spelling_does_not_hide_a_duplicate(change: dict[str, Any]) -> None:
    assert compare(replace(FACTS, **change), FACTS).is_same


@pytest.mark.parametrize(
    ("change", "different"),
    [
        ({"items": ("12 sessions of aquatic therapy",)}, "items"),
        ({"items": ("Cervical MRI",)}, "items"),
        ({"decided_on": date(2026, 3, 3)}, "UR decision date"),
        ({"claim_number": "WC-2026-00816"}, "claim number"),
    ],
    ids=str,
)
def test_other_treatment_decision_or_claim_is_alike_only(change: dict[str, Any], different: str) -> None:
    match = compare(replace(FACTS, **change), FACTS)
    assert not match.is_same
    assert match.is_similar
    assert match.different == (different,)


def test_another_worker_with_another_claim_is_nothing_to_look_at() -> None:
    other = replace(FACTS, claim_number="HL-1", employee="Tomás Echeverría", items=("Knee brace",))
    assert not compare(other, FACTS).is_similar


def test_open_answers_count_neither_way() -> None:
    match = compare(DisputeFacts(claim_number="WC-2026-00815"), FACTS)
    assert (match.score, match.same, match.different) == (25, ("claim number",), ())
    assert compare(DisputeFacts(), DisputeFacts()).score == 0


def test_names_in_other_scripts_are_compared_as_they_are() -> None:
    mine = replace(FACTS, employee="李小龙")
    assert "worker" in compare(mine, mine).same
    assert "worker" in compare(mine, replace(FACTS, employee="王小明")).different


def test_figures_of_an_item_must_agree() -> None:
    assert is_same_item("Norco 10/325 mg #60", "norco 10/325mg #60")
    assert not is_same_item("Norco 10/325 mg #60", "Norco 10/325 mg #90")
    assert shared_items(["a b c", "x"], ["A B C"]) == [0]
    assert plain_number("WC-2026 / 015") == "wc2026015"


def earlier(**change: Any) -> EarlierCase:
    return EarlierCase("CM26-0000012", date(2026, 3, 10), compare(replace(FACTS, **change), FACTS))


def test_dispute_on_file_needs_a_tick_and_names_the_case() -> None:
    [finding] = check_earlier([earlier(), earlier(claim_number="X")])
    assert (finding.severity, finding.code) == (Severity.CONFIRM, IneligibilityReason.DUPLICATE)
    assert "case CM26-0000012, received 03/10/2026" in finding.message


def test_case_that_is_alike_is_said_without_a_tick() -> None:
    [finding] = check_earlier([earlier(items=("Cervical MRI",))])
    assert finding.severity == Severity.WARNING
    assert check_earlier([]) == []


@pytest.mark.parametrize(
    ("decided_on", "hinted"),
    [
        (date(2025, 3, 1), False),
        (date(2025, 3, 2), True),
        (date(2026, 3, 1), True),
        (date(2026, 3, 2), False),
    ],
)
def test_item_decided_within_twelve_months_of_its_denial_is_hinted(decided_on: date, hinted: bool) -> None:  # D19
    decided = [DecidedItem("CM25-0000003", "6 sessions of aquatic therapy", "Upheld", date(2025, 3, 2))]
    found = decided_before(FACTS.items, decided, decided_on=decided_on, months=12)
    assert bool(found) == hinted
    if hinted:
        assert (found[0].position, "until 03/02/2026" in found[0].words) == (1, True)


def test_no_hint_without_a_decision_date_or_for_another_item() -> None:
    decided = [DecidedItem("CM25-0000003", "Knee brace", "Upheld", date(2026, 1, 2))]
    assert decided_before(FACTS.items, decided, decided_on=FACTS.decided_on, months=12) == []
    assert decided_before(FACTS.items, decided, decided_on=None, months=12) == []
