"""Physician reports month by month before the request (N10)."""

from datetime import date, timedelta
from itertools import pairwise

from cases.enums import DocumentKind, RecordState
from cases.rules.records.months import check_months, month_spans
from tests.factories.records import REQUESTED, facts, paper

SPANS = month_spans(REQUESTED, 6)


def test_spans_follow_one_another_without_a_gap_and_end_on_the_day_of_the_request() -> None:
    assert (SPANS[0], SPANS[-1]) == (
        (date(2025, 9, 10), date(2025, 10, 9)),
        (date(2026, 2, 10), date(2026, 3, 10)),
    )
    assert all(last + timedelta(days=1) == first for (_, last), (first, _) in pairwise(SPANS))


def test_a_month_without_such_a_day_begins_on_its_last() -> None:
    assert month_spans(date(2024, 8, 31), 6)[0] == (date(2024, 2, 29), date(2024, 3, 30))


def test_a_report_of_every_month_leaves_nothing_open() -> None:
    papers = [paper(pk, dated_on=first) for pk, (first, _) in enumerate(SPANS[:-1], start=1)]
    line = check_months(facts(*papers, paper(9, dated_on=REQUESTED)))
    assert (line.state, line.to_do) == (RecordState.HERE, "")


def test_visits_named_on_the_pages_of_one_document_count_too() -> None:
    line = check_months(facts(paper(1, dates=tuple(first for first, _ in SPANS))))
    assert line.state == RecordState.HERE


def test_the_day_before_the_span_and_the_day_after_the_request_do_not_count() -> None:
    outside = [SPANS[0][0] - timedelta(days=1), REQUESTED + timedelta(days=1)]
    assert check_months(facts(paper(1, dates=tuple(outside)))).state == RecordState.MISSING


def test_months_without_a_report_are_named_and_are_a_question() -> None:
    papers = [paper(pk, dated_on=first) for pk, (first, _) in enumerate(SPANS, start=1) if pk not in {2, 5}]
    line = check_months(facts(*papers))
    assert line.state == RecordState.QUESTION
    assert line.details == ("10/10/2025 to 11/09/2025: no report", "01/10/2026 to 02/09/2026: no report")
    assert "was not seen" in line.to_do


def test_a_report_without_a_date_is_named() -> None:
    line = check_months(facts(paper(3)))
    assert [(place.document, place.words) for place in line.places] == [(3, "no date is known")]
    assert "Give the reports below their date" in line.to_do


def test_test_results_are_no_physician_report() -> None:
    line = check_months(facts(paper(1, DocumentKind.DIAGNOSTIC_REPORT, dated_on=REQUESTED)))
    assert line.state == RecordState.MISSING


def test_without_the_day_of_the_request_nothing_is_counted() -> None:
    line = check_months(facts(paper(1, dated_on=REQUESTED), requested_on=None))
    assert line.state == RecordState.QUESTION
    assert "UR decision" in line.to_do
