"""Releasing, taking back and serving at the same moment as something else, on connections of their own (C7, C16)."""

from functools import partial
from threading import Barrier
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services import transitions
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, jobs, pdf, signing
from imr.core.errors import ConflictError
from reviews.enums import LetterKind
from reviews.models import Delivery, Determination, Dispatch, Letter
from reviews.services import determination as determining
from reviews.services import dispatch as dispatching
from reviews.services import letter as letters
from reviews.services import serving
from reviews.services.dispatch import release_letter, take_back
from reviews.services.serving import serve_letter
from tests.factories.accounts import make_user
from tests.factories.letters import Signable, make_signable
from tests.races import PATIENCE, REPETITIONS, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering takes far longer than all else and would decide every race."""

    def paper(*arguments: Any) -> pdf.RenderedPdf:
        return pdf.RenderedPdf(data=b"%PDF-1.7 as short as can be", page_count=1)

    monkeypatch.setattr(determining, "_dry_render", paper)
    monkeypatch.setattr(letters, "render_letter_pdf", paper)
    monkeypatch.setattr(serving, "render_served_pdf", paper)
    monkeypatch.setattr(signing, "is_on", lambda: False)


def _released(actor: User) -> tuple[Signable, Dispatch]:
    made = make_signable()
    return made, release_letter(letter_id=made.letter().pk, actor=actor, service_on=clock.today(), without_check=True)


def _serve(dispatch: Dispatch) -> str:
    """A refusal of a job is no refusal to a person, so it is told as a word."""
    try:
        serve_letter(dispatch_id=dispatch.pk)
    except jobs.JobCanceledError as error:
        return str(error)
    return "served"


def test_two_releases_at_once_are_one(administrator: User) -> None:
    for _ in range(REPETITIONS):
        letter = make_signable().letter()
        release = partial(
            release_letter, letter_id=letter.pk, actor=administrator, service_on=clock.today(), without_check=True
        )
        results = race(release, release)
        (refused,) = [result for result in results if isinstance(result, ConflictError)]
        assert "was released on" in refused.message
        assert Dispatch.objects.filter(case=letter.case_id).count() == 1
        assert Event.objects.filter(action="letter.release", case_id=letter.case_id).count() == 1


def test_without_the_lock_only_the_constraint_stops_the_second_release(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = make_signable().letter()
    both_have_read = Barrier(2, timeout=PATIENCE)
    check = dispatching._require_not_released

    def check_then_wait(*arguments: Any) -> None:
        check(*arguments)
        both_have_read.wait()

    _unlock(monkeypatch)
    monkeypatch.setattr(dispatching, "_require_not_released", check_then_wait)
    release = partial(
        release_letter, letter_id=letter.pk, actor=administrator, service_on=clock.today(), without_check=True
    )
    results = race(release, release)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1, results
    assert Dispatch.objects.filter(case=letter.case_id).count() == 1


def test_take_back_against_service_leaves_one_winner(administrator: User) -> None:
    for _ in range(REPETITIONS):
        made, dispatch = _released(administrator)
        served, taken_back = race(
            partial(_serve, dispatch),
            partial(take_back, dispatch_id=dispatch.pk, actor=administrator, reason="A wrong year."),
        )
        status = Case.objects.get(pk=made.case.pk).status
        letters = Letter.objects.filter(case=made.case, kind=LetterKind.SERVED).count()
        if isinstance(taken_back, Dispatch):
            assert served == "the letter was taken back"
            assert (status, letters) == (CaseStatus.QA, 0)
        else:
            assert served == "served"
            assert "was served on" in taken_back.message
            assert (status, letters) == (CaseStatus.ISSUED, 1)


@pytest.mark.parametrize("trigger_sleeps", [False, True], ids=["trigger", "no-trigger"])
def test_without_the_lock_only_the_trigger_stops_taking_back_what_was_served(
    administrator: User, trigger_sleeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have read an open dispatch before either writes."""
    _, dispatch = _released(administrator)
    both_have_read = Barrier(2, timeout=PATIENCE)
    finish, unwanted, takes_back = serving._finish, dispatching.why_unwanted, dispatching.mark_taken_back

    def wait_then_finish(*arguments: Any) -> bool:
        def unwanted_then_wait(*inner: Any) -> str:
            found = unwanted(*inner)
            both_have_read.wait()
            return found

        monkeypatch.setattr(serving, "why_unwanted", unwanted_then_wait)
        return finish(*arguments)

    def wait_then_take_back(*arguments: Any, **named: Any) -> Dispatch:
        both_have_read.wait()
        if not trigger_sleeps:
            return takes_back(*arguments, **named)
        with pgtrigger.ignore("reviews.Dispatch:ended_frozen"):
            return takes_back(*arguments, **named)

    _unlock(monkeypatch)
    monkeypatch.setattr(serving, "_finish", wait_then_finish)
    monkeypatch.setattr(dispatching, "mark_taken_back", wait_then_take_back)

    def serve() -> str:
        if not trigger_sleeps:
            return _serve(dispatch)
        with pgtrigger.ignore("reviews.Dispatch:ended_frozen"):
            return _serve(dispatch)

    results = race(serve, partial(take_back, dispatch_id=dispatch.pk, actor=administrator, reason="A wrong year."))
    # Even then the row itself cannot say both.
    assert sum(isinstance(result, DatabaseError) for result in results) == 1, results
    dispatch.refresh_from_db()
    assert (dispatch.served_at is None) != (dispatch.taken_back_at is None)


def test_serving_twice_at_once_serves_once(administrator: User) -> None:
    for _ in range(REPETITIONS):
        made, dispatch = _released(administrator)
        assert race(partial(_serve, dispatch), partial(_serve, dispatch)) == ["served", "served"]
        letter = Letter.objects.get(case=made.case, kind=LetterKind.SERVED)
        assert letter.dispatch == dispatch
        assert Delivery.objects.filter(dispatch=dispatch).count() == 3
        for action in ("letter.serve", "case.issue"):
            assert Event.objects.filter(action=action, case_id=made.case.pk).count() == 1


def test_service_against_withdrawal_leaves_one_winner(administrator: User) -> None:
    for _ in range(REPETITIONS):
        made, dispatch = _released(administrator)
        served, withdrawn = race(
            partial(_serve, dispatch),
            partial(transition_case, case_id=made.case.pk, event=CaseEvent.WITHDRAW, actor=administrator),
        )
        dispatch.refresh_from_db()
        status = Case.objects.get(pk=made.case.pk).status
        if served == "served":
            assert isinstance(withdrawn, ConflictError)
            assert (status, dispatch.taken_back_at) == (CaseStatus.ISSUED, None)
        else:
            assert "withdrawn on" in served
            assert (status, dispatch.served_at) == (CaseStatus.WITHDRAWN, None)
            assert dispatch.take_back_reason.startswith("By the system: withdrawn")


def test_without_the_lock_only_the_trigger_stops_serving_a_withdrawn_case(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of C7: both have read the case as it was before either writes."""
    made, dispatch = _released(administrator)
    both_have_read = Barrier(2, timeout=PATIENCE)
    reads: list[int] = []

    def unlocked_transition(case_id: int) -> Case:
        case = Case.objects.get(pk=case_id)
        reads.append(case_id)
        both_have_read.wait()
        return case

    _unlock(monkeypatch)
    monkeypatch.setattr(transitions, "lock_case", unlocked_transition)
    results = race(
        partial(_serve, dispatch),
        partial(transition_case, case_id=made.case.pk, event=CaseEvent.WITHDRAW, actor=administrator),
    )
    assert len(reads) == 2
    assert sum(isinstance(result, DatabaseError) for result in results) == 1, results
    status = Case.objects.get(pk=made.case.pk).status
    served = Letter.objects.filter(case=made.case, kind=LetterKind.SERVED).exists()
    assert (status == CaseStatus.ISSUED) == served


def _unlock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is locked before it is read."""

    def unlocked_case(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    def unlocked_dispatch(dispatch_id: int) -> Dispatch:
        return Dispatch.objects.select_related("case__organization", "released_by").get(pk=dispatch_id)

    def unlocked_determination(determination_id: int) -> Determination:
        return Determination.objects.select_related("correction", "passed_by").get(pk=determination_id)

    monkeypatch.setattr(transitions, "lock_case", unlocked_case)
    monkeypatch.setattr(dispatching, "_lock_letter", lambda pk: Letter.objects.get(pk=pk))
    for module in (dispatching, serving):
        monkeypatch.setattr(module, "lock_case", unlocked_case)
        monkeypatch.setattr(module, "lock_dispatch", unlocked_dispatch)
        monkeypatch.setattr(module, "lock_determination", unlocked_determination)
