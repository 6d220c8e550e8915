import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cases.enums import DocumentKind, FilingChannel, ScanBatchState, ScanPartProblem, ScanPartState
from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class CoverSheet(models.Model):
    """A sheet that is put on paper before it is sent; the QR code on it holds `code` and nothing else.

    `code` is 128 random bits. It opens nothing: it only proposes the case and kind to whoever files the scan.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="cover_sheets")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    code = models.CharField(max_length=26, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="coversheet_rendered_pair",
                condition=Q(rendered_at__isnull=True, pdf_sha256="") | Q(rendered_at__isnull=False) & ~Q(pdf_sha256=""),
            ),
            models.CheckConstraint(
                name="coversheet_kind_known", condition=Q(kind__in=[kind.value for kind in DocumentKind])
            ),
        ]

    def __str__(self) -> str:
        return f"Cover sheet {self.pk} of {self.case_id}"


class ScanBatch(models.Model):
    """One scan of the mail room, which may hold papers of several cases; the file is kept as it came.

    `marks` are the pages on which cover sheets were seen, as `[page, code]`, up to page `pages_read`.
    """

    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    channel = models.CharField(max_length=20, choices=FilingChannel.choices)
    arrived_at = models.DateTimeField()
    taken_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(db_default=Now())
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ScanBatchState.choices, default=ScanBatchState.READING)
    pages_read = models.PositiveIntegerField(default=0)
    marks = models.JSONField(default=list)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="scanbatch_state_known", condition=Q(state__in=[state.value for state in ScanBatchState])
            ),
        ]
        triggers = [pgtrigger.Protect(name="scan_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Scan {self.pk}"


class ScanPart(models.Model):
    """Pages of a scan that belong together. Nothing of it is filed before a person says so, once."""

    batch = models.ForeignKey(ScanBatch, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveIntegerField()
    first_page = models.PositiveIntegerField()
    last_page = models.PositiveIntegerField()
    sheet = models.ForeignKey(CoverSheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.CharField(max_length=20, choices=ScanPartProblem.choices, blank=True)
    state = models.CharField(max_length=20, choices=ScanPartState.choices, default=ScanPartState.WAITING)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="scanpart_position_once", fields=["batch", "position"]),
            models.CheckConstraint(
                name="scanpart_pages", condition=Q(first_page__gte=1, last_page__gte=F("first_page"))
            ),
            models.CheckConstraint(
                name="scanpart_decided",
                condition=Q(
                    state="waiting", document__isnull=True, reason="", decided_at__isnull=True, decided_by__isnull=True
                )
                | Q(
                    state="filed", document__isnull=False, decided_at__isnull=False, decided_by__isnull=False, reason=""
                )
                | Q(state="set_aside", document__isnull=True, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Pages {self.first_page} to {self.last_page} of scan {self.batch_id}"
