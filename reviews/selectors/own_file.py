"""What a reviewer sees of the own register entry, and what staff see of the changes asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.enums import LicenseKind, LicenseStatus, ProposalKind, ProposalStatus
from reviews.models import Absence, Certification, FileProposal, License, Reviewer
from reviews.rules.facts import ReviewerFacts
from reviews.rules.screening import Check, check_credentials
from reviews.rules.standing import DueItem, Standing, due_within, standing_of
from reviews.rules.states import state_name
from reviews.selectors.reviewer import reviewer_facts, reviewer_of, with_credentials

WARNING_DAYS = (60, 30, 7)


@dataclass(frozen=True, slots=True)
class Held[M: (License, Certification)]:
    """A credential on file: whether it holds today, and through which day it was verified."""

    row: M
    is_valid: bool
    verified_until: date | None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """The entry of the person who is signed in, without what staff alone keep: affiliations and notes of checks."""

    reviewer: Reviewer
    standing: Standing
    checks: tuple[Check, ...]
    due: tuple[DueItem, ...]
    licenses: tuple[Held[License], ...]
    certifications: tuple[Held[Certification], ...]
    proposals: tuple[FileProposal, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a credential, as it is and as it is to be."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def own_file(user: User) -> OwnFile | None:
    """The file of the reviewer who is signed in; None when the register has no entry for this account."""
    reviewer = with_credentials(Reviewer.objects.filter(user=user)).first()
    if reviewer is None:
        return None
    today = clock.today()
    facts = reviewer_facts(reviewer)
    return OwnFile(
        reviewer=reviewer,
        standing=standing_of(facts, today),
        checks=tuple(check_credentials(facts, today)),
        due=tuple(due_within(facts, today, WARNING_DAYS[0])),
        licenses=tuple(
            Held(row, held.is_valid(today), held.verification.due_again_on if held.verification else None)
            for row, held in zip(reviewer.licenses.all(), facts.licenses, strict=True)
        ),
        certifications=tuple(
            Held(row, held.is_valid(today), held.verification.due_again_on if held.verification else None)
            for row, held in zip(reviewer.certifications.all(), facts.certifications, strict=True)
        ),
        proposals=tuple(FileProposal.objects.filter(reviewer=reviewer)[:20]),
    )


def due_soon(user: User) -> list[DueItem]:
    """What of the own file ends within sixty days, for the worklist; empty for everybody without an entry."""
    reviewer = with_credentials(Reviewer.objects.filter(user=user)).first()
    if reviewer is None or not reviewer.is_active:
        return []
    return due_within(reviewer_facts(reviewer), clock.today(), WARNING_DAYS[0])


def active_files() -> list[tuple[Reviewer, ReviewerFacts]]:
    """Every active reviewer with the facts of the file."""
    reviewers = with_credentials(Reviewer.objects.filter(is_active=True, user__is_active=True))
    return [(reviewer, reviewer_facts(reviewer)) for reviewer in reviewers]


def coming_absences(reviewer: Reviewer) -> list[Absence]:
    """Absences that last or are still to come, in order."""
    today = clock.today()
    return [one for one in reviewer.absences.all() if one.back_on is None or one.back_on > today]


def absence_of(user: User, pk: int) -> Absence | None:
    """An absence of the person who is signed in."""
    reviewer = reviewer_of(user)
    return Absence.objects.filter(reviewer=reviewer, pk=pk).first() if reviewer else None


def proposals_of(user: User) -> QuerySet[FileProposal]:
    """The changes that exist for this person: a reviewer's own, every one for those who keep the register."""
    rows = FileProposal.objects.select_related("reviewer", "license", "certification", "decided_by")
    if user.scope(Action.REVIEWER_LIST) == Scope.ANY:
        return rows
    return rows.filter(reviewer__user=user) if user.can(Action.REVIEWER_FILE_OWN) else rows.none()


def open_proposals(user: User) -> QuerySet[FileProposal]:
    """Those that wait for an answer."""
    return proposals_of(user).filter(status=ProposalStatus.PROPOSED)


def changes_of(proposal: FileProposal) -> list[Change]:
    """Field by field what is on file and what is asked for; nothing for a CV or a note."""
    if proposal.kind == ProposalKind.LICENSE:
        return _changes(_LICENSE, proposal.license, proposal.entry)
    if proposal.kind == ProposalKind.CERTIFICATION:
        return _changes(_CERTIFICATION, proposal.certification, proposal.entry)
    return []


_LICENSE = {
    "state": "State",
    "kind": "Kind",
    "number": "Number",
    "expires_on": "Last day of validity",
    "status": "Status",
}
_CERTIFICATION = {"specialty": "Specialty", "board": "Board", "expires_on": "Last day of validity"}


def _changes(fields: dict[str, str], held: License | Certification | None, entry: dict[str, Any]) -> list[Change]:
    return [
        Change(label, _shown(name, getattr(held, name)) if held else "", _shown(name, entry.get(name)))
        for name, label in fields.items()
    ]


def _shown(name: str, value: Any) -> str:
    if name == "expires_on":
        return mmddyyyy(date.fromisoformat(str(value))) if value else "No end"
    if name == "state" and value:
        return state_name(value)
    if name == "kind" and value in LicenseKind.values:
        return str(LicenseKind(value).label)
    if name == "status" and value in LicenseStatus.values:
        return str(LicenseStatus(value).label)
    return str(value or "")
