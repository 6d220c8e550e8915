"""What a side has seen of an assignment."""

from django.db.models.functions import Now

from reviews.enums import LookPlace
from reviews.models import AssignmentLook


def note_look(*, assignment_id: int, place: LookPlace) -> None:
    """What happened to the assignment, or was written in its thread, before now is new to this side no more."""
    AssignmentLook.objects.bulk_create(
        [AssignmentLook(assignment_id=assignment_id, place=place, seen_at=Now())],
        update_conflicts=True,
        update_fields=["seen_at"],
        unique_fields=["assignment", "place"],
    )
