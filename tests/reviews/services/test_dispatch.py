"""Releasing a letter for a day, serving it, taking it back, addresses and returned mail."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, ItemStatus, PartyRole
from cases.models import Case, Deadline, DisputedItem, Party
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, jobs, storage
from imr.core.errors import ConflictError, DomainError
from imr.core.models import JobState, OutboxJob
from reviews.enums import AssignmentStatus, LetterKind
from reviews.letters import ServedLetter
from reviews.models import Assignment, Delivery, Determination, Dispatch, Letter
from reviews.selectors.dispatch import days_of_service, leaves_at
from reviews.selectors.letter import LetterState, letter_status, serve_key
from reviews.services.determination import pass_determination, return_for_correction
from reviews.services.dispatch import record_failed_delivery, release_letter, take_back
from reviews.services.service_address import set_service_address
from reviews.services.serving import serve_letter
from tests.factories.accounts import make_user
from tests.factories.letters import Signable, make_signable, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> User:
    return make_user(Role.MEDICAL_DIRECTOR, full_name="Dana Whitfield")


def _state(made: Signable, user: User) -> LetterState:
    return letter_status(case=Case.objects.get(pk=made.case.pk), user=user).state


def test_letter_is_served_with_its_day_recipients_and_clocks(director: User) -> None:
    made, today = make_signable(), clock.today()
    letter = made.letter()
    pass_determination(determination_id=letter.determination_id, actor=director)
    dispatch = release_letter(letter_id=letter.pk, actor=director, service_on=today)
    job = OutboxJob.objects.get(unique_key=serve_key(dispatch))
    assert job.unique_key == f"serve:{made.case.pk}:1:{dispatch.pk}:{today:%Y-%m-%d}"
    claims = made.case.created_by
    assert (_state(made, director), _state(made, claims)) == (LetterState.SCHEDULED, LetterState.NONE)
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.DETERMINED

    assert jobs.run(job.pk) == JobState.DONE
    serve_letter(dispatch_id=dispatch.pk)

    served = Letter.objects.get(case=made.case, kind=LetterKind.SERVED)
    dispatch.refresh_from_db()
    assert dispatch.context is not None
    words = ServedLetter.from_data(dispatch.context)
    due = Deadline.objects.get(case=made.case, kind=DeadlineKind.APPEAL, ended_at__isnull=True)
    assert (served.service_date, served.version, served.dispatch) == (today, 1, dispatch)
    assert (words.service_date, words.sha256, words.signed_off_by) == (today, dispatch.context_sha256, "Dana Whitfield")
    assert words.appeal_until == clock.pacific_date(due.due_at)
    assert words.check_url.endswith(f"/check/{dispatch.check_code}/")
    assert len(dispatch.check_code) == 20
    assert [row.role for row in words.recipients] == ["Injured worker", "Claims administrator", "Requesting physician"]
    assert [(row.name, row.method) for row in Delivery.objects.filter(dispatch=dispatch)] == [
        (words.recipients[0].name, "mail"),
        (made.case.organization.name, "portal"),
        (words.recipients[2].name, "mail"),
    ]
    assert Delivery.objects.get(dispatch=dispatch, role=PartyRole.EMPLOYEE).sent_on == days_of_service().usual
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.ISSUED
    assert Assignment.objects.get(pk=made.assignment.pk).status == AssignmentStatus.COMPLETED
    assert {_state(made, user) for user in (director, claims, made.user)} == {LetterState.SERVED}
    assert Event.objects.filter(action="letter.serve", object_id=served.pk).count() == 1
    changes: tuple[dict[str, object], ...] = (
        {"service_on": today + timedelta(days=1)},
        {"context": {}},
        {"check_code": "X" * 20},
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Dispatch.objects.filter(pk=dispatch.pk).update(**change)


def test_letter_for_a_later_day_waits_and_one_that_missed_its_day_gets_another(director: User) -> None:
    made, days = make_signable(), days_of_service()
    letter = made.letter()
    with pytest.raises(ConflictError, match="cannot leave on"):
        release_letter(
            letter_id=letter.pk, actor=director, service_on=days.following + timedelta(days=9), without_check=True
        )
    dispatch = release_letter(letter_id=letter.pk, actor=director, service_on=days.following, without_check=True)
    job = OutboxJob.objects.get(unique_key=serve_key(dispatch))
    assert job.available_at == leaves_at(days.following)
    assert jobs.run(job.pk) is None
    with pytest.raises(ConflictError, match="leaves on"):
        serve_letter(dispatch_id=dispatch.pk)

    # No worker was there on its day.
    Dispatch.objects.filter(pk=dispatch.pk).update(service_on=days.today - timedelta(days=3))
    serve_letter(dispatch_id=dispatch.pk)
    dispatch.refresh_from_db()
    assert Event.objects.get(action="letter.put_off").detail["to"] == dispatch.service_on.isoformat()
    if dispatch.served_at is None:
        assert dispatch.service_on == days_of_service().following
        assert OutboxJob.objects.get(unique_key=serve_key(dispatch)).available_at == leaves_at(dispatch.service_on)
    else:
        assert dispatch.letter is not None
        assert dispatch.letter.service_date == clock.today()


def test_letter_is_taken_back_and_released_again(director: User) -> None:
    made = make_signable()
    letter = made.letter()
    first = release_letter(letter_id=letter.pk, actor=director, service_on=clock.today(), without_check=True)
    take_back(dispatch_id=first.pk, actor=director, reason="A wrong year.")
    with pytest.raises(jobs.JobCanceledError):
        serve_letter(dispatch_id=first.pk)
    assert _state(made, director) == LetterState.READY
    assert Event.objects.get(action="letter.take_back").reason == "A wrong year."
    with pytest.raises(ConflictError, match="was taken back on"):
        take_back(dispatch_id=first.pk, actor=director, reason="Again.")

    served = serve(letter, director)
    assert (served.version, served.dispatch.check_code == first.check_code) == (1, False)
    with pytest.raises(ConflictError, match="can be corrected"):
        take_back(dispatch_id=served.dispatch.pk, actor=director, reason="Too late.")
    with pytest.raises(ConflictError, match="was served on"):
        release_letter(letter_id=letter.pk, actor=director, without_check=True)


def test_pass_of_other_words_is_void(director: User) -> None:
    """E31: what passed is compared with what would be sent, whatever way it changed."""
    letter = make_signable().letter()
    pass_determination(determination_id=letter.determination_id, actor=director)
    passed = Determination.objects.get(pk=letter.determination_id)
    assert passed.passed_sha256 == passed.snapshot_sha256
    snapshot = passed.snapshot
    snapshot["letter"]["clinical_case_summary"] = "Other words."
    with pgtrigger.ignore("reviews.Determination:frozen"):
        Determination.objects.filter(pk=passed.pk).update(snapshot=snapshot)
    with pytest.raises(ConflictError, match="the pass is void"):
        release_letter(letter_id=letter.pk, actor=director)
    assert not Dispatch.objects.exists()


def test_incomplete_address_stops_the_release_until_it_is_completed(director: User) -> None:
    made = make_signable()
    letter = made.letter()
    employee = Party.objects.filter(case=made.case, role=PartyRole.EMPLOYEE)
    employee.update(zip_code="", city="")
    with pytest.raises(ConflictError, match="Injured worker: the address has no city and no ZIP code") as refused:
        release_letter(letter_id=letter.pk, actor=director, without_check=True)
    assert refused.value.code == "cannot_be_served"
    set_service_address(
        party_id=employee.get().pk, actor=director, address={"zip_code": "93701-1234", "city": "Fresno"}
    )
    event = Event.objects.get(action="party.address")
    assert event.detail == {"role": "employee", "fields": ["city", "zip_code"]}
    served = serve(letter, director)
    mailed = Delivery.objects.get(dispatch=served.dispatch, role=PartyRole.EMPLOYEE)
    assert mailed.address[-1] == "Fresno, CA 93701-1234"

    with pytest.raises(DomainError, match="Enter that day or a later one"):
        record_failed_delivery(
            delivery_id=mailed.pk, actor=director, failed_on=mailed.sent_on - timedelta(days=1), note="Moved."
        )
    record_failed_delivery(delivery_id=mailed.pk, actor=director, failed_on=mailed.sent_on, note="Moved.")
    with pytest.raises(ConflictError, match="came back on"):
        record_failed_delivery(delivery_id=mailed.pk, actor=director, failed_on=mailed.sent_on, note="Moved.")
    portal = Delivery.objects.get(dispatch=served.dispatch, role=PartyRole.CLAIMS_ADMINISTRATOR)
    with pytest.raises(ConflictError, match="did not go by mail"):
        record_failed_delivery(delivery_id=portal.pk, actor=director, failed_on=portal.sent_on, note="Moved.")


def test_case_or_item_that_ends_before_service_stops_the_letter(director: User) -> None:
    withdrawn, changed = make_signable(), make_signable(items=[{}, {}])
    dispatches = [
        release_letter(letter_id=made.letter().pk, actor=director, service_on=clock.today(), without_check=True)
        for made in (withdrawn, changed)
    ]
    transition_case(case_id=withdrawn.case.pk, event=CaseEvent.WITHDRAW, actor=director)
    DisputedItem.objects.filter(case=withdrawn.case).update(status=ItemStatus.WITHDRAWN, outcome="")
    DisputedItem.objects.filter(case=changed.case, position=2).update(status=ItemStatus.TERMINATED, outcome="")
    for dispatch in dispatches:
        with pytest.raises(jobs.JobCanceledError):
            serve_letter(dispatch_id=dispatch.pk)
    dispatches[1].refresh_from_db()
    assert "item 2 is no longer decided" in dispatches[1].take_back_reason
    assert dispatches[1].taken_back_by is None
    assert not Letter.objects.filter(kind=LetterKind.SERVED).exists()

    return_for_correction(
        determination_id=dispatches[1].determination_id, actor=director, reason="Item 2 was authorized."
    )
    assert list(DisputedItem.objects.filter(case=changed.case).values_list("status", flat=True)) == [
        "open",
        "terminated",
    ]
    again = serve(changed.letter(), director)
    assert [item["position"] for item in again.determination.snapshot["letter"]["items"]] == [1]


def test_passed_determination_is_returned_and_its_letter_on_the_way_taken_back(director: User) -> None:
    made = make_signable()
    letter = made.letter()
    pass_determination(determination_id=letter.determination_id, actor=director)
    dispatch = release_letter(letter_id=letter.pk, actor=director, service_on=days_of_service().following)
    return_for_correction(determination_id=letter.determination_id, actor=director, reason="The dose is missing.")
    dispatch.refresh_from_db()
    assert dispatch.taken_back_by == director
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW


def test_served_bytes_are_those_of_the_frozen_words(director: User) -> None:
    served = make_signable().served(director)
    with storage.open_verified(served.sha256) as handle:
        assert handle.read(5) == b"%PDF-"
    assert served.snapshot_sha256 == served.determination.snapshot_sha256
