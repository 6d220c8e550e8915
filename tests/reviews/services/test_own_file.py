"""Availability, the attestation of practice, changes of the own file, and warnings before something ends."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError

from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.words import mmddyyyy
from reviews.enums import LicenseStatus, ProposalKind, ProposalStatus
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Absence, Certification, License, Reviewer
from reviews.selectors.candidates import candidates_for
from reviews.selectors.own_file import changes_of, due_soon, own_file
from reviews.services.assignment import offer_assignment
from reviews.services.availability import add_absence, attest_practice, end_absence, set_own_limit
from reviews.services.credential import CertificationEntry, LicenseEntry
from reviews.services.file_warning import warn_of_lapses
from reviews.services.proposal import adopt_proposal, propose_change, refuse_proposal, withdraw_proposal
from tests.factories.accounts import Cast
from tests.factories.mails import send_waiting
from tests.factories.reviews import make_offer, make_ready_case, make_reviewer
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_absent_reviewer_is_offered_nothing_and_the_list_says_why(cast: Cast) -> None:
    reviewer, case, today = make_reviewer(), make_ready_case(), clock.today()
    absence = add_absence(actor=reviewer.user, first_day=today, last_day=today + 3 * DAY, note="Congress")
    words = f"Away from {mmddyyyy(today)} through {mmddyyyy(today + 3 * DAY)}."
    with pytest.raises(AssignmentBlockedError, match=words):
        offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=cast.administrator)
    (one,) = candidates_for(case)
    assert [check.words for check in one.failures] == [words]
    end_absence(actor=reviewer.user, absence_id=absence.pk)
    assert candidates_for(case)[0].is_fit
    assert (
        list(Event.objects.filter(action__startswith="reviewer.absence").values_list("actor", flat=True))
        == [reviewer.user_id] * 2
    )


def test_absence_before_the_due_date_asks_for_a_look() -> None:
    reviewer, case = make_reviewer(), make_ready_case(due_on=clock.today() + 20 * DAY)
    first = clock.today() + 10 * DAY
    add_absence(actor=reviewer.user, first_day=first, last_day=None)
    (one,) = candidates_for(case)
    assert one.is_fit
    (warning,) = one.warnings
    assert warning.words.startswith(f"Away from {mmddyyyy(first)} until further notice; the determination is due on")


@pytest.mark.parametrize(("first", "last"), [(5, 5), (3, 7), (7, None), (9, 12)])
def test_absences_never_share_a_day(first: int, last: int | None) -> None:
    reviewer, today = make_reviewer(), clock.today()
    add_absence(actor=reviewer.user, first_day=today + 5 * DAY, last_day=today + 9 * DAY)
    with pytest.raises(DomainError, match="overlap the absence that begins on"):
        add_absence(
            actor=reviewer.user,
            first_day=today + first * DAY,
            last_day=today + last * DAY if last is not None else None,
        )
    # The days beside it are free.
    add_absence(actor=reviewer.user, first_day=today + 10 * DAY, last_day=today + 10 * DAY)
    add_absence(actor=reviewer.user, first_day=today + 4 * DAY, last_day=today + 4 * DAY)


def test_database_refuses_overlapping_absences() -> None:
    """The control: without the check of the service, the exclusion constraint stands in the way."""
    reviewer, today = make_reviewer(), clock.today()
    Absence.objects.create(reviewer=reviewer, first_day=today, back_on=None, entered_by=reviewer.user)
    with pytest.raises(IntegrityError, match="absence_no_overlap"):
        Absence.objects.create(
            reviewer=reviewer, first_day=today + 90 * DAY, back_on=today + 91 * DAY, entered_by=reviewer.user
        )


@pytest.mark.django_db(transaction=True)
def test_two_tabs_do_not_enter_the_same_days_twice() -> None:
    reviewer, today = make_reviewer(), clock.today()
    for number in range(REPETITIONS):
        first = today + (2 * number) * DAY

        def add(first: date = first) -> Absence | str:
            try:
                return add_absence(actor=reviewer.user, first_day=first, last_day=first)
            except DomainError as error:
                return error.message

        answers = race(add, add)
        assert sum(isinstance(answer, Absence) for answer in answers) == 1
        assert sum("overlap" in str(answer) for answer in answers) == 1


def test_bad_days_are_refused_beside_the_field() -> None:
    reviewer, today = make_reviewer(), clock.today()
    for first, last, field in (
        (today - DAY, None, "first_day"),
        (today, today - DAY, "last_day"),
        (today + 900 * DAY, None, "first_day"),
    ):
        with pytest.raises(DomainError) as refused:
            add_absence(actor=reviewer.user, first_day=first, last_day=last)
        assert list(refused.value.fields) == [field]


def test_absence_that_has_begun_ends_today_and_stays_on_record() -> None:
    reviewer, today = make_reviewer(), clock.today()
    begun = Absence.objects.create(reviewer=reviewer, first_day=today - 3 * DAY, entered_by=reviewer.user)
    end_absence(actor=reviewer.user, absence_id=begun.pk)
    begun.refresh_from_db()
    assert begun.back_on == today
    end_absence(actor=reviewer.user, absence_id=begun.pk)


def test_own_limit_counts_when_it_is_smaller(cast: Cast) -> None:
    reviewer = make_reviewer(maximum_load=5)
    make_offer(reviewer=reviewer)
    set_own_limit(actor=reviewer.user, limit=1)
    with pytest.raises(AssignmentBlockedError, match="1 of 1 open"):
        offer_assignment(case_id=make_ready_case().pk, reviewer_id=reviewer.pk, actor=cast.administrator)
    with pytest.raises(DomainError, match="from 0 to 5"):
        set_own_limit(actor=reviewer.user, limit=6)
    assert set_own_limit(actor=reviewer.user, limit=None).load_limit == 5


def test_attestation_renews_the_file() -> None:
    reviewer = make_reviewer(practice_attested_on=clock.today() - 400 * DAY)
    file = own_file(reviewer.user)
    assert file is not None
    assert file.standing == "lapsed"
    attest_practice(actor=reviewer.user, years=13, hours=30)
    file = own_file(reviewer.user)
    assert file is not None
    assert (file.standing, file.reviewer.years_in_practice) == ("in_order", 13)


def test_proposed_license_counts_when_it_was_adopted_and_verified(cast: Cast) -> None:
    reviewer = make_reviewer()
    held = License.objects.get(reviewer=reviewer)
    later = held.expires_on + 365 * DAY
    entry = LicenseEntry(held.state, held.kind, held.number, later, LicenseStatus.ACTIVE)
    proposal = propose_change(actor=reviewer.user, kind=ProposalKind.LICENSE, entry=entry, subject_id=held.pk)
    held.refresh_from_db()
    assert held.expires_on != later
    assert [one.label for one in changes_of(proposal) if one.is_changed] == ["Last day of validity"]
    with pytest.raises(NotAllowedError):
        adopt_proposal(actor=cast.auditor, proposal_id=proposal.pk)
    adopt_proposal(actor=cast.administrator, proposal_id=proposal.pk)
    held.refresh_from_db()
    assert held.expires_on == later
    with pytest.raises(ConflictError, match="answered already: adopted"):
        refuse_proposal(actor=cast.administrator, proposal_id=proposal.pk, note="No")


def test_new_certification_cv_and_words_can_be_proposed(cast: Cast) -> None:
    reviewer = make_reviewer()
    entry = CertificationEntry("American Board of Examples", "Pain Medicine", None)
    new = propose_change(actor=reviewer.user, kind=ProposalKind.CERTIFICATION, entry=entry)
    adopt_proposal(actor=cast.administrator, proposal_id=new.pk)
    assert Certification.objects.filter(reviewer=reviewer, specialty="Pain Medicine").exists()
    cv = propose_change(actor=reviewer.user, kind=ProposalKind.CV, file=[b"%PDF-1.4 new"], file_name="cv.pdf")
    adopt_proposal(actor=cast.administrator, proposal_id=cv.pk)
    assert Reviewer.objects.get(pk=reviewer.pk).cv_sha256 == cv.cv_sha256
    other = propose_change(actor=reviewer.user, kind=ProposalKind.OTHER, note="New phone: (916) 555-0134")
    with pytest.raises(DomainError, match="Say why"):
        refuse_proposal(actor=cast.administrator, proposal_id=other.pk, note=" ")
    assert withdraw_proposal(actor=reviewer.user, proposal_id=other.pk).status == ProposalStatus.WITHDRAWN


def test_credential_of_another_reviewer_cannot_be_proposed_to_change() -> None:
    reviewer, other = make_reviewer(), make_reviewer()
    theirs = License.objects.get(reviewer=other)
    entry = LicenseEntry("NV", theirs.kind, "N1", theirs.expires_on, LicenseStatus.ACTIVE)
    with pytest.raises(DomainError, match="no longer on file"):
        propose_change(actor=reviewer.user, kind=ProposalKind.LICENSE, entry=entry, subject_id=theirs.pk)


@pytest.mark.parametrize(("days", "warned"), [(61, 0), (60, 1), (31, 1), (30, 1), (7, 1), (0, 1), (-1, 0)])
def test_reviewer_is_warned_within_sixty_days(days: int, warned: int) -> None:
    reviewer = make_reviewer()
    License.objects.filter(reviewer=reviewer).update(expires_on=clock.today() + days * DAY)
    assert warn_of_lapses() == warned
    assert len(due_soon(reviewer.user)) == warned


def test_each_distance_is_mailed_once() -> None:
    reviewer = make_reviewer()
    end = clock.today() + 60 * DAY
    License.objects.filter(reviewer=reviewer).update(expires_on=end)
    for day in (end - 60 * DAY, end - 59 * DAY, end - 30 * DAY, end - 29 * DAY, end - 7 * DAY, end):
        warn_of_lapses(today=day)
    assert Mail.objects.filter(event=MailEvent.FILE_ENDS).count() == 3
    send_waiting()
    assert len(mail.outbox) == 3
    assert f"holds through {mmddyyyy(end)}" in str(mail.outbox[0].body)
    assert mail.outbox[0].to == [reviewer.user.email]
