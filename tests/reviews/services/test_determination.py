"""Signing, returning and passing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import CaseEvent, CaseOutcome, CaseStatus, ItemEligibility, ItemStatus
from cases.models import Case, DisputedItem
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core import clock, jobs
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.models import JobState, OutboxJob
from reviews.exceptions import LetterTextError, NotCompleteError, ReauthenticationError
from reviews.models import Determination, Finding, Letter, License, Review
from reviews.selectors.letter import missing_letters
from reviews.selectors.snapshot import draft_snapshot, snapshot_of
from reviews.services.determination import pass_determination, return_for_correction
from reviews.services.dispatch import release_letter
from reviews.services.letter import render_letter
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

pytestmark = pytest.mark.django_db


def test_signing_freezes_decides_and_promises_the_letter() -> None:
    made = make_signable(
        items=[{}, {"eligibility": ItemEligibility.PENDING}, {}],
        findings={3: {"outcome": "overturned", "rationale": "It is medically necessary."}},
    )

    determination = made.sign()

    case = Case.objects.get(pk=made.case.pk)
    assert case.status == CaseStatus.QA
    assert determination.outcome == CaseOutcome.PARTIAL_OVERTURN
    items = {item.position: item for item in DisputedItem.objects.filter(case=case)}
    assert (items[1].status, items[1].outcome) == (ItemStatus.DECIDED, "upheld")
    assert (items[2].status, items[2].outcome) == (ItemStatus.OPEN, "")
    assert (items[3].status, items[3].outcome) == (ItemStatus.DECIDED, "overturned")
    snapshot = snapshot_of(determination)
    assert [item.position for item in snapshot.letter.items] == [1, 3]
    assert snapshot.letter.decision_date == clock.today()
    assert snapshot.sha256 == determination.snapshot_sha256
    assert [paper.use for paper in snapshot.documents] == ["considered", "considered"]
    job = OutboxJob.objects.get(unique_key=f"letter:{determination.pk}:final:1")
    assert (job.name, job.queue, job.args) == (
        "reviews.render_letter",
        "letters",
        {"determination_id": determination.pk},
    )
    event = Event.objects.get(action="case.sign", case_id=case.pk)
    assert event.detail["snapshot_sha256"] == determination.snapshot_sha256


def test_second_signature_of_the_same_words_returns_the_first() -> None:
    made = make_signable()
    first = made.sign()
    assert made.sign(snapshot_sha256=first.snapshot_sha256) == first
    assert Event.objects.filter(action="case.sign", case_id=made.case.pk).count() == 1
    with pytest.raises(ConflictError, match="other words"):
        made.sign(snapshot_sha256="0" * 64)


def test_wrong_password_signs_nothing_and_five_lock() -> None:
    made = make_signable()
    for _ in range(5):
        with pytest.raises(ReauthenticationError, match="not your password"):
            made.sign(password="wrong")
    with pytest.raises(ReauthenticationError, match="15 minutes"):
        made.sign()
    assert not Determination.objects.filter(case=made.case).exists()


def test_only_what_was_seen_is_signed() -> None:
    made = make_signable()
    seen = draft_snapshot(assignment=made.assignment, decision_date=clock.today()).sha256
    Review.objects.filter(assignment=made.assignment).update(clinical_case_summary="Other words.")
    with pytest.raises(ConflictError, match="changed after you opened"):
        made.sign(snapshot_sha256=seen)


def test_incomplete_draft_is_not_signed() -> None:
    made = make_signable()
    Finding.objects.filter(review__assignment=made.assignment).update(rationale="", outcome="")
    with pytest.raises(NotCompleteError) as refusal:
        made.sign()
    assert any("rationale" in line for line in refusal.value.missing)


def test_characters_no_font_has_are_named_with_their_place() -> None:
    made = make_signable(summary="The worker said \U0001f9b4 and \U00012000.")
    with pytest.raises(LetterTextError) as refusal:
        made.sign()
    assert "Clinical case summary" in refusal.value.message
    assert "U+12000" in refusal.value.message


def test_lapsed_license_bars_the_signature_and_keeps_the_text() -> None:
    made = make_signable()
    License.objects.filter(reviewer=made.reviewer).update(expires_on=clock.today() - timedelta(days=1))
    with pytest.raises(DomainError, match="text is saved"):
        made.sign()
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW


def test_nobody_else_may_sign() -> None:
    made = make_signable()
    with pytest.raises(NotAllowedError):
        made.sign(actor=make_user(Role.REVIEWER))
    with pytest.raises(NotAllowedError):
        made.sign(actor=make_user(Role.MEDICAL_DIRECTOR))


def test_withdrawn_case_is_not_signed() -> None:
    made = make_signable()
    transition_case(case_id=made.case.pk, event=CaseEvent.WITHDRAW, actor=make_user(Role.ADMINISTRATOR))
    with pytest.raises(ConflictError, match="text is saved"):
        made.sign()


def test_return_for_correction_opens_everything_again_and_the_next_letter_is_the_current_one() -> None:
    made = make_signable()
    director = make_user(Role.MEDICAL_DIRECTOR)
    first = made.letter()

    returned = return_for_correction(determination_id=first.determination_id, actor=director, reason="Wrong year.")

    first.refresh_from_db()
    assert returned.voided_by == director
    assert first.superseded_at is not None
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW
    assert set(DisputedItem.objects.filter(case=made.case).values_list("status", "outcome")) == {("open", "")}
    with pytest.raises(ConflictError):
        return_for_correction(determination_id=first.determination_id, actor=director, reason="Again.")
    with pytest.raises(ConflictError, match="void"):
        release_letter(letter_id=first.pk, actor=director, without_check=True)

    Review.objects.filter(assignment=made.assignment).update(clinical_case_summary="Corrected words.")
    second = made.letter()
    assert second.determination_id != first.determination_id
    assert not missing_letters().exists()


def test_letter_job_of_a_returned_determination_is_canceled() -> None:
    made = make_signable()
    determination = made.sign()
    job = OutboxJob.objects.get(unique_key=f"letter:{determination.pk}:final:1")
    return_for_correction(
        determination_id=determination.pk, actor=make_user(Role.MEDICAL_DIRECTOR), reason="Wrong side."
    )
    assert jobs.run(job.pk) == JobState.CANCELED
    assert not Letter.objects.filter(determination=determination).exists()


def test_pass_is_the_medical_directors_and_leads_to_determined() -> None:
    made = make_signable()
    determination = made.sign()
    with pytest.raises(NotAllowedError):
        pass_determination(determination_id=determination.pk, actor=make_user(Role.ADMINISTRATOR))
    director = make_user(Role.MEDICAL_DIRECTOR)
    passed = pass_determination(determination_id=determination.pk, actor=director)
    assert passed.passed_by == director
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.DETERMINED


def test_locks_are_taken_case_first() -> None:
    made = make_signable()
    with CaptureQueriesContext(connection) as queries:
        made.sign()
    locking = [query["sql"] for query in queries.captured_queries if "FOR UPDATE" in query["sql"]]
    tables = [re.findall(r'FROM "(\w+)"', sql)[0] for sql in locking]
    wanted = ["cases_case", "cases_disputeditem", "reviews_assignment"]
    assert list(dict.fromkeys(table for table in tables if table in wanted)) == wanted


def test_render_twice_makes_one_letter_and_one_event() -> None:
    made = make_signable()
    letter = made.letter()
    render_letter(determination_id=letter.determination_id)
    assert Letter.objects.filter(case=made.case).count() == 1
    assert Event.objects.filter(action="letter.render", case_id=made.case.pk).count() == 1
