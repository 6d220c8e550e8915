"""Offers that run out, reminders, and cases that a reviewer's file bars after they were given."""

from datetime import timedelta

import pytest
from django.core import mail

from cases.enums import CaseStatus, DraftStep, Priority
from cases.models import Case
from imr.accounts.enums import MailEvent, MailState
from imr.accounts.models import Mail, User
from imr.accounts.services.person import deactivate_person
from imr.audit.models import Event
from imr.core import clock
from imr.core.calendar import end_of_day
from imr.core.models import OutboxJob
from reviews.enums import AssignmentStatus, ConflictRelation, DeclineReason, LicenseStatus
from reviews.models import Affiliation, Assignment, License
from reviews.selectors.assignment import assignment_queue
from reviews.selectors.candidates import candidate_for
from reviews.selectors.offer import stalled
from reviews.services.assignment import decline_assignment
from reviews.services.assignment_end import take_back_if_barred
from reviews.services.offer import watch_assignments
from reviews.services.recheck import RECHECK_REVIEWER
from reviews.services.reviewer import set_reviewer_active
from tests.factories.accounts import Cast
from tests.factories.amendments import amend
from tests.factories.mails import send_waiting
from tests.factories.review_drafts import complete_review
from tests.factories.reviews import accept_offer, make_accepted, make_offer, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db


def test_offer_has_three_business_days_and_an_expedited_one_hours() -> None:
    standard, expedited = make_offer(), make_offer(make_ready_case(priority=Priority.EXPEDITED))
    assert standard.answer_due_at is not None
    assert standard.answer_due_at == end_of_day(clock.pacific_date(standard.answer_due_at))
    assert standard.answer_due_at >= clock.now() + timedelta(days=2)
    assert expedited.answer_due_at is not None
    assert timedelta(hours=7) < expedited.answer_due_at - clock.now() <= timedelta(hours=8)


def test_unanswered_offer_ends_once_and_the_case_can_be_offered_again(cast: Cast) -> None:
    offer = make_offer()
    assert offer.answer_due_at is not None
    assert watch_assignments(now=offer.answer_due_at)["expired"] == 0
    later = offer.answer_due_at + timedelta(seconds=1)
    assert watch_assignments(now=later)["expired"] == 1
    assert watch_assignments(now=later)["expired"] == 0
    offer.refresh_from_db()
    assert (offer.status, offer.ended_by) == (AssignmentStatus.EXPIRED, None)
    assert offer.end_note.startswith("No answer by ")
    assert Event.objects.get(action="assignment.expire").actor is None
    (row,) = assignment_queue(cast.administrator)
    assert (getattr(row, "ended_status", ""), getattr(row, "ended_with", "")) == ("expired", offer.reviewer.code)
    again = candidate_for(row, offer.reviewer)
    assert "Left an offer of this case without an answer." in [check.words for check in again.warnings]
    assert make_offer(row, offer.reviewer, cast.administrator).status == AssignmentStatus.OFFERED


def test_answered_offer_does_not_end() -> None:
    offer = make_offer()
    accept_offer(offer)
    assert offer.answer_due_at is not None
    watch_assignments(now=offer.answer_due_at + timedelta(seconds=1))
    offer.refresh_from_db()
    assert offer.status == AssignmentStatus.ACCEPTED


def test_reviewer_is_reminded_once_a_day_before_the_end() -> None:
    offer = make_offer()
    assert offer.answer_due_at is not None
    assert watch_assignments(now=offer.answer_due_at - timedelta(hours=25))["reminded"] == 0
    assert watch_assignments(now=offer.answer_due_at - timedelta(hours=23))["reminded"] == 1
    assert watch_assignments(now=offer.answer_due_at - timedelta(hours=22))["reminded"] == 0
    send_waiting(MailEvent.OFFER_REMINDER)
    (sent,) = mail.outbox
    assert sent.to == [offer.reviewer.user.email]
    assert str(offer.case.number) in str(sent.body)
    assert f"/assignments/{offer.pk}/offer/" in str(sent.body)


def test_mail_of_an_offer_that_was_answered_is_not_sent() -> None:
    offer = make_offer()
    accept_offer(offer)
    send_waiting(MailEvent.OFFER_MADE)
    assert mail.outbox == []


def test_case_without_a_word_is_reminded_of_and_then_shown_to_administrators() -> None:
    accepted, written = make_accepted(), make_accepted()
    complete_review(written)
    assert accepted.assignment.accepted_at is not None
    later = accepted.assignment.accepted_at + timedelta(days=6)
    assert watch_assignments(now=later)["start_reminded"] == 1
    assert watch_assignments(now=later)["start_reminded"] == 0
    assert stalled(clock.now()) == []
    assert [row.pk for row in stalled(clock.now() + timedelta(days=4))] == [accepted.assignment.pk]


def test_decline_because_of_a_conflict_keeps_with_whom_it_lies() -> None:
    offer, other = make_offer(), make_offer()
    ended = decline_assignment(
        assignment_id=offer.pk,
        actor=offer.reviewer.user,
        reason=DeclineReason.CONFLICT,
        conflicts=["maker", "employer"],
    )
    assert ended.declared_conflicts == ["employer", "maker"]
    assert "maker of the drug" in ended.declared_words
    # What was ticked for another reason is not a declaration.
    busy = decline_assignment(
        assignment_id=other.pk, actor=other.reviewer.user, reason=DeclineReason.WORKLOAD, conflicts=["maker"]
    )
    assert busy.declared_conflicts == []


def test_suspended_license_takes_a_case_back_and_leaves_an_offer() -> None:
    reviewer = make_reviewer()
    accepted, offer = make_accepted(reviewer=reviewer), make_offer(reviewer=reviewer)
    review = complete_review(accepted)
    License.objects.filter(reviewer=reviewer).update(status=LicenseStatus.SUSPENDED)
    assert watch_assignments()["taken_back"] == 1
    accepted.assignment.refresh_from_db()
    accepted.case.refresh_from_db()
    offer.refresh_from_db()
    assert accepted.assignment.end_note == "The California license on file is suspended."
    assert (accepted.assignment.status, accepted.assignment.ended_by) == (AssignmentStatus.RECALLED, None)
    assert accepted.case.status == CaseStatus.READY_FOR_REVIEW
    assert offer.status == AssignmentStatus.OFFERED
    review.refresh_from_db()
    assert review.clinical_case_summary
    send_waiting(MailEvent.CASE_TAKEN_BACK)
    (sent,) = mail.outbox
    assert "suspended" not in str(sent.body)


def test_license_is_valid_through_its_last_pacific_day() -> None:
    accepted = make_accepted()
    License.objects.filter(reviewer=accepted.reviewer).update(expires_on=clock.today())
    assert take_back_if_barred(assignment_id=accepted.assignment.pk) == []
    yesterday = clock.today() - timedelta(days=1)
    License.objects.filter(reviewer=accepted.reviewer).update(expires_on=yesterday)
    (words,) = take_back_if_barred(assignment_id=accepted.assignment.pk)
    assert f"expired on {yesterday:%m/%d/%Y}" in words
    assert take_back_if_barred(assignment_id=accepted.assignment.pk) == []


def test_signed_determination_outlives_the_license() -> None:
    accepted = make_accepted()
    Case.objects.filter(pk=accepted.case.pk).update(status=CaseStatus.QA)
    License.objects.filter(reviewer=accepted.reviewer).update(status=LicenseStatus.SUSPENDED)
    assert take_back_if_barred(assignment_id=accepted.assignment.pk) == []


def test_tie_recorded_after_assignment_ends_offer_and_review() -> None:
    reviewer = make_reviewer()
    cases = [make_ready_case(), make_ready_case()]
    accepted, offer = make_accepted(cases[0], reviewer), make_offer(cases[1], reviewer)
    for case in cases:
        Affiliation.objects.create(
            reviewer=reviewer, relation=ConflictRelation.EMPLOYER, name=case.organization.name, note="Found later"
        )
    assert watch_assignments()["taken_back"] == 2
    statuses = set(
        Assignment.objects.filter(pk__in=[accepted.assignment.pk, offer.pk]).values_list("status", flat=True)
    )
    assert statuses == {AssignmentStatus.RECALLED}
    assert Event.objects.filter(action="assignment.conflict_found").count() == 2


def test_change_of_the_register_looks_at_open_cases_at_once(
    cast: Cast, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    from reviews.services.credential import LicenseEntry, save_license

    accepted = make_accepted()
    held = License.objects.get(reviewer=accepted.reviewer)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        save_license(
            reviewer_id=accepted.reviewer.pk,
            actor=cast.administrator,
            version=accepted.reviewer.version,
            entry=LicenseEntry(
                state=held.state,
                kind=held.kind,
                number=held.number,
                expires_on=held.expires_on,
                status=LicenseStatus.SUSPENDED,
            ),
            license_id=held.pk,
        )
    accepted.assignment.refresh_from_db()
    assert accepted.assignment.status == AssignmentStatus.RECALLED
    # And a job does it when the process dies after the commit.
    assert OutboxJob.objects.filter(name=RECHECK_REVIEWER, args={"reviewer_id": accepted.reviewer.pk}).exists()


def test_deactivated_account_gives_its_cases_back(cast: Cast) -> None:
    accepted = make_accepted()
    deactivate_person(actor=cast.administrator, person=accepted.user)
    assert watch_assignments()["taken_back"] == 1
    reviewer = set_reviewer_active(
        reviewer_id=accepted.reviewer.pk,
        actor=cast.administrator,
        version=accepted.reviewer.version,
        is_active=False,
        reason="Retired",
    )
    assert not reviewer.is_active


def test_reviewer_is_told_once_of_an_amendment_that_touches_the_review(cast: Cast) -> None:
    case = make_ready_case(organization=cast.home)
    amend(case, cast.claims, DraftStep.UR_DECISION, primary_diagnosis="Sciatica")
    accepted = make_accepted(case)
    watch_assignments()
    send_waiting()
    # What came before the reviewer accepted was read with the case.
    assert sent_to(accepted.user, MailEvent.APPLICATION_AMENDED) == 0

    amend(case, cast.administrator, claim_number="WC-9")
    watch_assignments()
    send_waiting()
    assert sent_to(accepted.user, MailEvent.APPLICATION_AMENDED) == 0

    amend(case, cast.administrator, DraftStep.UR_DECISION, primary_diagnosis="Lumbago")
    watch_assignments()
    watch_assignments()
    send_waiting()
    assert sent_to(accepted.user, MailEvent.APPLICATION_AMENDED) == 1


def sent_to(person: User, event: MailEvent) -> int:
    return Mail.objects.filter(recipient=person, event=event, state=MailState.SENT).count()
