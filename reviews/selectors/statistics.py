"""What a reviewer did in a period, for the reviewer alone; of the time, one figure of all for those who lead."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from imr.accounts.models import User
from reviews.enums import AssignmentStatus, CheckReply
from reviews.models import Assignment, CheckAnswer, Determination, Opinion
from reviews.selectors.scorecard import FEWEST
from reviews.selectors.work_time import TimeSpent, minutes_words, times_of

# A period holds fewer; the page says when it is more.
MOST_CASES = 300


@dataclass(frozen=True, slots=True)
class SignedWork:
    """A case that was signed in the period: when first, and how long it took."""

    assignment: Assignment
    signed_at: datetime
    time: TimeSpent

    @property
    def days(self) -> int:
        """Whole days from the acceptance to the first signature."""
        accepted = self.assignment.accepted_at
        return (self.signed_at - accepted).days if accepted else 0


@dataclass(frozen=True, slots=True)
class OwnStatistics:
    """The figures of one reviewer. `read` are signatures that the second read passed or returned; of a panel, `alike`
    counts items on which the own opinion is what was decided."""

    work: Sequence[SignedWork] = ()
    ends: Counter[str] = field(default_factory=Counter)
    signatures: int = 0
    read: int = 0
    returned: int = 0
    alike: int = 0
    panel_items: int = 0
    checks: Counter[str] = field(default_factory=Counter)

    @property
    def median_time(self) -> str:
        """Of the cases whose time is known; a dash without any."""
        known = [one.time.minutes for one in self.work if one.time.minutes]
        return minutes_words(round(median(known))) if known else "—"

    @property
    def median_days(self) -> str:
        if not self.work:
            return "—"
        days = round(median(one.days for one in self.work))
        return f"{days} day{'' if days == 1 else 's'}"

    @property
    def agreed(self) -> str:
        """`11 of 12 passed as signed`."""
        return f"{self.read - self.returned} of {self.read} passed as signed" if self.read else "—"

    @property
    def panel_words(self) -> str:
        """`3 of 4 items`."""
        return f"{self.alike} of {self.panel_items} item{'' if self.panel_items == 1 else 's'}"

    @property
    def declined(self) -> int:
        return self.ends[AssignmentStatus.DECLINED]

    @property
    def unanswered(self) -> int:
        return self.ends[AssignmentStatus.EXPIRED]

    @property
    def kept(self) -> int:
        """Advice of the checks that was answered one by one."""
        return self.checks[CheckReply.KEPT]

    @property
    def advice(self) -> int:
        return self.checks.total()


@dataclass(frozen=True, slots=True)
class TimeOfAll:
    """The time of all reviewers together; kept back when it could tell about one."""

    cases: int
    reviewers: int
    minutes: int | None

    @property
    def words(self) -> str:
        if self.minutes is None:
            return f"kept back: fewer than {FEWEST} cases or only one reviewer"
        return f"median {minutes_words(self.minutes)}, {self.cases} cases of {self.reviewers} reviewers"


def own_statistics(user: User, *, since: date, until: date) -> OwnStatistics:
    """The figures of the reviewer who is signed in, by day of signature (checks and ends: by their own day)."""
    mine = Assignment.objects.filter(reviewer__user=user)
    ended = mine.filter(ended_at__date__range=(since, until))
    answers = CheckAnswer.objects.filter(assignment__in=mine, answered_at__date__range=(since, until)).order_by()
    signed = _determinations_of(user).filter(signed_at__date__range=(since, until))
    counts = signed.aggregate(
        signatures=Count("pk", distinct=True),
        read=Count("pk", filter=Q(passed_at__isnull=False) | Q(voided_at__isnull=False), distinct=True),
        returned=Count("pk", filter=Q(voided_at__isnull=False), distinct=True),
    )
    alike, items = _panel_agreement(user, since, until)
    return OwnStatistics(
        work=_with_times(_signed_work(mine, since, until)[:MOST_CASES]),
        ends=Counter(dict(ended.order_by().values_list("status").annotate(number=Count("pk")))),
        alike=alike,
        panel_items=items,
        checks=Counter(dict(answers.values_list("reply").annotate(number=Count("pk")))),
        **counts,
    )


def time_of_all(*, since: date, until: date) -> TimeOfAll:
    """The median time of a signed case over all reviewers."""
    rows = _with_times(_signed_work(Assignment.objects.all(), since, until))
    known = [one for one in rows if one.time.minutes]
    reviewers = {one.assignment.reviewer_id for one in known}
    is_shown = len(known) >= FEWEST and len(reviewers) > 1
    minutes = round(median(one.time.minutes for one in known)) if is_shown else None
    return TimeOfAll(len(known), len(reviewers), minutes)


def _determinations_of(user: User) -> QuerySet[Determination]:
    """What the reviewer signed, alone or as one of a panel; corrections by the medical director left out."""
    opinions = Opinion.objects.filter(assignment__reviewer__user=user, determination__isnull=False)
    return Determination.objects.filter(
        Q(assignment__reviewer__user=user) | Q(pk__in=opinions.values("determination")), corrects__isnull=True
    )


def _signed_work(rows: QuerySet[Assignment], since: date, until: date) -> QuerySet[Any]:
    """Assignments by their first signature, the latest first; annotated with it as `signed_at`."""
    opinion = Opinion.objects.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    signed = Determination.objects.filter(assignment=OuterRef("pk"), corrects__isnull=True)
    own = signed.order_by().values("assignment")
    first = Coalesce(
        Subquery(opinion.annotate(first=Min("signed_at")).values("first")),
        Subquery(own.annotate(first=Min("signed_at")).values("first")),
    )
    found = rows.annotate(signed_at=first).filter(signed_at__date__range=(since, until))
    return found.select_related("case").order_by(F("signed_at").desc(), "-pk")


def _with_times(rows: QuerySet[Any]) -> list[SignedWork]:
    found: list[Any] = list(rows)
    times = times_of([row.pk for row in found])
    return [SignedWork(row, row.signed_at, times[row.pk]) for row in found]


def _panel_agreement(user: User, since: date, until: date) -> tuple[int, int]:
    """On how many items of how many the reviewer's opinion is what the panel decided."""
    opinions = Opinion.objects.filter(
        assignment__reviewer__user=user,
        signed_at__date__range=(since, until),
        determination__isnull=False,
        determination__voided_at__isnull=True,
    )
    alike = items = 0
    for snapshot, whole in opinions.values_list("snapshot", "determination__snapshot"):
        own, decided = _outcomes(snapshot), _outcomes(whole)
        items += len(own)
        alike += sum(decided.get(position) == outcome for position, outcome in own.items())
    return alike, items


def _outcomes(snapshot: dict[str, Any]) -> dict[int, str]:
    return {item["position"]: item["outcome"] for item in snapshot["letter"]["items"]}
