"""The parts of the body that texts name."""

import pytest

from reviews.rules.checks.anatomy import body_parts_of


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (["MRI of the lumbar spine"], ("low back",)),
        (["Physical therapy, left knee, 2x4", "Injection of the cervical spine"], ("neck", "left knee")),
        (["Left knee arthroscopy", "MRI of the right knee"], ("knee",)),
        (["Bilateral wrist braces"], ("wrist or hand (both sides)",)),
        (["Norco 10/325mg #60"], ()),
        ([], ()),
    ],
)
def test_parts_come_from_head_to_foot_with_the_side_that_is_certain(texts: list[str], parts: tuple[str, ...]) -> None:
    assert body_parts_of(texts) == parts
