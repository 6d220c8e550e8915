"""What is left to be done after a determination: overturned treatment, and the time to appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.enums import CaseStatus, DeadlineKind, ImplementationKind, ItemStatus, Outcome
from cases.models import Case, Deadline, DisputedItem, Implementation
from cases.rules.progress import MAY_BE_OUTSTANDING, WAITS_FOR_CLAIMS, Standing
from cases.selectors.deadline import latest_deadline
from imr.core import clock

# While treatment is to be authorized or paid; under appeal it may be, and need not.
CONFIRMABLE = frozenset({CaseStatus.ISSUED, CaseStatus.IMPLEMENTATION, CaseStatus.APPEALED})
# Statuses whose page says until when an appeal is possible, or was.
APPEALABLE = frozenset(
    {
        CaseStatus.INELIGIBLE,
        CaseStatus.ISSUED,
        CaseStatus.IMPLEMENTATION,
        CaseStatus.APPEALED,
        CaseStatus.CLOSED,
        CaseStatus.PUBLISHED,
    }
)
CLOCKS = {
    ImplementationKind.AUTHORIZED: DeadlineKind.AUTHORIZE,
    ImplementationKind.PAID: DeadlineKind.REIMBURSE,
}


def kind_of(item: DisputedItem) -> ImplementationKind:
    """How an overturned item is carried out: treatment that was given already is paid for."""
    return ImplementationKind.PAID if item.is_retrospective else ImplementationKind.AUTHORIZED


def overturned_items() -> QuerySet[DisputedItem]:
    """Items whose outcome obliges the claims administrator."""
    return DisputedItem.objects.filter(status=ItemStatus.DECIDED, outcome=Outcome.OVERTURNED)


def outstanding_items() -> QuerySet[DisputedItem]:
    """Of those, the ones that nobody confirmed as authorized or paid."""
    standing = Implementation.objects.filter(item=OuterRef("pk"), refused_at__isnull=True)
    return overturned_items().filter(~Exists(standing))


@dataclass(frozen=True, slots=True)
class ItemImplementation:
    """An overturned item, how it is carried out, who said that it was, and the clock that runs or ran."""

    item: DisputedItem
    kind: ImplementationKind
    confirmed: Implementation | None
    refused: list[Implementation]
    clock: Deadline | None


def implementation_of(case: Case) -> list[ItemImplementation]:
    """Every overturned item of the case once its letter was served; nothing before."""
    if CaseStatus(case.status) not in APPEALABLE - {CaseStatus.INELIGIBLE}:
        return []
    items = list(overturned_items().filter(case=case))
    made = list(Implementation.objects.filter(case=case).select_related("document", "confirmed_by", "refused_by"))
    clocks = {kind: latest_deadline(case, CLOCKS[kind]) for kind in {kind_of(item) for item in items}}
    rows = []
    for item in items:
        told = [one for one in made if one.item_id == item.pk]
        rows.append(
            ItemImplementation(
                item=item,
                kind=kind_of(item),
                confirmed=next((one for one in told if one.refused_at is None), None),
                refused=[one for one in told if one.refused_at is not None],
                clock=clocks[kind_of(item)],
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class AppealWindow:
    """The time to appeal: its clock, and whether it is still possible to appeal in time."""

    clock: Deadline
    is_open: bool


def appeal_window(case: Case, *, now: datetime | None = None) -> AppealWindow | None:
    """Until when the determination or the finding of ineligibility can be appealed, or could be; None without one."""
    if CaseStatus(case.status) not in APPEALABLE:
        return None
    row = latest_deadline(case, DeadlineKind.APPEAL)
    return AppealWindow(row, is_open=row.ended_at is None and row.due_at >= (now or clock.now())) if row else None


def standing_of(case: Case, *, now: datetime | None = None) -> Standing:
    """What the words about a case depend on besides its status."""
    window = appeal_window(case, now=now)
    return Standing(
        is_outstanding=CaseStatus(case.status) in CONFIRMABLE and outstanding_items().filter(case=case).exists(),
        is_window_open=window is not None and window.is_open,
    )


def standings_of(cases: Iterable[Case], *, now: datetime | None = None) -> dict[int, Standing]:
    """As `standing_of` for the cases of a page of a list, by id, in two queries whatever their number."""
    keys = [case.pk for case in cases]
    running = Deadline.objects.filter(
        case__in=keys, kind=DeadlineKind.APPEAL, ended_at__isnull=True, due_at__gte=now or clock.now()
    )
    windows = set(running.filter(case__status__in=APPEALABLE).values_list("case_id", flat=True))
    left = outstanding_items().filter(case__in=keys, case__status__in=CONFIRMABLE)
    outstanding = set(left.values_list("case_id", flat=True))
    return {key: Standing(is_outstanding=key in outstanding, is_window_open=key in windows) for key in keys}


def waiting_for_claims(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Of `cases`, those whose next step is the claims administrator's."""
    outstanding = Exists(outstanding_items().filter(case=OuterRef("pk")))
    awaited = Deadline.objects.filter(case=OuterRef("pk"), kind=DeadlineKind.REPORT_ENDING, ended_at__isnull=True)
    return cases.filter(
        Q(status__in=WAITS_FOR_CLAIMS) | Q(outstanding, status__in=MAY_BE_OUTSTANDING) | Q(Exists(awaited)),
    )


def implementation_queue() -> QuerySet[Deadline]:
    """The running clocks to authorize and to pay, the most urgent first."""
    rows = Deadline.objects.filter(kind__in=CLOCKS.values(), ended_at__isnull=True)
    return rows.select_related("case__organization")


def why_not_closable(case: Case, *, now: datetime | None = None) -> str:
    """Why a decided case cannot be closed at all, in a sentence; empty while it can. What is outstanding does not
    stand in the way of a person who says why."""
    window = appeal_window(case, now=now)
    if window is not None and window.is_open:
        return f"The time to appeal runs until {window.clock.due_at.astimezone(clock.PACIFIC):%m/%d/%Y}."
    return ""
