"""Notices of a case, and reports that a dispute is over."""

from datetime import timedelta

from cases.enums import CaseStatus, EndingKind, NoticeKind
from cases.models import Case
from cases.services.ending import report_ending
from cases.services.notice import issue_notice
from imr.accounts.enums import Role
from imr.core import clock
from tests.access.cases import CLAIMS, MISSING, NOBODY, READERS
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case


@objects_for("cases:notice-download")
def notice(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "notice_id": _notice(mine, cast)},
        foreign={"case_id": theirs.pk, "notice_id": _notice(theirs, cast)},
        missing={"case_id": mine.pk, "notice_id": NOBODY},
        reach=READERS,
    )


@objects_for("cases:ending-report")
def case_to_end(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:ending-decide")
def report(cast: Cast) -> Objects:
    """The missing one is a report of another case under this one."""
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "report_id": _report(mine, cast)},
        foreign={"case_id": theirs.pk, "report_id": _report(theirs, cast)},
        missing={"case_id": mine.pk, "report_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:ending-due")
def report_date(cast: Cast) -> Objects:
    """The missing one is a report of another case under this one."""
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "report_id": _report(mine, cast)},
        foreign={"case_id": theirs.pk, "report_id": _report(theirs, cast)},
        missing={"case_id": mine.pk, "report_id": NOBODY},
        reach=READERS,
    )


def _notice(case: Case, cast: Cast) -> int:
    return issue_notice(case=case, kind=NoticeKind.DEFERRED, actor=cast.administrator).pk


def _report(case: Case, cast: Cast) -> int:
    assert case.status == CaseStatus.RECEIVED
    return report_ending(
        case_id=case.pk,
        actor=cast.administrator,
        reason_code=EndingKind.AUTHORIZED,
        item_ids=list(case.items.values_list("pk", flat=True)),
        happened_on=clock.today() - timedelta(days=1),
        note="Authorized in full.",
    ).pk
