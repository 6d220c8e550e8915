"""Appeals, and the new review by a different reviewer after a reversal (E52; LC 4610.6(h), (i); C16)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseStatus, PartyRole
from cases.exceptions import TransitionError
from cases.models import Case, DisputedItem
from cases.selectors.detail import case_detail
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock, jobs
from imr.core.errors import DomainError
from reviews.enums import AppealGround, AppealOutcome, CorrectionStatus, LetterKind
from reviews.models import Appeal, Correction, Determination, Letter
from reviews.selectors.candidates import candidate_for
from reviews.selectors.letter import LetterState, letter_status, missing_letters
from reviews.services.appeal import decide_appeal, open_new_review, record_appeal
from reviews.services.correction import propose_correction
from reviews.services.letter import render_letter
from tests.factories.accounts import make_user
from tests.factories.letters import Signable, make_signable, serve, write_draft
from tests.factories.reviews import make_accepted, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


def _appeal(made: Signable, actor: User, *, days_ago: int = 0) -> Appeal:
    return record_appeal(
        case_id=made.case.pk,
        actor=actor,
        filed_on=clock.today() - timedelta(days=days_ago),
        appellant=PartyRole.EMPLOYEE,
        ground=AppealGround.FACT,
        note="The wrong shoulder was judged.",
    )


def _decide(made: Signable, actor: User, outcome: AppealOutcome) -> Appeal:
    return decide_appeal(
        case_id=made.case.pk, actor=actor, outcome=outcome, decided_on=clock.today(), note="As the order says."
    )


def test_denied_appeal_leaves_the_letter_in_force(administrator: User) -> None:
    made = make_signable()
    letter = made.letter()
    with pytest.raises(TransitionError), transaction.atomic():
        _appeal(made, administrator)
    served = serve(letter, administrator)
    with pytest.raises(DomainError, match=r"was served on .* Enter that day or a later one"), transaction.atomic():
        _appeal(made, administrator, days_ago=1)
    appeal = _appeal(made, administrator)
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.APPEALED
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(note="Other words.")
    with pytest.raises(DomainError, match="Enter that day or a later one"), transaction.atomic():
        decide_appeal(
            case_id=made.case.pk,
            actor=administrator,
            outcome=AppealOutcome.DENIED,
            decided_on=clock.today().replace(year=clock.today().year - 1),
            note="Early.",
        )
    _decide(made, administrator, AppealOutcome.DENIED)
    served.refresh_from_db()
    assert served.superseded_at is None
    assert Case.objects.get(pk=made.case.pk).status == CaseStatus.IMPLEMENTATION
    assert DisputedItem.objects.get(case=made.case).outcome == "upheld"


def test_reversal_sets_the_letter_aside_and_another_reviewer_decides_again(administrator: User) -> None:
    made = make_signable()
    served = made.served(administrator)
    propose_correction(
        determination_id=served.determination_id,
        actor=administrator,
        texts={"clinical_case_summary": "Other words."},
        reason="A slip.",
    )
    _appeal(made, administrator)
    _decide(made, administrator, AppealOutcome.REVERSED)
    served = Letter.objects.select_related("determination", "case").get(pk=served.pk)
    assert served.state_words == "Set aside on appeal"
    assert Correction.objects.get().status == CorrectionStatus.WITHDRAWN
    claims = made.case.created_by
    for user in (claims, administrator):
        assert letter_status(case=served.case, user=user).state == LetterState.SET_ASIDE
    detail = case_detail(Case.objects.get(pk=made.case.pk), user=administrator)
    assert (detail.outcome_label, detail.was_set_aside) == ("", True)
    with pytest.raises(DatabaseError), transaction.atomic():
        DisputedItem.objects.filter(case=made.case).update(status="open", outcome="")

    case = open_new_review(case_id=made.case.pk, actor=administrator, reason="By order of the board.")
    assert (case.round, case.status) == (2, CaseStatus.READY_FOR_REVIEW)
    assert list(DisputedItem.objects.filter(case=case).values_list("status", "outcome")) == [("open", "")]
    former = {check.code: check.words for check in candidate_for(case, made.reviewer).failures}
    assert "earlier round" in former["history"]
    # A retry of the first round's work comes late (C16).
    with pytest.raises(jobs.JobCanceledError):
        render_letter(determination_id=served.determination_id)

    accepted = make_accepted(case, make_reviewer())
    write_draft(accepted.assignment, accepted.user)
    second = Signable(case, accepted.assignment, accepted.reviewer, accepted.user).served(administrator)
    assert (second.version, second.determination.round, second.dispatch.round) == (2, 2, 2)
    assert second.dispatch.context is not None
    assert second.dispatch.context["supersedes_date"] is None
    assert Case.objects.get(pk=case.pk).status == CaseStatus.ISSUED
    assert letter_status(case=case, user=claims).letter == second
    assert case_detail(Case.objects.get(pk=case.pk), user=administrator).outcome_label == "Uphold"
    assert Letter.objects.filter(case=case, kind=LetterKind.SERVED).count() == 2
    assert Determination.objects.filter(case=case, set_aside_at__isnull=False).count() == 1
    assert not missing_letters().exists()
