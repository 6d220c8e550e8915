from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import (
    KEPT_REMOVALS,
    DocumentKind,
    DocumentRemoval,
    DocumentSource,
    LateDecision,
    Lateness,
    ScanState,
)
from cases.models.case import Case
from imr.accounts.models import User

if TYPE_CHECKING:
    from cases.models.arrangement import PageOrigin

KEPT = [removal.value for removal in KEPT_REMOVALS]


class Document(models.Model):
    """A file of the case. The bytes lie in the private store under `sha256`; nothing links to them publicly.

    `page_count` and `text_page_count` come from the file; the latter counts pages that hold text, not only a
    picture. A document with `removed_at` no longer counts and keeps its row; `removal` says why. One that was replaced
    stays readable as an earlier version of `replaced_by`, one that was divided or joined as what its pages came from
    (`cases.models.arrangement`). `lateness` and what was decided about it say whether the
    document is among those that the reviewer considers (`cases.selectors.document`).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    source = models.CharField(max_length=30, choices=DocumentSource.choices)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    original_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    text_page_count = models.PositiveIntegerField()
    is_restricted = models.BooleanField("the PDF has owner restrictions", default=False)
    received_at = models.DateTimeField(db_default=Now())
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    upload_link = models.ForeignKey(
        "cases.UploadLink", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removal = models.CharField(max_length=20, choices=DocumentRemoval.choices, blank=True)
    replaced_by = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replaces")
    scan = models.CharField(max_length=20, choices=ScanState.choices, default=ScanState.NOT_CHECKED)
    scanned_at = models.DateTimeField(null=True, blank=True)
    lateness = models.CharField(max_length=20, choices=Lateness.choices, blank=True)
    late_decision = models.CharField(max_length=20, choices=LateDecision.choices, blank=True)
    late_reason = models.TextField(blank=True)
    late_decided_at = models.DateTimeField(null=True, blank=True)
    late_decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="document_same_bytes_once",
                fields=["case", "sha256"],
                condition=Q(removed_at__isnull=True),
            ),
            # A person with an account, or somebody through a one-time link.
            models.CheckConstraint(
                name="document_one_sender",
                condition=Q(uploaded_by__isnull=False, upload_link__isnull=True)
                | Q(uploaded_by__isnull=True, upload_link__isnull=False),
            ),
            # Of a virus nobody but the scanner decides.
            models.CheckConstraint(
                name="document_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removal="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, removal__in=["withdrawn", *KEPT])
                | Q(removed_at__isnull=False, removed_by__isnull=True, removal="virus"),
            ),
            models.CheckConstraint(
                name="document_replaced_pair",
                condition=Q(replaced_by__isnull=True) & ~Q(removal="replaced")
                | Q(replaced_by__isnull=False, removal="replaced"),
            ),
            models.CheckConstraint(
                name="document_scan_known", condition=Q(scan__in=[state.value for state in ScanState])
            ),
            models.CheckConstraint(
                name="document_refused_is_removed", condition=~Q(scan="refused") | Q(removal="virus")
            ),
            models.CheckConstraint(
                name="document_late_decided_pair",
                condition=Q(late_decided_at__isnull=True, late_decided_by__isnull=True, late_decision="")
                | Q(late_decided_at__isnull=False, late_decided_by__isnull=False)
                & ~Q(late_decision="")
                & ~Q(lateness=""),
            ),
            models.CheckConstraint(
                name="document_kind_known", condition=Q(kind__in=[kind.value for kind in DocumentKind])
            ),
            models.CheckConstraint(name="document_has_bytes", condition=Q(size__gt=0)),
        ]

    def __str__(self) -> str:
        return f"Document {self.pk} of {self.case_id}"

    @property
    def sender(self) -> str:
        """Who sent it, in words; read it with `select_related("upload_link__organization")`."""
        label = DocumentSource(self.source).label
        link = self.upload_link
        if link is None:
            return label
        return f"{label}: {link.sender_name}, through a one-time link of {link.organization.name}"

    @property
    def earlier_version(self) -> "Document | None":
        """The version that this one replaced; read it together with `select_related("replaces")`."""
        return getattr(self, "replaces", None)

    @property
    def came_from(self) -> "list[PageOrigin]":
        """What it was made of, when it was made here; read it with `prefetch_related("arranged__origins__source")`."""
        arranged = getattr(self, "arranged", None)
        return list(arranged.origins.all()) if arranged else []

    @property
    def searchable_copy(self) -> str:
        """The SHA-256 of the copy with a text layer over its scans; read it with `select_related("recognition")`."""
        found: str = getattr(getattr(self, "recognition", None), "copy_sha256", "")
        return found

    @property
    def text_share(self) -> int:
        """Share of pages with text, in percent, rounded down."""
        return self.text_page_count * 100 // self.page_count if self.page_count else 0


class DocumentDescription(models.Model):
    """What a document of a submitted case was said to be, before somebody said otherwise at `changed_at`."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="former_descriptions")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    source = models.CharField(max_length=30, choices=DocumentSource.choices)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        triggers = [pgtrigger.Protect(name="description_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Former description {self.pk} of {self.document_id}"


class FilingReceipt(models.Model):
    """What was filed, frozen at submission; the PDF is made from `manifest` by a worker.

    `manifest` is the JSON of the `FilingReceiptLetter`; `manifest_sha256` is of its canonical form.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="receipt")
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="receipt_rendered_pair",
                condition=Q(rendered_at__isnull=True, pdf_sha256="") | Q(rendered_at__isnull=False) & ~Q(pdf_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Receipt of {self.case_id}"
