"""D1 to D19 at their boundaries, by the questions that programs ask; ids as in docs/deadlines.md."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.deadlines_law import LawBook, LawRow
from cases.rules.deadlines_vector import QuestionError, answer
from cases.services.reference import fixture_book, legal_parameter_rows
from imr.core.calendar import is_business_day

IDS = [f"D{number}" for number in range(1, 20)]
BUSINESS = ("D5", "D7", "D9", "D11", "D13")
ROLLING = ("D1", "D2", "D3", "D4", "D15")
FEW = settings(max_examples=300, derandomize=True, deadline=None)


@cache
def book() -> LawBook:
    return fixture_book()


def due(rule: str, start: str, **more: Any) -> str:
    found: str = answer({"rule": rule, "start": start, "service": "personal", **more}, book())["due"]
    return found


@pytest.mark.parametrize(
    ("rule", "start", "more", "expected"),
    [
        # 2026-03-06 is a Friday; 03/31 is Cesar Chavez Day, a Tuesday.
        ("D1", "2026-03-04", {}, "2026-04-03"),
        ("D1", "2026-03-05", {}, "2026-04-06"),  # Saturday moves to Monday
        ("D1", "2026-03-06", {}, "2026-04-06"),  # Sunday too
        ("D1", "2026-03-07", {}, "2026-04-06"),
        ("D1", "2026-03-01", {}, "2026-04-01"),  # 03/31 is closed
        ("D1", "2026-03-06", {"service": "mail"}, "2026-04-10"),
        ("D1", "2026-03-06", {"service": "mail", "place": "california"}, "2026-04-10"),
        ("D1", "2026-03-06", {"service": "mail", "place": "other_state"}, "2026-04-15"),
        ("D1", "2026-03-06", {"service": "mail", "place": "abroad"}, "2026-04-27"),  # 04/25 is a Saturday
        ("D1", "2026-03-06", {"service": "electronic"}, "2026-04-07"),  # Sunday, then two business days
        ("D1", "2026-03-06", {"service": "fax"}, "2026-04-06"),
        ("D1", "2026-10-27", {}, "2026-11-30"),  # Thanksgiving, the day after, the weekend (T7)
        ("D1", "2026-10-28", {}, "2026-11-30"),
        ("D1", "2026-10-26", {}, "2026-11-25"),
        ("D1", "2028-01-30", {}, "2028-02-29"),  # T5
        ("D1", "2027-01-30", {}, "2027-03-01"),
        ("D1", "2026-03-06", {"variant": "formulary"}, "2026-03-16"),
        ("D2", "2026-03-06", {}, "2026-03-16"),
        ("D2", "2018-01-01", {"service": "mail"}, "2018-01-16"),  # 01/15 is Dr. King's day
        ("D3", "2026-03-04", {"service": "mail"}, "2026-04-08"),
        ("D4", "2026-03-04", {}, "2026-04-03"),
        ("D5", "2026-12-23", {"service": "mail"}, "2026-12-31"),  # T8: not 12/25, no days for mail
        ("D5", "2026-12-24", {}, "2027-01-04"),
        ("D5", "2026-03-27", {}, "2026-04-06"),  # T8: over 03/31
        ("D5", "2026-11-20", {}, "2026-12-01"),  # T8: over Thanksgiving and the day after
        ("D5", "2014-02-11", {}, "2014-02-26"),
        ("D5", "2014-02-12", {}, "2014-02-20"),  # over Presidents' Day
        ("D7", "2026-03-06", {}, "2026-03-09"),
        ("D7", "2026-11-25", {}, "2026-11-30"),
        ("D8", "2026-03-06", {"service": "mail"}, "2026-03-21"),  # a Saturday, and stays
        ("D8", "2026-03-06", {"service": "mail", "place": "abroad"}, "2026-03-21"),
        ("D8", "2026-03-06", {"service": "electronic"}, "2026-03-18"),
        ("D8", "2026-03-06", {"service": "fax"}, "2026-03-18"),
        ("D8", "2026-03-06", {}, "2026-03-16"),
        ("D8", "2026-03-07", {"variant": "expedited", "start_time": "15:00"}, "2026-03-08T16:00:00-07:00"),
        ("D9", "2026-03-06", {}, "2026-03-13"),
        ("D9", "2026-03-06", {"variant": "expedited"}, "2026-03-07"),
        ("D10", "2026-03-04", {}, "2026-04-03"),
        ("D10", "2026-03-04", {"approved": True}, "2026-04-06"),
        ("D10", "2026-03-04", {"variant": "outer"}, "2026-04-18"),
        ("D10", "2026-03-04", {"service": "mail"}, "2026-04-03"),
        ("D10", "2026-03-06", {"variant": "formulary"}, "2026-03-13"),
        ("D11", "2018-01-01", {}, "2018-01-08"),
        ("D12", "2026-03-06", {"start_time": "15:00"}, "2026-03-09T16:00:00-07:00"),  # T1
        ("D12", "2026-10-30", {"start_time": "15:00"}, "2026-11-02T14:00:00-08:00"),  # T2
        ("D12", "2026-11-01", {"start_time": "01:30"}, "2026-11-04T00:30:00-08:00"),  # T3: the first 01:30
        ("D12", "2026-11-01", {"start_time": "01:30", "fold": 1}, "2026-11-04T01:30:00-08:00"),
        ("D12", "2026-10-30", {}, "2026-11-02"),
        ("D12", "2026-03-10", {"start_time": "08:15:30", "approved": True}, "2026-03-16T08:15:30-07:00"),
        ("D13", "2026-03-06", {"service": "mail"}, "2026-03-13"),
        ("D14", "2026-03-06", {}, "2026-03-26"),
        ("D14", "2026-11-07", {}, "2026-11-27"),
        ("D15", "2026-03-06", {"service": "mail"}, "2026-04-10"),
        ("D15", "2026-03-06", {}, "2026-04-06"),
        ("D16", "2026-03-06", {}, "2026-04-05"),
        ("D17", "2026-03-06", {}, "2026-03-11"),
        ("D18", "2026-03-06", {}, "2026-03-16"),
        ("D19", "2026-03-06", {"service": "mail"}, "2027-03-06"),
        ("D19", "2028-02-29", {}, "2029-02-28"),  # T6
        ("D19", "2041-01-01", {}, "2042-01-01"),  # no holiday matters to months
        ("D1", "2040-12-05", {}, "2041-01-04"),
    ],
)
def test_due_dates_are_exact(rule: str, start: str, more: dict[str, Any], expected: str) -> None:
    assert due(rule, start, **more) == expected


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({}, "D1 to D19"),
        ([], "JSON object"),
        ({"rule": "D20", "start": "2026-01-01"}, "D1 to D19"),
        ({"rule": 1, "start": "2026-01-01"}, "has to be text"),
        ({"rule": "D1"}, "is missing"),
        ({"rule": "D1", "start": "2026-02-30"}, "not a day"),
        ({"rule": "D1", "start": "03/06/2026"}, "YYYY-MM-DD"),
        ({"rule": "D1", "start": "2026-3-6"}, "YYYY-MM-DD"),
        ({"rule": "D1", "start": "2012-12-31"}, "before 01/01/2013"),
        ({"rule": "D19", "start": "9999-12-31"}, "known through"),
        ({"rule": "D1", "start": "2041-12-20"}, "known through"),
        ({"rule": "D1", "start": "2026-03-06", "service": "pigeon"}, "one of: mail"),
        ({"rule": "D1", "start": "2026-03-06", "place": "mars"}, "one of: california"),
        ({"rule": "D1", "start": "2026-03-06", "variant": "nonsense"}, "no variant"),
        ({"rule": "D1", "start": "2026-03-06", "fold": [1]}, "0 or 1"),
        ({"rule": "D1", "start": "2026-03-06", "approved": "yes"}, "true or false"),
        ({"rule": "D1", "start": "2026-03-08", "start_time": "02:30"}, "02:30 did not exist on 03/08/2026"),  # T4
        ({"rule": "D12", "start": "2026-03-06", "start_time": "24:00"}, "HH:MM"),
        ({"rule": "D8", "start": "2026-03-06", "variant": "expedited"}, "start_time"),
        ({"rule": "D8", "start": "2026-03-06"}, "how the notice of assignment was sent"),
        ({"rule": "D6", "start": "2026-03-06"}, "no last day"),
        ({"rule": "D2", "start": "2017-12-31"}, "from 01/01/2018"),  # T13
        ({"rule": "D2", "start": "2018-01-05", "key_date": "2017-12-31"}, "from 01/01/2018"),
        ({"rule": "D11", "start": "2017-12-31"}, "from 01/01/2018"),
        ({"rule": "D17", "start": "2017-12-31"}, "from 01/01/2018"),
    ],
)
def test_questions_without_answer_are_refused_in_words(question: Any, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        answer(question, book())


def test_version_is_chosen_by_the_key_date() -> None:  # T13
    before = answer({"rule": "D18", "start": "2026-03-31"}, book())
    after = answer({"rule": "D18", "start": "2026-04-01"}, book())
    keyed = answer({"rule": "D18", "start": "2026-04-01", "key_date": "2026-03-31"}, book())
    assert (before["is_confirmed"], after["is_confirmed"], keyed["is_confirmed"]) == (True, False, True)
    assert before["version"] == keyed["version"] != after["version"]
    assert due("D2", "2017-12-31", key_date="2018-01-01") == "2018-01-10"


def test_answers_carry_citations_and_name_what_is_to_be_confirmed() -> None:
    mailed = answer({"rule": "D1", "start": "2026-03-06", "service": "mail"}, book())
    assert "4610.5(h)" in mailed["citation"]
    assert "CCP 1013(a)" in mailed["citation"]
    assert mailed["is_confirmed"]
    rolled = answer({"rule": "D1", "start": "2026-03-05", "service": "personal"}, book())
    assert rolled["citation"].endswith("CCP 12a")
    assert not rolled["is_confirmed"]
    assert any(step.startswith("To be confirmed: that a last day") for step in rolled["steps"])
    chain = answer({"rule": "D1", "start": "2026-10-27", "service": "personal"}, book())
    assert any("Friday 11/27/2026 (Day after Thanksgiving)" in step for step in chain["steps"])
    records = answer({"rule": "D8", "start": "2026-03-06", "service": "mail"}, book())
    assert any("the earlier day is shown" in step for step in records["steps"])


def test_every_deadline_has_dated_rows_with_citation_and_start() -> None:
    rows = [LawRow.from_values(row) for row in legal_parameter_rows()]
    assert {row.deadline_id for row in rows if row.deadline_id} == set(IDS)
    names = {row.name for row in rows}
    for row in rows:
        assert bool(row.start_event) == bool(row.deadline_id), row.name
        assert set(row.extensions.values()) <= names
        assert row.rolls_to_business_day == (row.deadline_id in ROLLING), row.name
    assert {row.deadline_id for row in rows if row.extensions.keys() - {"approved"}} == set(ROLLING)


SERVICES = st.sampled_from(["mail", "electronic", "personal", "fax"])
PLACES = st.sampled_from(["california", "other_state", "abroad"])
ANSWERED = [name for name in IDS if name != "D6"]


@FEW
@given(
    rule=st.sampled_from(ANSWERED),
    start=st.dates(date(2018, 1, 1), date(2040, 12, 31)),
    later=st.integers(0, 10),
    service=SERVICES,
    place=PLACES,
)
def test_due_dates_are_monotone_and_never_before_the_start(
    rule: str, start: date, later: int, service: str, place: str
) -> None:  # T12
    given_ones = {"service": service, "place": place, "start_time": "12:00", "key_date": "2030-01-01"}
    first = due(rule, start.isoformat(), **given_ones)
    second = due(rule, (start + timedelta(days=later)).isoformat(), **given_ones)
    assert start.isoformat() < first[:10]
    assert first <= second
    last = date.fromisoformat(first[:10])
    if rule in BUSINESS or rule in ROLLING:
        assert is_business_day(last, book().closed)


@FEW
@given(
    rule=st.sampled_from(ANSWERED),
    start=st.dates(date(2018, 1, 1), date(2040, 12, 31)),
    after=st.integers(0, 60),
    service=SERVICES,
)
def test_one_more_holiday_never_shortens_a_period(rule: str, start: date, after: int, service: str) -> None:  # T12
    question = {"rule": rule, "start": start.isoformat(), "service": service, "start_time": "12:00"}
    more = LawBook(
        [LawRow.from_values(row) for row in legal_parameter_rows()],
        {**book().closed, start + timedelta(days=after): "one more"},
    )
    assert answer(question, book())["due"] <= answer(question, more)["due"]
