"""Offering, answering and recalling: what holds afterwards, and what is refused with which words."""

from datetime import timedelta

import pytest

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, PartyRole
from cases.exceptions import TransitionError
from cases.models import Case, Deadline, Party
from cases.services.transitions import transition_case
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import AssignmentStatus, ConflictRelation, DeclineReason, LicenseStatus
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Affiliation, Assignment, ConflictDisclosure, License
from reviews.services.assignment import decline_assignment, offer_assignment, recall_assignment
from reviews.services.assignment_end import return_for_credentials
from tests.factories.accounts import Cast
from tests.factories.reviews import accept_offer, make_accepted, make_offer, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db


def test_offer_keeps_the_screening_and_leaves_the_case_ready(cast: Cast) -> None:
    reviewer, case = make_reviewer(states=("NV",)), make_ready_case()
    offer = offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=cast.administrator)
    case.refresh_from_db()
    assert case.status == CaseStatus.READY_FOR_REVIEW
    assert offer.status == AssignmentStatus.OFFERED
    results = {check["code"]: check["result"] for check in offer.screening["checks"]}
    assert results["license"] == "warn"
    assert "fail" not in results.values()
    assert offer.screening["on"] == clock.today().isoformat()
    event = Event.objects.get(action="assignment.offer", case_id=case.pk)
    assert event.detail == {"reviewer": reviewer.code, "warnings": ["license"]}


def test_second_offer_is_refused_with_the_time_of_the_first(cast: Cast) -> None:
    offer = make_offer(actor=cast.other_administrator)
    with pytest.raises(ConflictError, match=r"was assigned at \d+:\d\d [AP]M PT by another administrator\. Open the"):
        offer_assignment(case_id=offer.case_id, reviewer_id=make_reviewer().pk, actor=cast.administrator)
    with pytest.raises(ConflictError, match="by you"):
        offer_assignment(case_id=offer.case_id, reviewer_id=make_reviewer().pk, actor=cast.other_administrator)
    assert Assignment.objects.filter(case_id=offer.case_id).count() == 1


def test_offer_is_refused_for_a_case_that_is_not_ready(cast: Cast) -> None:
    case = make_ready_case(status=CaseStatus.AWAITING_RECORDS)
    with pytest.raises(TransitionError, match="Awaiting records"):
        offer_assignment(case_id=case.pk, reviewer_id=make_reviewer().pk, actor=cast.administrator)


def test_offer_is_refused_to_people_without_the_right(cast: Cast) -> None:
    case, reviewer = make_ready_case(), make_reviewer()
    for actor in (cast.claims, cast.reviewer, cast.auditor, cast.operator):
        with pytest.raises(NotAllowedError):
            offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=actor)
    assert not Assignment.objects.exists()


def test_offer_is_blocked_by_a_lapsed_license_and_by_a_conflict(cast: Cast) -> None:
    case, reviewer = make_ready_case(), make_reviewer()
    License.objects.filter(reviewer=reviewer).update(expires_on=clock.today() - timedelta(days=1))
    employer = Party.objects.get(case=case, role=PartyRole.EMPLOYER)
    Affiliation.objects.create(
        reviewer=reviewer, relation=ConflictRelation.EMPLOYER, name=employer.firm_name.upper().replace(", INC.", "")
    )
    with pytest.raises(AssignmentBlockedError) as blocked:
        offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=cast.administrator)
    assert "The California license on file expired on" in blocked.value.message
    assert f"the employer ({employer.firm_name})" in blocked.value.message
    assert not Assignment.objects.exists()


def test_offer_is_blocked_for_the_physician_in_dispute_by_own_name(cast: Cast) -> None:
    case = make_ready_case()
    physician = Party.objects.get(case=case, role=PartyRole.REQUESTING_PHYSICIAN)
    reviewer = make_reviewer(identity={"first_name": physician.last_name, "last_name": physician.first_name})
    with pytest.raises(AssignmentBlockedError, match="the requesting physician"):
        offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=cast.administrator)


def test_offer_is_blocked_at_the_maximum_load(cast: Cast) -> None:
    reviewer = make_reviewer(maximum_load=1)
    make_offer(reviewer=reviewer)
    with pytest.raises(AssignmentBlockedError, match="1 of 1 open"):
        offer_assignment(case_id=make_ready_case().pk, reviewer_id=reviewer.pk, actor=cast.administrator)


def test_acceptance_attests_and_puts_the_case_in_review() -> None:
    accepted = make_accepted()
    assert accepted.case.status == CaseStatus.IN_REVIEW
    assert accepted.assignment.status == AssignmentStatus.ACCEPTED
    assert accepted.assignment.accepted_at is not None
    disclosure = ConflictDisclosure.objects.get(assignment=accepted.assignment)
    assert (disclosure.conflicts, disclosure.is_qualified, disclosure.is_in_active_practice) == ([], True, True)
    with pytest.raises(ConflictError, match="You accepted this case on"):
        accept_offer(accepted.assignment)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"conflicts": ["physician", "employer"], "note": "We share a practice."}, DeclineReason.CONFLICT),
        ({"is_qualified": False}, DeclineReason.QUALIFICATION),
        ({"is_in_active_practice": False}, DeclineReason.QUALIFICATION),
    ],
)
def test_acceptance_against_the_attestation_declines(answers: dict[str, object], reason: DeclineReason) -> None:
    offer = make_offer()
    ended = accept_offer(offer, **answers)
    assert (ended.status, ended.decline_reason) == (AssignmentStatus.DECLINED, reason)
    assert Case.objects.get(pk=offer.case_id).status == CaseStatus.READY_FOR_REVIEW
    assert ConflictDisclosure.objects.get(assignment=offer).has_conflict == (reason == DeclineReason.CONFLICT)
    with pytest.raises(ConflictError, match="has been “Declined” since"):
        accept_offer(offer)


def test_reviewer_with_a_declared_conflict_is_not_offered_the_case_again(cast: Cast) -> None:
    offer = make_offer()
    accept_offer(offer, conflicts=["maker"])
    with pytest.raises(AssignmentBlockedError, match="because of a conflict of interest"):
        offer_assignment(case_id=offer.case_id, reviewer_id=offer.reviewer_id, actor=cast.administrator)


def test_acceptance_is_blocked_by_a_credential_that_lapsed_since_the_offer() -> None:
    offer = make_offer()
    License.objects.filter(reviewer=offer.reviewer).update(status=LicenseStatus.SUSPENDED)
    with pytest.raises(AssignmentBlockedError, match="The California license on file is suspended"):
        accept_offer(offer)
    offer.refresh_from_db()
    assert offer.status == AssignmentStatus.OFFERED
    assert not ConflictDisclosure.objects.exists()


def test_offer_of_another_reviewer_does_not_exist_for_a_reviewer(cast: Cast) -> None:
    offer = make_offer()
    with pytest.raises(Assignment.DoesNotExist):
        accept_offer(offer, actor=cast.other_reviewer)
    with pytest.raises(Assignment.DoesNotExist):
        decline_assignment(assignment_id=offer.pk, actor=cast.other_reviewer, reason="other")


def test_acceptance_after_a_withdrawal_is_refused(cast: Cast) -> None:
    offer = make_offer()
    transition_case(case_id=offer.case_id, event=CaseEvent.WITHDRAW, actor=cast.administrator)
    with pytest.raises(TransitionError, match="Withdrawn"):
        accept_offer(offer)


def test_decline_keeps_reason_note_and_suggestion(cast: Cast) -> None:
    offer = make_offer()
    ended = decline_assignment(
        assignment_id=offer.pk,
        actor=offer.reviewer.user,
        reason=DeclineReason.WORKLOAD,
        note="On leave.",
        suggestion="A pain specialist",
    )
    assert ended.end_note == "On leave. Suggested: A pain specialist"
    assert ended.ended_by_id == offer.reviewer.user_id
    with pytest.raises(DomainError, match="Choose a reason"):
        decline_assignment(assignment_id=offer.pk, actor=offer.reviewer.user, reason="")


def test_conflict_found_in_review_returns_the_case_to_the_queue() -> None:
    accepted = make_accepted()
    decline_assignment(assignment_id=accepted.assignment.pk, actor=accepted.user, reason=DeclineReason.CONFLICT)
    accepted.case.refresh_from_db()
    assert accepted.case.status == CaseStatus.READY_FOR_REVIEW
    assert Deadline.objects.filter(case=accepted.case, kind=DeadlineKind.ASSIGN, ended_at__isnull=True).exists()


def test_recall_of_an_offer_and_of_a_review(cast: Cast) -> None:
    offer = make_offer()
    with pytest.raises(DomainError, match="Say why"):
        recall_assignment(assignment_id=offer.pk, actor=cast.administrator, reason=" ")
    ended = recall_assignment(assignment_id=offer.pk, actor=cast.administrator, reason="No answer")
    assert (ended.status, ended.end_note, ended.ended_by) == (
        AssignmentStatus.RECALLED,
        "No answer",
        cast.administrator,
    )
    with pytest.raises(ConflictError, match="Recalled"):
        recall_assignment(assignment_id=offer.pk, actor=cast.administrator, reason="Again")

    accepted = make_accepted()
    recall_assignment(assignment_id=accepted.assignment.pk, actor=cast.medical_director, reason="Conflict reported")
    accepted.case.refresh_from_db()
    assert accepted.case.status == CaseStatus.READY_FOR_REVIEW
    assert (
        offer_assignment(case_id=accepted.case.pk, reviewer_id=make_reviewer().pk, actor=cast.administrator).status
        == AssignmentStatus.OFFERED
    )


def test_recall_after_signing_is_refused(cast: Cast) -> None:
    accepted = make_accepted()
    transition_case(case_id=accepted.case.pk, event=CaseEvent.SIGN, actor=accepted.user)
    with pytest.raises(ConflictError, match="The determination was signed"):
        recall_assignment(assignment_id=accepted.assignment.pk, actor=cast.administrator, reason="Late")
    accepted.assignment.refresh_from_db()
    assert accepted.assignment.status == AssignmentStatus.ACCEPTED


def test_lapse_at_signing_returns_the_case_with_the_reason() -> None:
    accepted = make_accepted()
    words = "The California license on file expired on 06/30/2026."
    ended = return_for_credentials(assignment_id=accepted.assignment.pk, actor=accepted.user, problems=[words])
    accepted.case.refresh_from_db()
    assert (ended.status, ended.end_note) == (AssignmentStatus.RECALLED, words)
    assert accepted.case.status == CaseStatus.READY_FOR_REVIEW


def test_reviewer_of_an_earlier_round_is_excluded(cast: Cast) -> None:
    accepted = make_accepted()
    Assignment.objects.filter(pk=accepted.assignment.pk).update(
        status=AssignmentStatus.COMPLETED, ended_at=clock.now(), ended_by=accepted.user
    )
    case = accepted.case
    for event, actor in (
        (CaseEvent.SIGN, accepted.user),
        (CaseEvent.ISSUE, cast.administrator),
        (CaseEvent.APPEAL, cast.administrator),
        (CaseEvent.REVERSE_ON_APPEAL, cast.administrator),
    ):
        transition_case(case_id=case.pk, event=event, actor=actor)
    transition_case(
        case_id=case.pk, event=CaseEvent.REOPEN_AFTER_REMAND, actor=cast.administrator, changes={"round": 2}
    )
    with pytest.raises(AssignmentBlockedError, match="earlier round"):
        offer_assignment(case_id=case.pk, reviewer_id=accepted.reviewer.pk, actor=cast.administrator)
    assert offer_assignment(case_id=case.pk, reviewer_id=make_reviewer().pk, actor=cast.administrator).round == 2
