"""Nobody does two of these for one case: assign, review, check, correct and approve the correction."""

from functools import partial

import pytest

from cases.enums import CaseStatus
from cases.models import Case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core.errors import NotAllowedError
from reviews.models import Assignment, Determination
from reviews.permissions import may_pass
from reviews.selectors import duties
from reviews.services.assignment import offer_assignment, recall_assignment
from reviews.services.determination import pass_determination, sign_determination
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import make_signable, write_draft
from tests.factories.panels import make_panel
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import accept_offer, make_offer, make_ready_case, make_reviewer
from tests.races import REPETITIONS, race


def signed_after_offer_by(director: User) -> Determination:
    """A determination whose reviewer was chosen by `director`."""
    case = make_ready_case()
    prepare_case(case)
    offer = make_offer(case, actor=director)
    assignment = accept_offer(offer)
    write_draft(assignment, offer.reviewer.user)
    return sign_determination(assignment_id=assignment.pk, actor=offer.reviewer.user, password=PASSWORD)


@pytest.mark.django_db
def test_who_assigned_the_case_does_not_pass_its_determination() -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    determination = signed_after_offer_by(director)
    with pytest.raises(NotAllowedError, match="You assigned this case") as refused:
        pass_determination(determination_id=determination.pk, actor=director)
    assert refused.value.status == 403
    assert Case.objects.get(pk=determination.case_id).status == CaseStatus.QA
    assert pass_determination(determination_id=determination.pk, actor=make_user(Role.MEDICAL_DIRECTOR)).passed_at


@pytest.mark.django_db
def test_an_offer_that_came_to_nothing_is_no_assignment() -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    case = make_ready_case()
    first = make_offer(case, actor=director)
    recall_assignment(assignment_id=first.pk, actor=director, reason="Another specialty is needed.")
    made = make_signable()
    Assignment.objects.filter(pk=first.pk).update(case=made.case)
    assert may_pass(director, made.sign()).allowed


@pytest.mark.django_db
def test_who_signed_an_opinion_or_chose_one_seat_of_a_panel_does_not_pass_it() -> None:
    made = make_panel([["upheld"], ["upheld"]])
    director = make_user(Role.MEDICAL_DIRECTOR)
    Assignment.objects.filter(pk=made.seats[1].assignment.pk).update(offered_by=director)
    determination = made.sign_all()
    with pytest.raises(NotAllowedError, match="You assigned this case"):
        pass_determination(determination_id=determination.pk, actor=director)
    for seat in made.seats:
        assert not may_pass(seat.user, determination).allowed


@pytest.mark.django_db
def test_nobody_assigns_a_case_to_themselves_whatever_their_role_was() -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    reviewer = make_reviewer(director)
    with pytest.raises(NotAllowedError, match="themselves"):
        offer_assignment(case_id=make_ready_case().pk, reviewer_id=reviewer.pk, actor=director)
    # Somebody who offered a case and became its reviewer afterwards.
    offer = make_offer()
    Assignment.objects.filter(pk=offer.pk).update(offered_by=offer.reviewer.user)
    with pytest.raises(NotAllowedError, match="You offered this case yourself"):
        accept_offer(offer)


@pytest.mark.django_db(transaction=True)
def test_two_directors_at_once_leave_the_pass_of_the_one_who_did_not_assign() -> None:
    for _ in range(REPETITIONS):
        assigner, other = make_user(Role.MEDICAL_DIRECTOR), make_user(Role.MEDICAL_DIRECTOR)
        determination = signed_after_offer_by(assigner)
        results = race(*(partial(_pass, determination, actor) for actor in (assigner, other)))
        assert "You assigned this case" in results[0]
        assert isinstance(results[1], Determination)
        assert results[1].passed_by_id == other.pk


@pytest.mark.django_db
def test_without_the_look_at_who_assigned_one_person_does_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    director = make_user(Role.MEDICAL_DIRECTOR)
    determination = signed_after_offer_by(director)
    monkeypatch.setattr("reviews.permissions.assigners_of", lambda _: frozenset())
    assert pass_determination(determination_id=determination.pk, actor=director).passed_by_id == director.pk
    assert duties.assigners_of(determination) == {director.pk}


def _pass(determination: Determination, actor: User) -> Determination | str:
    try:
        return pass_determination(determination_id=determination.pk, actor=actor)
    except NotAllowedError as error:
        return error.message
