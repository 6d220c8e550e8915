from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.models.assignment import Assignment


class Message(models.Model):
    """A line of the thread between a reviewer and the IMR organization about one assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(max_length=4000)
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_from_reviewer = models.BooleanField()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(name="message_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"
