"""Spinal levels."""

import pytest

from reviews.rules.checks.anatomy import level_words, levels_in
from reviews.rules.checks.level import check_level
from tests.factories.checks import checked_pair


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("L4-5 and L5-S1", "L4-L5, L5-S1"),
        ("fusion L3 through S1", "L3-L4, L4-L5, L5-S1"),
        ("C5-C6, C6/7", "C5-C6, C6-C7"),
        ("left L5 root", "L5"),
        ("C7-T1", "C7-T1"),
        ("Table L12. T2-weighted images, L9", ""),
        ("S1 100 mg, L4.5, C9", "S1"),
    ],
)
def test_levels_are_read_in_their_shapes(text: str, levels: str) -> None:
    assert level_words(levels_in(text)) == levels


def test_level_check_finds_another_level_only() -> None:
    (finding,) = check_level(checked_pair("ESI at L4-5", "The injection at L2-3 is not medically necessary."))
    assert finding.code == "spinal_level"
    assert "L4-L5" in finding.message
    assert "L2-L3" in finding.message
    assert check_level(checked_pair("ACDF at C6-7", "The C6 root is pressed by a herniation at C5-6. It is necessary."))
    for rationale in (
        "MRI shows stenosis at L3-4 and L4-5. It is not necessary.",
        "The L5 root is free. It is not necessary.",
        "Sensation is reduced in the S1 dermatome. It is not necessary.",
        "No level is named.",
    ):
        assert not check_level(checked_pair("ESI at L4-5", rationale))
