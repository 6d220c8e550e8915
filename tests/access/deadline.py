"""Objects of the pages of due dates."""

from cases.models import Case
from imr.accounts.enums import Role
from reviews.models import Reviewer
from tests.access.cases import CLAIMS, NOBODY, READERS
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_draft
from tests.factories.reviews import make_accepted, make_reviewer

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


@objects_for("cases:filing-last-day")
def draft_deadline(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_draft(cast.claims).pk},
        foreign={"case_id": make_draft(cast.away_claims).pk},
        missing={"case_id": NOBODY},
        reach=CLAIMS,
    )


@objects_for("reviews:assignment-deadline")
def due_date_of_a_review(cast: Cast) -> Objects:
    held = {reviewer.user_id: reviewer for reviewer in Reviewer.objects.all()}
    users = (cast.reviewer, cast.other_reviewer)
    mine, theirs = (make_accepted(None, held.get(user.pk) or make_reviewer(user, maximum_load=100)) for user in users)
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk},
        foreign={"assignment_id": theirs.assignment.pk},
        missing={"assignment_id": NOBODY},
        reach={Role.REVIEWER: "own"},
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
