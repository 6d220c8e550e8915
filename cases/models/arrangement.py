import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import ArrangementKind, ArrangementState, DocumentKind, DocumentSource
from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class Arrangement(models.Model):
    """Pages of documents put in other documents: turned, divided or joined. It stays on record.

    A worker carries it out in `steps`, of which `steps_done` are done; until the last one nothing of the case changes.
    `refusal` says in words why it was not done. `left_out` are pages of a divided document that are in none of its
    parts, as the person said; they stay readable in it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="arrangements")
    kind = models.CharField(max_length=10, choices=ArrangementKind.choices)
    state = models.CharField(max_length=10, choices=ArrangementState.choices, default=ArrangementState.WORKING)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    steps = models.PositiveIntegerField()
    steps_done = models.PositiveIntegerField(default=0)
    left_out = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="arrangement_kind_known", condition=Q(kind__in=[kind.value for kind in ArrangementKind])
            ),
            models.CheckConstraint(
                name="arrangement_finished_pair",
                condition=Q(state="working", finished_at__isnull=True, refusal="")
                | Q(state="done", finished_at__isnull=False, refusal="")
                | Q(state="refused", finished_at__isnull=False) & ~Q(refusal=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Arrangement {self.pk} of {self.case_id}"


class ArrangedDocument(models.Model):
    """A document that an arrangement makes, and how it is described; a turned one is described as it was before.

    `sha256` is empty until its file is made, and `document` is null until the arrangement is done.
    """

    arrangement = models.ForeignKey(Arrangement, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    source = models.CharField(max_length=30, choices=DocumentSource.choices)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)
    text_page_count = models.PositiveIntegerField(default=0)
    document = models.OneToOneField(Document, on_delete=models.CASCADE, null=True, blank=True, related_name="arranged")

    class Meta:
        ordering = ["arrangement", "position"]
        constraints = [
            models.UniqueConstraint(name="arrangeddocument_position_once", fields=["arrangement", "position"]),
            models.CheckConstraint(
                name="arrangeddocument_made_has_file",
                condition=Q(sha256="", size=0, document__isnull=True) | Q(size__gt=0) & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Result {self.position} of arrangement {self.arrangement_id}"


class PageOrigin(models.Model):
    """Which pages of `source` a result has, in their order there, and by how many degrees each was turned right.

    A result with several origins has their pages one after another. Every page of a current document can be followed
    back to the file in which it was received.
    """

    result = models.ForeignKey(ArrangedDocument, on_delete=models.CASCADE, related_name="origins")
    position = models.PositiveIntegerField()
    source = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    pages = ArrayField(models.PositiveIntegerField())
    turns = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        ordering = ["result", "position"]
        triggers = [pgtrigger.Protect(name="origin_stays", operation=pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(name="pageorigin_position_once", fields=["result", "position"]),
        ]

    def __str__(self) -> str:
        return f"Pages of {self.source_id} in result {self.result_id}"
