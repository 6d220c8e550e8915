"""Time spent: sittings from what the server sees, gaps left out, and the reviewer's own word."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import DomainError, NotAllowedError
from reviews.models import TimeCorrection, WorkSitting
from reviews.selectors.work_time import minutes_words, times_of
from reviews.services.reading import begin_visit, keep_pages_seen, open_document
from reviews.services.review import FindingWords, mark_documents, save_finding, save_summary
from reviews.services.work_time import IDLE, correct_time, note_work
from tests.factories.review_drafts import make_record, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_reviewer
from tests.races import race

MINUTE = timedelta(minutes=1)


class Hand:
    """The clock of the service, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def after(self, span: timedelta) -> datetime:
        self.now += span
        return self.now


@pytest.fixture
def accepted() -> Accepted:
    found = make_accepted()
    prepare_case(found.case)
    return found


def measured(accepted: Accepted) -> int:
    return times_of([accepted.assignment.pk])[accepted.assignment.pk].measured


@pytest.mark.django_db
def test_acts_close_together_are_one_sitting_and_a_gap_does_not_count(
    accepted: Accepted, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(monkeypatch)
    for span in (0 * MINUTE, 4 * MINUTE, IDLE, IDLE + timedelta(seconds=1), 2 * MINUTE, timedelta(hours=9), 3 * MINUTE):
        hand.after(span)
        note_work(assignment_id=accepted.assignment.pk)
    assert WorkSitting.objects.count() == 3
    assert measured(accepted) == 4 + 5 + 2 + 3
    # A clock that is set back takes nothing away.
    hand.after(-MINUTE)
    note_work(assignment_id=accepted.assignment.pk)
    assert measured(accepted) == 14


@pytest.mark.django_db
def test_reading_and_writing_count_each_by_itself(accepted: Accepted, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(monkeypatch)
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    record, item = make_record(accepted.case), accepted.case.items.get()
    acts: list[Callable[[], object]] = [
        lambda: begin_visit(**who),
        lambda: open_document(**who, document=record),
        lambda: keep_pages_seen(**who, document=record, pages=[1]),
        lambda: save_summary(**who, version=1, clinical_case_summary="Words."),
        lambda: save_finding(**who, item_id=item.pk, version=1, written=FindingWords(outcome="upheld")),
        lambda: mark_documents(**who, uses={record.pk: "considered"}),
    ]
    for number, act in enumerate(acts):
        hand.after(MINUTE)
        act()
        assert measured(accepted) == number
    assert WorkSitting.objects.count() == 1


@pytest.mark.django_db
def test_the_reviewers_word_counts_with_its_reason_and_what_was_measured_stays(accepted: Accepted) -> None:
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    now = clock.now()
    WorkSitting.objects.create(assignment=accepted.assignment, began_at=now - 12 * MINUTE, ended_at=now)
    correct_time(**who, minutes=50, reason="Read the printed records.")
    correct_time(**who, minutes=65, reason="And wrote by hand.")
    time = times_of([accepted.assignment.pk])[accepted.assignment.pk]
    assert (time.measured, time.minutes, time.words) == (12, 65, "1 h 05 min")
    assert time.correction is not None
    assert time.correction.measured_minutes == 12
    event = Event.objects.filter(action="assignment.time_corrected").latest("pk")
    assert event.detail == {"minutes": 65, "measured": 12}
    for minutes, reason in ((5, " "), (6_001, "Long.")):
        with pytest.raises(DomainError):
            correct_time(**who, minutes=minutes, reason=reason)
    with pytest.raises(NotAllowedError):
        correct_time(**{**who, "actor": make_reviewer().user}, minutes=5, reason="Not mine.")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        TimeCorrection.objects.update(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_make_one_sitting() -> None:
    accepted = make_accepted()
    prepare_case(accepted.case)
    WorkSitting.objects.all().delete()
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    race(lambda: begin_visit(**who), lambda: save_summary(**who, version=1, clinical_case_summary="Words."))
    assert WorkSitting.objects.count() == 1


def test_minutes_read_like_a_clock() -> None:
    assert [minutes_words(number) for number in (0, 59, 60, 125)] == ["0 min", "59 min", "1 h 00 min", "2 h 05 min"]
