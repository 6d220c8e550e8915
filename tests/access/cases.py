"""Objects of the staff's and the filers' pages of a case."""

from cases.enums import CaseStatus
from imr.accounts.enums import Role
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

MISSING = {"case_id": 9_999_999}


@objects_for("cases:case-detail")
def case_page(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={
            Role.CLAIMS_STAFF: "own",
            Role.CLAIMS_MANAGER: "own",
            Role.API_CLIENT: "own",
            Role.ADMINISTRATOR: "any",
            Role.MEDICAL_DIRECTOR: "any",
            Role.AUDITOR: "any",
        },
    )


@objects_for("cases:case-give-back")
def case_under_screening(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims).pk},
        foreign={"case_id": make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any"},
    )


@objects_for(
    "cases:case-take",
    "cases:eligibility-find",
    "cases:eligibility-refuse",
    "cases:eligibility-resume",
    "cases:notice-record",
    "cases:records-complete",
)
def case_of_staff(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )
