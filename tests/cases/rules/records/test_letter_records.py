"""The lists of records in a UR decision letter (N10)."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cases.rules.records.letter_records import named_records

LETTER = """Utilization review decision
The request for MRI of the lumbar spine is denied.
Records reviewed:
1. Progress note of Dr. Bell, 01/05/2026
2. MRI report dated December 1, 2025
- Urine drug test
a page number
Rationale
The note of 02/02/2026 is not in the list."""


def test_list_is_read_until_the_letter_goes_on_with_something_else() -> None:
    assert [(one.text, one.dated_on, one.page) for one in named_records([(2, LETTER)])] == [
        ("Progress note of Dr. Bell, 01/05/2026", date(2026, 1, 5), 2),
        ("MRI report dated December 1, 2025", date(2025, 12, 1), 2),
        ("Urine drug test", None, 2),
    ]


def test_list_within_a_line_and_on_the_next_page() -> None:
    pages = [
        (1, "The following documents were reviewed: PR-2 of 01/05/2026; RFA of 02/01/2026"),
        (2, "Operative report 03/03/2025\nDetermination: denied"),
    ]
    assert [(one.dated_on, one.page) for one in named_records(pages)] == [
        (date(2026, 1, 5), 1),
        (date(2026, 2, 1), 1),
        (date(2025, 3, 3), 2),
    ]


def test_sentences_below_the_list_are_no_records() -> None:
    below = (
        "Records reviewed:\nUrine drug test\n"
        "Invented record for demonstration. No person, firm or treatment in it is real.\n"
        "If you have any question about this letter please call us.\n"
        "• Report of the treating physician on the lumbar spine and the left leg.\n"
        "Progress note of Dr. Bell"
    )
    assert [one.text for one in named_records([(1, below)])] == [
        "Urine drug test",
        "Report of the treating physician on the lumbar spine and the left leg",
        "Progress note of Dr. Bell",
    ]


def test_a_record_is_named_once() -> None:
    assert len(named_records([(1, LETTER), (2, LETTER)])) == 3


def test_a_letter_without_a_list_names_nothing() -> None:
    assert named_records([(1, "The request is denied. You may appeal within 30 days.")]) == ()


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    named_records([(1, f"Records reviewed: {text}\n{text}")])
