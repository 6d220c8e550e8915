"""Two administrators assign one case in the same moment: one succeeds, the other is told (hazard C1)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import IntegrityError, connection

from cases.models import Case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Assignment, Reviewer
from reviews.services import assignment as service
from tests.factories.accounts import make_user
from tests.factories.reviews import make_ready_case, make_reviewer
from tests.races import REPETITIONS

pytestmark = pytest.mark.django_db(transaction=True)


def _offer(start: Barrier, case: Case, reviewer: Reviewer, actor: User) -> Assignment | Exception:
    try:
        start.wait(timeout=20)
        return service.offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=actor)
    except (ConflictError, IntegrityError) as error:
        return error
    finally:
        connection.close()


def _race(pool: ThreadPoolExecutor, case: Case, pairs: list[tuple[Reviewer, User]]) -> list[Assignment | Exception]:
    start = Barrier(len(pairs))
    futures = [pool.submit(_offer, start, case, reviewer, actor) for reviewer, actor in pairs]
    return [future.result(timeout=30) for future in futures]


@pytest.fixture
def pairs() -> list[tuple[Reviewer, User]]:
    return [(make_reviewer(maximum_load=1_000), make_user(Role.ADMINISTRATOR)) for _ in range(2)]


def test_two_offers_at_once_give_one_assignment_and_one_sentence(pairs: list[tuple[Reviewer, User]]) -> None:
    with ThreadPoolExecutor(2) as pool:
        for _ in range(REPETITIONS):
            case = make_ready_case()
            results = _race(pool, case, pairs)
            (offer,) = [result for result in results if isinstance(result, Assignment)]
            (error,) = [result for result in results if isinstance(result, ConflictError)]
            assert "by another administrator. Open the case to see it." in error.message
            assert Assignment.objects.get(case=case).pk == offer.pk


def test_without_the_lock_the_loser_meets_the_constraint(
    pairs: list[tuple[Reviewer, User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both read the case before either writes, and only the database stops the second offer."""
    both_have_read = Barrier(2)

    def unlocked(case_id: int) -> Case:
        return Case.objects.get(pk=case_id)

    refuse_second = service._refuse_second_offer

    def refuse_then_wait(case: Case, actor: User) -> None:
        refuse_second(case, actor)
        both_have_read.wait(timeout=20)

    monkeypatch.setattr(service, "lock_case", unlocked)
    monkeypatch.setattr(service, "_refuse_second_offer", refuse_then_wait)
    with ThreadPoolExecutor(2) as pool:
        case = make_ready_case()
        results = _race(pool, case, pairs)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1
    assert Assignment.objects.filter(case=case, status=AssignmentStatus.OFFERED).count() == 1


def test_with_the_lock_the_second_never_reads_beside_the_first(
    pairs: list[tuple[Reviewer, User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control's barrier with the lock on: the two never stand there together."""
    meeting = Barrier(2)
    met: list[bool] = []
    refuse_second: Callable[[Case, User], None] = service._refuse_second_offer

    def refuse_then_wait(case: Case, actor: User) -> None:
        refuse_second(case, actor)
        try:
            meeting.wait(timeout=1)
        except BrokenBarrierError:
            met.append(False)
        else:
            met.append(True)

    monkeypatch.setattr(service, "_refuse_second_offer", refuse_then_wait)
    with ThreadPoolExecutor(2) as pool:
        results = _race(pool, make_ready_case(), pairs)
    assert met == [False]
    assert sum(isinstance(result, ConflictError) for result in results) == 1


def test_two_cases_at_once_do_not_both_take_the_last_place() -> None:
    administrators = [make_user(Role.ADMINISTRATOR) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            reviewer = make_reviewer(maximum_load=1)
            start = Barrier(2)

            def offer(case: Case, actor: User, reviewer: Reviewer = reviewer, start: Barrier = start) -> str:
                try:
                    start.wait(timeout=20)
                    service.offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=actor)
                except AssignmentBlockedError as error:
                    return error.message
                else:
                    return ""
                finally:
                    connection.close()

            cases = [make_ready_case() for _ in range(2)]
            answers = sorted(pool.map(offer, cases, administrators))
            assert answers[0] == ""
            assert "There is no room for another case." in answers[1]
