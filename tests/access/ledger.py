"""Objects of the reviewers' ledger. Whoever may look at it may look at all of it."""

from typing import Any

from imr.accounts.enums import Role
from tests.access.objects import Objects, Reach, objects_for
from tests.access.reviews import NOBODY
from tests.factories.accounts import Cast
from tests.factories.ledger import make_earned
from tests.factories.reviews import make_reviewer

MANAGERS: dict[Role, Reach] = {Role.ADMINISTRATOR: "any"}
READERS: dict[Role, Reach] = {**MANAGERS, Role.MEDICAL_DIRECTOR: "any", Role.AUDITOR: "any"}


def _of_reviewers(reach: dict[Role, Reach], **more: Any) -> Objects:
    return Objects(
        kwargs={"reviewer_id": make_reviewer().pk, **more},
        foreign={"reviewer_id": make_reviewer().pk, **more},
        missing={"reviewer_id": NOBODY, **more},
        reach=reach,
    )


@objects_for("reviews:ledger-reviewer")
def reviewer(cast: Cast) -> Objects:
    return _of_reviewers(READERS)


@objects_for("reviews:ledger-adjust")
def reviewer_to_adjust(cast: Cast) -> Objects:
    return _of_reviewers(MANAGERS)


@objects_for("reviews:ledger-approve")
def reviewer_and_month(cast: Cast) -> Objects:
    return _of_reviewers(MANAGERS, year=2025, month=3)


@objects_for("reviews:ledger-reverse")
def entry(cast: Cast) -> Objects:
    return Objects(
        kwargs={"entry_id": make_earned().pk},
        foreign={"entry_id": make_earned().pk},
        missing={"entry_id": NOBODY},
        reach=MANAGERS,
    )
