"""Reading assignments, and the queue of cases that wait for a reviewer. No reviewer's name is read here."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cases.enums import CaseStatus, DeadlineKind, ItemEligibility, ItemStatus, PartyRole
from cases.models import Application, Case, Deadline, DisputedItem, Party
from cases.selectors.worklist import expedited_first
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from reviews.enums import OPEN_ASSIGNMENTS, AssignmentStatus
from reviews.models import Assignment, Determination, Panel

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a reviewer may know before accepting: no records, only what the conflict check and the choice need."""

    parties: tuple[Party, ...]
    items: tuple[DisputedItem, ...]
    diagnosis: str
    icd_code: str
    due_at: datetime | None


def visible_to(user: User, *, action: Action = Action.ASSIGNMENT_ANSWER) -> QuerySet[Assignment]:
    """The assignments that exist for `user` under `action`: a reviewer's own, every one for those who assign."""
    scope = user.scope(action)
    if scope == Scope.ANY:
        return Assignment.objects.all()
    if scope == Scope.ASSIGNED:
        return Assignment.objects.filter(reviewer__user=user)
    return Assignment.objects.none()


def open_assignment(case: Case) -> Assignment | None:
    """The offer or review that is open for the case's present round."""
    return Assignment.objects.filter(case=case, round=case.round, status__in=OPEN_ASSIGNMENTS).first()


def assignments_of_case(case: Case) -> QuerySet[Assignment]:
    """Every offer of the case and what became of it, newest first, with the reviewer's code."""
    return Assignment.objects.filter(case=case).select_related("reviewer", "offered_by", "ended_by")


def assignment_queue(user: User) -> QuerySet[Case]:
    """The cases that wait for a reviewer's answer or for a reviewer at all: expedited before standard, then first due,
    by `queue_key`.

    A panel with a free seat is among them while its other reviewers are at work; `panel_seats` and `seats_taken` say
    how many. Each has `due_at` (determination; far away when no clock runs) and `assign_by`, its items as `open_items`,
    of an open offer `offer_id`, `offered_to` (the reviewer's code), `offered_at` and `answer_due_at`, and of the last
    one that ended `ended_with`, `ended_status` and `ended_note`. Nothing for those who may not assign.
    """
    if user.scope(Action.ASSIGNMENT_MAKE) != Scope.ANY:
        return Case.objects.none()
    offers = Assignment.objects.filter(case_id=OuterRef("pk"), round=OuterRef("round"), status=AssignmentStatus.OFFERED)
    ended = (
        Assignment.objects.filter(case_id=OuterRef("pk"), round=OuterRef("round"))
        .exclude(status__in=OPEN_ASSIGNMENTS)
        .order_by("-ended_at", "-pk")
    )
    standing = Panel.objects.filter(case_id=OuterRef("pk"), round=OuterRef("round"), dissolved_at__isnull=True)
    taken = (
        Assignment.objects.filter(case_id=OuterRef("pk"), round=OuterRef("round"), status__in=OPEN_ASSIGNMENTS)
        .order_by()
        .values("case_id")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Case.objects.annotate(
            panel_seats=Subquery(standing.values("seats")[:1]), seats_taken=Coalesce(Subquery(taken), Value(0))
        )
        .filter(
            Q(status=CaseStatus.READY_FOR_REVIEW)
            | Q(
                status__in=[CaseStatus.IN_REVIEW, CaseStatus.DOCS_REQUESTED],
                panel_seats__gt=F("seats_taken"),
            )
        )
        .select_related("application", "organization")
        .prefetch_related(Prefetch("items", queryset=_items_in_review(ItemStatus.OPEN), to_attr="open_items"))
        .annotate(
            due_at=Coalesce(_due_at("pk"), Value(_NEVER)),
            queue_key=expedited_first("due_at"),
            assign_by=_due_at("pk", DeadlineKind.ASSIGN),
            offer_id=Subquery(offers.values("pk")[:1]),
            offered_to=Subquery(offers.values("reviewer__code")[:1]),
            offered_at=Subquery(offers.values("offered_at")[:1]),
            answer_due_at=Subquery(offers.values("answer_due_at")[:1]),
            ended_with=Subquery(ended.values("reviewer__code")[:1]),
            ended_status=Subquery(ended.values("status")[:1]),
            ended_note=Subquery(ended.values("end_note")[:1]),
        )
        .order_by("queue_key", "pk")
    )


def case_facts(case: Case) -> CaseFacts:
    """The case as it may be seen before it is accepted: parties by name, items, diagnosis, due date.

    The items are those to be decided and those decided already, about which a colleague is asked.
    """
    application = Application.objects.filter(case=case).first()
    roles = list(PartyRole)
    parties = sorted(Party.objects.filter(case=case), key=lambda party: roles.index(PartyRole(party.role)))
    return CaseFacts(
        parties=tuple(party for party in parties if party.display_name),
        items=tuple(_items_in_review(ItemStatus.OPEN, ItemStatus.DECIDED).filter(case=case)),
        diagnosis=application.primary_diagnosis if application else "",
        icd_code=application.icd_code if application else "",
        due_at=determination_due(case),
    )


def signed_determination(case: Case) -> Determination | None:
    """The determination of the present round that stands."""
    return Determination.objects.filter(case=case, round=case.round, voided_at__isnull=True).first()


def determination_due(case: Case) -> datetime | None:
    """When the determination has to be issued, as the running clock says."""
    return (
        Deadline.objects.filter(case=case, kind=DeadlineKind.DETERMINE, ended_at__isnull=True)
        .values_list("due_at", flat=True)
        .first()
    )


def _items_in_review(*statuses: ItemStatus) -> QuerySet[DisputedItem]:
    return (
        DisputedItem.objects.filter(status__in=statuses)
        .exclude(eligibility__in=[ItemEligibility.INELIGIBLE, ItemEligibility.DEFERRED])
        .select_related("category")
    )


def _due_at(case_field: str, kind: DeadlineKind = DeadlineKind.DETERMINE) -> Subquery:
    running = Deadline.objects.filter(case_id=OuterRef(case_field), kind=kind, ended_at__isnull=True)
    return Subquery(running.values("due_at")[:1])
