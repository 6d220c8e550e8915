from cases.models.address import AddressEntry, FilingPreset
from cases.models.amendment import AmendmentDraft, ApplicationVersion
from cases.models.application import Application, Party, URDecision
from cases.models.arrangement import ArrangedDocument, Arrangement, PageOrigin
from cases.models.batch import Batch, BatchRow
from cases.models.case import Case, CaseNumberSequence
from cases.models.certification import ExpeditedCertification
from cases.models.completeness import CompletenessDecision
from cases.models.deadline import CalendarFeed, Deadline, DeadlineAlert
from cases.models.document import Document, DocumentDescription, FilingReceipt
from cases.models.eligibility import EligibilityDecision, NoticeService
from cases.models.ending import EndingReason, EndingReport
from cases.models.fee import FeeEntry, Invoice, InvoiceLine, InvoiceNumberSequence
from cases.models.implementation import Implementation
from cases.models.ineligibility_appeal import IneligibilityAppeal
from cases.models.information import InformationAnswer
from cases.models.item import DisputedItem, TreatmentCategory
from cases.models.law import Holiday, LegalParameter, RecordRequirement
from cases.models.link import CaseLink
from cases.models.manifest import SubmissionManifest
from cases.models.message import CaseMessage, CaseThread
from cases.models.notice import Notice, NoticeDelivery, NoticeWording
from cases.models.package import CasePackage, PackageEntry
from cases.models.page import DocumentPage, DocumentReading, DocumentRecognition
from cases.models.penalty import PenaltyDecision
from cases.models.receipt import ReceiptCorrection
from cases.models.reference import ReferenceChange
from cases.models.scan import CoverSheet, ScanBatch, ScanPart
from cases.models.screening import CheckAnswer, InformationRequest, ScreeningFacts
from cases.models.upload import Upload
from cases.models.upload_link import UploadLink, UploadLinkFile

__all__ = [
    "AddressEntry",
    "AmendmentDraft",
    "Application",
    "ApplicationVersion",
    "ArrangedDocument",
    "Arrangement",
    "Batch",
    "BatchRow",
    "CalendarFeed",
    "Case",
    "CaseLink",
    "CaseMessage",
    "CaseNumberSequence",
    "CasePackage",
    "CaseThread",
    "CheckAnswer",
    "CompletenessDecision",
    "CoverSheet",
    "Deadline",
    "DeadlineAlert",
    "DisputedItem",
    "Document",
    "DocumentDescription",
    "DocumentPage",
    "DocumentReading",
    "DocumentRecognition",
    "EligibilityDecision",
    "EndingReason",
    "EndingReport",
    "ExpeditedCertification",
    "FeeEntry",
    "FilingPreset",
    "FilingReceipt",
    "Holiday",
    "Implementation",
    "IneligibilityAppeal",
    "InformationAnswer",
    "InformationRequest",
    "Invoice",
    "InvoiceLine",
    "InvoiceNumberSequence",
    "LegalParameter",
    "Notice",
    "NoticeDelivery",
    "NoticeService",
    "NoticeWording",
    "PackageEntry",
    "PageOrigin",
    "Party",
    "PenaltyDecision",
    "ReceiptCorrection",
    "RecordRequirement",
    "ReferenceChange",
    "ScanBatch",
    "ScanPart",
    "ScreeningFacts",
    "SubmissionManifest",
    "TreatmentCategory",
    "URDecision",
    "Upload",
    "UploadLink",
    "UploadLinkFile",
]
