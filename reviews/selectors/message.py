"""Reading the threads of assignments, and what is unread."""

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from reviews.enums import LookPlace
from reviews.models import Assignment, AssignmentLook, Message


def thread_of(assignment: Assignment) -> QuerySet[Message]:
    """Every message of the assignment, oldest first; `is_read` when the other side looked since."""
    by_staff, by_reviewer = _looked(LookPlace.THREAD_STAFF), _looked(LookPlace.THREAD_REVIEWER)
    is_read = Q(is_from_reviewer=True) & by_staff | Q(is_from_reviewer=False) & by_reviewer
    return Message.objects.filter(assignment=assignment).select_related("sent_by").annotate(is_read=is_read)


def unread_by_reviewer() -> QuerySet[Message]:
    """Messages of the IMR organization that their reviewers have not opened."""
    return Message.objects.filter(~_looked(LookPlace.THREAD_REVIEWER), is_from_reviewer=False)


def unread_by_staff() -> QuerySet[Message]:
    """Messages of reviewers that nobody of the staff has opened."""
    return Message.objects.filter(~_looked(LookPlace.THREAD_STAFF), is_from_reviewer=True)


def threads() -> QuerySet[Assignment]:
    """Assignments with a thread; annotated with `last_at`, and `unread` by the staff."""
    look = AssignmentLook.objects.filter(assignment=OuterRef("pk"), place=LookPlace.THREAD_STAFF)
    later = Q(messages__is_from_reviewer=True) & (Q(looked_at__isnull=True) | Q(messages__sent_at__gt=F("looked_at")))
    return (
        Assignment.objects.filter(messages__isnull=False)
        .select_related("case", "reviewer")
        .annotate(looked_at=Subquery(look.values("seen_at")[:1]))
        .annotate(last_at=Max("messages__sent_at"), unread=Count("messages", filter=later))
    )


def _looked(place: LookPlace) -> Exists:
    return Exists(
        AssignmentLook.objects.filter(assignment=OuterRef("assignment"), place=place, seen_at__gte=OuterRef("sent_at"))
    )
