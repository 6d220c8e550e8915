"""What the screening rules are told, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reviews.enums import LicenseStatus


@dataclass(frozen=True, slots=True)
class VerificationFacts:
    """The latest verification of one thing: `due_again_on` is the last day on which it holds."""

    kind: str
    is_satisfactory: bool
    due_again_on: date


@dataclass(frozen=True, slots=True)
class LicenseFacts:
    """`expires_on` is the last day on which the license is valid."""

    state: str
    kind: str
    status: str
    expires_on: date
    verification: VerificationFacts | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it is active, unrestricted and not expired on that day."""
        return self.status == LicenseStatus.ACTIVE and self.expires_on >= on


@dataclass(frozen=True, slots=True)
class CertificationFacts:
    """A board certification; without `expires_on` it does not expire."""

    board: str
    specialty: str
    expires_on: date | None
    verification: VerificationFacts | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it has not expired on that day."""
        return self.expires_on is None or self.expires_on >= on


@dataclass(frozen=True, slots=True)
class TieFacts:
    """Somebody or something the reviewer is tied to; the reviewer's own name and practice are ties as well."""

    relation: str
    name: str
    since: date | None = None
    until: date | None = None

    def is_current(self, on: date) -> bool:
        """Whether the tie holds on that day; the last day counts."""
        return (self.since is None or self.since <= on) and (self.until is None or self.until >= on)


@dataclass(frozen=True, slots=True)
class AbsenceFacts:
    """Days without new cases; `back_on` is the first free day, none means until further notice."""

    first_day: date
    back_on: date | None

    def covers(self, on: date) -> bool:
        """Whether the reviewer is away on that day."""
        return self.first_day <= on and (self.back_on is None or on < self.back_on)


@dataclass(frozen=True, slots=True)
class ReviewerFacts:
    """What the rules ask about a reviewer. `load` counts offers and reviews that are open now."""

    is_active: bool
    years_in_practice: int
    hours_per_week: int
    practice_attested_on: date
    load: int
    maximum_load: int
    licenses: Sequence[LicenseFacts] = ()
    certifications: Sequence[CertificationFacts] = ()
    ties: Sequence[TieFacts] = ()
    absences: Sequence[AbsenceFacts] = ()
    practice_verification: VerificationFacts | None = None
    sanctions_verification: VerificationFacts | None = None


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """A party of the case: what it is, and each name it goes by."""

    role: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules ask about a case and this reviewer's past in it.

    `texts` are the disputed items' words, `categories` the codes of their treatment categories (empty for an item
    without one). `due_on` is the day on which the determination has to be issued.
    """

    parties: Sequence[PartyFacts] = ()
    texts: Sequence[str] = ()
    categories: Sequence[str] = ()
    due_on: date | None = None
    declined_with_conflict: bool = False
    declined_otherwise: bool = False
    left_unanswered: bool = False
    reviewed_earlier_round: bool = False
