"""Pages as people write them (B12)."""

import pytest

from cases.rules.page_ranges import PageRangeError, page_words, range_words, read_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("", ()),
        ("  ", ()),
        ("7", (7,)),
        ("1-3, 7", (1, 2, 3, 7)),
        ("7 1-3", (7, 1, 2, 3)),
        ("1 – 3; 7", (1, 2, 3, 7)),
        ("1 to 3,7", (1, 2, 3, 7)),
        ("8-end", (8, 9, 10)),
        ("10-END", (10,)),
        ("4-4", (4,)),
    ],
)
def test_pages_are_read_in_the_typed_order(text: str, pages: tuple[int, ...]) -> None:
    assert read_pages(text, page_count=10) == pages


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one", "“one” cannot be read"),
        ("1-2-3", "cannot be read"),
        ("-3", "cannot be read"),
        ("\u0661", "cannot be read"),
        ("0", "There is no page 0. The document has 10 pages."),
        ("11", "There is no page 11."),
        ("1-9999999", "cannot be read"),
        ("5-3", "the other way round: 3-5"),
        ("1-3, 2", "Page 2 is named twice."),
        ("1-4, 2-3", "Pages 2-3 are named twice."),
        ("1," * 1_500, "2,000 characters or fewer"),
    ],
)
def test_bad_ranges_say_what_to_write(text: str, words: str) -> None:
    with pytest.raises(PageRangeError, match=words.replace("?", r"\?")):
        read_pages(text, page_count=10)


def test_pages_are_written_as_ranges() -> None:
    assert range_words([1, 2, 3, 7]) == "1-3, 7"
    assert range_words([7, 1, 2]) == "7, 1-2"
    assert (page_words([7]), page_words([1, 2])) == ("page 7", "pages 1-2")
