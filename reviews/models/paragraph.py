import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.enums import ParagraphStatus


class Paragraph(models.Model):
    """A text for rationales that is used again, found by its short `key`. Without an owner it is everybody's.

    Its words are those of its versions: an own one shows its last, a shared one the last that was approved.
    """

    key = models.SlugField(max_length=30)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="paragraph_key_once",
                fields=["owner", "key"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="paragraph_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Paragraph {self.pk}"

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None


class ParagraphVersion(models.Model):
    """The words of a paragraph at one time; they are never changed. Shared ones are proposed and decided upon."""

    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=5_000)
    status = models.CharField(max_length=10, choices=ParagraphStatus.choices)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["paragraph", "-number"]
        constraints = [
            models.UniqueConstraint(name="paragraphversion_once", fields=["paragraph", "number"]),
            models.UniqueConstraint(
                name="paragraphversion_one_proposed",
                fields=["paragraph"],
                condition=Q(status=ParagraphStatus.PROPOSED),
            ),
            models.CheckConstraint(
                name="paragraphversion_decided_pair",
                condition=Q(status__in=["own", "proposed"], decided_at__isnull=True, decided_by__isnull=True)
                | Q(status__in=["approved", "refused"], decided_at__isnull=False, decided_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="frozen", fields=["paragraph", "number", "title", "text", "written_by", "written_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of paragraph {self.paragraph_id}"
