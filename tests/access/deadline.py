"""Objects of the pages of due dates."""

from cases.models import Case
from imr.accounts.enums import Role
from tests.access.cases import NOBODY, READERS
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

CLOCK = {"kind": "screen"}


def _cases(cast: Cast) -> tuple[Case, Case]:
    return make_case(user=cast.claims), make_case(user=cast.away_claims)


@objects_for("cases:deadline-detail")
def deadline(cast: Cast) -> Objects:
    mine, theirs = _cases(cast)
    return Objects(
        kwargs={"case_id": mine.pk, **CLOCK},
        foreign={"case_id": theirs.pk, **CLOCK},
        missing={"case_id": NOBODY, **CLOCK},
        reach=READERS,
    )


@objects_for("cases:deadline-change")
def change(cast: Cast) -> Objects:
    mine, theirs = _cases(cast)
    what = {**CLOCK, "change": "pause"}
    return Objects(
        kwargs={"case_id": mine.pk, **what},
        foreign={"case_id": theirs.pk, **what},
        missing={"case_id": NOBODY, **what},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )
