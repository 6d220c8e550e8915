"""Models of the reviews app. `ReviewerIdentity` is left out on purpose: import it from `reviews.models.identity`."""

from reviews.models import identity as _identity  # noqa: F401  registers the model with Django
from reviews.models.absence import Absence
from reviews.models.appeal import Appeal
from reviews.models.archive import ArchivedCitation, ArchivedDetermination, ArchivedItem
from reviews.models.assignment import Assignment, ConflictDisclosure
from reviews.models.check import CheckAnswer
from reviews.models.colleague import ColleagueAnswer, ColleagueOpinion
from reviews.models.correction import Correction
from reviews.models.determination import Determination, Letter
from reviews.models.dispatch import Delivery, Dispatch, ServiceHours
from reviews.models.document_request import DocumentRequest
from reviews.models.ledger import LedgerEntry, LedgerStatement, ReviewerFeeRate
from reviews.models.look import AssignmentLook
from reviews.models.message import Message
from reviews.models.panel import Opinion, Panel
from reviews.models.paragraph import Paragraph, ParagraphVersion
from reviews.models.precedent import Precedent, PrecedentReveal
from reviews.models.print_pack import PrintPack
from reviews.models.proposal import FileProposal
from reviews.models.publication import PublicCopy
from reviews.models.quality import CommentAnswer, QualityComment
from reviews.models.reading import DocumentVisit, PageNote, ReadingSettings, ReadingVisit
from reviews.models.review import Citation, ConsideredDocument, Finding, Review
from reviews.models.reviewer import (
    Affiliation,
    Certification,
    CredentialVerification,
    License,
    Reviewer,
)
from reviews.models.revision import Revision
from reviews.models.sampling import SampleDraw, SampleMonth, SamplingRule
from reviews.models.template import LetterTemplate
from reviews.models.work_time import TimeCorrection, WorkSitting

__all__ = [
    "Absence",
    "Affiliation",
    "Appeal",
    "ArchivedCitation",
    "ArchivedDetermination",
    "ArchivedItem",
    "Assignment",
    "AssignmentLook",
    "Certification",
    "CheckAnswer",
    "Citation",
    "ColleagueAnswer",
    "ColleagueOpinion",
    "CommentAnswer",
    "ConflictDisclosure",
    "ConsideredDocument",
    "Correction",
    "CredentialVerification",
    "Delivery",
    "Determination",
    "Dispatch",
    "DocumentRequest",
    "DocumentVisit",
    "FileProposal",
    "Finding",
    "LedgerEntry",
    "LedgerStatement",
    "Letter",
    "LetterTemplate",
    "License",
    "Message",
    "Opinion",
    "PageNote",
    "Panel",
    "Paragraph",
    "ParagraphVersion",
    "Precedent",
    "PrecedentReveal",
    "PrintPack",
    "PublicCopy",
    "QualityComment",
    "ReadingSettings",
    "ReadingVisit",
    "Review",
    "Reviewer",
    "ReviewerFeeRate",
    "Revision",
    "SampleDraw",
    "SampleMonth",
    "SamplingRule",
    "ServiceHours",
    "TimeCorrection",
    "WorkSitting",
]
