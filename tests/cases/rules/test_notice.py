"""Placeholders of notices."""

import pytest

from cases.rules.notice import PLACEHOLDERS, PlaceholderError, paragraphs, problem_of

VALUES = dict.fromkeys(PLACEHOLDERS, "") | {"case_number": "CM26-0000001", "reason_text": "{organization} <b>"}


def test_paragraphs_are_filled_and_values_are_never_read_again() -> None:
    found = paragraphs("Case {case_number}.\n\n{reason_text}\n\n{reason}", VALUES)
    assert found == ("Case CM26-0000001.", "{organization} <b>")


@pytest.mark.parametrize("text", ["{reviewer}", "{", "}", "{case number}", "{{case_number}}"])
def test_unknown_placeholder_is_named(text: str) -> None:
    assert "is no placeholder of notices" in problem_of(text)
    with pytest.raises(PlaceholderError):
        paragraphs(text, VALUES)


def test_every_known_placeholder_is_taken() -> None:
    assert problem_of(" ".join("{" + name + "}" for name in PLACEHOLDERS)) == ""


def test_placeholder_without_a_value_is_refused() -> None:
    with pytest.raises(PlaceholderError, match="has no value"):
        paragraphs("{case_number}", {})
