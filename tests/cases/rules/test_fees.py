"""Which fee falls due with which event."""

from typing import Any

import pytest

from cases.enums import CaseEvent, CaseStatus, FeeKind
from cases.rules.fees import ENDS, FeeFacts, fee_kind
from cases.workflow import TRANSITIONS


def kind(event: CaseEvent, came_from: CaseStatus = CaseStatus.IN_REVIEW, **facts: Any) -> FeeKind | None:
    return fee_kind(
        FeeFacts(**{"event": event, "came_from": came_from, "is_expedited": False, "was_with_reviewer": False, **facts})
    )


@pytest.mark.parametrize(
    ("categories", "is_expedited", "expected"),
    [
        (("surgery-spine",), False, FeeKind.REGULAR),
        (("pharmaceuticals", "pharmaceuticals-opioids"), False, FeeKind.PHARMACY),
        (("pharmaceuticals", "surgery-spine"), False, FeeKind.REGULAR),
        (("pharmaceuticals", ""), False, FeeKind.REGULAR),
        (("pharmaceuticalsupplies",), False, FeeKind.REGULAR),
        ((), False, FeeKind.REGULAR),
        (("pharmaceuticals",), True, FeeKind.EXPEDITED),
    ],
)
def test_decided_review(categories: tuple[str, ...], is_expedited: bool, expected: FeeKind) -> None:
    assert kind(CaseEvent.ISSUE, categories=categories, is_expedited=is_expedited) == expected


@pytest.mark.parametrize("event", sorted(ENDS))
def test_end_without_a_determination_depends_on_the_reviewer(event: CaseEvent) -> None:
    assert kind(event) == FeeKind.ENDED_BEFORE_REVIEW
    assert kind(event, was_with_reviewer=True) == FeeKind.ENDED_AFTER_REVIEW
    # Of an expedited one, too.
    assert kind(event, is_expedited=True) == FeeKind.ENDED_BEFORE_REVIEW


def test_nothing_is_owed_before_the_case_is_eligible() -> None:
    sources = TRANSITIONS[CaseEvent.WITHDRAW].sources
    free = {status for status in sources if kind(CaseEvent.WITHDRAW, status) is None}
    assert free == {
        CaseStatus.RECEIVED,
        CaseStatus.ELIGIBILITY_REVIEW,
        CaseStatus.INFO_REQUESTED,
        CaseStatus.DEFERRED,
    }


def test_no_other_event_makes_a_fee() -> None:
    assert {event for event in CaseEvent if kind(event)} == {CaseEvent.ISSUE, *ENDS}
