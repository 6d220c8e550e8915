"""The vocabulary of a case."""

from django.db.models import TextChoices


class CaseStatus(TextChoices):
    """Statuses of a case with the words for staff; `PARTY_LABELS` has those for the parties."""

    DRAFT = "draft", "Draft"
    RECEIVED = "received", "Received"
    MERGED = "merged", "Merged into another case"
    ELIGIBILITY_REVIEW = "eligibility_review", "Eligibility review"
    INFO_REQUESTED = "info_requested", "Information requested"
    DEFERRED = "deferred", "Deferred"
    INELIGIBLE = "ineligible", "Ineligible"
    ELIGIBLE = "eligible", "Eligible"
    CONSOLIDATED = "consolidated", "Consolidated"
    AWAITING_RECORDS = "awaiting_records", "Awaiting records"
    INSUFFICIENT_RECORDS = "insufficient_records", "Insufficient records"
    READY_FOR_REVIEW = "ready_for_review", "Ready for review"
    IN_REVIEW = "in_review", "In review"
    DOCS_REQUESTED = "docs_requested", "Documents requested"
    QA = "qa", "Quality check"
    DETERMINED = "determined", "Determined"
    ISSUED = "issued", "Issued"
    IMPLEMENTATION = "implementation", "Implementation"
    APPEALED = "appealed", "Appealed"
    REMANDED = "remanded", "Remanded"
    TERMINATED = "terminated", "Terminated"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DISMISSED = "dismissed", "Dismissed"
    CLOSED = "closed", "Closed"
    PUBLISHED = "published", "Published"


PARTY_LABELS: dict[CaseStatus, str] = {
    CaseStatus.DRAFT: "Not submitted yet",
    CaseStatus.RECEIVED: "Application received",
    CaseStatus.MERGED: "Joined with an earlier application",
    CaseStatus.ELIGIBILITY_REVIEW: "Being checked for eligibility",
    CaseStatus.INFO_REQUESTED: "Waiting for information",
    CaseStatus.DEFERRED: "On hold while liability is disputed",
    CaseStatus.INELIGIBLE: "Not eligible for review",
    CaseStatus.ELIGIBLE: "Eligible for review",
    CaseStatus.CONSOLIDATED: "Reviewed together with another case",
    CaseStatus.AWAITING_RECORDS: "Waiting for medical records",
    CaseStatus.INSUFFICIENT_RECORDS: "Medical records missing",
    CaseStatus.READY_FOR_REVIEW: "Waiting for a reviewer",
    CaseStatus.IN_REVIEW: "With an expert reviewer",
    CaseStatus.DOCS_REQUESTED: "Waiting for documents",
    CaseStatus.QA: "Decision being finished",
    CaseStatus.DETERMINED: "Decision being finished",
    CaseStatus.ISSUED: "Decided",
    CaseStatus.IMPLEMENTATION: "Decided; treatment to be authorized",
    CaseStatus.APPEALED: "Decided; under appeal",
    CaseStatus.REMANDED: "Returned for a new review",
    CaseStatus.TERMINATED: "Ended: treatment authorized",
    CaseStatus.WITHDRAWN: "Ended: withdrawn",
    CaseStatus.DISMISSED: "Ended: dismissed",
    CaseStatus.CLOSED: "Closed",
    CaseStatus.PUBLISHED: "Closed",
}


class CaseEvent(TextChoices):
    """What moves a case from one status to another; the words are the labels of buttons."""

    SUBMIT = "submit", "Submit application"
    MERGE_DUPLICATE = "merge_duplicate", "Merge into an earlier case"
    START_SCREENING = "start_screening", "Start eligibility review"
    STOP_SCREENING = "stop_screening", "Give back to the intake queue"
    REQUEST_INFORMATION = "request_information", "Request information"
    RECEIVE_INFORMATION = "receive_information", "Information received"
    DEFER = "defer", "Defer"
    RESUME = "resume", "Resume after liability is resolved"
    CONSENT_TO_REVIEW = "consent_to_review", "Claims administrator consents"
    FIND_INELIGIBLE = "find_ineligible", "Find ineligible"
    FIND_ELIGIBLE = "find_eligible", "Find eligible"
    REVERSE_INELIGIBILITY = "reverse_ineligibility", "Reverse ineligibility"
    CONSOLIDATE = "consolidate", "Consolidate"
    SERVE_NOARFI = "serve_noarfi", "Record notice of assignment served"
    COMPLETE_RECORDS = "complete_records", "Records complete"
    FIND_RECORDS_INSUFFICIENT = "find_records_insufficient", "Find records insufficient"
    ACCEPT_ASSIGNMENT = "accept_assignment", "Accept assignment"
    RETURN_TO_QUEUE = "return_to_queue", "Return to the assignment queue"
    REQUEST_DOCUMENTS = "request_documents", "Request documents"
    RECEIVE_DOCUMENTS = "receive_documents", "Documents received"
    SIGN = "sign", "Sign determination"
    RETURN_FOR_CORRECTION = "return_for_correction", "Return for correction"
    PASS_QUALITY = "pass_quality", "Pass"
    ISSUE = "issue", "Serve letter"
    BEGIN_IMPLEMENTATION = "begin_implementation", "Begin implementation"
    CLOSE = "close", "Close"
    APPEAL = "appeal", "Record appeal"
    DENY_APPEAL = "deny_appeal", "Appeal denied"
    REVERSE_ON_APPEAL = "reverse_on_appeal", "Reversed on appeal"
    REOPEN_AFTER_REMAND = "reopen_after_remand", "Open a new review"
    TERMINATE = "terminate", "Terminate: treatment authorized"
    WITHDRAW = "withdraw", "Withdraw"
    DISMISS = "dismiss", "Dismiss"
    PUBLISH = "publish", "Publish"


class BatchGoal(TextChoices):
    """What is to become of the applications of a file."""

    CHECK = "check", "Check only"
    DRAFT = "draft", "Make drafts"
    SUBMIT = "submit", "Submit"


class BatchState(TextChoices):
    READING = "reading", "Being read"
    WORKING = "working", "In progress"
    DONE = "done", "Done"
    REFUSED = "refused", "Not readable"


class BatchRowState(TextChoices):
    """How far an application of a file is."""

    WAITING = "waiting", "Waiting"
    CHECKED = "checked", "Without errors"
    REFUSED = "refused", "With errors"
    DRAFTED = "drafted", "Draft made"
    FILED = "filed", "Filed"
    FAILED = "failed", "Not processed"


class FilingChannel(TextChoices):
    """How an application arrived; what is not filed online is keyed in by staff."""

    ONLINE = "online", "Online"
    MAIL = "mail", "Mail"
    FAX = "fax", "Fax"
    PERSONAL = "personal", "Handed in"
    PHONE = "phone", "Phone"


class CorrectionState(TextChoices):
    PROPOSED = "proposed", "Waiting for a second person"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class ReferenceAct(TextChoices):
    """What a change of the reference data does."""

    ADD = "add", "A further row"
    SUCCEED = "succeed", "Something else from a day on"
    CORRECT = "correct", "Correction of the row"


class CaseLinkKind(TextChoices):
    """Why a case goes on in another one."""

    MERGED = "merged", "Merged as a duplicate"
    CONSOLIDATED = "consolidated", "Consolidated"


class Priority(TextChoices):
    STANDARD = "standard", "Standard"
    EXPEDITED = "expedited", "Expedited"


class CaseOutcome(TextChoices):
    """Derived from the items, never typed."""

    UPHOLD = "uphold", "Uphold"
    OVERTURN = "overturn", "Overturn"
    PARTIAL_OVERTURN = "partial_overturn", "Partial overturn"


class ReviewType(TextChoices):
    """First block of the DWC Form IMR (8 CCR 9792.10.2)."""

    REGULAR = "regular", "Regular"
    EXPEDITED = "expedited", "Expedited"
    MODIFICATION_AFTER_APPEAL = "modification_after_appeal", "Modification after appeal"


class PartyRole(TextChoices):
    EMPLOYEE = "employee", "Injured worker"
    EMPLOYER = "employer", "Employer"
    REQUESTING_PHYSICIAN = "requesting_physician", "Requesting physician"
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    ATTORNEY = "attorney", "Attorney"
    DESIGNEE = "designee", "Other representative"


# Whom an organization may keep in its address book: never the injured worker.
ADDRESS_BOOK_ROLES = (
    PartyRole.REQUESTING_PHYSICIAN,
    PartyRole.EMPLOYER,
    PartyRole.CLAIMS_ADMINISTRATOR,
    PartyRole.ATTORNEY,
    PartyRole.DESIGNEE,
)
# Those of them that a preset may name. A designation is made for one decision alone, so a representative is none.
PRESET_ROLES = tuple(role for role in ADDRESS_BOOK_ROLES if role != PartyRole.DESIGNEE)


class SignerKind(TextChoices):
    EMPLOYEE = "employee", "The injured worker"
    ATTORNEY = "attorney", "The injured worker's attorney"
    DESIGNEE = "designee", "Another representative"
    UNSIGNED = "unsigned", "Nobody has signed yet"


class ServiceMethod(TextChoices):
    """How a paper was served; some methods lengthen a period (CCP 1013)."""

    MAIL = "mail", "Mail"
    FAX = "fax", "Fax"
    ELECTRONIC = "electronic", "Electronic"
    PERSONAL = "personal", "Personal delivery"


class ServicePlace(TextChoices):
    """Where the person is who was served by mail; it decides how many days are added (CCP 1013(a))."""

    CALIFORNIA = "california", "In California"
    OTHER_STATE = "other_state", "In another state"
    ABROAD = "abroad", "Outside the United States"


class UROutcome(TextChoices):
    """What utilization review did with the item."""

    DENIED = "denied", "Denied"
    MODIFIED = "modified", "Modified"


class GuidelineBasis(TextChoices):
    """What a side rested its decision on; `NONE` is an answer, not a gap."""

    MTUS = "mtus", "MTUS"
    NON_MTUS = "non_mtus", "Outside the MTUS"
    BOTH = "both", "MTUS and outside the MTUS"
    NONE = "none", "No guideline or evidence cited"


class ItemEligibility(TextChoices):
    PENDING = "pending", "Not decided"
    ELIGIBLE = "eligible", "Eligible"
    INELIGIBLE = "ineligible", "Ineligible"
    DEFERRED = "deferred", "Deferred"


class ItemStatus(TextChoices):
    OPEN = "open", "Open"
    DECIDED = "decided", "Decided"
    TERMINATED = "terminated", "Terminated"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Outcome(TextChoices):
    """Outcome of one disputed item. There is no third one: a partial result is expressed by splitting items."""

    UPHELD = "upheld", "Upheld"
    OVERTURNED = "overturned", "Overturned"


class IneligibilityReason(TextChoices):
    """Reasons of LC 4610.5 and 8 CCR 9792.10.1, 9792.10.3, with the codes that staff use."""

    SIGNATURE = "INE-SIG", "Not signed by the injured worker or a valid representative"
    LATE = "INE-LATE", "Not filed in time"
    UR_MISSING = "INE-UR", "UR decision not attached"
    CONDITIONAL = "INE-CNC", "UR decision is a conditional non-certification"
    DUPLICATE = "INE-DUP", "Same dispute already filed or decided"
    LIABILITY = "INE-LIAB", "Liability is disputed (deferred)"
    DATE = "INE-DATE", "Injury or decision date outside the statute"
    PARTY = "INE-PARTY", "Filed by someone without standing"
    NO_UR = "INE-NOUR", "No UR decision on medical necessity"
    UR_LATE = "INE-URLATE", "UR decision untimely; a matter for the WCAB"
    INFORMATION = "INE-INFO", "No answer to a request for information"
    ALTERNATIVE = "INE-ALT", "Covered by an alternative dispute resolution agreement"


class CheckVerdict(TextChoices):
    """What a check of eligibility answers."""

    PASSED = "passed", "Passed"
    FAILED = "failed", "Failed"
    NEEDS_PERSON = "needs_person", "Needs a person"


class NoticeKind(TextChoices):
    """The notices that go to the parties, apart from the final determination letter."""

    ASSIGNMENT = "assignment", "Notice of assignment and request for information"
    INELIGIBLE = "ineligible", "Notice of ineligibility"
    DEFERRED = "deferred", "Notice of deferral"
    INFORMATION = "information", "Request for information"
    INSUFFICIENT_RECORDS = "insufficient_records", "Notice of insufficient records"
    TERMINATED = "terminated", "Notice of termination"
    WITHDRAWN = "withdrawn", "Notice of withdrawal"
    DISMISSED = "dismissed", "Notice of dismissal"
    EXPEDITED = "expedited", "Notice of expedited review"


class EndingKind(TextChoices):
    """What a reason does that ends a dispute without a determination (LC 4610.5(g); 8 CCR 9792.10.6(a)).

    How the case ends, which notice goes out, and whether the claims administrator has to tell it depend on it. The
    reasons that people choose are rows.
    """

    AUTHORIZED = "authorized", "The claims administrator authorized the treatment"
    SETTLED = "settled", "A settlement or an award resolves the dispute"
    PHYSICIAN_WITHDREW = "physician_withdrew", "The physician withdrew the request for the treatment"
    EMPLOYEE_WITHDREW = "employee_withdrew", "The injured worker withdrew the application"


class EndingSource(TextChoices):
    """Who says that a dispute is over. Only the claims administrator owes it (LC 4610.5(g))."""

    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    EMPLOYEE = "employee", "Injured worker, attorney or representative"
    PHYSICIAN = "physician", "Physician or another provider"
    PAPERS = "papers", "Papers of the case; nobody has reported it yet"


class DocumentKind(TextChoices):
    UR_DECISION = "ur_decision", "UR decision letter"
    SIGNED_FORM = "signed_form", "Signed DWC Form IMR"
    REPRESENTATION = "representation", "Notice of representation or designation"
    EXPEDITED_CERTIFICATION = "expedited_certification", "Physician's certification of serious threat"
    REQUEST_FOR_AUTHORIZATION = "rfa", "Request for authorization (DWC Form RFA)"
    MEDICAL_REPORT = "medical_report", "Medical report"
    DIAGNOSTIC_REPORT = "diagnostic_report", "Diagnostic report"
    OTHER = "other", "Other"
    IMPLEMENTATION_PROOF = "implementation_proof", "Proof of authorization or payment"


# What can be filed and sent as a record; proof comes with what it proves.
RECORD_KINDS = tuple(kind for kind in DocumentKind if kind != DocumentKind.IMPLEMENTATION_PROOF)
UR_INFORMATION_KINDS = frozenset({DocumentKind.UR_DECISION, DocumentKind.SIGNED_FORM})


class DocumentSource(TextChoices):
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    EMPLOYEE = "employee", "Injured worker or representative"
    PHYSICIAN = "physician", "Physician"
    IMR_ORGANIZATION = "imr_organization", "IMR organization"


class UploadLinkRole(TextChoices):
    """Who sends through a one-time link."""

    PHYSICIAN = "physician", "Physician or medical office"
    EMPLOYEE_SIDE = "employee_side", "Attorney or representative of the injured worker"
    CLAIMS_SIDE = "claims_side", "Attorney of the claims administrator"


class UploadLinkState(TextChoices):
    """How a one-time link stands; it follows from its moments."""

    OPEN = "open", "Open"
    USED = "used", "Used"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class ScanBatchState(TextChoices):
    """How far a scan of the mail room is."""

    READING = "reading", "Being read"
    READY = "ready", "Read"
    VIRUS = "virus", "Refused: did not pass the virus check"


class ScanPartProblem(TextChoices):
    """Why nothing is proposed for pages of a scan."""

    NO_SHEET = "no_sheet", "Before the first cover sheet"
    UNREADABLE = "unreadable", "Cover sheet cannot be read"
    UNKNOWN = "unknown", "Cover sheet is not known"
    SHEET_ALONE = "sheet_alone", "Cover sheet without pages"


class ScanPartState(TextChoices):
    """What became of pages of a scan."""

    WAITING = "waiting", "To be filed"
    FILED = "filed", "Filed"
    SET_ASIDE = "set_aside", "Set aside"


class ScanState(TextChoices):
    """How far the virus check of a document is."""

    NOT_CHECKED = "not_checked", "Not checked for viruses"
    WAITING = "waiting", "Being checked for viruses"
    CLEAN = "clean", "No virus found"
    REFUSED = "refused", "Did not pass the virus check"


class RecognitionState(TextChoices):
    """How far the reading of scanned pages is."""

    RUNNING = "running", "Scanned pages are being read"
    DONE = "done", "Scanned pages were read"
    FAILED = "failed", "Scanned pages could not be read"


class DocumentRemoval(TextChoices):
    """Why a document no longer counts."""

    WITHDRAWN = "withdrawn", "Removed before the application was submitted"
    REPLACED = "replaced", "Replaced by a newer version"
    DIVIDED = "divided", "Divided into several documents"
    JOINED = "joined", "Joined with others into one document"
    VIRUS = "virus", "Refused: did not pass the virus check"


# What was received and stays readable, although something newer stands in its place.
KEPT_REMOVALS = (DocumentRemoval.REPLACED, DocumentRemoval.DIVIDED, DocumentRemoval.JOINED)


class ArrangementKind(TextChoices):
    TURN = "turn", "Pages turned"
    DIVIDE = "divide", "Document divided"
    JOIN = "join", "Documents joined"


class ArrangementState(TextChoices):
    WORKING = "working", "Being made"
    DONE = "done", "Done"
    REFUSED = "refused", "Not done"


class Lateness(TextChoices):
    """When a document came that did not come in time (8 CCR 9792.10.5)."""

    AFTER_DUE = "after_due", "Received after the records were due"
    AFTER_COMPLETE = "after_complete", "Received after the records were complete"
    AFTER_SIGNATURE = "after_signature", "Came to the file after the determination"


class LateDecision(TextChoices):
    """What was decided about a late document."""

    FORWARDED = "forwarded", "Forwarded to the reviewer"
    CONSIDERED = "considered", "Read by the IMR organization: it changes nothing"
    TOO_LATE = "too_late", "Too late: not considered"


class RecordState(TextChoices):
    """How a line of the checklist of records stands."""

    HERE = "here", "On file"
    MISSING = "missing", "Missing"
    QUESTION = "question", "To look at"
    WAITING = "waiting", "Being read"


class PackageForm(TextChoices):
    """In what form the records of a case are taken along."""

    PDF = "pdf", "One PDF with bookmarks"
    ZIP = "zip", "A zip of all files"


class PackageState(TextChoices):
    WORKING = "working", "Being made"
    READY = "ready", "Ready"
    EXPIRED = "expired", "Removed"


class LeftOut(TextChoices):
    """Why a document is named in the index of a package and not in it."""

    SCANNING = "scanning", "Still being checked for viruses. Make the file again when that is done"
    VIRUS = "virus", "Did not pass the virus check; nothing of it was kept. Get it from its source again"
    REPLACED = "replaced", "An earlier version; a newer document has its place. It can be opened on the case page"
    UNREADABLE = "unreadable", "Could not be read. Open it on the case page, or get it from its source again"
    TOO_LARGE = "too_large", "Too large for one PDF. It is in the zip"


class PeriodUnit(TextChoices):
    CALENDAR_DAYS = "calendar_days", "calendar days"
    BUSINESS_DAYS = "business_days", "business days"
    HOURS = "hours", "hours"
    MONTHS = "months", "months"
    DOLLARS = "dollars", "dollars"
    OPEN_ENDED = "open_ended", "open-ended"


class DeadlineKind(TextChoices):
    """Deadlines of a case; ids as in the deadline table of the documentation (`docs/workflow.md`)."""

    SCREEN = "screen", "Check eligibility"
    SERVE_NOARFI = "serve_noarfi", "Serve notice of assignment"
    RECORDS = "records", "Records due"
    ASSIGN = "assign", "Assign a reviewer"
    DETERMINE = "determine", "Issue the determination"
    APPEAL = "appeal", "Last day to appeal"
    AUTHORIZE = "authorize", "Authorize overturned treatment"
    INFORMATION = "information", "Answer the request for information"
    DOCUMENTS = "documents", "Answer the request for documents"
    REIMBURSE = "reimburse", "Pay for overturned treatment already given"
    REMAND = "remand", "Open a new review after the remand"
    REPORT_ENDING = "report_ending", "Report the authorization, settlement or withdrawal"


class DeadlineOrigin(TextChoices):
    """How a row of a clock came about."""

    STARTED = "started", "Started"
    PAUSED = "paused", "Paused"
    RESUMED = "resumed", "Resumed"
    EXTENDED = "extended", "Extended"
    RECOUNTED = "recounted", "Counted again"


class AlertLevel(TextChoices):
    """How near its end, or how far past it, a clock is."""

    SOON = "soon", "Due soon"
    OVERDUE = "overdue", "Overdue"
    ESCALATED = "escalated", "Overdue, escalated"


class ImplementationKind(TextChoices):
    """How an overturned item is carried out (8 CCR 9792.10.7)."""

    AUTHORIZED = "authorized", "Authorized"
    PAID = "paid", "Paid"


class AppealOutcome(TextChoices):
    """What the appeals board decided on an appeal of a finding of ineligibility (8 CCR 10575)."""

    DENIED = "denied", "Denied: the finding stands"
    REVERSED = "reversed", "Reversed: the application is eligible"


class DraftStep(TextChoices):
    """Steps of the application, in the order of the DWC Form IMR."""

    REVIEW_TYPE = "review-type", "Type of review"
    EMPLOYEE = "employee", "Injured worker"
    CLAIM = "claim", "Employer and claim"
    PHYSICIAN = "physician", "Requesting physician"
    CLAIMS_ADMINISTRATOR = "claims-administrator", "Claims administrator"
    UR_DECISION = "ur-decision", "UR decision"
    ITEMS = "items", "Disputed treatment"
    REPRESENTATIVE = "representative", "Attorney or representative"
    SIGNATURE = "signature", "Signature and consent"
    DOCUMENTS = "documents", "Documents"


class StepState(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"


class FeeKind(TextChoices):
    """What a claims administrator pays for an application (8 CCR 9792.10.8); `fee_<value>` names the figure."""

    REGULAR = "regular", "Regular review"
    PHARMACY = "pharmacy", "Regular review of drugs only"
    EXPEDITED = "expedited", "Expedited review"
    ENDED_BEFORE_REVIEW = "ended_before_review", "Ended before the file went to a reviewer"
    ENDED_AFTER_REVIEW = "ended_after_review", "Ended after the file went to a reviewer"


class InvoiceKind(TextChoices):
    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class PenaltyDecisionKind(TextChoices):
    """What a person decided about the penalty for late records."""

    ASSESS = "assess", "Assess"
    WAIVE = "waive", "Waive"
    CLOSE = "close", "Close without a penalty"
