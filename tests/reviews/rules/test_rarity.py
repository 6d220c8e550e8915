"""Combinations that may tell who somebody is."""

import pytest

from reviews.rules.rarity import SMALL_CELL, ItemCount, rare_combinations


def kinds(**changes: object) -> list[str]:
    given: dict[str, object] = {
        "states": ["California"],
        "certifications": ["Pain Management"],
        "reviewers": 4,
        "items": [ItemCount(1, "Imaging/Radiology", SMALL_CELL)],
        "texts": ["The worker is a 54 year old male."],
    }
    return [rarity.kind for rarity in rare_combinations(**{**given, **changes})]  # type: ignore[arg-type]


def test_common_combinations_are_passed_over() -> None:
    assert kinds() == []


@pytest.mark.parametrize("count", [0, 1])
def test_one_fitting_reviewer_is_told(count: int) -> None:
    assert kinds(reviewers=count) == ["reviewer"]
    assert kinds(reviewers=2) == []


def test_treatment_in_a_small_cell_is_told() -> None:
    (rarity,) = rare_combinations(
        states=["Nevada"],
        certifications=["Hand Surgery"],
        reviewers=3,
        items=[ItemCount(2, "Facet", SMALL_CELL - 1)],
        texts=[],
    )
    assert "Item 2" in rarity.words
    assert "Facet" in rarity.words


@pytest.mark.parametrize("text", ["A 90 year old man", "a 93-year-old woman", "101 y/o female", "a 91 yo male"])
def test_great_age_is_told(text: str) -> None:
    assert kinds(texts=[text]) == ["age"]


@pytest.mark.parametrize("text", ["a 89 year old man", "within 90 days", "pain for 95 years of work", "90 tablets"])
def test_other_figures_are_no_age(text: str) -> None:
    assert kinds(texts=[text]) == []
