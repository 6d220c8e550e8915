"""Physician reports of each month before the request for authorization (8 CCR 9792.10.5(a)(1)(A)). Pure."""

import calendar
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from cases.enums import DocumentKind, RecordState
from cases.rules.records.facts import RecordsFacts
from cases.rules.records.result import ChecklistLine, Place
from imr.core.words import mmddyyyy

TITLE: Final = "Physician reports before the request, month by month"
REPORTS: Final = (DocumentKind.MEDICAL_REPORT.value,)


def check_months(facts: RecordsFacts) -> ChecklistLine:
    """A month without a report is a question, for nobody has to be seen every month; no report at all is a gap.

    A report counts by its own date and by the days of visits that its pages name.
    """
    reports = facts.of_kinds(REPORTS)
    if facts.requested_on is None:
        return _line(
            facts,
            RecordState.QUESTION,
            "The day of the request for authorization is not known, so the months cannot be counted.",
            "Enter when the request was received, in the step “UR decision”, or add the request with its date.",
        )
    dates = {day for paper in reports for day in paper.all_dates}
    spans = month_spans(facts.requested_on, facts.months)
    empty = [span for span in spans if not any(span[0] <= day <= span[1] for day in dates)]
    until = f"{mmddyyyy(facts.requested_on)} ({facts.requested_words})"
    undated = tuple(Place.of(paper, "no date is known") for paper in reports if not paper.all_dates)
    date_them = " Give the reports below their date: they may be of these months." if undated else ""
    if not empty:
        words = f"A report of every month from {mmddyyyy(spans[0][0])} to {until}."
        return _line(facts, RecordState.HERE, words, places=undated)
    details = tuple(f"{mmddyyyy(first)} to {mmddyyyy(last)}: no report" for first, last in empty)
    if len(empty) == len(spans):
        return _line(
            facts,
            RecordState.MISSING,
            f"No physician report of the {facts.months} months before {until}.",
            "Add the physician’s reports of these months." + date_them,
            details=details,
            places=undated,
        )
    return _line(
        facts,
        RecordState.QUESTION,
        f"{len(empty)} of the {facts.months} months before {until} have no report.",
        "Add the reports of these months. Where the worker was not seen, nothing is missing." + date_them,
        details=details,
        places=undated,
    )


def month_spans(until: date, months: int) -> list[tuple[date, date]]:
    """The `months` spans of a month that end on `until`, the earliest first, first and last day included."""
    starts = [_months_before(until, count) for count in range(months, -1, -1)]
    spans = [(first, following - timedelta(days=1)) for first, following in pairwise(starts)]
    return [*spans[:-1], (spans[-1][0], until)]


def _months_before(day: date, count: int) -> date:
    """The same day `count` months earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _line(
    facts: RecordsFacts,
    state: RecordState,
    words: str,
    to_do: str = "",
    *,
    details: tuple[str, ...] = (),
    places: tuple[Place, ...] = (),
) -> ChecklistLine:
    return ChecklistLine(
        code="months",
        title=TITLE,
        state=state,
        words=words,
        to_do=to_do,
        citation=facts.span_citation,
        is_confirmed=facts.is_span_confirmed,
        places=places,
        details=details,
    )
