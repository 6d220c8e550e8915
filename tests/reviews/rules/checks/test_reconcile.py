"""Items side by side."""

from dataclasses import replace

from reviews.rules.checks.determination import Severity
from reviews.rules.checks.reconcile import Match, check_items, reconcile_items
from tests.factories.checks import ITEM, make_checked

STORY = (
    "12 visits of therapy was the original request. 6 visits of therapy was authorized by the Claims Administrator. "
    "The remaining IMR eligible portion of the original request, 6 visits of therapy is"
)


def test_reconciler_puts_every_item_in_one_row() -> None:
    rows = reconcile_items(
        application=["MRI, right knee", "12 sessions of therapy", "Norco 10/325mg #60"],
        ur_decision=["Therapy, 12 visits", "MRI of the right knee"],
        findings=["MRI of the right knee", STORY, "Norco 10/325 mg #60"],
        letter=["MRI of the right knee", STORY, "Norco 10/325mg #90"],
    )
    assert [(row.application, row.ur_decision, row.findings, row.letter, row.match) for row in rows] == [
        ("MRI, right knee", "MRI of the right knee", "MRI of the right knee", "MRI of the right knee", Match.SAME),
        ("12 sessions of therapy", "Therapy, 12 visits", STORY, STORY, Match.SIMILAR),
        ("Norco 10/325mg #60", None, "Norco 10/325 mg #60", None, Match.MISSING),
        (None, None, None, "Norco 10/325mg #90", Match.MISSING),
    ]


def test_reconciler_compares_known_columns_only() -> None:
    (row,) = reconcile_items(
        application=["Gym membership (DOS: 11/02/2016)"], ur_decision=None, findings=None, letter=["gym membership."]
    )
    assert row.match == Match.SAME
    rows = reconcile_items(application=["Left knee MRI"], ur_decision=None, findings=None, letter=["Right knee MRI"])
    assert [row.match for row in rows] == [Match.MISSING, Match.MISSING]


def test_item_check_says_where_an_item_is_missing() -> None:
    assert not check_items(make_checked())
    assert not check_items(make_checked(request_items=("MRI right knee",), ur_items=("MRI of right knee",)))
    letter = make_checked(ITEM, replace(ITEM, position=2, text="Gym"), request_items=("MRI of the right knee", "Sling"))
    found = {(finding.quote, finding.position, finding.severity) for finding in check_items(letter)}
    assert found == {("Sling", None, Severity.GATE), ("Gym", 2, Severity.GATE)}
