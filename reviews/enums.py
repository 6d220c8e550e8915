"""The vocabulary of reviewers, assignments, determinations and letters."""

from django.db.models import TextChoices


class LicenseStatus(TextChoices):
    ACTIVE = "active", "Active and unrestricted"
    RESTRICTED = "restricted", "Restricted"
    SUSPENDED = "suspended", "Suspended"
    INACTIVE = "inactive", "Inactive"


class LicenseKind(TextChoices):
    """Kinds of practitioner that LC 3209.3 calls physicians."""

    MD = "md", "M.D."
    DO = "do", "D.O."
    DC = "dc", "Chiropractor (D.C.)"
    PSYD = "psych", "Psychologist"
    DPM = "dpm", "Podiatrist (D.P.M.)"
    DDS = "dds", "Dentist"
    OD = "od", "Optometrist (O.D.)"
    LAC = "lac", "Acupuncturist (L.Ac.)"


BOARD_CERTIFICATION_REQUIRED = frozenset({LicenseKind.MD, LicenseKind.DO})


class AssignmentStatus(TextChoices):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    RECALLED = "recalled", "Recalled"
    EXPIRED = "expired", "Not answered"
    COMPLETED = "completed", "Completed"


OPEN_ASSIGNMENTS = frozenset({AssignmentStatus.OFFERED, AssignmentStatus.ACCEPTED})


class DeclineReason(TextChoices):
    CONFLICT = "conflict", "Conflict of interest"
    QUALIFICATION = "qualification", "Not qualified for this condition or treatment"
    WORKLOAD = "workload", "No time before the due date"
    OTHER = "other", "Other"


class ConflictRelation(TextChoices):
    """The relations that LC 139.5(d)(5) asks about: material professional, familial or financial affiliation."""

    EMPLOYER = "employer", "The employer, insurer or claims administrator, or its officers"
    PHYSICIAN = "physician", "The physician whose treatment is disputed, or that physician's group"
    FACILITY = "facility", "The facility where the treatment would be given"
    MAKER = "maker", "The maker of the drug, device or procedure, or of its alternative"
    EMPLOYEE = "employee", "The injured worker, the worker's family or attorney"


class CheckReply(TextChoices):
    """What a reviewer says to a finding of the checks."""

    KEPT = "kept", "Seen, kept as written"
    READ = "read", "Read before signing"


class QualityErrorKind(TextChoices):
    """What a second read finds fault with."""

    WRONG_ITEM = "wrong_item", "Wrong or missing item"
    FACTS = "facts", "Wrong body part, side, dose, quantity or date"
    RECORD = "record", "Said to be missing, but in the record"
    GUIDELINE = "guideline", "Guideline missing, wrong or not in force"
    REASONING = "reasoning", "Reasons do not carry the outcome"
    LANGUAGE = "language", "Hard to understand"
    IDENTITY = "identity", "Could identify the reviewer"
    OTHER = "other", "Other"


class SampleReason(TextChoices):
    """Why a signed determination is read a second time, or not; the values are those of the rule."""

    RETURNED = "returned", "Returned before"
    FIRST = "first", "One of the reviewer's first"
    PANEL = "panel", "Several reviewers"
    EXPEDITED = "expedited", "Expedited"
    OVERTURNED = "overturned", "An item overturned"
    LOT = "lot", "Drawn by lot"
    NOT_DRAWN = "not_drawn", "Not drawn"
    CAP = "cap", "Drawn, but the month's share until that day was used up"


class ParagraphStatus(TextChoices):
    """A version of a paragraph that is used again: of one reviewer, or on its way to everybody."""

    OWN = "own", "Your own"
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"


class Keep(TextChoices):
    """What counts where two windows changed the same text. `ASK` stores nothing until the reviewer has chosen."""

    ASK = "ask", "Ask"
    MINE = "mine", "Keep mine"
    STORED = "stored", "Keep the stored text"
    MERGED = "merged", "Take the merged text"


class DocumentUse(TextChoices):
    """What a reviewer says of a document."""

    UNREAD = "unread", "Not decided"
    CONSIDERED = "considered", "Considered"
    NOT_RELEVANT = "not_relevant", "Read, not relevant"


class CitationSide(TextChoices):
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    REVIEWER = "reviewer", "Reviewer"


class LetterKind(TextChoices):
    """`FINAL` is made from the signature, for the quality check; `SERVED` is what the parties get, with the day of
    service; `PUBLIC` is the copy without names."""

    FINAL = "final", "Final determination letter"
    SERVED = "served", "Final determination letter as served"
    PUBLIC = "public", "Public copy"


class DeliveryMethod(TextChoices):
    """How a letter is served on one recipient."""

    PORTAL = "portal", "Electronic, through this portal"
    MAIL = "mail", "First-class mail"


class CorrectionStatus(TextChoices):
    PROPOSED = "proposed", "Proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AppealGround(TextChoices):
    """The grounds on which a determination may be appealed (LC 4610.6(h))."""

    POWERS = "powers", "Without or in excess of the Administrative Director's powers"
    FRAUD = "fraud", "Procured by fraud"
    CONFLICT = "conflict", "The reviewer had a material conflict of interest"
    BIAS = "bias", "Bias"
    FACT = "fact", "A plainly erroneous finding of fact, a matter of ordinary knowledge"


class AppealOutcome(TextChoices):
    DENIED = "denied", "Denied"
    REVERSED = "reversed", "Reversed; a new review is ordered"


class PublicationState(TextChoices):
    PROPOSED = "proposed", "Passed the leak test"
    REFUSED = "refused", "Refused by the leak test"
    APPROVED = "approved", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LetterLayout(TextChoices):
    """Page templates and style sheets of letters; an issued one is never changed, a new one gets a new name."""

    CLASSIC = "2026-1", "Classic"


class TemplateStatus(TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"


class SourceFormat(TextChoices):
    """In what form an archived determination came."""

    F0 = "f0", "Letter of 2013"
    F1_2015 = "f1_2015", "Letter in the wording of 2015"
    F1_2016 = "f1_2016", "Letter in the wording of 2016-2017"
    F1_OWN = "f1_own", "Letter of this product"
    F2 = "f2", "Letter with a list of documents reviewed"
    F3 = "f3", "Letter of one issue"
    EXCHANGE = "exchange", "Exchange file"


class VerificationKind(TextChoices):
    LICENSE = "license", "License"
    CERTIFICATION = "certification", "Board certification"
    PRACTICE = "practice", "Active practice"
    SANCTIONS = "sanctions", "Sanctions and discipline"


class ProposalKind(TextChoices):
    """What of the own file a reviewer asks to change."""

    LICENSE = "license", "License"
    CERTIFICATION = "certification", "Board certification"
    CV = "cv", "CV"
    OTHER = "other", "Something else"


class ProposalStatus(TextChoices):
    PROPOSED = "proposed", "Waiting for the IMR organization"
    ADOPTED = "adopted", "Adopted"
    REFUSED = "refused", "Not adopted"
    WITHDRAWN = "withdrawn", "Taken back"


class LookPlace(TextChoices):
    """Who last looked at what of an assignment."""

    CASE = "case", "Its reviewer at the case"
    THREAD_REVIEWER = "thread_reviewer", "Its reviewer at the thread"
    THREAD_STAFF = "thread_staff", "The staff at the thread"


class RequestStatus(TextChoices):
    """What became of a request for records."""

    ASKED = "asked", "Waiting for the IMR organization"
    REQUESTED = "requested", "Requested from the parties"
    DECLINED = "declined", "Not requested"
    RECEIVED = "received", "Received"
    WITHDRAWN = "withdrawn", "Taken back"


OPEN_REQUESTS = frozenset({RequestStatus.ASKED, RequestStatus.REQUESTED})


class ReviewFeeKind(TextChoices):
    """What a reviewer is paid for; the first three have dated rates."""

    REGULAR = "regular", "Regular review"
    EXPEDITED = "expedited", "Expedited review"
    PANEL = "panel", "Review as one of several reviewers"
    ADJUSTMENT = "adjustment", "Adjustment"


PAID_REVIEWS = (ReviewFeeKind.REGULAR, ReviewFeeKind.EXPEDITED, ReviewFeeKind.PANEL)


class ColleagueStatus(TextChoices):
    """How far the opinion of a colleague is."""

    ASKED = "asked", "Asked"
    READING = "reading", "Attested, reading"
    ANSWERED = "answered", "Answered"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Taken back"
    EXPIRED = "expired", "Ended without an answer"


OPEN_COLLEAGUE = (ColleagueStatus.ASKED, ColleagueStatus.READING)
CLOSED_COLLEAGUE = (
    ColleagueStatus.ANSWERED,
    ColleagueStatus.DECLINED,
    ColleagueStatus.WITHDRAWN,
    ColleagueStatus.EXPIRED,
)


class ColleagueVerdict(TextChoices):
    AGREE = "agree", "Agrees"
    DISAGREE = "disagree", "Disagrees"
