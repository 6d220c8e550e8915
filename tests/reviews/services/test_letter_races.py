"""Signing at the same moment as something else, on connections of their own (C2, C3, C5)."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from threading import Event as Moment
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Case, DisputedItem
from cases.services import transitions
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import pdf
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus
from reviews.letters import FinalDeterminationLetter, SignedSnapshot
from reviews.models import Assignment, Determination, Finding
from reviews.selectors.snapshot import draft_snapshot, open_items, snapshot_of
from reviews.services import assignment as assigning
from reviews.services import determination as signing
from reviews.services.assignment import recall_assignment
from reviews.services.determination import return_for_correction
from reviews.services.review import FindingWords, save_finding
from tests.factories.accounts import make_user
from tests.factories.api import make_program
from tests.factories.letters import RATIONALE, Signable, make_signable
from tests.races import PATIENCE, REPETITIONS, race

CHANGED = "Something that nobody reviewed"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dry rendering takes far longer than all else and would decide every race."""

    def paper(letter: FinalDeterminationLetter) -> pdf.RenderedPdf:
        return pdf.RenderedPdf(data=b"%PDF-1.7 as short as can be", page_count=1)

    monkeypatch.setattr(signing, "_dry_render", paper)


@pytest.mark.usefixtures("quick")
def test_sign_against_recall_leaves_one_winner_and_the_text(administrator: User) -> None:
    for _ in range(REPETITIONS):
        made = make_signable()
        signed, recalled = race(
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
@pytest.mark.parametrize("trigger_sleeps", [False, True], ids=["trigger", "no-trigger"])
def test_without_the_lock_a_recalled_case_is_signed(
    administrator: User, trigger_sleeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of C2: both have read a case in review before either writes.

    Only the trigger stops the second then, and without it a determination stands signed on a case that has gone back
    to the queue.
    """
    made = make_signable()
    both_have_read = Barrier(2, timeout=PATIENCE)

    def unlocked(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    def unlocked_transition(case_id: int) -> Case:
        case = Case.objects.get(pk=case_id)
        both_have_read.wait()
        return case

    def unlocked_pair(assignment_id: int) -> tuple[Case, Assignment]:
        return Case.objects.get(pk=made.case.pk), Assignment.objects.get(pk=assignment_id)

    monkeypatch.setattr(signing, "lock_case", unlocked)
    monkeypatch.setattr(signing, "lock_assignment", lambda pk: unlocked_pair(pk)[1])
    monkeypatch.setattr(assigning, "lock_assignment", unlocked_pair)
    monkeypatch.setattr(transitions, "lock_case", unlocked_transition)

    def recall() -> Assignment:
        return recall_assignment(assignment_id=made.assignment.pk, actor=administrator, reason="Ill.")

    def asleep(act: Callable[[], Any]) -> Any:
        with pgtrigger.ignore("cases.Case:status_fsm"):
            return act()

    if not trigger_sleeps:
        results = race(made.sign, recall)
        assert sum(isinstance(result, DatabaseError) for result in results) == 1, results
        assert Assignment.objects.filter(pk=made.assignment.pk, status=AssignmentStatus.RECALLED).exists() != (
            Determination.objects.filter(case=made.case).exists()
        )
        return
    signed, recalled = race(partial(asleep, made.sign), partial(asleep, recall))
    assert isinstance(signed, Determination), signed
    assert isinstance(recalled, Assignment), recalled
    assert recalled.status == AssignmentStatus.RECALLED


@pytest.mark.usefixtures("quick")
def test_sign_against_a_change_of_the_item_signs_what_the_row_says() -> None:
    """C3, the bulk change: it comes before the signature and is signed or noticed, or it is refused."""
    for _ in range(REPETITIONS):
        made = make_signable()
        signed, changed = race(made.sign, partial(_change_item, made))
        row = DisputedItem.objects.get(case=made.case)
        if isinstance(signed, Determination):
            assert row.description in snapshot_of(signed).letter.items[0].text
            assert isinstance(changed, DatabaseError) or row.description == CHANGED
        else:
            assert changed == 1
            assert "changed while you were signing" in signed.message


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("trigger_sleeps", [False, True], ids=["trigger", "no-trigger"])
def test_only_the_trigger_stops_a_change_behind_the_signature(
    trigger_sleeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of C3: the change begins when the words have been compared, and waits for the signature to commit."""
    made = make_signable()
    compared = Moment()

    def transition_late(**arguments: Any) -> Case:
        compared.set()
        return transition_case(**arguments)

    def change() -> int:
        assert compared.wait(PATIENCE)
        if not trigger_sleeps:
            return _change_item(made)
        with pgtrigger.ignore("cases.DisputedItem:signed_frozen"):
            return _change_item(made)

    monkeypatch.setattr(signing, "transition_case", transition_late)
    signed, changed = race(made.sign, change)
    assert isinstance(signed, Determination), signed
    row = DisputedItem.objects.get(case=made.case)
    is_as_signed = row.description in snapshot_of(signed).letter.items[0].text
    assert (isinstance(changed, DatabaseError), is_as_signed) == (not trigger_sleeps, not trigger_sleeps)


@pytest.mark.usefixtures("quick")
def test_without_the_lock_a_change_slips_between_comparing_and_signing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of C3's row lock: the item is still open, so no trigger can know."""
    made = make_signable()
    compared, changed_row = Moment(), Moment()

    def unlocked_items(case_id: int) -> list[DisputedItem]:
        return list(open_items(case_id))

    def compare_then_wait(**arguments: Any) -> SignedSnapshot:
        snapshot = draft_snapshot(**arguments)
        if connection.in_atomic_block:
            compared.set()
            assert changed_row.wait(PATIENCE)
        return snapshot

    def change() -> int:
        assert compared.wait(PATIENCE)
        count = _change_item(made)
        changed_row.set()
        return count

    monkeypatch.setattr(signing, "lock_items", unlocked_items)
    monkeypatch.setattr(signing, "draft_snapshot", compare_then_wait)
    signed, changed = race(made.sign, change)
    assert isinstance(signed, Determination), signed
    assert changed == 1
    assert CHANGED not in snapshot_of(signed).letter.items[0].text


@pytest.mark.usefixtures("quick")
def test_nothing_that_was_signed_changes_from_a_stale_tab_a_program_or_in_bulk(
    administrator: User, client_of: Callable[..., Client]
) -> None:
    """C3 after the fact; returning for correction is the one way back."""
    made = make_signable()
    finding = Finding.objects.get(review__assignment=made.assignment)
    program = make_program(make_user(Role.CLAIMS_MANAGER, made.case.organization))
    determination = made.sign()

    answer = client_of(made.user).post(
        reverse("reviews:finding-save", args=[made.assignment.pk, finding.item_id]),
        {"version": finding.version, "outcome": "overturned", "rationale": "Typed in a stale tab."},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "can no longer be changed" in answer.content.decode()
    assert "Not saved" in answer.content.decode()
    body = {"version": 1, "description": CHANGED}
    assert program.patch(f"cases/{made.case.pk}/items/{finding.item_id}/", body).status_code == 409
    items = DisputedItem.objects.filter(case=made.case)
    for change in (
        {"description": CHANGED},
        {"remaining": CHANGED},
        {"outcome": "overturned"},
        {"eligibility": "pending"},
        {"status": "open", "outcome": ""},
        {"status": "withdrawn", "outcome": "", "description": CHANGED},
        {"status": "open", "outcome": "", "description": CHANGED},
    ):
        with pytest.raises(DatabaseError):
            items.update(**change)
    with pytest.raises(DatabaseError):
        items.get().delete()
    assert RATIONALE in Finding.objects.get(pk=finding.pk).rationale
    assert (items.get().status, items.get().outcome) == ("decided", "upheld")

    director = make_user(Role.MEDICAL_DIRECTOR)
    return_for_correction(determination_id=determination.pk, actor=director, reason="The dose is missing.")
    assert (items.get().status, items.get().outcome) == ("open", "")


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
        signed, saved = race(
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
        first, second = race(made.sign, made.sign)
        assert isinstance(first, Determination), (first, second)
        assert first == second
        assert Event.objects.filter(action="case.sign", case_id=made.case.pk).count() == 1


def test_without_the_lock_only_the_constraint_stops_the_second_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of C5: both have read an open case before either writes."""
    made = make_signable()
    both_have_read = Barrier(2, timeout=PATIENCE)

    def unlocked(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    def unlocked_items(case_id: int) -> list[DisputedItem]:
        return list(open_items(case_id))

    def unlocked_assignment(assignment_id: int) -> Assignment:
        return Assignment.objects.select_related("reviewer").get(pk=assignment_id)

    def compare_then_wait(**arguments: Any) -> SignedSnapshot:
        snapshot = draft_snapshot(**arguments)
        if connection.in_atomic_block:
            both_have_read.wait()
        return snapshot

    monkeypatch.setattr(signing, "draft_snapshot", compare_then_wait)
    monkeypatch.setattr(signing, "lock_case", unlocked)
    monkeypatch.setattr(transitions, "lock_case", unlocked)
    monkeypatch.setattr(signing, "lock_items", unlocked_items)
    monkeypatch.setattr(signing, "lock_assignment", unlocked_assignment)
    results = race(made.sign, made.sign)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1, results
    assert Determination.objects.filter(case=made.case).count() == 1


def _change_item(made: Signable) -> int:
    return DisputedItem.objects.filter(case=made.case).update(description=CHANGED)
