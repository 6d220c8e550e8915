"""Cover sheets of a case, and scans of the mail room."""

from cases.enums import DocumentKind
from cases.models import ScanBatch, ScanPart
from cases.services.cover_sheet import make_cover_sheet
from imr.accounts.enums import Role
from tests.access.cases import MISSING, NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.scans import make_sheet, make_split_scan

_STAFF: dict[Role, Reach] = {Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"}
_REACH: dict[Role, Reach] = {Role.CLAIMS_STAFF: "own", Role.CLAIMS_MANAGER: "own", **_STAFF}


@objects_for("cases:cover-sheet-list")
def case_with_sheets(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach=_REACH,
    )


@objects_for("cases:cover-sheet-pdf")
def sheet(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    sheets = [
        make_cover_sheet(case_id=case.pk, actor=case.created_by, kind=DocumentKind.OTHER) for case in (mine, theirs)
    ]
    return Objects(
        kwargs={"case_id": mine.pk, "sheet_id": sheets[0].pk},
        foreign={"case_id": theirs.pk, "sheet_id": sheets[1].pk},
        missing={**MISSING, "sheet_id": NOBODY},
        reach=_REACH,
    )


@objects_for("cases:scan-detail", "cases:scan-status", "cases:scan-view")
def scan(cast: Cast) -> Objects:
    """No scan is anybody's own: the mail room's are the staff's."""
    one, two = (_scan(cast).pk for _ in range(2))
    return Objects(kwargs={"batch_id": one}, foreign={"batch_id": two}, missing={"batch_id": NOBODY}, reach=_STAFF)


@objects_for("cases:scan-file", "cases:scan-set-aside")
def part(cast: Cast) -> Objects:
    one, two = (_part(_scan(cast)) for _ in range(2))
    return Objects(
        kwargs={"batch_id": one.batch_id, "part_id": one.pk},
        foreign={"batch_id": two.batch_id, "part_id": two.pk},
        missing={"batch_id": one.batch_id, "part_id": NOBODY},
        reach=_STAFF,
    )


def _scan(cast: Cast) -> ScanBatch:
    return make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims)))


def _part(batch: ScanBatch) -> ScanPart:
    return batch.parts.get()
