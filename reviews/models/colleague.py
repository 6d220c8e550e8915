import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import CLOSED_COLLEAGUE, OPEN_COLLEAGUE, ColleagueStatus, ColleagueVerdict, ConflictRelation
from reviews.models.determination import Determination
from reviews.models.reviewer import Reviewer


class ColleagueOpinion(models.Model):
    """What another reviewer was asked to think of a signed determination. It binds nobody.

    The colleague attests the same conflicts and qualifications as for a case before anything of it is shown, and never
    learns who signed. It stays with the case and is in no letter. Without an answer it ends at `answer_due_at`; what
    ended by itself was ended by nobody.
    """

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=10, choices=ColleagueStatus.choices, default=ColleagueStatus.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField()
    attested_at = models.DateTimeField(null=True, blank=True)
    conflicts = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="colleague_asked_once",
                fields=["determination", "reviewer"],
                condition=Q(status__in=[status.value for status in OPEN_COLLEAGUE]),
            ),
            models.CheckConstraint(
                name="colleague_ended_pair",
                condition=Q(
                    status__in=[status.value for status in OPEN_COLLEAGUE], ended_at__isnull=True, ended_by__isnull=True
                )
                | Q(status__in=[status.value for status in CLOSED_COLLEAGUE], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="colleague_attested_first",
                condition=~Q(status__in=["reading", "answered"]) | Q(attested_at__isnull=False, conflicts=[]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Colleague's opinion {self.pk} on determination {self.determination_id}"

    @property
    def declared_words(self) -> str:
        """The relations that were declared, as the staff read them."""
        return "; ".join(ConflictRelation(one).label for one in self.conflicts)


class ColleagueAnswer(models.Model):
    """Whether the colleague agrees with the outcome of the item at `position`, and why."""

    opinion = models.ForeignKey(ColleagueOpinion, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=ColleagueVerdict.choices)
    reasons = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="colleague_answer_once", fields=["opinion", "position"]),
            models.CheckConstraint(
                name="colleague_answer_whole",
                condition=Q(verdict=ColleagueVerdict.AGREE.value)
                | Q(verdict=ColleagueVerdict.DISAGREE.value) & ~Q(reasons=""),
            ),
        ]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Delete | pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Answer on item {self.position} in {self.opinion_id}"
