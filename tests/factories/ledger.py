"""What reviewers earned, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from imr.accounts.enums import Role
from reviews.enums import ReviewFeeKind
from reviews.models import LedgerEntry, Reviewer, ReviewerFeeRate
from reviews.services.ledger import add_rate
from tests.factories.accounts import make_user
from tests.factories.reviews import make_accepted


def make_rate(
    amount: str = "350.00", *, kind: ReviewFeeKind = ReviewFeeKind.REGULAR, since: date = date(2024, 1, 1)
) -> ReviewerFeeRate:
    """A rate in force from `since`, set by the service itself."""
    return add_rate(
        actor=make_user(Role.ADMINISTRATOR),
        kind=kind,
        amount=Decimal(amount),
        in_force_from=since,
        citation="Agreement of 2024",
    )


def make_earned(reviewer: Reviewer | None = None, *, on: date = date(2025, 3, 10), **fields: Any) -> LedgerEntry:
    """A review that was paid on `on`."""
    accepted = make_accepted(reviewer=reviewer)
    return LedgerEntry.objects.create(
        **{
            "reviewer": accepted.reviewer,
            "assignment": accepted.assignment,
            "kind": ReviewFeeKind.REGULAR,
            "amount": Decimal("350.00"),
            "earned_on": on,
            **fields,
        }
    )
