from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import CheckReply
from reviews.models.assignment import Assignment


class CheckAnswer(models.Model):
    """What the reviewer said to a finding of the checks before signing.

    `key` names the finding together with the words it is about, so that changed words ask again; `message` and `quote`
    are what the reviewer saw. `position` is the item's, empty when the finding is about the whole letter.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="check_answers")
    key = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    reply = models.CharField(max_length=10, choices=CheckReply.choices)
    message = models.TextField()
    quote = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="checkanswer_once", fields=["assignment", "key"]),
            models.CheckConstraint(
                name="checkanswer_reply_known", condition=Q(reply__in=[reply.value for reply in CheckReply])
            ),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk} of assignment {self.assignment_id}"
