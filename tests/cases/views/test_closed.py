"""Pages of acts that are not possible now say so, instead of asking for what would be refused."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseEvent, CaseStatus
from cases.views.closed import why_closed
from cases.workflow import TRANSITIONS
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
type ClientOf = Callable[[User], Client]

PAGES = {
    "cases:eligibility-find": CaseStatus.ELIGIBLE,
    "cases:eligibility-refuse": CaseStatus.IN_REVIEW,
    "cases:eligibility-resume": CaseStatus.ELIGIBLE,
    "cases:eligibility-consent": CaseStatus.ELIGIBLE,
    "cases:eligibility-reverse": CaseStatus.ELIGIBLE,
    "cases:notice-record": CaseStatus.RECEIVED,
    "cases:records-complete": CaseStatus.RECEIVED,
    "cases:case-give-back": CaseStatus.RECEIVED,
    "cases:ending-report": CaseStatus.WITHDRAWN,
    "cases:case-end": CaseStatus.WITHDRAWN,
    "cases:case-dismiss": CaseStatus.RECEIVED,
    "cases:case-expedite": CaseStatus.ELIGIBILITY_REVIEW,
    "cases:case-consolidate": CaseStatus.IN_REVIEW,
    "cases:information-request": CaseStatus.ELIGIBLE,
    "cases:records-insufficient": CaseStatus.RECEIVED,
}


@pytest.mark.parametrize("name", list(PAGES))
def test_page_says_what_the_case_is_and_has_no_form(cast: Cast, client_of: ClientOf, name: str) -> None:
    case = make_case(PAGES[name])
    answer = client_of(cast.administrator).get(reverse(name, args=[case.pk]))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"The case has been “{case.get_status_display()}” since" in text
    assert "<textarea" not in text
    assert reverse("cases:case-detail", args=[case.pk]) in text


def test_closed_is_what_no_event_can_leave() -> None:
    case = make_case(CaseStatus.IN_REVIEW)
    assert why_closed(case, CaseEvent.FIND_ELIGIBLE)
    assert not why_closed(case, CaseEvent.FIND_ELIGIBLE, CaseEvent.SIGN)
    assert [event for event in TRANSITIONS if not why_closed(case, event)] == [
        event for event, row in TRANSITIONS.items() if CaseStatus.IN_REVIEW in row.sources
    ]
