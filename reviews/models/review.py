from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import GuidelineBasis, Outcome
from cases.models import DisputedItem, Document
from guidelines.models import GuidelineSection
from reviews.enums import CitationSide, DocumentUse
from reviews.models.assignment import Assignment


class Review(models.Model):
    """The reviewer's draft for a case: the clinical case summary, and below it a finding per item.

    `version` grows with each save; a save that names an older version is refused and both texts are kept.
    `confirmations` holds the keys of the warnings that the reviewer confirmed; a key covers the words it was given
    for, so changed words ask again.
    """

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    clinical_case_summary = models.TextField(max_length=30_000, blank=True)
    confirmations = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Review of assignment {self.assignment_id}"


class Finding(models.Model):
    """What the reviewer decides about one disputed item, and why.

    A basis of `none` says that nothing was cited; an empty one that the question is still open. The texts are what
    the letter prints beside or instead of structured citations. Findings of a review with the same `rationale_group`
    share one rationale by the reviewer's choice: each holds its whole text, and a save of one is a save of all.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="findings")
    item = models.ForeignKey(DisputedItem, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    rationale = models.TextField(max_length=20_000, blank=True)
    claims_basis = models.CharField(max_length=10, choices=GuidelineBasis.choices, blank=True)
    claims_text = models.TextField(max_length=4_000, blank=True)
    reviewer_basis = models.CharField(max_length=10, choices=GuidelineBasis.choices, blank=True)
    reviewer_text = models.TextField(max_length=4_000, blank=True)
    hierarchy_reason = models.CharField(max_length=1_000, blank=True)
    rationale_group = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["item__position", "pk"]
        constraints = [
            models.UniqueConstraint(name="finding_once_per_item", fields=["review", "item"]),
            models.CheckConstraint(
                name="finding_outcome_known",
                condition=Q(outcome="") | Q(outcome__in=[value.value for value in Outcome]),
            ),
        ]

    def __str__(self) -> str:
        return f"Finding {self.pk}"


class Citation(models.Model):
    """One cited place: a section of the catalog, or free text where the catalog has none; or both."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="citations")
    side = models.CharField(max_length=25, choices=CitationSide.choices)
    section = models.ForeignKey(GuidelineSection, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_mtus = models.BooleanField()
    text = models.CharField(max_length=1_000, blank=True)
    pages = models.CharField(max_length=60, blank=True)
    url = models.URLField("link", max_length=2_000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="citation_says_something", condition=Q(section__isnull=False) | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"Citation {self.pk}"


class ConsideredDocument(models.Model):
    """What the reviewer says of a document: considered, or read and not relevant."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="considered_documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(max_length=12, choices=DocumentUse.choices, default=DocumentUse.UNREAD)
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["document__received_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="considered_once", fields=["review", "document"]),
        ]

    def __str__(self) -> str:
        return f"Document {self.document_id}: {self.use}"
