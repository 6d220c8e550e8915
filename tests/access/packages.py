"""Files of all records of a case."""

from cases.services.manifest import sign_submission
from imr.accounts.enums import Role
from tests.access.cases import CLAIMS, NOBODY, READERS
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.packages import make_package

PEOPLE: dict[Role, Reach] = {
    Role.CLAIMS_STAFF: "own",
    Role.CLAIMS_MANAGER: "own",
    Role.ADMINISTRATOR: "any",
    Role.MEDICAL_DIRECTOR: "any",
}


@objects_for("cases:package-list")
def case_with_records(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk}, foreign={"case_id": theirs.pk}, missing={"case_id": NOBODY}, reach=PEOPLE
    )


@objects_for("cases:package-status", "cases:package-download", "cases:package-remove")
def package(cast: Cast) -> Objects:
    """A file exists for the person who asked for it alone; the foreign one is a colleague's, of the same case."""
    case = make_case(user=cast.claims)
    return Objects(
        kwargs={"case_id": case.pk, "package_id": make_package(case, cast.claims).pk},
        foreign={"case_id": case.pk, "package_id": make_package(case, cast.colleague).pk},
        missing={"case_id": case.pk, "package_id": NOBODY},
        reach={Role.CLAIMS_STAFF: "own"},
    )


@objects_for("cases:records-checklist")
def case_with_checklist(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk}, foreign={"case_id": theirs.pk}, missing={"case_id": NOBODY}, reach=READERS
    )


@objects_for("cases:manifest-list")
def case_with_receipts(cast: Cast) -> Objects:
    return case_with_checklist(cast)


@objects_for("cases:manifest-sign")
def case_to_sign_for(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk},
        foreign={"case_id": theirs.pk},
        missing={"case_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:manifest-download")
def manifest(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    own, other = (sign_submission(case_id=case.pk, actor=None).pk for case in (mine, theirs))
    return Objects(
        kwargs={"case_id": mine.pk, "manifest_id": own, "form": "json"},
        foreign={"case_id": theirs.pk, "manifest_id": other, "form": "json"},
        missing={"case_id": mine.pk, "manifest_id": NOBODY, "form": "json"},
        reach=READERS,
    )
