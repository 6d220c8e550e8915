"""Taking cases from the intake queue and giving them back."""

from django.db import transaction

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.selectors.worklist import expedited_first
from cases.services.transitions import transition_case
from imr.accounts.models import User
from imr.core.errors import NotAllowedError


def take_case(*, case_id: int, actor: User) -> Case:
    """The case is in eligibility review with `actor` as its analyst. Raises `TransitionError` when it was taken."""
    return transition_case(case_id=case_id, event=CaseEvent.START_SCREENING, actor=actor, changes={"analyst": actor})


@transaction.atomic
def take_next_case(*, actor: User) -> Case | None:
    """The first case of the intake queue (expedited before standard, then oldest), taken; None when it is empty.

    Two takers never get the same one.
    """
    row = (
        Case.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(status=CaseStatus.RECEIVED)
        .order_by(expedited_first("received_at"), "pk")
        .first()
    )
    return take_case(case_id=row.pk, actor=actor) if row else None


def give_back_case(*, case_id: int, actor: User, reason: str) -> Case:
    """The case is in the queue again, without an analyst. Only its analyst or a case without one."""

    def own(case: Case) -> None:
        if case.analyst_id not in (None, actor.pk):
            raise NotAllowedError("Another analyst has this case; ask them to give it back.")

    return transition_case(
        case_id=case_id,
        event=CaseEvent.STOP_SCREENING,
        actor=actor,
        guards=(own,),
        changes={"analyst": None},
        reason=reason,
    )
