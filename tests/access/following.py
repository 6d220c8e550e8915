"""Objects of the pages on which claims staff follow a case to its end."""

from cases.enums import CaseStatus, Outcome
from cases.models import Case
from cases.services.implementation import confirm_implementation
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from tests.access.cases import MISSING, NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.following import make_proof, make_request, make_served

PEOPLE: dict[Role, Reach] = {Role.CLAIMS_STAFF: "own", Role.CLAIMS_MANAGER: "own"}
STAFF: dict[Role, Reach] = {Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"}


@objects_for("cases:information-answer")
def request(cast: Cast) -> Objects:
    """The missing one is a request of another case under this one."""
    mine, theirs = make_request(cast.claims), make_request(cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.case_id, "request_id": mine.pk},
        foreign={"case_id": theirs.case_id, "request_id": theirs.pk},
        missing={"case_id": mine.case_id, "request_id": theirs.pk},
        reach=PEOPLE,
    )


@objects_for("cases:implementation-confirm")
def served_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": _served(cast.claims).pk},
        foreign={"case_id": _served(cast.away_claims).pk},
        missing=MISSING,
        reach={**PEOPLE, **STAFF},
    )


@objects_for("cases:case-close")
def case_to_close(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": _served(cast.claims).pk},
        foreign={"case_id": _served(cast.away_claims).pk},
        missing=MISSING,
        reach=STAFF,
    )


@objects_for("cases:implementation-refuse")
def proof(cast: Cast) -> Objects:
    mine, theirs = _confirmed(cast.claims), _confirmed(cast.away_claims)
    return Objects(kwargs=mine, foreign=theirs, missing={**mine, "implementation_id": NOBODY}, reach=STAFF)


@objects_for("cases:ineligibility-appeal", "cases:ineligibility-appeal-decide")
def ineligible_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(CaseStatus.INELIGIBLE, user=cast.claims).pk},
        foreign={"case_id": make_case(CaseStatus.INELIGIBLE, user=cast.away_claims).pk},
        missing=MISSING,
        reach=STAFF,
    )


@objects_for("cases:message-thread")
def thread(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={**PEOPLE, **STAFF},
    )


def _served(user: User) -> Case:
    return make_served((Outcome.OVERTURNED, False), user=user)


def _confirmed(user: User) -> dict[str, int]:
    case = _served(user)
    [row] = confirm_implementation(
        case_id=case.pk,
        actor=user,
        item_ids=list(case.items.values_list("pk", flat=True)),
        done_on=clock.today(),
        note="",
        document_id=make_proof(case).pk,
    )
    return {"case_id": case.pk, "implementation_id": row.pk}
