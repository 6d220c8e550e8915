"""One-time links of a case."""

from cases.enums import DocumentKind, UploadLinkRole
from cases.models import Case
from cases.services.upload_link import make_upload_link
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from tests.access.cases import MISSING, NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

_REACH: dict[Role, Reach] = {
    Role.CLAIMS_STAFF: "own",
    Role.CLAIMS_MANAGER: "own",
    Role.ADMINISTRATOR: "any",
    Role.MEDICAL_DIRECTOR: "any",
}


@objects_for("cases:upload-link-list")
def case_with_links(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach=_REACH,
    )


@objects_for("cases:upload-link-revoke")
def link(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "link_id": _link(mine, cast.claims)},
        foreign={"case_id": theirs.pk, "link_id": _link(theirs, cast.away_claims)},
        missing={**MISSING, "link_id": NOBODY},
        reach=_REACH,
    )


def _link(case: Case, user: User) -> int:
    made = make_upload_link(
        case_id=case.pk,
        actor=user,
        recipient_name="Valley Spine Clinic",
        recipient_role=UploadLinkRole.PHYSICIAN,
        kinds=[DocumentKind.MEDICAL_REPORT],
        last_day=clock.today(),
        max_files=1,
    )
    return made.link.pk
