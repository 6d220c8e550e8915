"""What demo reviewers entered and asked for themselves."""

from datetime import timedelta

from django.db import transaction

from imr.accounts.models import User
from imr.core import clock
from reviews.enums import LicenseStatus, ProposalKind
from reviews.models import Absence, FileProposal, Reviewer
from reviews.services.availability import add_absence
from reviews.services.credential import LicenseEntry
from reviews.services.proposal import propose_change

AWAY, RENEWS = "reviewer5@demo.example", "reviewer6@demo.example"


@transaction.atomic
def make_requests(people: dict[str, User], reviewers: dict[str, Reviewer]) -> None:
    """One reviewer is away soon, one asks for the renewed license to be put on file; not a second time."""
    if not Absence.objects.filter(reviewer=reviewers[AWAY]).exists():
        first = clock.today() + timedelta(days=12)
        add_absence(actor=people[AWAY], first_day=first, last_day=first + timedelta(days=7), note="Vacation")
    renewing = reviewers[RENEWS]
    held = renewing.licenses.first()
    if held is None or FileProposal.objects.filter(reviewer=renewing).exists():
        return
    propose_change(
        actor=people[RENEWS],
        kind=ProposalKind.LICENSE,
        entry=LicenseEntry(
            held.state, held.kind, held.number, held.expires_on + timedelta(days=730), LicenseStatus.ACTIVE
        ),
        subject_id=held.pk,
        note="Renewed last week; the board's site shows it.",
    )
