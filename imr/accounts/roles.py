"""Who may do what: the one table.

Views and API operations name an `Action`; the access tests, `docs/roles.md` and the menus are made from this
table. A role that is not named for an act may not do it. What lies outside a role's scope does not exist for it
(404); what is in scope but not allowed is refused with words (403).
"""

from collections.abc import Mapping
from types import MappingProxyType

from imr.accounts.enums import Action, Role, Scope

_CLAIMS_READ = {
    Role.CLAIMS_STAFF: Scope.ORGANIZATION,
    Role.CLAIMS_MANAGER: Scope.ORGANIZATION,
    Role.API_CLIENT: Scope.ORGANIZATION,
}
_CLAIMS_PEOPLE = {Role.CLAIMS_STAFF: Scope.ORGANIZATION, Role.CLAIMS_MANAGER: Scope.ORGANIZATION}
_IMR_WORK = {Role.ADMINISTRATOR: Scope.ANY, Role.MEDICAL_DIRECTOR: Scope.ANY}
_IMR_READ = {**_IMR_WORK, Role.AUDITOR: Scope.ANY}
_REVIEWER = {Role.REVIEWER: Scope.ASSIGNED}
_EVERYBODY = dict.fromkeys(Role, Scope.OWN)

GRANTS: Mapping[Action, Mapping[Role, Scope]] = MappingProxyType(
    {
        Action.CASE_LIST: {**_CLAIMS_READ, **_IMR_READ, **_REVIEWER},
        Action.CASE_VIEW: {**_CLAIMS_READ, **_IMR_READ, **_REVIEWER},
        Action.CASE_CREATE: {**_CLAIMS_READ, Role.ADMINISTRATOR: Scope.ANY},
        Action.CASE_EDIT_DRAFT: {**_CLAIMS_READ, Role.ADMINISTRATOR: Scope.OWN},
        Action.CASE_AMEND: {**_CLAIMS_READ, Role.ADMINISTRATOR: Scope.ANY},
        Action.ADDRESS_BOOK: _CLAIMS_PEOPLE,
        Action.CASE_SCREEN: {Role.ADMINISTRATOR: Scope.ANY},
        Action.ELIGIBILITY_DECIDE: _IMR_WORK,
        Action.DEADLINE_CHANGE: _IMR_WORK,
        Action.DEADLINE_QUEUE: _IMR_READ,
        Action.CALENDAR_FEED: {**_CLAIMS_PEOPLE, **_IMR_READ},
        Action.NOTICE_SERVE: _IMR_WORK,
        Action.NOTICE_VIEW: {**_CLAIMS_READ, **_IMR_READ},
        Action.ENDING_REPORT: {**_CLAIMS_READ, **_IMR_WORK},
        Action.ENDING_DECIDE: _IMR_WORK,
        Action.INFORMATION_ANSWER: _CLAIMS_PEOPLE,
        Action.IMPLEMENTATION_CONFIRM: {**_CLAIMS_PEOPLE, **_IMR_WORK},
        Action.CASE_CLOSE: _IMR_WORK,
        Action.CASE_MESSAGE: {**_CLAIMS_PEOPLE, **_IMR_WORK},
        Action.DOCUMENT_UPLOAD: {**_CLAIMS_READ, **_IMR_WORK},
        Action.UPLOAD_LINK: {**_CLAIMS_PEOPLE, **_IMR_WORK},
        Action.COVER_SHEET: {**_CLAIMS_PEOPLE, **_IMR_WORK},
        Action.MAIL_ROOM: _IMR_WORK,
        Action.DOCUMENT_VIEW: {**_CLAIMS_READ, **_IMR_READ, **_REVIEWER},
        Action.RECORDS_CHECKLIST: {**_CLAIMS_READ, **_IMR_READ},
        Action.RECORDS_PACKAGE: {
            Role.CLAIMS_STAFF: Scope.ORGANIZATION,
            Role.CLAIMS_MANAGER: Scope.ORGANIZATION,
            **_IMR_WORK,
        },
        Action.DOCUMENT_REMOVE: {**_CLAIMS_READ, Role.ADMINISTRATOR: Scope.OWN},
        Action.DOCUMENT_DECIDE: _IMR_WORK,
        Action.RECEIPT_VIEW: {**_CLAIMS_READ, **_IMR_READ},
        Action.RECEIPT_SIGN: {**_CLAIMS_READ, **_IMR_WORK},
        Action.CASE_ROUTE: _IMR_WORK,
        Action.RECEIPT_CORRECT: _IMR_WORK,
        Action.REVIEWER_IDENTITY_VIEW: _IMR_READ,
        Action.REVIEWER_EDIT: _IMR_WORK,
        Action.REVIEWER_FILE_OWN: {Role.REVIEWER: Scope.OWN},
        Action.REVIEWER_LIST: _IMR_READ,
        Action.ASSIGNMENT_MAKE: _IMR_WORK,
        Action.ASSIGNMENT_ANSWER: _REVIEWER,
        Action.REVIEW_WRITE: _REVIEWER,
        Action.PARAGRAPH_WRITE: {Role.REVIEWER: Scope.OWN},
        Action.PARAGRAPH_DECIDE: _IMR_WORK,
        Action.DETERMINATION_SIGN: _REVIEWER,
        Action.QUALITY_PASS: {Role.MEDICAL_DIRECTOR: Scope.ANY},
        Action.SCORECARD_VIEW: {**_IMR_WORK, Role.REVIEWER: Scope.OWN},
        Action.LETTER_PREVIEW: {**_REVIEWER, **_IMR_WORK},
        Action.LETTER_RELEASE: _IMR_WORK,
        Action.TEMPLATE_VIEW: _IMR_READ,
        Action.TEMPLATE_EDIT: _IMR_WORK,
        Action.CORRECTION_PROPOSE: _IMR_WORK,
        Action.CORRECTION_DECIDE: {Role.MEDICAL_DIRECTOR: Scope.ANY},
        Action.APPEAL_RECORD: _IMR_WORK,
        Action.LETTER_DOWNLOAD: {**_CLAIMS_READ, **_IMR_READ, **_REVIEWER},
        Action.PUBLICATION_VIEW: _IMR_READ,
        Action.PUBLICATION_EDIT: _IMR_WORK,
        Action.PUBLICATION_APPROVE: _IMR_WORK,
        Action.ARCHIVE_VIEW: _IMR_READ,
        Action.REFERENCE_VIEW: {**_IMR_READ, Role.OPERATOR: Scope.ANY},
        Action.REFERENCE_EDIT: _IMR_WORK,
        Action.GUIDELINE_VIEW: {**_REVIEWER, **_IMR_READ, **_CLAIMS_READ},
        Action.GUIDELINE_EDIT: {Role.OPERATOR: Scope.ANY},
        Action.PEOPLE_VIEW: {
            Role.CLAIMS_MANAGER: Scope.ORGANIZATION,
            Role.ADMINISTRATOR: Scope.ANY,
            Role.OPERATOR: Scope.ANY,
            Role.AUDITOR: Scope.ANY,
        },
        Action.PEOPLE_INVITE: {Role.CLAIMS_MANAGER: Scope.ORGANIZATION, Role.ADMINISTRATOR: Scope.ANY},
        Action.COLLEAGUES_MANAGE: {Role.CLAIMS_MANAGER: Scope.ORGANIZATION},
        Action.PEOPLE_MANAGE: {Role.ADMINISTRATOR: Scope.ANY, Role.OPERATOR: Scope.ANY},
        Action.ORGANIZATION_EDIT: {Role.ADMINISTRATOR: Scope.ANY},
        Action.TOKENS_MANAGE: {Role.CLAIMS_MANAGER: Scope.ORGANIZATION},
        Action.AUDIT_READ: {Role.MEDICAL_DIRECTOR: Scope.ANY, Role.AUDITOR: Scope.ANY},
        Action.JOBS_VIEW: {**_IMR_READ, Role.OPERATOR: Scope.ANY},
        Action.JOBS_RETRY: {**_IMR_WORK, Role.OPERATOR: Scope.ANY},
        Action.ADMIN_SITE: {Role.OPERATOR: Scope.ANY},
        Action.FEE_VIEW: {**_CLAIMS_PEOPLE, **_IMR_READ},
        Action.FEE_MANAGE: {Role.ADMINISTRATOR: Scope.ANY},
        Action.PENALTY_VIEW: {**_CLAIMS_PEOPLE, **_IMR_READ},
        Action.PENALTY_DECIDE: _IMR_WORK,
        Action.CALENDAR_OWN: {Role.REVIEWER: Scope.OWN},
        Action.LEDGER_OWN: {Role.REVIEWER: Scope.OWN},
        Action.LEDGER_VIEW: _IMR_READ,
        Action.LEDGER_MANAGE: {Role.ADMINISTRATOR: Scope.ANY},
        Action.MAIL_VIEW: {**_IMR_READ, Role.OPERATOR: Scope.ANY},
        Action.MAIL_RETRY: {Role.ADMINISTRATOR: Scope.ANY, Role.OPERATOR: Scope.ANY},
        Action.ACCOUNT_OWN: _EVERYBODY,
    }
)


def scope_of(role: str, action: Action) -> Scope | None:
    """How far `role` may carry out `action`; None when not at all."""
    return GRANTS[action].get(Role(role))
