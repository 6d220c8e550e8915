"""Strengths."""

import pytest

from reviews.rules.checks.strength import check_strength
from tests.factories.checks import checked_pair

DENIED = "It is not medically necessary."


@pytest.mark.parametrize(
    ("item", "rationale", "is_found"),
    [
        ("Norco 10/325mg #60", f"Norco 5/325 mg is taken daily at night. {DENIED}", True),
        ("Gabapentin 300 mg", "The request for gabapentin 600mg is not medically necessary.", True),
        ("Norco 10/325mg #60", f"Norco 10 mg is taken. {DENIED}", False),
        ("Gabapentin 300.0 mg", f"Gabapentin 300mg is taken. {DENIED}", False),
        ("Gabapentin 300 mg", f"Gabapentin up to 3600 mg is common, 1800 mg/day is taken. {DENIED}", False),
        ("Norco 10/325mg", f"Norco and others make an equivalent of 120 mg. {DENIED}", False),
        ("Cream 320.5/30/16mg, then 30.5/30/16mg", f"The cream of 30.5/30/16 mg fails. {DENIED}", False),
        ("Norco 10/325mg", f"Aspirin 81 mg is taken. {DENIED}", False),
        ("Gym", f"Norco 10 mg is taken. {DENIED}", False),
    ],
)
def test_strength_check_compares_single_doses(item: str, rationale: str, is_found: bool) -> None:
    assert [finding.code for finding in check_strength(checked_pair(item, rationale))] == ["strength"] * is_found
