import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import QualityErrorKind
from reviews.models.assignment import Assignment
from reviews.models.determination import Determination


class QualityComment(models.Model):
    """What the second read finds fault with in a signed determination, item by item.

    `position` is the item's in the letter, empty when the comment is about the letter as a whole. The reviewer reads it
    when the determination comes back. A comment is written once; until the read is decided its writer may remove it.
    """

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="quality_comments")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=12, choices=QualityErrorKind.choices)
    text = models.CharField(max_length=2_000)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="qualitycomment_kind_known", condition=Q(kind__in=[kind.value for kind in QualityErrorKind])
            ),
            models.CheckConstraint(name="qualitycomment_says_something", condition=~Q(text="")),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Comment {self.pk} on determination {self.determination_id}"


class CommentAnswer(models.Model):
    """What the reviewer says to a comment of the second read before signing again."""

    comment = models.ForeignKey(QualityComment, on_delete=models.PROTECT, related_name="answers")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=2_000)
    answered_at = models.DateTimeField(db_default=Now())
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="commentanswer_once_a_reviewer", fields=["comment", "assignment"]),
            models.CheckConstraint(name="commentanswer_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Answer to comment {self.comment_id}"
