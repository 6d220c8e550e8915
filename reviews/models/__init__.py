"""Models of the reviews app. `ReviewerIdentity` is left out on purpose: import it from `reviews.models.identity`."""

from reviews.models import identity as _identity  # noqa: F401  registers the model with Django
from reviews.models.assignment import Assignment, ConflictDisclosure
from reviews.models.determination import Determination, Letter
from reviews.models.review import Citation, ConsideredDocument, Finding, Review
from reviews.models.reviewer import (
    Affiliation,
    Certification,
    CredentialVerification,
    License,
    Reviewer,
)

__all__ = [
    "Affiliation",
    "Assignment",
    "Certification",
    "Citation",
    "ConflictDisclosure",
    "ConsideredDocument",
    "CredentialVerification",
    "Determination",
    "Finding",
    "Letter",
    "License",
    "Review",
    "Reviewer",
]
