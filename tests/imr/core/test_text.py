"""What text becomes, and what is refused, with the ids of the bad-input table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr.core.text import TextError, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  O'Brien-Peña Jr. ", "O'Brien-Peña Jr."),
        ("Łukasz Nguyễn", "Łukasz Nguyễn"),
        ("n\u0303", "ñ"),
        ("a\u00a0b", "a b"),
        ("zero\u200bwidth\u00ad", "zerowidth"),
        ("ef\ufb01cient \ufb04uid", "efficient ffluid"),
        ("\u200b\u00a0 ", ""),
        ("Lumbar Spine , 3 times", "Lumbar Spine , 3 times"),
        ("≥ ≤ ± µ ° ½ – — “x” § ™ ✓ ☐ →", "≥ ≤ ± µ ° ½ – — “x” § ™ ✓ ☐ →"),
        ("' OR 1=1-- {{7*7}} <script>", "' OR 1=1-- {{7*7}} <script>"),
        ("one\ntwo", "one two"),
        ("1\u200d2\u200c", "12"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
    ],
)
def test_clean_text_keeps_what_people_write(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_clean_text_keeps_paragraphs_and_folds_blank_lines() -> None:  # B72
    assert clean_text("a\r\nb\n\n\n\n\nc" + "\n" * 20_000, multiline=True) == "a\nb\n\nc"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("abc\x00def", "invisible character after “abc”"),  # B2
        ("bell\x07", "invisible character after “bell”"),  # B73
        ("c1\x85x", "invisible character after “c1”"),
        ("\ufffe", "invalid character at the start"),
        ("half \ud800", "half of a surrogate pair"),  # B4
        ("Garc\ufffda", "a character was lost there"),  # B9: a decoder's stand-in is no letter of a name
        ("ascii\x7f", "invisible character after “ascii”"),
        ("not \u202eyrassecen\u202c", "hidden direction marks after “not”"),  # B74
        ("tag\U000e0041", "invisible character after “tag”"),
        ("e" + "\u0330" * 9, "stacked accents"),  # B75
        ("a" + "\u200b" * 6, "invisible characters after “a”"),
        ("x" * 201, "201 characters"),  # B71
        ("https://example.test/" + "a" * 2_000, r"Shorten the link .* 2,021 characters \(the most is 2,000\)"),
    ],
)
def test_clean_text_refuses_with_words(typed: str, words: str) -> None:
    with pytest.raises(TextError, match=words):
        clean_text(typed, multiline=True)


def test_clean_text_lets_long_links_pass() -> None:  # B87
    link = "https://example.test/" + "a" * 1_900
    assert clean_text(link) == link


@given(st.text(max_size=300), st.booleans())
def test_clean_text_is_idempotent(typed: str, multiline: bool) -> None:
    try:
        once = clean_text(typed, multiline=multiline)
    except TextError:
        return
    assert clean_text(once, multiline=multiline) == once
