from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.models import Document
from imr.accounts.models import User
from reviews.models.assignment import Assignment


class ReadingVisit(models.Model):
    """When the reviewer of an assignment last came to its workspace, and when the visit before that one ended.

    Records that arrived since `previous_at` are new to the reviewer; without it every record is.
    """

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="reading_visit")
    seen_at = models.DateTimeField(db_default=Now())
    previous_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="readingvisit_in_order", condition=Q(previous_at__isnull=True) | Q(previous_at__lte=F("seen_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Visit to assignment {self.assignment_id}"


class DocumentVisit(models.Model):
    """That the reviewer of an assignment opened a document, and which of its pages stood before the reviewer's eyes.

    `seen_pages` are page numbers from 1, each once, in order. `session_hash` is that of the last opening: parts of
    the file that the same session asks for belong to it.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="document_visits")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField(db_default=Now())
    last_opened_at = models.DateTimeField(db_default=Now())
    session_hash = models.CharField(max_length=32, blank=True)
    seen_pages = ArrayField(models.PositiveIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="documentvisit_once", fields=["assignment", "document"]),
            models.CheckConstraint(
                name="documentvisit_in_order", condition=Q(first_opened_at__lte=F("last_opened_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Document {self.document_id} in assignment {self.assignment_id}"


class PageNote(models.Model):
    """What the reviewer of an assignment noted on a page of a record. Nobody else reads it.

    `quote` are words of the page that were selected; `tags` are short words in small letters, each once.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="page_notes")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveIntegerField()
    text = models.TextField(max_length=4_000, blank=True)
    quote = models.TextField(max_length=1_000, blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["document__received_at", "document_id", "page", "pk"]
        indexes = [models.Index(name="pagenote_of_assignment", fields=["assignment", "document", "page"])]
        constraints = [
            models.CheckConstraint(name="pagenote_counts_from_one", condition=Q(page__gte=1)),
            models.CheckConstraint(name="pagenote_says_something", condition=~Q(text="") | ~Q(quote="")),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk}"


class ReadingSettings(models.Model):
    """How a person likes the workspace: the records' share of the width in percent, keys, reading space."""

    NARROWEST, WIDEST = 25, 75

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    divider = models.PositiveSmallIntegerField(default=50)
    has_letter_keys = models.BooleanField("single letters are keys", default=True)
    is_header_hidden = models.BooleanField("the header is put away", default=False)

    class Meta:
        verbose_name_plural = "reading settings"
        constraints = [
            models.CheckConstraint(
                name="readingsettings_divider_within", condition=Q(divider__gte=25) & Q(divider__lte=75)
            ),
        ]

    def __str__(self) -> str:
        return f"Reading settings of {self.user_id}"
