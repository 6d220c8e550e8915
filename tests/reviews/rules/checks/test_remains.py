"""What templates leave behind."""

import pytest

from reviews.rules.checks.remains import check_remains
from tests.factories.checks import checked_pair


@pytest.mark.parametrize(
    "words",
    ["[...]", "[…]", "XXX", "{{ body_part }}", "{% if %}", "[insert date]", "Lorem ipsum", "____", "TBD", "<<name>>"],
)
def test_remains_check_finds_placeholders(words: str) -> None:
    (finding,) = check_remains(checked_pair("Gym", f"He needs {words} for his pain."))
    assert (finding.code, finding.place) == ("template_remains", "rationale")


@pytest.mark.parametrize(
    "words",
    ["[sic]", "[1]", "       ", "(https://example.org/a_b)", "a 10% [ODG] rule", "level XX", "ages < 20 and > 10"],
)
def test_remains_check_lets_brackets_and_redactions_be(words: str) -> None:
    assert not check_remains(checked_pair("Gym", f"He needs {words} for his pain."))
