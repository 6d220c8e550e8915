from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from guidelines.enums import EvidenceStep, SourceBody
from imr.core.ranges import SameNumber, one_at_a_time


class Words(models.Func):
    """The words of several columns for prefix search: letters and digits, everything else parts them.

    Built-in configuration `simple`: no stop words and no stemming, so that "NSAIDs" and "of" are found as typed.
    """

    template = "to_tsvector('simple'::regconfig, regexp_replace(%(expressions)s, '[^0-9A-Za-z]+', ' ', 'g'))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class GuidelineSource(models.Model):
    """A guideline or chapter that decisions rest on, such as "Chronic Pain Medical Treatment Guidelines"."""

    code = models.SlugField(max_length=80, unique=True)
    body = models.CharField(max_length=10, choices=SourceBody.choices)
    step = models.PositiveSmallIntegerField(choices=EvidenceStep.choices)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["step", "name"]
        constraints = [
            models.CheckConstraint(
                name="guidelinesource_mtus_is_step_one",
                condition=Q(body="mtus", step=1) | ~Q(body="mtus") & Q(step__gt=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GuidelineEdition(models.Model):
    """One edition of a source, in force from a day up to (not including) another.

    `year` is how letters name it ("Low Back Complaints 2004"); `label` is the name that letters of its time print
    where that is another. `regulation` is the place where the schedule adopts it. An edition with `page_total` is
    cited by page. For sources outside the schedule the in-force dates are those of publication.
    """

    source = models.ForeignKey(GuidelineSource, on_delete=models.PROTECT, related_name="editions")
    year = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200, blank=True)
    regulation = models.CharField(max_length=200, blank=True)
    effective_on = models.DateField()
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    page_total = models.PositiveIntegerField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["source", "-in_force_from"]
        constraints = [
            models.UniqueConstraint(name="guidelineedition_once", fields=["source", "year"]),
            *one_at_a_time("guidelineedition", SameNumber("source_id")),
        ]

    def __str__(self) -> str:
        return f"{self.source.name} {self.year}"


class GuidelineSection(models.Model):
    """A chapter, section or topic of an edition. Names and pages are facts; the guideline's text is not kept.

    Without a title it stands for the whole chapter, without a chapter too for the whole edition.
    """

    edition = models.ForeignKey(GuidelineEdition, on_delete=models.PROTECT, related_name="sections")
    chapter = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300, blank=True)
    pages = models.CharField(max_length=50, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.UniqueConstraint(name="guidelinesection_once", fields=["edition", "chapter", "title"]),
        ]
        indexes = [GinIndex(Words("chapter", "title"), name="guidelinesection_words")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.chapter, self.title) if part) or "Whole guideline"
