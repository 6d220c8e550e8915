"""Dates of the summary against the header."""

from datetime import date

import pytest

from reviews.rules.checks.dates import check_dates, dates_in
from tests.factories.checks import make_checked


@pytest.mark.parametrize(
    "text",
    [
        "10-13-16",
        "10-13-2016",
        "10/13/2016",
        "10.13.16",
        "October 13, 2016",
        "Oct. 13th, 2016",
        "13 October 2016",
        "2016-10-13",
    ],
)
def test_dates_are_read_in_the_shapes_of_letters(text: str) -> None:
    assert [written.day for written in dates_in(f"On {text}, he came.")] == [date(2016, 10, 13)]


def test_dates_that_are_none_are_left_alone() -> None:
    assert dates_in("10/325 mg, 02/30/2015, 13/45/16, 1-2, page 304") == ()


@pytest.mark.parametrize(
    ("summary", "codes"),
    [
        ("The worker was injured on 3/14/15.", []),
        ("The worker was injured on 3/14/14.", ["date_of_injury"]),
        ("A man of 40 who fell on March 4, 2015 and hurt his hip.", ["date_of_injury"]),
        ("On 01/05/2010, the worker was injured.", ["date_of_injury"]),
        ("The date of injury is 3/4/2015. The claim is for 03/14/2015.", []),
        ("Cumulative injury from 1/1/2014 to 3/14/2015.", []),
        ("The worker was injured. He underwent surgery on 5/5/2015.", []),
        ("He has pain. It is daily. He was injured again on 5/5/2016.", []),
        ("Utilization review dated 11/30/2016 denied it.", []),
        ("Utilization review dated 10/30/2016 denied it.", ["ur_date"]),
        ("The 10/30/16 utilization review denied it.", ["ur_date"]),
        (
            "UR denied therapy on 10/5/2016 and, in the decision of 11/30/2016, utilization review of 11/30/2016 MRI.",
            [],
        ),
        ("A prior UR decision of 5/5/2016 denied therapy.", []),
    ],
)
def test_date_check_compares_with_the_header(summary: str, codes: list[str]) -> None:
    assert [finding.code for finding in check_dates(make_checked(summary=summary))] == codes
    assert not check_dates(make_checked(summary=summary, date_of_injury=None, ur_denial_date=None))
