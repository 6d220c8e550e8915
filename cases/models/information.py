import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models.document import Document
from cases.models.screening import InformationRequest
from imr.accounts.models import User


class InformationAnswer(models.Model):
    """What somebody answered to a request for information, in whole (`is_complete`) or in part.

    `documents` came with it. `token` is that of the page it was written on: sent twice, it is one answer. A late one
    came after the last day to answer.
    """

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="answers")
    token = models.UUIDField()
    text = models.CharField(max_length=3000)
    documents = models.ManyToManyField(Document, related_name="+", blank=True)
    is_complete = models.BooleanField()
    is_late = models.BooleanField()
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sent_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="informationanswer_stays", operation=pgtrigger.Delete | pgtrigger.Update),
        ]
        constraints = [
            models.UniqueConstraint(name="informationanswer_sent_once", fields=["request", "token"]),
            models.UniqueConstraint(
                name="informationanswer_one_complete", fields=["request"], condition=Q(is_complete=True)
            ),
            models.CheckConstraint(name="informationanswer_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk} to request {self.request_id}"
