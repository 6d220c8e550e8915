"""What stands in a case's timeline, and for whom."""

import pytest

from cases.enums import CaseStatus
from cases.selectors.timeline import case_timeline
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db


def test_timeline_says_statuses_that_read_the_same_once_to_parties(cast: Cast) -> None:
    case = make_case(CaseStatus.DETERMINED, user=cast.claims)
    staff = case_timeline(case, reader=cast.administrator, group="status")
    checked = next(entry for entry in staff if entry.text.endswith(f": {CaseStatus.QA.label}"))

    shown = [entry for entry in case_timeline(case, reader=cast.claims) if entry.text == "Decision being finished"]

    assert [entry.at for entry in shown] == [checked.at]
    assert any(entry.text.endswith(f": {CaseStatus.DETERMINED.label}") for entry in staff)
