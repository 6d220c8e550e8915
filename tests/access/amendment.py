"""Objects of the pages that amend an application."""

from cases.enums import CaseStatus, DraftStep
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.access.cases import CLAIMS, MISSING, READERS
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.amendments import amend
from tests.factories.cases import make_case


@objects_for("cases:amend", "cases:amend-reason-save", "cases:amend-discard")
def filed_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={**CLAIMS, Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:amend-part", "cases:amend-part-save", "cases:amend-remove", "cases:amend-undo")
def part_of_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk, "part": "claim"},
        foreign={"case_id": make_case(user=cast.away_claims).pk, "part": "claim"},
        missing={**MISSING, "part": "claim"},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:amendment-list")
def amended_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach=READERS,
    )


@objects_for("cases:amendment-look")
def amended_after_the_finding(cast: Cast) -> Objects:
    def amended(user: User) -> int:
        case = make_case(CaseStatus.ELIGIBLE, user=user)
        amend(case, user, DraftStep.UR_DECISION, is_conditional=True)
        return case.pk

    return Objects(
        kwargs={"case_id": amended(cast.claims), "number": 2},
        foreign={"case_id": amended(cast.away_claims), "number": 2},
        missing={**MISSING, "number": 2},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )
