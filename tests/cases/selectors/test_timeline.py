"""What stands in a case's timeline, and for whom."""

import pytest

from cases.enums import CaseStatus
from cases.selectors.timeline import case_timeline
from imr.audit.services import record
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


def test_timeline_leaves_views_out_until_asked_and_joins_repeated_acts(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    for _ in range(3):
        record(action="case.viewed", actor=cast.auditor, object_type="case", object_id=case.pk, case_id=case.pk)
        record(action="draft.save_step", actor=cast.claims, object_type="case", object_id=case.pk, case_id=case.pk)
    texts = [entry.text for entry in case_timeline(case, reader=cast.administrator)]
    assert "Case page viewed" not in texts
    assert texts[0] == "Saved a step of the application"
    assert texts[:4].count("Saved a step of the application") == 1
    views = case_timeline(case, reader=cast.administrator, group="reads")
    assert [entry.text for entry in views] == ["Case page viewed"] * 3
