from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import DisputedItem
from imr.accounts.models import User
from reviews.enums import RequestStatus
from reviews.models.assignment import Assignment


class DocumentRequest(models.Model):
    """Records that a review lacks: what the reviewer asked for, and what the staff made of it (8 CCR 9792.10.5(c)).

    `words` are the reviewer's and stay inside; `requested_words` are what the parties read. One is open at a time.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="document_requests")
    items = models.ManyToManyField(DisputedItem, related_name="+")
    words = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=RequestStatus.choices, default=RequestStatus.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_words = models.TextField(max_length=2000, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="documentrequest_one_open",
                fields=["assignment"],
                condition=Q(status__in=["asked", "requested"]),
            ),
            models.CheckConstraint(
                name="documentrequest_answered_pair",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, status__in=["asked", "withdrawn"])
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(status="asked"),
            ),
            models.CheckConstraint(
                name="documentrequest_received_pair",
                condition=Q(received_at__isnull=True, received_by__isnull=True) & ~Q(status="received")
                | Q(received_at__isnull=False, received_by__isnull=False, status="received"),
            ),
            models.CheckConstraint(
                name="documentrequest_says_what",
                condition=~Q(status__in=["requested", "received"]) | ~Q(requested_words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}"
