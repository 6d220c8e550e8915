"""Roles, acts and answers: the vocabulary of who may do what."""

from django.db import models


class Role(models.TextChoices):
    CLAIMS_STAFF = "claims_staff", "Claims staff"
    CLAIMS_MANAGER = "claims_manager", "Claims manager"
    REVIEWER = "reviewer", "Expert reviewer"
    ADMINISTRATOR = "administrator", "Administrator"
    MEDICAL_DIRECTOR = "medical_director", "Medical director"
    AUDITOR = "auditor", "Auditor"
    OPERATOR = "operator", "Operator"
    API_CLIENT = "api_client", "Program (API)"


CLAIMS_ROLES = frozenset({Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER, Role.API_CLIENT})
STAFF_ROLES = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR, Role.AUDITOR, Role.OPERATOR})


class OrganizationKind(models.TextChoices):
    CLAIMS_ADMINISTRATOR = "claims_administrator", "Claims administrator"
    IMR_ORGANIZATION = "imr_organization", "IMR organization"


class Scope(models.TextChoices):
    """Which objects an allowed act reaches."""

    ANY = "any", "any"
    ORGANIZATION = "organization", "own organization's"
    ASSIGNED = "assigned", "assigned to them"
    OWN = "own", "their own"


class Action(models.TextChoices):
    CASE_LIST = "case.list", "List and search cases"
    CASE_VIEW = "case.view", "View a case"
    CASE_CREATE = "case.create", "File an application"
    CASE_EDIT_DRAFT = "case.edit_draft", "Edit an application before it is submitted"
    ADDRESS_BOOK = "address_book.edit", "Use and edit the organization's address book and presets"
    CASE_SCREEN = "case.screen", "Take cases from the intake queue and give them back"
    ELIGIBILITY_DECIDE = "eligibility.decide", "Find a case or an item eligible or ineligible"
    DEADLINE_CHANGE = "deadline.change", "Pause, resume, lengthen and correct due dates"
    DEADLINE_QUEUE = "deadline.queue", "See what is overdue and due soon"
    CALENDAR_FEED = "calendar.feed", "Take due dates into one's own calendar"
    NOTICE_SERVE = "notice.serve", "Record that a notice was served and that records are complete"
    NOTICE_VIEW = "notice.view", "See and download notices"
    ENDING_REPORT = "ending.report", "Report that treatment was authorized, settled or withdrawn"
    ENDING_DECIDE = "ending.decide", "Confirm such reports, withdraw and dismiss cases"
    INFORMATION_ANSWER = "information.answer", "Answer a request for information"
    IMPLEMENTATION_CONFIRM = "implementation.confirm", "Confirm that overturned treatment was authorized or paid for"
    CASE_CLOSE = "case.close", "Close decided cases, and refuse proof of authorization or payment"
    CASE_MESSAGE = "case.message", "Write and read the messages between a claims administrator and the IMR organization"
    DOCUMENT_UPLOAD = "document.upload", "Upload documents"
    DOCUMENT_VIEW = "document.view", "View and download documents"
    DOCUMENT_REMOVE = "document.remove", "Remove a document from a draft"
    DOCUMENT_DECIDE = "document.decide", "Decide what becomes of a late document"
    RECEIPT_VIEW = "receipt.view", "View and download the filing receipt"
    CASE_ROUTE = "case.route", "Turn a review into an expedited one, and consolidate cases"
    RECEIPT_CORRECT = "receipt.correct", "Correct the moment of receipt, with a second person"
    REVIEWER_IDENTITY_VIEW = "reviewer.identity_view", "See who a reviewer is"
    REVIEWER_EDIT = "reviewer.edit", "Edit the reviewer register"
    REVIEWER_FILE_OWN = "reviewer.file_own", "Keep one's own reviewer file and availability"
    REVIEWER_LIST = "reviewer.list", "View the reviewer register"
    ASSIGNMENT_MAKE = "assignment.make", "Assign and recall a reviewer"
    ASSIGNMENT_ANSWER = "assignment.answer", "Accept or decline an assignment"
    REVIEW_WRITE = "review.write", "Read and write the draft decision"
    PARAGRAPH_WRITE = "paragraph.write", "Write paragraphs for rationales and propose them for everybody"
    PARAGRAPH_DECIDE = "paragraph.decide", "Decide on paragraphs that are proposed for everybody"
    DETERMINATION_SIGN = "determination.sign", "Sign the determination"
    QUALITY_PASS = "quality.pass", "Pass or return a determination"
    SCORECARD_VIEW = "scorecard.view", "See how reviewers do"
    LETTER_PREVIEW = "letter.preview", "Preview a letter before it is issued"
    LETTER_RELEASE = "letter.release", "Release letters"
    TEMPLATE_VIEW = "template.view", "See the versions of the letter's wording"
    TEMPLATE_EDIT = "template.edit", "Write and approve versions of the letter's wording"
    CORRECTION_PROPOSE = "correction.propose", "Propose a correction of a served letter"
    CORRECTION_DECIDE = "correction.decide", "Approve or refuse a correction"
    APPEAL_RECORD = "appeal.record", "Record appeals and open a new review"
    LETTER_DOWNLOAD = "letter.download", "Download an issued letter"
    PUBLICATION_VIEW = "publication.view", "See public copies of letters"
    PUBLICATION_EDIT = "publication.edit", "Prepare and withdraw public copies"
    PUBLICATION_APPROVE = "publication.approve", "Approve public copies"
    ARCHIVE_VIEW = "archive.view", "Search and read the archive of published determinations"
    GUIDELINE_VIEW = "guideline.view", "Search the guideline catalog"
    GUIDELINE_EDIT = "guideline.edit", "Edit the guideline catalog"
    PEOPLE_VIEW = "people.view", "See people and organizations"
    PEOPLE_INVITE = "people.invite", "Invite people"
    COLLEAGUES_MANAGE = "colleagues.manage", "Manage people of one's own organization"
    PEOPLE_MANAGE = "people.manage", "Manage people of every organization"
    ORGANIZATION_EDIT = "organization.edit", "Add and edit organizations"
    TOKENS_MANAGE = "tokens.manage", "Issue and revoke API tokens of one's own organization"
    AUDIT_READ = "audit.read", "Read the audit record"
    JOBS_VIEW = "jobs.view", "See background jobs"
    JOBS_RETRY = "jobs.retry", "Try a failed job again"
    ADMIN_SITE = "admin.site", "Use the admin site"
    ACCOUNT_OWN = "account.own", "Use one's own account"
