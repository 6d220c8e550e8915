import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class CaseMessage(models.Model):
    """A line of the thread between the claims administrator of a case and the IMR organization; never a reviewer's."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    text = models.CharField(max_length=4000)
    documents = models.ManyToManyField(Document, related_name="+", blank=True)
    is_from_claims = models.BooleanField()
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(name="casemessage_case_sent", fields=["case", "sent_at"])]
        triggers = [pgtrigger.Protect(name="casemessage_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [models.CheckConstraint(name="casemessage_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"Message {self.pk} of {self.case_id}"


class CaseThread(models.Model):
    """How far each side has read the messages of a case; a case without messages has none.

    `last_at` is the moment of the last message. A side has unread messages from when the other one writes until
    somebody of it opens the thread.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="thread")
    last_at = models.DateTimeField()
    is_unread_by_claims = models.BooleanField(default=False)
    is_unread_by_staff = models.BooleanField(default=False)
    claims_seen_at = models.DateTimeField(null=True, blank=True)
    staff_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at", "-pk"]
        indexes = [
            models.Index(name="casethread_last", fields=["last_at", "id"]),
            models.Index(name="casethread_claims", fields=["case"], condition=Q(is_unread_by_claims=True)),
            models.Index(name="casethread_staff", fields=["case"], condition=Q(is_unread_by_staff=True)),
        ]

    def __str__(self) -> str:
        return f"Thread of {self.case_id}"
