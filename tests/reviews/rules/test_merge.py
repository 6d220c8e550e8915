"""Two texts written from one: nothing of either side is lost, and nobody's words are woven into nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.enums import Keep
from reviews.rules.merge import merge_texts, settle

WORDS = st.lists(st.sampled_from(["knee", "pain", "since", "2014.", "Left", "MRI;", "\n", "no"]), max_size=12).map(
    " ".join
)


@pytest.mark.parametrize(
    ("base", "mine", "stored", "text", "overlaps"),
    [
        ("A b.", "A b. Mine.", "A b. Theirs.", "A b. Theirs. Mine.", 0),
        ("", "Typed one. Two.", "Typed one.", "Typed one. Two.", 0),
        (
            "It hurts. He walks.",
            "It hurts. He walks slowly.",
            "It still hurts. He walks.",
            "It still hurts. He walks slowly.",
            0,
        ),
        ("The knee hurts.", "The knee hurts badly.", "The left knee hurts.", "The left knee hurts badly.", 0),
        (
            "The knee hurts.",
            "The left knee hurts.",
            "The right knee hurts.",
            "{{yours: The left knee hurts. | stored: The right knee hurts.}}",
            1,
        ),
        ("One. Two. Three.", "One. Three.", "One. Two.", "One. {{yours: Three. | stored: Two.}}", 1),
        ("Same.", "Other.", "Other.", "Other.", 0),
    ],
    ids=["both-add", "one-goes-on", "two-sentences", "one-sentence", "same-place", "both-remove", "alike"],
)
def test_changes_of_both_sides_stand_in_the_merged_text(
    base: str, mine: str, stored: str, text: str, overlaps: int
) -> None:
    merged = merge_texts(base, mine, stored)
    assert (merged.text, merged.overlaps) == (text, overlaps)


@given(WORDS, WORDS)
def test_what_one_side_alone_changed_is_taken_whole(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base).text == changed
    assert merge_texts(base, base, changed).text == changed
    assert merge_texts(base, changed, changed).text == changed


@given(WORDS, WORDS, WORDS)
def test_no_new_word_of_either_side_is_lost(base: str, mine: str, stored: str) -> None:
    merged = merge_texts(base, f"{mine} onlymine", f"{stored} onlytheirs").text
    assert "onlymine" in merged
    assert "onlytheirs" in merged


def test_settling_takes_one_sided_changes_and_asks_for_the_rest() -> None:
    base = {"rationale": "One.", "outcome": "", "claims_text": "ACOEM"}
    mine = {"rationale": "One. Mine.", "outcome": "upheld", "claims_text": "ACOEM"}
    stored = {"rationale": "One. Theirs.", "outcome": "", "claims_text": "MTUS"}
    asked = settle(base=base, mine=mine, stored=stored)
    assert asked.clashes == ("rationale",)
    assert asked.values == {"rationale": "One. Theirs.", "outcome": "upheld", "claims_text": "MTUS"}
    for keep, text in ((Keep.MINE, "One. Mine."), (Keep.STORED, "One. Theirs."), (Keep.MERGED, "One. Theirs. Mine.")):
        values = settle(base=base, mine=mine, stored=stored, keep=keep).values
        assert values == {**asked.values, "rationale": text}
    choice = settle(
        base={},
        mine={"outcome": "upheld"},
        stored={"outcome": "overturned"},
        keep=Keep.MERGED,
        choices=frozenset({"outcome"}),
    )
    assert choice.values == {"outcome": "upheld"}
