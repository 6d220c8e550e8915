"""Left and right."""

import pytest

from reviews.rules.checks.side import check_side
from tests.factories.checks import checked_pair


@pytest.mark.parametrize(
    ("item", "rationale", "summary", "place"),
    [
        ("MRI of the right knee", "The left knee is stable. MRI is not necessary.", "", "rationale"),
        ("MRI, knee (R)", "The request for MRI of the left knee is not medically necessary.", "", "rationale"),
        ("Left L4-5 injection", "Pain is on the right L5 root. It is not necessary.", "", "rationale"),
        (
            "Right carpal tunnel release",
            "The right hand did well. Left carpal tunnel release is medically necessary.",
            "",
            "rationale",
        ),
        (
            "Right knee arthroscopy",
            "There is left knee pain following right knee surgery. It is not necessary.",
            "",
            "rationale",
        ),
        ("Right knee brace", "No instability. It is not necessary.", "He has a torn left meniscus.", "summary"),
    ],
)
def test_side_check_finds_the_other_side(item: str, rationale: str, summary: str, place: str) -> None:
    (finding,) = check_side(checked_pair(item, rationale, summary=summary))
    assert (finding.code, finding.place) == ("side", place)
    assert finding.quote in (rationale, summary) or finding.quote in f"{rationale}{summary}"


@pytest.mark.parametrize(
    ("item", "rationale", "summary"),
    [
        ("MRI of the right knee", "The left knee was studied before. The right knee MRI is not necessary.", ""),
        ("MRI of the right knee", "Both knees hurt. It is not necessary.", ""),
        ("Bilateral knee braces", "The right knee has one already. It is not necessary.", ""),
        ("Right wrist surgery", "He is left hand dominant and was left without help. It is not necessary.", ""),
        ("MRI of the right knee", "The left shoulder is healed. It is not necessary.", ""),
        ("Right knee brace", "It is not necessary.", "Right and left knee pain."),
        ("Gym", "The right to treatment is not in doubt.", ""),
    ],
)
def test_side_check_lets_both_sides_and_idioms_be(item: str, rationale: str, summary: str) -> None:
    assert not check_side(checked_pair(item, rationale, summary=summary))
