"""The clock or a changed file ends an assignment while its reviewer answers, writes or signs (C8, C9, expiry)."""

from datetime import timedelta
from functools import partial

import pytest

from cases.enums import CaseStatus
from cases.models import Case
from imr.core import clock, pdf
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus, DeclineReason, LicenseStatus, VerificationKind
from reviews.letters import FinalDeterminationLetter
from reviews.models import Assignment, Determination, Finding, License
from reviews.selectors.workspace import workspaces_of
from reviews.services import determination as signing
from reviews.services import offer as offers
from reviews.services import review_lock
from reviews.services.assignment import decline_assignment
from reviews.services.assignment_end import take_back_if_barred
from reviews.services.review import FindingWords, save_finding
from tests.factories.letters import Signable, make_signable
from tests.factories.reviews import accept_offer, make_offer, verify
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db(transaction=True)


def _expire(offer: Assignment) -> bool:
    return offers._expire(offer.pk, (offer.answer_due_at or clock.now()) + timedelta(seconds=1))


def test_answer_against_the_end_of_the_offer_leaves_one_winner() -> None:
    for _ in range(REPETITIONS):
        offer = make_offer()
        accepted, expired, again = race(partial(accept_offer, offer), partial(_expire, offer), partial(_expire, offer))
        offer.refresh_from_db()
        status = Case.objects.get(pk=offer.case_id).status
        if isinstance(accepted, Assignment):
            assert not expired
            assert not again
            assert (offer.status, status) == (AssignmentStatus.ACCEPTED, CaseStatus.IN_REVIEW)
        else:
            assert isinstance(accepted, ConflictError)
            assert "Not answered" in accepted.message
            # Two runs of the schedule beside each other end it once.
            assert [expired, again].count(True) == 1
            assert (offer.status, status) == (AssignmentStatus.EXPIRED, CaseStatus.READY_FOR_REVIEW)


def test_without_the_lock_an_accepted_offer_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the schedule goes by what it read before the answer."""
    offer = make_offer()
    read_before = (Case.objects.get(pk=offer.case_id), Assignment.objects.get(pk=offer.pk))
    accept_offer(offer)

    def unlocked(assignment_id: int) -> tuple[Case, Assignment]:
        return read_before

    monkeypatch.setattr(offers, "lock_assignment", unlocked)
    assert _expire(offer)
    assert Assignment.objects.get(pk=offer.pk).status == AssignmentStatus.EXPIRED
    assert Case.objects.get(pk=offer.case_id).status == CaseStatus.IN_REVIEW


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dry rendering takes far longer than all else and would decide every race."""

    def paper(letter: FinalDeterminationLetter) -> pdf.RenderedPdf:
        return pdf.RenderedPdf(data=b"%PDF-1.7 as short as can be", page_count=1)

    monkeypatch.setattr(signing, "_dry_render", paper)


def _suspend(made: Signable) -> list[str]:
    License.objects.filter(reviewer=made.reviewer).update(status=LicenseStatus.SUSPENDED)
    return take_back_if_barred(assignment_id=made.assignment.pk)


@pytest.mark.usefixtures("quick")
def test_signature_against_a_suspension_leaves_one_winner_and_the_text() -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        signed, taken_back = race(made.sign, partial(_suspend, made))
        case = Case.objects.get(pk=made.case.pk)
        status = Assignment.objects.get(pk=made.assignment.pk).status
        if isinstance(signed, Determination):
            assert taken_back == []
            assert (case.status, status) == (CaseStatus.QA, AssignmentStatus.ACCEPTED)
        else:
            assert "saved" in signed.message
            assert taken_back
            assert (case.status, status) == (CaseStatus.READY_FOR_REVIEW, AssignmentStatus.RECALLED)
            assert not Determination.objects.filter(case=case).exists()
        assert Finding.objects.get(review__assignment=made.assignment).rationale


@pytest.mark.usefixtures("quick")
def test_without_the_check_at_signing_a_disciplined_reviewer_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of C8: the credentials are looked at when the case is given and never again."""
    made = make_signable()
    verify(made.reviewer, VerificationKind.SANCTIONS, is_satisfactory=False, verified_on=clock.today())
    with pytest.raises(ConflictError, match="sanctions and discipline was not satisfactory"):
        made.sign()

    def unchecked(assignment: Assignment) -> None:
        return None

    monkeypatch.setattr(signing, "require_credentials", unchecked)
    assert made.sign().signed_by == made.user


def _save(made: Signable, version: int) -> Finding:
    item = Finding.objects.get(review__assignment=made.assignment).item_id
    words = FindingWords(outcome="upheld", rationale="Written beside the end of the assignment.")
    return save_finding(assignment_id=made.assignment.pk, item_id=item, actor=made.user, version=version, written=words)


def test_declared_conflict_closes_the_records_to_whoever_is_writing() -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        version = Finding.objects.get(review__assignment=made.assignment).version
        saved, ended = race(
            partial(_save, made, version),
            partial(
                decline_assignment,
                assignment_id=made.assignment.pk,
                actor=made.user,
                reason=DeclineReason.CONFLICT,
                conflicts=["facility"],
            ),
        )
        assert isinstance(ended, Assignment)
        assert not workspaces_of(made.user).filter(pk=made.assignment.pk).exists()
        if isinstance(saved, Finding):
            assert ended.ended_at is not None
            assert saved.saved_at <= ended.ended_at
        else:
            assert "What was saved before is kept." in saved.message


def test_without_the_lock_words_are_written_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of C9: the save goes by the assignment as it was before the conflict was declared."""
    made = make_signable()
    read_before = Assignment.objects.select_related("case").get(pk=made.assignment.pk)
    version = Finding.objects.get(review__assignment=made.assignment).version
    decline_assignment(
        assignment_id=made.assignment.pk, actor=made.user, reason=DeclineReason.CONFLICT, conflicts=["facility"]
    )

    def unlocked(assignment_id: int, actor: object) -> Assignment:
        return read_before

    monkeypatch.setattr(review_lock, "lock_own_assignment", unlocked)
    ended_at = Assignment.objects.get(pk=made.assignment.pk).ended_at
    assert ended_at is not None
    assert _save(made, version).saved_at > ended_at
