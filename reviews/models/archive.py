import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Now

from cases.enums import CaseOutcome, GuidelineBasis, Outcome
from imr.accounts.models import User
from reviews.enums import CitationSide, SourceFormat


class ArchivedDetermination(models.Model):
    """A determination read back from a published letter or an exchange file. It is never changed.

    The header fields, lists and texts are kept as written. `source_sha256` is of the file's bytes, `content_sha256`
    of the exchange form: two files with the same words have the same. `problems` are sentences on what the reader
    was not certain of; `facts` holds what else was found (dates, ICD-like codes), best effort.
    """

    case_number = models.CharField(max_length=20, unique=True)
    priority = models.CharField(max_length=40)
    date_assigned = models.DateField()
    date_of_injury = models.DateField()
    decision_date = models.DateField(db_index=True)
    ur_denial_date = models.DateField()
    application_received = models.DateField()
    states_of_licensure = ArrayField(models.TextField())
    certifications = ArrayField(models.TextField())
    clinical_case_summary = models.TextField()
    outcome = models.CharField(max_length=20, choices=CaseOutcome.choices)
    reviewer_guideline_label = models.CharField(max_length=100, blank=True)
    organization_name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=10, choices=SourceFormat.choices)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    problems = ArrayField(models.TextField(), default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    imported_at = models.DateTimeField(db_default=Now())
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-decision_date", "-pk"]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.case_number


class ArchivedItem(models.Model):
    """A disputed item of an archived determination. The texts are whole blocks, as in the exchange form.

    The bases say what each side's block rests on, best effort (empty where the reader could not tell).
    """

    determination = models.ForeignKey(ArchivedDetermination, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    shape = models.CharField(max_length=30, blank=True)
    is_retrospective = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    claims_guideline = models.TextField()
    claims_basis = models.CharField(max_length=10, choices=GuidelineBasis.choices, blank=True)
    reviewer_guideline = models.TextField()
    reviewer_basis = models.CharField(max_length=10, choices=GuidelineBasis.choices, blank=True)
    rationale = models.TextField()
    search = models.GeneratedField(
        expression=SearchVector("text", "rationale", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="archiveditem_position", fields=["determination", "position"]),
        ]
        indexes = [GinIndex(name="archiveditem_search", fields=["search"])]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Item {self.position} of {self.determination_id}"


class ArchivedCitation(models.Model):
    """A place that an archived item cites, taken out of its text as far as that could be done.

    `text` is the clause as written. `year` is the edition's, None where the text gives none.
    """

    item = models.ForeignKey(ArchivedItem, on_delete=models.PROTECT, related_name="citations")
    side = models.CharField(max_length=25, choices=CitationSide.choices)
    position = models.PositiveSmallIntegerField()
    is_mtus = models.BooleanField()
    chapter = models.TextField(blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sections = ArrayField(models.TextField(), default=list, blank=True)
    pages = models.TextField(blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["side", "position"]
        constraints = [
            models.UniqueConstraint(name="archivedcitation_position", fields=["item", "side", "position"]),
        ]
        indexes = [models.Index(name="archivedcitation_chapter", fields=["chapter"])]
        triggers = [
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Citation {self.position} of {self.item_id}"
