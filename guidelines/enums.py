"""The vocabulary of evidence (LC 4610.5(c)(2); 8 CCR 9792.20-9792.26)."""

from django.db.models import IntegerChoices, TextChoices


class SourceBody(TextChoices):
    """Who publishes the source; only `MTUS` is the schedule that the Administrative Director adopted."""

    MTUS = "mtus", "MTUS"
    ACOEM = "acoem", "ACOEM"
    ODG = "odg", "ODG"
    OTHER = "other", "Other"


class EvidenceStep(IntegerChoices):
    """Search order of 8 CCR 9792.21.1(a)."""

    MTUS = 1, "MTUS recommendation"
    ACOEM_OR_ODG = 2, "Current ACOEM or ODG"
    OTHER_GUIDELINE = 3, "Other nationally recognized guideline"
    PEER_REVIEWED = 4, "Peer-reviewed study"
