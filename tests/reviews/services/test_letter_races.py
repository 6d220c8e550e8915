"""Signing and releasing at the same moment as something else, on connections of their own (C2, C3, C5, C7)."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case, DisputedItem
from cases.services import transitions
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus
from reviews.letters import FinalDeterminationLetter
from reviews.models import Assignment, Determination, Finding, Letter
from reviews.selectors.letter import open_items, snapshot_of
from reviews.services import determination as signing
from reviews.services import letter as letters
from reviews.services.assignment import recall_assignment
from reviews.services.letter import release_letter
from reviews.services.review import FindingWords, save_finding
from tests.factories.accounts import make_user
from tests.factories.letters import RATIONALE, Signable, make_signable

REPETITIONS = int(os.environ.get("IMR_RACE_REPETITIONS", "20"))

pytestmark = pytest.mark.django_db(transaction=True)


def _race(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or raised, all begun together."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        except (ConflictError, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dry rendering takes far longer than all else and would decide every race."""

    def nothing(letter: FinalDeterminationLetter) -> None:
        return None

    monkeypatch.setattr(signing, "_dry_render", nothing)


@pytest.mark.usefixtures("quick")
def test_sign_against_recall_leaves_one_winner_and_the_text(administrator: User) -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        signed, recalled = _race(
            made.sign,
            partial(recall_assignment, assignment_id=made.assignment.pk, actor=administrator, reason="Ill."),
        )
        case = Case.objects.get(pk=made.case.pk)
        status = Assignment.objects.get(pk=made.assignment.pk).status
        if isinstance(signed, Determination):
            assert isinstance(recalled, ConflictError)
            assert (case.status, status) == (CaseStatus.QA, AssignmentStatus.ACCEPTED)
        else:
            assert isinstance(recalled, Assignment)
            assert "text is saved" in signed.message or "kept" in signed.message
            assert (case.status, status) == (CaseStatus.READY_FOR_REVIEW, AssignmentStatus.RECALLED)
            assert not Determination.objects.filter(case=case).exists()
        assert Finding.objects.get(review__assignment=made.assignment).rationale == RATIONALE


@pytest.mark.usefixtures("quick")
def test_sign_against_autosave_signs_exactly_what_is_stored() -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        finding = Finding.objects.get(review__assignment=made.assignment)
        words = FindingWords(
            outcome=finding.outcome,
            rationale="Late words. The request is not medically necessary.",
            claims_basis=finding.claims_basis,
            reviewer_basis=finding.reviewer_basis,
            reviewer_text=finding.reviewer_text,
        )
        signed, saved = _race(
            made.sign,
            partial(
                save_finding,
                assignment_id=made.assignment.pk,
                item_id=finding.item_id,
                actor=made.user,
                version=finding.version,
                written=words,
            ),
        )
        finding.refresh_from_db()
        if isinstance(signed, Determination):
            assert snapshot_of(signed).letter.items[0].rationale == finding.rationale
        else:
            assert isinstance(saved, Finding)
            assert "changed while you were signing" in signed.message


@pytest.mark.usefixtures("quick")
def test_two_signatures_at_once_are_one() -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        first, second = _race(made.sign, made.sign)
        assert isinstance(first, Determination)
        assert first == second
        assert Event.objects.filter(action="case.sign", case_id=made.case.pk).count() == 1


def test_without_the_lock_only_the_constraint_stops_the_second_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have read an open case before either writes."""
    made = make_signable()
    both_have_read = Barrier(2)

    def unlocked(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    def unlocked_items(case_id: int) -> list[DisputedItem]:
        return list(open_items(case_id))

    def unlocked_assignment(assignment_id: int) -> Assignment:
        both_have_read.wait(timeout=20)
        return Assignment.objects.select_related("reviewer").get(pk=assignment_id)

    monkeypatch.setattr(signing, "lock_case", unlocked)
    monkeypatch.setattr(transitions, "lock_case", unlocked)
    monkeypatch.setattr(signing, "_lock_items", unlocked_items)
    monkeypatch.setattr(signing, "_lock_assignment", unlocked_assignment)
    results = _race(made.sign, made.sign)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert Determination.objects.filter(case=made.case).count() == 1


def _ready(quantity: int) -> list[tuple[Signable, Letter]]:
    found = []
    for _ in range(quantity):
        made = make_signable()
        found.append((made, made.letter()))
    return found


def test_release_against_withdrawal_leaves_one_winner(administrator: User) -> None:
    for made, letter in _ready(REPETITIONS):
        released, withdrawn = _race(
            partial(release_letter, letter_id=letter.pk, actor=administrator),
            partial(transition_case, case_id=made.case.pk, event=CaseEvent.WITHDRAW, actor=administrator),
        )
        letter.refresh_from_db()
        status = Case.objects.get(pk=made.case.pk).status
        if isinstance(released, Letter):
            assert isinstance(withdrawn, ConflictError)
            assert (status, letter.released_at is None) == (CaseStatus.ISSUED, False)
        else:
            assert "the letter was not sent" in released.message
            assert (status, letter.released_at) == (CaseStatus.WITHDRAWN, None)


def test_without_the_lock_only_the_trigger_stops_a_withdrawn_release(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have read the case as it was before either writes."""
    ((made, letter),) = _ready(1)
    both_have_read = Barrier(2)

    def unlocked_release(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    reads: list[int] = []

    def unlocked_transition(case_id: int) -> Case:
        case = Case.objects.get(pk=case_id)
        reads.append(case_id)
        both_have_read.wait(timeout=20)
        return case

    monkeypatch.setattr(letters, "lock_case", unlocked_release)
    monkeypatch.setattr(transitions, "lock_case", unlocked_transition)
    results = _race(
        lambda: release_letter(letter_id=letter.pk, actor=administrator),
        lambda: transition_case(case_id=made.case.pk, event=CaseEvent.WITHDRAW, actor=administrator),
    )
    assert len(reads) == 2
    refused = [result for result in results if isinstance(result, DatabaseError)]
    assert len(refused) == 1
    letter.refresh_from_db()
    status = Case.objects.get(pk=made.case.pk).status
    assert (status == CaseStatus.ISSUED) == (letter.released_at is not None)
