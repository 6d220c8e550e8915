"""Reading the audit record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from imr.accounts.models import User
from imr.audit.models import Event
from imr.core.clock import PACIFIC

# A longer list of people than this is not what anybody means by a name.
PEOPLE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class CaseNumbers:
    """How the app of the cases, which stands above this one, turns numbers into ids and back."""

    case_id: Callable[[str], int | None]
    numbers: Callable[[Iterable[int]], Mapping[int, str]]


_case_numbers: list[CaseNumbers] = []


def use_case_numbers(source: CaseNumbers) -> None:
    """Let `source` translate case numbers from now on."""
    _case_numbers[:] = [source]


def case_numbers(events: Iterable[Event]) -> Mapping[int, str]:
    """The case numbers of these events by case id."""
    ids = {event.case_id for event in events if event.case_id is not None}
    return _case_numbers[0].numbers(ids) if ids and _case_numbers else {}


def history(object_type: str, object_id: int) -> QuerySet[Event]:
    """What happened to one object, oldest first."""
    return Event.objects.select_related("actor").filter(object_type=object_type, object_id=object_id).order_by("pk")


def case_history(case_id: int) -> QuerySet[Event]:
    """What happened in and around one case, oldest first."""
    return Event.objects.select_related("actor").filter(case_id=case_id).order_by("pk")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a reading of the record is narrowed to; empty values narrow nothing. Days are Pacific, both included."""

    person: str = ""
    case_number: str = ""
    action: str = ""
    first_day: date | None = None
    last_day: date | None = None


def events_found(wanted: EventFilter) -> QuerySet[Event]:
    """The events that match; a name or number that belongs to nothing finds nothing."""
    events = Event.objects.select_related("actor", "organization")
    if wanted.person:
        people = User.objects.filter(Q(email__icontains=wanted.person) | Q(full_name__icontains=wanted.person))
        ids = list(people.order_by("pk").values_list("pk", flat=True)[:PEOPLE_LIMIT])
        events = events.filter(Q(actor__in=ids) | Q(object_type="user", object_id__in=ids))
    if wanted.case_number:
        case_id = _case_numbers[0].case_id(wanted.case_number) if _case_numbers else None
        events = events.filter(case_id=case_id) if case_id is not None else events.none()
    if wanted.action:
        events = events.filter(action=wanted.action)
    if wanted.first_day:
        events = events.filter(at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        events = events.filter(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return events


def actions_on_record() -> list[str]:
    """Every action that stands in the record, in alphabetical order.

    It hops from one to the next in the index instead of reading millions of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE found AS (
                (SELECT action FROM audit_event ORDER BY action LIMIT 1)
                UNION ALL
                SELECT (SELECT action FROM audit_event WHERE action > found.action ORDER BY action LIMIT 1)
                FROM found WHERE found.action IS NOT NULL
            )
            SELECT action FROM found WHERE action IS NOT NULL
            """
        )
        return [action for (action,) in cursor.fetchall()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, PACIFIC)
