"""How a reviewer's file stands: in order, soon to lapse, unverified, lapsed. For the register."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import TextChoices

from imr.core.calendar import add_months
from reviews.enums import VerificationKind
from reviews.rules.facts import ReviewerFacts, VerificationFacts
from reviews.rules.screening import MONTHS_OF_ATTESTATION, check_credentials, failures
from reviews.rules.states import state_name

SOON = timedelta(days=60)


class Standing(TextChoices):
    """From best to worst; what is worse hides what is better."""

    IN_ORDER = "in_order", "In order"
    EXPIRING = "expiring", "Due within 60 days"
    UNVERIFIED = "unverified", "Not verified"
    LAPSED = "lapsed", "Lapsed or insufficient"
    INACTIVE = "inactive", "Deactivated"


@dataclass(frozen=True, slots=True)
class DueItem:
    """What ends next, and the last day on which it holds."""

    on: date
    what: str


def standing_of(reviewer: ReviewerFacts, on: date) -> Standing:
    """How the file stands on that day; only a file in order, or soon due, can be given a case."""
    if not reviewer.is_active:
        return Standing.INACTIVE
    if failures(check_credentials(reviewer, on)):
        would_do = not failures(check_credentials(_as_if_verified(reviewer), on))
        return Standing.UNVERIFIED if would_do else Standing.LAPSED
    due = next_due(reviewer, on)
    return Standing.EXPIRING if due is not None and due.on <= on + SOON else Standing.IN_ORDER


def next_due(reviewer: ReviewerFacts, on: date) -> DueItem | None:
    """The first thing of the file that ends on that day or later."""
    return min((item for item in _due_items(reviewer) if item.on >= on), key=lambda item: item.on, default=None)


def due_within(reviewer: ReviewerFacts, on: date, days: int) -> list[DueItem]:
    """What of the file ends on that day or in the `days` after it, the first to end first."""
    last = on + timedelta(days=days)
    return sorted(
        (item for item in _due_items(reviewer) if on <= item.on <= last), key=lambda item: (item.on, item.what)
    )


def _due_items(reviewer: ReviewerFacts) -> Iterator[DueItem]:
    yield DueItem(add_months(reviewer.practice_attested_on, MONTHS_OF_ATTESTATION), "Practice attestation")
    if reviewer.sanctions_verification is not None:
        yield DueItem(reviewer.sanctions_verification.due_again_on, "Check of sanctions")
    for held in reviewer.licenses:
        yield DueItem(held.expires_on, f"{state_name(held.state)} license")
        if held.verification is not None:
            yield DueItem(held.verification.due_again_on, f"Verification of the {state_name(held.state)} license")
    for one in reviewer.certifications:
        if one.expires_on is not None:
            yield DueItem(one.expires_on, f"Certification in {one.specialty}")
        if one.verification is not None:
            yield DueItem(one.verification.due_again_on, f"Verification of {one.specialty}")


def _as_if_verified(reviewer: ReviewerFacts) -> ReviewerFacts:
    def passed(kind: VerificationKind) -> VerificationFacts:
        return VerificationFacts(kind=kind, is_satisfactory=True, due_again_on=date.max)

    return replace(
        reviewer,
        licenses=[replace(held, verification=passed(VerificationKind.LICENSE)) for held in reviewer.licenses],
        certifications=[
            replace(one, verification=passed(VerificationKind.CERTIFICATION)) for one in reviewer.certifications
        ],
        sanctions_verification=passed(VerificationKind.SANCTIONS),
    )
