"""Reading panels. To a reviewer of one nothing is told of the others but how many have finished."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cases.models import Case
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from reviews.enums import OPEN_ASSIGNMENTS
from reviews.letters import SignedSnapshot
from reviews.models import Assignment, Determination, Opinion, Panel


@dataclass(frozen=True, slots=True)
class PanelProgress:
    """How far a panel is, in what each of its reviewers may know."""

    seats: int
    finished: int

    @property
    def words(self) -> str:
        """`1 of 3 reviewers have finished`."""
        return f"{self.finished} of {self.seats} reviewers {'has' if self.finished == 1 else 'have'} finished"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat with who holds it now; `has_signed` says whether that opinion stands."""

    number: int
    assignment: Assignment | None
    has_signed: bool


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """An opinion for the second read: the seat, and each item's outcome by position."""

    opinion: Opinion
    snapshot: SignedSnapshot


def panel_of_case(case_id: int, round_: int) -> Panel | None:
    """The standing panel of this round; None for a case with one reviewer."""
    return Panel.objects.filter(case_id=case_id, round=round_, dissolved_at__isnull=True).first()


def panel_of(assignment: Assignment) -> Panel | None:
    """The panel that the assignment is a seat of."""
    return panel_of_case(assignment.case_id, assignment.round)


def panels_for(user: User) -> QuerySet[Panel]:
    """The panels that exist for `user`: all for those who assign, none for others."""
    if user.scope(Action.ASSIGNMENT_MAKE) != Scope.ANY:
        return Panel.objects.none()
    return Panel.objects.select_related("case", "recorded_by")


def valid_opinions(case_id: int, round_: int) -> QuerySet[Opinion]:
    """The opinions of this round that stand, in the order of the seats."""
    return Opinion.objects.filter(case_id=case_id, round=round_, voided_at__isnull=True).order_by("seat")


def opinion_of(assignment: Assignment) -> Opinion | None:
    """What the reviewer of this assignment signed, while it stands."""
    return Opinion.objects.filter(assignment=assignment, voided_at__isnull=True).first()


def progress_of_panel(panel: Panel) -> PanelProgress:
    """How many of the panel have signed."""
    return PanelProgress(panel.seats, valid_opinions(panel.case_id, panel.round).count())


def seats_of(panel: Panel) -> list[Seat]:
    """Every seat, for those who assign."""
    held = {
        row.seat: row
        for row in Assignment.objects.filter(
            case_id=panel.case_id, round=panel.round, status__in=OPEN_ASSIGNMENTS
        ).select_related("reviewer")
    }
    signed = set(valid_opinions(panel.case_id, panel.round).values_list("seat", flat=True))
    return [Seat(number, held.get(number), number in signed) for number in range(1, panel.seats + 1)]


def free_seat(case: Case) -> int | None:
    """The lowest seat that nobody holds in the case's present round; None when there is none."""
    panel = panel_of_case(case.pk, case.round)
    taken = set(
        Assignment.objects.filter(case=case, round=case.round, status__in=OPEN_ASSIGNMENTS).values_list(
            "seat", flat=True
        )
    )
    return next((seat for seat in range(1, (panel.seats if panel else 1) + 1) if seat not in taken), None)


def opinions_in(determination: Determination) -> list[OpinionLine]:
    """The opinions that the determination combines; empty for one reviewer's."""
    found = Opinion.objects.filter(determination=determination).select_related("assignment").order_by("seat")
    return [OpinionLine(opinion, SignedSnapshot.from_data(opinion.snapshot)) for opinion in found]
