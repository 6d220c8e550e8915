"""How reviewers do: signed, in time, returned, what the second read found, and how cases were decided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery

from cases.enums import CaseOutcome, DeadlineKind
from cases.models import Deadline
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from reviews.enums import QualityErrorKind
from reviews.models import Determination, Opinion, QualityComment, Reviewer

# A smaller number could tell about single cases.
FEWEST = 5


@dataclass(slots=True)
class Scorecard:
    """The figures of one reviewer in a period. Of a panel's determination each of its reviewers has one."""

    code: str
    signed: int = 0
    returned: int = 0
    with_due_date: int = 0
    in_time: int = 0
    comments: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def in_time_words(self) -> str:
        """`38 of 40`; a dash when nothing had a due date."""
        return f"{self.in_time} of {self.with_due_date}" if self.with_due_date else "—"

    @property
    def comment_words(self) -> str:
        """Kinds of errors with their numbers, the most frequent first; empty without comments."""
        return ", ".join(
            f"{QualityErrorKind(kind).label.lower()} {number}" for kind, number in self.comments.most_common()
        )

    @property
    def outcome_words(self) -> str:
        """How cases were decided; kept back as soon as a number is under five, since the others would tell it."""
        if not self.outcomes:
            return "—"
        if min(self.outcomes.values()) < FEWEST:
            return f"kept back: a number is under {FEWEST}"
        return ", ".join(f"{CaseOutcome(one).label.lower()} {number}" for one, number in self.outcomes.most_common())


@dataclass(frozen=True, slots=True)
class _Signed:
    """What counts of one signature."""

    determination: int
    is_returned: bool
    outcome: str
    signed_at: datetime
    due_at: datetime | None


def scorecards(user: User, *, since: date, until: date) -> list[Scorecard]:
    """The scorecards of all reviewers who signed between the two days, by code; a reviewer gets the own one alone."""
    reviewers = _reviewers_for(user)
    cards = {pk: Scorecard(code) for pk, code in reviewers.values_list("pk", "code")}
    signed = _signed_between(since, until)
    comments = _comments_on({one.determination for _, one in signed})
    for reviewer_id, one in signed:
        card = cards.get(reviewer_id)
        if card is None:
            continue
        card.signed += 1
        card.returned += one.is_returned
        card.comments += comments.get(one.determination, Counter())
        if one.is_returned:
            continue
        card.outcomes[one.outcome] += 1
        if one.due_at is not None:
            card.with_due_date += 1
            card.in_time += one.signed_at <= one.due_at
    is_own = user.scope(Action.SCORECARD_VIEW) != Scope.ANY
    return sorted((card for card in cards.values() if card.signed or is_own), key=lambda card: card.code)


def _reviewers_for(user: User) -> QuerySet[Reviewer]:
    scope = user.scope(Action.SCORECARD_VIEW)
    if scope == Scope.ANY:
        return Reviewer.objects.all()
    return Reviewer.objects.filter(user=user) if scope == Scope.OWN else Reviewer.objects.none()


def _signed_between(since: date, until: date) -> list[tuple[int, _Signed]]:
    """Every signature of a reviewer, corrections by the medical director left out."""
    due = Deadline.objects.filter(case=OuterRef("case"), kind=DeadlineKind.DETERMINE).order_by("-started_at", "-pk")
    rows = Determination.objects.filter(
        signed_at__date__gte=since, signed_at__date__lte=until, corrects__isnull=True
    ).annotate(due_at=Subquery(due.values("due_at")[:1]))
    found: dict[int, _Signed] = {}
    of: dict[int, set[int]] = {}
    for row in rows.values("pk", "voided_at", "outcome", "signed_at", "due_at", "assignment__reviewer_id"):
        pk = row["pk"]
        found[pk] = _Signed(pk, row["voided_at"] is not None, row["outcome"], row["signed_at"], row["due_at"])
        of[pk] = {row["assignment__reviewer_id"]}
    for pk, reviewer_id in Opinion.objects.filter(determination__in=found).values_list(
        "determination_id", "assignment__reviewer_id"
    ):
        if pk is not None:
            of[pk].add(reviewer_id)
    return [(reviewer_id, found[pk]) for pk, reviewer_ids in of.items() for reviewer_id in sorted(reviewer_ids)]


def _comments_on(determinations: Iterable[int]) -> dict[int, Counter[str]]:
    counted: dict[int, Counter[str]] = {}
    for pk, kind in QualityComment.objects.filter(determination__in=list(determinations)).values_list(
        "determination_id", "kind"
    ):
        counted.setdefault(pk, Counter())[kind] += 1
    return counted
