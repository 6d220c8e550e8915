"""After an overturn: treatment authorized or paid for, with proof, and what an administrator makes of it."""

from collections.abc import Collection
from datetime import date
from typing import NoReturn

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, ImplementationKind
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, DisputedItem, Document, Implementation
from cases.selectors.implementation import CLOCKS, CONFIRMABLE, kind_of, outstanding_items, overturned_items
from cases.services.deadlines import start_deadlines, stop_deadlines
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError


@transaction.atomic
def begin_implementation(*, case_id: int) -> bool:
    """A served case in which treatment was overturned is in implementation (8 CCR 9792.10.7); whether it was moved.

    Called when the letter is served, and again by the schedule; twice changes nothing.
    """
    case = lock_case(case_id)
    if case.status != CaseStatus.ISSUED or not outstanding_items().filter(case=case).exists():
        return False
    transition_case(case_id=case_id, event=CaseEvent.BEGIN_IMPLEMENTATION, actor=None)
    return True


@transaction.atomic
def confirm_implementation(
    *, case_id: int, actor: User, item_ids: Collection[int], done_on: date, note: str, document_id: int
) -> list[Implementation]:
    """These overturned items are on record as authorized, or as paid for where they were given already, with proof.

    With the last item of a kind its clock ends. Raises `IncompleteError` beside the field, and `ConflictError` (409)
    when an item was confirmed meanwhile, saying by whom, or when the case is in no status for it.
    """
    case = lock_case(case_id)
    if CaseStatus(case.status) not in CONFIRMABLE:
        raise ConflictError(f"The case is “{case.party_status}”; nothing is to be authorized or paid now.")
    if done_on > clock.today():
        _refuse("done_on", "Enter a day that is not later than today.")
    document = Document.objects.filter(case=case, pk=document_id, removed_at__isnull=True).first()
    if document is None:
        _refuse("document_id", "Choose the proof among the documents of this case, or add a file.")
    chosen = list(overturned_items().select_for_update(of=("self",)).filter(case=case, pk__in=item_ids))
    if not chosen or len(chosen) != len(set(item_ids)):
        _refuse("items", "Choose at least one of the overturned items.")
    _require_open(chosen)
    due = _due_days(case)
    rows = Implementation.objects.bulk_create(
        [
            Implementation(
                case=case,
                item=item,
                kind=kind_of(item),
                done_on=done_on,
                due_on=due.get(kind_of(item)),
                note=note,
                document=document,
                confirmed_by=actor,
            )
            for item in chosen
        ]
    )
    for kind in {kind_of(item) for item in chosen}:
        _stop_when_done(case, kind)
    for row, item in zip(rows, chosen, strict=True):
        _record("implementation.confirm", actor, row, item, late=row.is_late)
    return rows


@transaction.atomic
def refuse_implementation(*, implementation_id: int, actor: User, reason: str) -> Implementation:
    """The proof does not show it: the item is outstanding again, and its clock runs as if it had never ended.

    Raises `IncompleteError` without a reason, `ConflictError` (409) when it was refused before or the case has closed.
    """
    if not reason.strip():
        _refuse("reason", "Write what the proof lacks. The claims administrator reads it.")
    found = Implementation.objects.select_related("item").get(pk=implementation_id)
    case = lock_case(found.case_id)
    row = Implementation.objects.select_for_update(of=("self",)).get(pk=implementation_id)
    if row.refused_at is not None:
        raise ConflictError("This confirmation was refused meanwhile.")
    if CaseStatus(case.status) not in CONFIRMABLE:
        raise ConflictError(f"The case is “{CaseStatus(case.status).label}”; what was confirmed stands.")
    Implementation.objects.filter(pk=row.pk).update(refused_at=Now(), refused_by=actor, refusal=reason)
    row.refresh_from_db()
    _run_again(case, ImplementationKind(row.kind))
    _record("implementation.refuse", actor, row, found.item, reason=reason)
    begin_implementation(case_id=case.pk)
    return row


def _run_again(case: Case, kind: ImplementationKind) -> None:
    if case.status == CaseStatus.APPEALED:
        # Under appeal nothing is due; a denial starts the clocks.
        return
    rows = Deadline.objects.filter(case=case, kind=CLOCKS[kind])
    former = rows.order_by("-pk").first()
    if former is None or former.ended_at is None:
        return
    event = former.explanation.get("start_event", "")
    start_deadlines(case=case, kinds=(CLOCKS[kind],), at=former.started_at, event=event)


def _require_open(items: list[DisputedItem]) -> None:
    standing = Implementation.objects.filter(item__in=items, refused_at__isnull=True)
    done = standing.select_related("confirmed_by", "item").first()
    if done is not None:
        raise ConflictError(
            f"Item {done.item.position} was confirmed meanwhile by {done.confirmed_by.display_name}: "
            f"{done.get_kind_display().lower()} on {done.done_on:%m/%d/%Y}."
        )


def _due_days(case: Case) -> dict[ImplementationKind, date]:
    """The last day of each kind, by the clock that runs or ran last."""
    days = {}
    for kind, clock_kind in CLOCKS.items():
        row = Deadline.objects.filter(case=case, kind=clock_kind).order_by("-pk").first()
        if row is not None:
            days[kind] = pacific_date(row.due_at)
    return days


def _stop_when_done(case: Case, kind: ImplementationKind) -> None:
    left = outstanding_items().filter(case=case, is_retrospective=kind == ImplementationKind.PAID)
    if not left.exists():
        kinds: tuple[DeadlineKind, ...] = (CLOCKS[kind],)
        stop_deadlines(case=case, kinds=kinds)


def _refuse(field: str, words: str) -> NoReturn:
    raise IncompleteError(words, fields={field: [words]})


def _record(
    action: str, actor: User, row: Implementation, item: DisputedItem, *, reason: str = "", **detail: object
) -> None:
    record(
        action=action,
        actor=actor,
        object_type="implementation",
        object_id=row.pk,
        case_id=row.case_id,
        reason=reason,
        detail={"item": item.position, "kind": row.kind, "done_on": row.done_on.isoformat(), **detail},
    )
