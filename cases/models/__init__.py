from cases.models.address import AddressEntry, FilingPreset
from cases.models.application import Application, Party, URDecision
from cases.models.case import Case, CaseNumberSequence
from cases.models.deadline import CalendarFeed, Deadline, DeadlineAlert
from cases.models.document import Document, FilingReceipt
from cases.models.eligibility import EligibilityDecision, NoticeService
from cases.models.item import DisputedItem, TreatmentCategory
from cases.models.law import Holiday, LegalParameter
from cases.models.page import DocumentPage, DocumentReading

__all__ = [
    "AddressEntry",
    "Application",
    "CalendarFeed",
    "Case",
    "CaseNumberSequence",
    "Deadline",
    "DeadlineAlert",
    "DisputedItem",
    "Document",
    "DocumentPage",
    "DocumentReading",
    "EligibilityDecision",
    "FilingPreset",
    "FilingReceipt",
    "Holiday",
    "LegalParameter",
    "NoticeService",
    "Party",
    "TreatmentCategory",
    "URDecision",
]
