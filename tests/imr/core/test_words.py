"""Deadlines at their boundaries, in Pacific time, across the change of the clocks and of the year."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from imr.core.words import Urgency, due, due_words, file_size, mmddyyyy, pacific

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOS_ANGELES)  # type: ignore[misc, arg-type]


DEADLINE = at(2026, 11, 26, 17, 0)


@pytest.mark.parametrize(
    ("left", "words", "urgency"),
    [
        (timedelta(days=20), "due in 20 days", Urgency.LATER),
        (timedelta(hours=48), "due in 2 days", Urgency.LATER),
        (timedelta(hours=48, seconds=-1), "due in 47 hours", Urgency.SOON),
        (timedelta(hours=2), "due in 2 hours", Urgency.SOON),
        (timedelta(minutes=119), "due in 1 hour", Urgency.SOON),
        (timedelta(minutes=60), "due in 1 hour", Urgency.SOON),
        (timedelta(minutes=60, seconds=-1), "due in 59 minutes", Urgency.SOON),
        (timedelta(minutes=1), "due in 1 minute", Urgency.SOON),
        (timedelta(seconds=59), "due now", Urgency.SOON),
        (timedelta(0), "due now", Urgency.SOON),
        (timedelta(seconds=-1), "overdue", Urgency.OVERDUE),
        (timedelta(minutes=-1), "overdue by 1 minute", Urgency.OVERDUE),
        (timedelta(hours=-1), "overdue by 1 hour", Urgency.OVERDUE),
        (timedelta(hours=-48, seconds=1), "overdue by 47 hours", Urgency.OVERDUE),
        (timedelta(hours=-48), "overdue by 2 days", Urgency.OVERDUE),
        (timedelta(days=-1000), "overdue by 1,000 days", Urgency.OVERDUE),
    ],
)
def test_due_distance_at_its_boundaries(left: timedelta, words: str, urgency: Urgency) -> None:
    seen = due(DEADLINE, DEADLINE - left)
    assert (seen.distance, seen.urgency) == (words, urgency)


def test_due_words_name_the_pacific_day_and_count_calendar_days() -> None:
    assert due_words(DEADLINE, at(2026, 11, 23, 7, 20)) == "due in 3 days, Thu Nov 26, 5:00 PM PT"
    # Less than three times 24 hours, and still Monday to Thursday.
    assert due_words(DEADLINE, at(2026, 11, 23, 23, 0)) == "due in 3 days, Thu Nov 26, 5:00 PM PT"
    # The same instant given in UTC, where it is Friday already.
    assert due_words(DEADLINE.astimezone(ZoneInfo("UTC")), at(2026, 11, 23, 7, 20)).endswith("Thu Nov 26, 5:00 PM PT")


def test_due_words_name_the_year_when_it_is_another() -> None:
    assert due_words(at(2027, 1, 4, 0, 30), at(2026, 12, 30, 9, 0)) == "due in 5 days, Mon Jan 4, 2027, 12:30 AM PT"


def test_due_days_are_right_over_the_change_of_the_clocks() -> None:
    # November 1, 2026 has 25 hours.
    assert due(at(2026, 11, 2, 9, 0), at(2026, 10, 31, 9, 0)).distance == "due in 2 days"


@pytest.mark.parametrize(
    ("day", "words", "urgency"),
    [
        (date(2026, 11, 22), "overdue by 1 day, Sun Nov 22", Urgency.OVERDUE),
        (date(2026, 11, 23), "due today, Mon Nov 23", Urgency.SOON),
        (date(2026, 11, 24), "due tomorrow, Tue Nov 24", Urgency.SOON),
        (date(2026, 11, 25), "due in 2 days, Wed Nov 25", Urgency.LATER),
    ],
)
def test_due_day_without_time_lasts_until_its_end(day: date, words: str, urgency: Urgency) -> None:
    late_evening = at(2026, 11, 23, 23, 59)
    assert due_words(day, late_evening) == words
    assert due(day, late_evening).urgency == urgency


def test_days_and_instants_are_written_in_pacific_time() -> None:
    midnight_utc = datetime(2026, 7, 1, 6, 5, tzinfo=ZoneInfo("UTC"))
    assert pacific(midnight_utc) == "06/30/2026, 11:05 PM PT"
    assert mmddyyyy(midnight_utc) == "06/30/2026"
    assert mmddyyyy(date(1940, 1, 2)) == "01/02/1940"
    assert pacific(at(2026, 1, 1, 0, 0)) == "01/01/2026, 12:00 AM PT"
    assert pacific(at(2026, 1, 1, 12, 0)) == "01/01/2026, 12:00 PM PT"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KB"),
        (12 * 1024, "12 KB"),
        (1024 * 1024 - 1, "1.0 MB"),
        (3_500_000, "3.3 MB"),
        (5 * 1024**4, "5,120 GB"),
    ],
)
def test_file_size_words(size: int, words: str) -> None:
    assert file_size(size) == words
