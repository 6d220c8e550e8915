"""Marks for words still to come."""

import pytest

from reviews.rules.merge import merge_texts
from reviews.rules.placeholders import fill, names_in, unfilled


def test_known_marks_are_filled_and_others_stay() -> None:
    text = "A {{Age}}-year-old {{ sex }} asks for {{item}} by {{prescriber}}."
    filled = fill(text, {"age": "54", "sex": "male", "item": "MRI", "prescriber": ""})
    assert filled == "A 54-year-old male asks for MRI by {{prescriber}}."
    assert names_in(text) == ["age", "sex", "item", "prescriber"]
    assert unfilled(filled) == ["{{prescriber}}"]
    # A value with a mark of its own is words, not a mark to fill again.
    assert fill("{{item}}", {"item": "{{age}}", "age": "54"}) == "{{age}}"


@pytest.mark.parametrize("text", ["{{", "half of {{a", "and }} left", "{{}}", "{{a {{b}}"])
def test_remains_of_a_mark_count(text: str) -> None:
    assert unfilled(text)


def test_text_without_marks_has_none() -> None:
    assert unfilled("Grade {2} of 5, }") == []


def test_what_a_merge_could_not_settle_is_a_mark() -> None:
    merged = merge_texts("The knee hurts.", "The left knee hurts.", "The right knee hurts.").text
    assert len(unfilled(merged)) == 1
