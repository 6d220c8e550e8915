from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import RecognitionState
from cases.models.document import Document
from imr.core.pdf_pages import ReadingProblem


class DocumentReading(models.Model):
    """That a document's text was read, so that it can be searched. Without one the document still waits.

    `pages_read` are the pages that were looked at, `text_pages` those of them that have text. With a `problem` the
    reading ended early. `facts` are the days and people that its pages name (`cases.rules.records.page_facts`).
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="reading")
    pages_read = models.PositiveIntegerField()
    text_pages = models.PositiveIntegerField()
    problem = models.CharField(
        max_length=20, choices=[(problem.value, problem.value) for problem in ReadingProblem], blank=True
    )
    facts = models.JSONField(default=dict, blank=True)
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="documentreading_problem_known",
                condition=Q(problem="") | Q(problem__in=[problem.value for problem in ReadingProblem]),
            ),
            models.CheckConstraint(name="documentreading_text_within", condition=Q(text_pages__lte=F("pages_read"))),
        ]

    def __str__(self) -> str:
        return f"Reading of {self.document_id}"


class DocumentPage(models.Model):
    """The text of one page; pages without text have no row. `number` counts from 1."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    text = models.TextField()
    is_recognized = models.BooleanField("read from a picture", default=False)
    search = models.GeneratedField(
        expression=SearchVector("text", config="english"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(name="documentpage_once", fields=["document", "number"]),
            models.CheckConstraint(name="documentpage_counts_from_one", condition=Q(number__gte=1)),
        ]
        indexes = [GinIndex(name="documentpage_search", fields=["search"])]

    def __str__(self) -> str:
        return f"Page {self.number} of {self.document_id}"


class DocumentRecognition(models.Model):
    """The reading of a document's scanned pages, some at a time; at the end there is a searchable copy of it.

    `pages_done` are the pages that were looked at, `pages_recognized` those of them that got text. The original stays
    what is on record.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="recognition")
    state = models.CharField(max_length=10, choices=RecognitionState.choices, default=RecognitionState.RUNNING)
    pages_done = models.PositiveIntegerField(default=0)
    pages_recognized = models.PositiveIntegerField(default=0)
    copy_sha256 = models.CharField(max_length=64, blank=True)
    copy_size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="documentrecognition_done_has_copy",
                condition=Q(state="done", copy_size__gt=0) & ~Q(copy_sha256="") | ~Q(state="done") & Q(copy_sha256=""),
            ),
            models.CheckConstraint(
                name="documentrecognition_recognized_within", condition=Q(pages_recognized__lte=F("pages_done"))
            ),
        ]

    def __str__(self) -> str:
        return f"Recognition of {self.document_id}"
