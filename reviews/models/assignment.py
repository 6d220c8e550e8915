from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import Case
from imr.accounts.models import User
from reviews.enums import AssignmentStatus, ConflictRelation, DeclineReason
from reviews.models.reviewer import Reviewer


class Assignment(models.Model):
    """An offer of a case to a reviewer, and what became of it.

    `screening` keeps why the reviewer was found fit at that moment. One open assignment per case, round and seat.
    `news_at` is when something last happened that its reviewer wants to see: an offer, a return, documents.
    An offer without an answer ends at `answer_due_at`. `reminded_at` is when the reviewer was reminded of the offer,
    `start_reminded_at` when of an accepted case in which nothing was written. Nobody ended what ended by itself: an
    unanswered offer, or a case that was taken back because the reviewer's file bars it. `declared_conflicts` are the
    relations (LC 139.5(d)(5)) that the reviewer named when declining or giving back.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    seat = models.PositiveSmallIntegerField(default=1)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="assignments")
    status = models.CharField(max_length=12, choices=AssignmentStatus.choices, default=AssignmentStatus.OFFERED)
    screening = models.JSONField(default=dict)
    offered_at = models.DateTimeField(db_default=Now())
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    news_at = models.DateTimeField(db_default=Now())
    accepted_at = models.DateTimeField(null=True, blank=True)
    start_reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.CharField(max_length=15, choices=DeclineReason.choices, blank=True)
    declared_conflicts = models.JSONField(default=list, blank=True)
    end_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-offered_at", "-pk"]
        indexes = [models.Index(name="assignment_reviewer_status", fields=["reviewer", "status", "id"])]
        constraints = [
            models.UniqueConstraint(
                name="assignment_one_open_per_seat",
                fields=["case", "round", "seat"],
                condition=Q(status__in=["offered", "accepted"]),
            ),
            models.CheckConstraint(
                name="assignment_status_known",
                condition=Q(status__in=[status.value for status in AssignmentStatus]),
            ),
            models.CheckConstraint(
                name="assignment_ended_pair",
                condition=Q(status__in=["offered", "accepted"], ended_at__isnull=True, ended_by__isnull=True)
                | Q(status__in=["declined", "completed"], ended_at__isnull=False, ended_by__isnull=False)
                | Q(status="recalled", ended_at__isnull=False)
                | Q(status="expired", ended_at__isnull=False, ended_by__isnull=True),
            ),
            models.CheckConstraint(
                name="assignment_accepted_at",
                condition=~Q(status__in=["accepted", "completed"]) | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="assignment_decline_reason",
                condition=Q(status="declined") & ~Q(decline_reason="") | ~Q(status="declined") & Q(decline_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Assignment {self.pk}"

    @property
    def declared_words(self) -> str:
        """The relations that were declared, as a reader of the history sees them."""
        return "; ".join(ConflictRelation(one).label for one in self.declared_conflicts)


class ConflictDisclosure(models.Model):
    """What the reviewer attested for this case: the five relations and the qualifications (LC 139.5(d))."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="disclosure")
    conflicts = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    is_qualified = models.BooleanField()
    is_in_active_practice = models.BooleanField()
    attested_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Disclosure of {self.assignment_id}"

    @property
    def has_conflict(self) -> bool:
        return bool(self.conflicts)
