"""Several reviewers: approval, seats, blindness, and the opinions combined."""

from datetime import date
from typing import Any

import pytest

from cases.enums import CaseOutcome, CaseStatus, ItemStatus
from cases.models import Case, DisputedItem
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import AssignmentStatus
from reviews.models import Assignment, Determination, Letter, Opinion
from reviews.selectors.assignment import assignment_queue
from reviews.selectors.check import signed_determinations
from reviews.selectors.exchange import exchange_of
from reviews.selectors.letter import visible_letters
from reviews.selectors.panel import free_seat, panel_of_case, progress_of_panel, seats_of
from reviews.selectors.snapshot import snapshot_of
from reviews.selectors.worklist import WorkState, work_counts, worklist
from reviews.services.assignment import recall_assignment
from reviews.services.determination import pass_determination, return_for_correction, sign_determination
from reviews.services.letter import render_letter
from reviews.services.panel import dissolve_panel
from reviews.services.review import save_summary
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import make_signable, serve
from tests.factories.panels import approve_panel, make_panel
from tests.factories.reviews import accept_offer, make_offer, make_ready_case

pytestmark = pytest.mark.django_db


def test_a_second_reviewer_needs_the_approval_on_file() -> None:
    case = make_ready_case()
    make_offer(case)
    with pytest.raises(ConflictError, match="was assigned at"):
        make_offer(case)
    approve_panel(case, seats=2)
    assert make_offer(case).seat == 2
    assert free_seat(case) is None
    with pytest.raises(ConflictError, match="was assigned at"):
        make_offer(case)
    with pytest.raises(ConflictError, match="on file for this case already"):
        approve_panel(case)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"seats": 1}, "seats"),
        ({"seats": 6}, "seats"),
        ({"approved_on": date(2999, 1, 1)}, "approved_on"),
    ],
)
def test_an_approval_that_cannot_be_is_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        approve_panel(make_ready_case(), **fields)
    assert list(refusal.value.fields) == [field]


def test_only_those_who_assign_record_a_panel_and_only_before_the_signature() -> None:
    for role in (Role.REVIEWER, Role.AUDITOR, Role.CLAIMS_STAFF):
        with pytest.raises(NotAllowedError):
            approve_panel(make_ready_case(), actor=make_user(role))
    made = make_signable()
    made.sign()
    with pytest.raises(ConflictError, match="until the determination is signed"):
        approve_panel(made.case)


def test_nobody_sits_twice_and_further_seats_are_filled_while_the_first_is_at_work() -> None:
    case = make_ready_case()
    approve_panel(case, seats=3)
    first = make_offer(case)
    accept_offer(first)
    with pytest.raises(ConflictError, match="has a seat"):
        make_offer(case, first.reviewer)
    (queued,) = assignment_queue(make_user(Role.ADMINISTRATOR))
    assert (vars(queued)["panel_seats"], vars(queued)["seats_taken"]) == (3, 1)
    second = make_offer(case)
    assert work_counts(second.reviewer.user).offers == 1
    accept_offer(second)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.IN_REVIEW
    make_offer(case)
    assert not assignment_queue(make_user(Role.ADMINISTRATOR)).exists()


def test_a_seat_that_is_given_back_leaves_the_others_at_work() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    administrator = make_user(Role.ADMINISTRATOR)
    recall_assignment(assignment_id=made.seats[1].assignment.pk, actor=administrator, reason="Away.")
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW
    recall_assignment(assignment_id=made.seats[0].assignment.pk, actor=administrator, reason="Away too.")
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.READY_FOR_REVIEW


def test_an_opinion_is_final_and_tells_the_others_only_that_one_has_finished() -> None:
    made = make_panel([["upheld"], ["overturned"]])
    opinion = made.sign(1)

    assert opinion.determination is None
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IN_REVIEW
    assert set(DisputedItem.objects.filter(case=made.case).values_list("status", "outcome")) == {("open", "")}
    assert not Determination.objects.exists()
    assert progress_of_panel(made.panel).words == "1 of 2 reviewers has finished"
    first, second = made.seats
    assert [row.pk for row in worklist(first.user, WorkState.SIGNED)] == [first.assignment.pk]
    assert [row.pk for row in worklist(second.user, WorkState.IN_REVIEW)] == [second.assignment.pk]
    with pytest.raises(ConflictError, match="You signed your opinion"):
        save_summary(assignment_id=first.assignment.pk, actor=first.user, version=2, clinical_case_summary="Other.")
    with pytest.raises(ConflictError, match="opinion of this reviewer is signed"):
        recall_assignment(assignment_id=first.assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="Late.")
    assert made.sign(1) == opinion
    with pytest.raises(ConflictError, match="other words"):
        made.sign(1, snapshot_sha256="0" * 64)


def test_the_last_opinion_combines_all_and_keeps_every_analysis() -> None:
    rest = ["upheld", "upheld"]
    made = make_panel([["upheld", *rest], ["overturned", *rest], ["overturned", *rest]])
    determination = made.sign_all()

    assert determination.outcome == CaseOutcome.PARTIAL_OVERTURN
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.QA
    decided = DisputedItem.objects.filter(case=made.case).order_by("position").values_list("outcome", "status")
    assert list(decided) == [(outcome, ItemStatus.DECIDED) for outcome in ("overturned", "upheld", "upheld")]
    snapshot = snapshot_of(determination)
    rationale = snapshot.letter.items[0].rationale
    assert rationale.startswith("Two reviewers would overturn the decision of the claims administrator, one reviewer")
    for line in ("Reviewer 1 (Upheld): Analysis 1", "Reviewer 2 (Overturned): Analysis 2", "Reviewer 3 (Overturned)"):
        assert line in rationale
    assert [dict(voice.outcomes)[1] for voice in snapshot.panel] == ["upheld", "overturned", "overturned"]
    assert [len(snapshot.letter.certifications), len(snapshot.letter.states_of_licensure)] == [3, 3]
    assert snapshot.letter.clinical_case_summary.count("Reviewer ") == 3
    assert set(Opinion.objects.values_list("determination_id", flat=True)) == {determination.pk}
    assert "Reviewer 3 (Overturned)" in exchange_of(determination).items[0].decision_rationale
    # What every seat wrote is checked as it was written.
    checked = [checked.items[0].outcome for _, checked in signed_determinations()]
    assert checked == ["upheld", "overturned", "overturned"]


def test_an_even_split_is_decided_in_favor_of_the_service() -> None:
    determination = make_panel([["upheld"], ["overturned"]]).sign_all()
    assert determination.outcome == CaseOutcome.OVERTURN
    assert "evenly split" in snapshot_of(determination).letter.items[0].rationale


def test_every_reviewer_of_the_panel_reads_the_letter_and_no_one_else() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    made.sign(1)
    made.sign(2)
    determination = Determination.objects.get()
    render_letter(determination_id=determination.pk)
    letter = Letter.objects.get()
    for seat in made.seats:
        assert list(visible_letters(seat.user)) == [letter]
    assert not visible_letters(make_user(Role.REVIEWER)).exists()

    serve(letter)
    ended = Assignment.objects.filter(case=made.case).values_list("status", flat=True)
    assert set(ended) == {AssignmentStatus.COMPLETED}


def test_a_return_opens_every_opinion_again() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    determination = made.sign_all()
    return_for_correction(
        determination_id=determination.pk, actor=make_user(Role.MEDICAL_DIRECTOR), reason="The dates differ."
    )
    for seat in made.seats:
        (returned,) = worklist(seat.user, WorkState.RETURNED)
        assert vars(returned)["void_reason"] == "The dates differ."
    again = made.sign_all()
    assert again.pk != determination.pk
    assert Opinion.objects.filter(voided_at__isnull=True, determination=again).count() == 2


def test_an_opinion_on_other_items_is_void_and_signed_again() -> None:
    made = make_panel([["upheld", "upheld"], ["upheld", "upheld"]])
    made.sign(1)
    DisputedItem.objects.filter(case=made.case, position=2).update(status=ItemStatus.WITHDRAWN)
    last = made.sign(2)
    assert last.determination is None
    assert Event.objects.filter(action="opinion.void", case_id=made.case.pk).count() == 1
    assert made.sign(1).determination is not None
    assert snapshot_of(Determination.objects.get()).letter.items[0].position == 1


def test_the_signature_for_one_reviewer_is_refused_on_a_panel_and_the_other_way_round() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    seat = made.seats[0]
    who: dict[str, Any] = {"assignment_id": seat.assignment.pk, "actor": seat.user, "password": PASSWORD}
    with pytest.raises(ConflictError, match="several reviewers"):
        sign_determination(**who)
    with pytest.raises(ConflictError, match="every seat but the first"):
        dissolve_panel(panel_id=made.panel.pk, actor=make_user(Role.ADMINISTRATOR), reason="Refused.")
    recall_assignment(
        assignment_id=made.seats[1].assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="One is enough."
    )
    dissolve_panel(panel_id=made.panel.pk, actor=make_user(Role.ADMINISTRATOR), reason="One is enough.")
    assert panel_of_case(made.case.pk, 1) is None
    with pytest.raises(ConflictError, match="one reviewer now"):
        made.sign(1)
    assert "panel" not in sign_determination(**who).snapshot


def test_no_signer_of_the_panel_passes_it() -> None:
    """Every pair of decide and check: neither seat, and who did neither may."""
    made = make_panel([["upheld"], ["upheld"]])
    determination = made.sign_all()
    for seat in made.seats:
        with pytest.raises(NotAllowedError):
            pass_determination(determination_id=determination.pk, actor=seat.user)
    assert pass_determination(determination_id=determination.pk, actor=make_user(Role.MEDICAL_DIRECTOR)).passed_at


def test_seats_say_who_has_finished_to_those_who_assign() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    made.sign(2)
    assert [(seat.number, seat.has_signed) for seat in seats_of(made.panel)] == [(1, False), (2, True)]
