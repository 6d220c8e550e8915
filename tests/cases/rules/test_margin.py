"""By how much a due date was kept or missed (N4)."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.rules.margin import margin, span_words

DUE = datetime(2026, 3, 17, 6, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "kept", "words"),
    [
        (timedelta(0), True, "kept, in the last second"),
        (timedelta(seconds=-1), True, "kept, 1 second before the end"),
        (timedelta(seconds=1), False, "missed by 1 second"),
        (timedelta(microseconds=1), False, "missed by 1 second"),
        (-timedelta(days=2, hours=3, minutes=5), True, "kept, 2 days 3 hours before the end"),
        (timedelta(days=1), False, "missed by 1 day"),
    ],
)
def test_the_last_instant_is_still_in_time(after: timedelta, kept: bool, words: str) -> None:
    found = margin(received_at=DUE + after, due_at=DUE)
    assert (found.kept, found.words) == (kept, words)


def test_span_names_its_two_largest_units() -> None:
    assert span_words(90_061) == "1 day 1 hour"
    assert span_words(61) == "1 minute 1 second"
    assert span_words(0) == "0 seconds"
