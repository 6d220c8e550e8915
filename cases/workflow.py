"""The life of a case as one table: what may happen when, and by whom.

Buttons, API actions, permissions, the database trigger and `docs/workflow.md` all come from `TRANSITIONS`.
Sources: 8 CCR 9792.10.1-9792.10.9; LC 4610.5, 4610.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cases.enums import CaseEvent, CaseStatus, DeadlineKind
from imr.accounts.enums import Role


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from any of `sources` to `target`, by a person of `roles` or, when empty, by the system only."""

    sources: frozenset[CaseStatus]
    target: CaseStatus
    roles: frozenset[Role]
    starts: tuple[DeadlineKind, ...] = ()
    stops: tuple[DeadlineKind, ...] = ()
    citation: str = ""


S, E, D = CaseStatus, CaseEvent, DeadlineKind
_STAFF = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR})
_INTAKE = frozenset({Role.ADMINISTRATOR})
_CLAIMS = frozenset({Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER, Role.API_CLIENT})
_REVIEWER = frozenset({Role.REVIEWER})
BEFORE_ISSUE = frozenset(
    {
        S.RECEIVED,
        S.ELIGIBILITY_REVIEW,
        S.INFO_REQUESTED,
        S.DEFERRED,
        S.ELIGIBLE,
        S.AWAITING_RECORDS,
        S.INSUFFICIENT_RECORDS,
        S.READY_FOR_REVIEW,
        S.IN_REVIEW,
        S.DOCS_REQUESTED,
        S.QA,
        S.DETERMINED,
    }
)
_AFTER_ELIGIBLE = BEFORE_ISSUE - {S.RECEIVED, S.ELIGIBILITY_REVIEW, S.INFO_REQUESTED, S.DEFERRED}
_ALL_CLOCKS = (
    D.SCREEN,
    D.INFORMATION,
    D.SERVE_NOARFI,
    D.RECORDS,
    D.ASSIGN,
    D.DOCUMENTS,
    D.DETERMINE,
    D.REPORT_ENDING,
)


def _row(
    sources: set[CaseStatus] | frozenset[CaseStatus],
    target: CaseStatus,
    roles: frozenset[Role],
    *,
    starts: tuple[DeadlineKind, ...] = (),
    stops: tuple[DeadlineKind, ...] = (),
    citation: str = "",
) -> Transition:
    return Transition(frozenset(sources), target, roles, starts, stops, citation)


TRANSITIONS: Mapping[CaseEvent, Transition] = MappingProxyType(
    {
        E.SUBMIT: _row({S.DRAFT}, S.RECEIVED, _CLAIMS | _INTAKE, starts=(D.SCREEN,), citation="8 CCR 9792.10.1(b)"),
        E.MERGE_DUPLICATE: _row(
            {S.RECEIVED, S.ELIGIBILITY_REVIEW},
            S.MERGED,
            _INTAKE,
            stops=(D.SCREEN, D.REPORT_ENDING),
            citation="8 CCR 9792.10.3(a)(2)",
        ),
        E.START_SCREENING: _row({S.RECEIVED}, S.ELIGIBILITY_REVIEW, _INTAKE, citation="8 CCR 9792.10.3(a)"),
        E.STOP_SCREENING: _row({S.ELIGIBILITY_REVIEW}, S.RECEIVED, _INTAKE),
        E.REQUEST_INFORMATION: _row(
            {S.ELIGIBILITY_REVIEW},
            S.INFO_REQUESTED,
            _STAFF,
            starts=(D.INFORMATION,),
            citation="8 CCR 9792.10.3(b)",
        ),
        E.RECEIVE_INFORMATION: _row(
            {S.INFO_REQUESTED},
            S.ELIGIBILITY_REVIEW,
            _STAFF,
            stops=(D.INFORMATION,),
            citation="8 CCR 9792.10.3(c)",
        ),
        E.DEFER: _row({S.ELIGIBILITY_REVIEW}, S.DEFERRED, _STAFF, stops=(D.SCREEN,), citation="8 CCR 9792.10.3(d)"),
        E.RESUME: _row({S.DEFERRED}, S.ELIGIBILITY_REVIEW, _STAFF, starts=(D.SCREEN,), citation="8 CCR 9792.10.3(d)"),
        E.CONSENT_TO_REVIEW: _row(
            {S.DEFERRED}, S.ELIGIBLE, _STAFF, starts=(D.SERVE_NOARFI,), citation="8 CCR 9792.10.3(d)"
        ),
        E.FIND_INELIGIBLE: _row(
            {S.ELIGIBILITY_REVIEW},
            S.INELIGIBLE,
            _STAFF,
            starts=(D.APPEAL,),
            stops=(D.SCREEN, D.REPORT_ENDING),
            citation="8 CCR 9792.10.3(c)",
        ),
        E.FIND_ELIGIBLE: _row(
            {S.ELIGIBILITY_REVIEW},
            S.ELIGIBLE,
            _STAFF,
            starts=(D.SERVE_NOARFI,),
            stops=(D.SCREEN,),
            citation="LC 4610.5(k); 8 CCR 9792.10.3(c)",
        ),
        E.REVERSE_INELIGIBILITY: _row(
            {S.INELIGIBLE},
            S.ELIGIBLE,
            _STAFF,
            starts=(D.SERVE_NOARFI,),
            stops=(D.APPEAL,),
            citation="8 CCR 9792.10.3(f)",
        ),
        E.CONSOLIDATE: _row(
            {S.ELIGIBLE, S.AWAITING_RECORDS},
            S.CONSOLIDATED,
            _STAFF,
            stops=_ALL_CLOCKS,
            citation="8 CCR 9792.10.4(a)",
        ),
        E.SERVE_NOARFI: _row(
            {S.ELIGIBLE},
            S.AWAITING_RECORDS,
            _STAFF,
            starts=(D.RECORDS, D.DETERMINE),
            stops=(D.SERVE_NOARFI,),
            citation="8 CCR 9792.10.4(b)",
        ),
        E.COMPLETE_RECORDS: _row(
            {S.AWAITING_RECORDS, S.INSUFFICIENT_RECORDS},
            S.READY_FOR_REVIEW,
            _STAFF,
            starts=(D.ASSIGN, D.DETERMINE),
            stops=(D.RECORDS,),
            citation="8 CCR 9792.10.5, 9792.10.6(b)",
        ),
        E.FIND_RECORDS_INSUFFICIENT: _row(
            {S.AWAITING_RECORDS}, S.INSUFFICIENT_RECORDS, _STAFF, citation="8 CCR 9792.10.5"
        ),
        E.ACCEPT_ASSIGNMENT: _row(
            {S.READY_FOR_REVIEW}, S.IN_REVIEW, _REVIEWER, stops=(D.ASSIGN,), citation="LC 139.5(d)"
        ),
        E.RETURN_TO_QUEUE: _row(
            {S.IN_REVIEW, S.DOCS_REQUESTED},
            S.READY_FOR_REVIEW,
            _STAFF | _REVIEWER,
            starts=(D.ASSIGN,),
            stops=(D.DOCUMENTS,),
            citation="LC 139.5(d)",
        ),
        E.REQUEST_DOCUMENTS: _row(
            {S.IN_REVIEW}, S.DOCS_REQUESTED, _STAFF, starts=(D.DOCUMENTS,), citation="8 CCR 9792.10.5(c)"
        ),
        E.RECEIVE_DOCUMENTS: _row(
            {S.DOCS_REQUESTED}, S.IN_REVIEW, _STAFF, stops=(D.DOCUMENTS,), citation="8 CCR 9792.10.5(c)"
        ),
        E.SIGN: _row({S.IN_REVIEW}, S.QA, _REVIEWER, citation="8 CCR 9792.10.6(d)"),
        E.RETURN_FOR_CORRECTION: _row(
            {S.QA, S.DETERMINED}, S.IN_REVIEW, frozenset({Role.MEDICAL_DIRECTOR}), citation="8 CCR 9792.10.6(d)"
        ),
        E.PASS_QUALITY: _row({S.QA}, S.DETERMINED, frozenset({Role.MEDICAL_DIRECTOR})),
        E.ISSUE: _row(
            {S.QA, S.DETERMINED},
            S.ISSUED,
            _STAFF,
            starts=(D.APPEAL, D.AUTHORIZE, D.REIMBURSE),
            stops=(D.DETERMINE, D.REPORT_ENDING),
            citation="8 CCR 9792.10.6(d), (g)",
        ),
        E.BEGIN_IMPLEMENTATION: _row({S.ISSUED}, S.IMPLEMENTATION, _STAFF, citation="8 CCR 9792.10.7"),
        E.CLOSE: _row(
            {S.ISSUED, S.IMPLEMENTATION},
            S.CLOSED,
            _STAFF,
            stops=(D.APPEAL, D.AUTHORIZE, D.REIMBURSE),
            citation="8 CCR 9792.10.7",
        ),
        E.APPEAL: _row(
            {S.ISSUED, S.IMPLEMENTATION},
            S.APPEALED,
            _STAFF,
            stops=(D.AUTHORIZE, D.REIMBURSE),
            citation="LC 4610.6(h); 8 CCR 10575",
        ),
        E.DENY_APPEAL: _row(
            {S.APPEALED},
            S.IMPLEMENTATION,
            _STAFF,
            starts=(D.AUTHORIZE, D.REIMBURSE),
            stops=(D.APPEAL,),
            citation="LC 4610.6(i)",
        ),
        E.REVERSE_ON_APPEAL: _row(
            {S.APPEALED}, S.REMANDED, _STAFF, starts=(D.REMAND,), stops=(D.APPEAL,), citation="LC 4610.6(i)"
        ),
        E.REOPEN_AFTER_REMAND: _row(
            {S.REMANDED},
            S.READY_FOR_REVIEW,
            _STAFF,
            starts=(D.ASSIGN, D.DETERMINE),
            stops=(D.REMAND,),
            citation="LC 4610.6(i)",
        ),
        E.TERMINATE: _row(_AFTER_ELIGIBLE, S.TERMINATED, _STAFF, stops=_ALL_CLOCKS, citation="8 CCR 9792.10.6(a)"),
        E.WITHDRAW: _row(BEFORE_ISSUE, S.WITHDRAWN, _STAFF, stops=_ALL_CLOCKS),
        E.DISMISS: _row(_AFTER_ELIGIBLE, S.DISMISSED, _STAFF, stops=_ALL_CLOCKS),
        E.PUBLISH: _row({S.CLOSED}, S.PUBLISHED, _STAFF, citation="8 CCR 9792.10.9"),
    }
)

TERMINAL = frozenset(status for status in S) - frozenset(
    source for row in TRANSITIONS.values() for source in row.sources
)

# What a person finds a page or a button for; the other events follow by themselves from an act or from time.
OFFERED_EVENTS = frozenset(
    {
        E.SUBMIT,
        E.START_SCREENING,
        E.STOP_SCREENING,
        E.REQUEST_INFORMATION,
        E.RECEIVE_INFORMATION,
        E.DEFER,
        E.FIND_ELIGIBLE,
        E.FIND_INELIGIBLE,
        E.RESUME,
        E.CONSENT_TO_REVIEW,
        E.REVERSE_INELIGIBILITY,
        E.MERGE_DUPLICATE,
        E.CONSOLIDATE,
        E.SERVE_NOARFI,
        E.COMPLETE_RECORDS,
        E.FIND_RECORDS_INSUFFICIENT,
        E.ACCEPT_ASSIGNMENT,
        E.REQUEST_DOCUMENTS,
        E.RECEIVE_DOCUMENTS,
        E.SIGN,
        E.PASS_QUALITY,
        E.RETURN_FOR_CORRECTION,
        E.ISSUE,
        E.CLOSE,
        E.APPEAL,
        E.DENY_APPEAL,
        E.REVERSE_ON_APPEAL,
        E.REOPEN_AFTER_REMAND,
        E.TERMINATE,
        E.WITHDRAW,
        E.DISMISS,
    }
)


def events_for(status: str, role: str) -> tuple[CaseEvent, ...]:
    """The events that a person of `role` may set off in a case of `status`, in the order of the table."""
    return tuple(
        event for event, row in TRANSITIONS.items() if CaseStatus(status) in row.sources and Role(role) in row.roles
    )


def status_pairs() -> list[tuple[str, str]]:
    """Every allowed (from, to) pair, sorted, for the database trigger."""
    return sorted({(source.value, row.target.value) for row in TRANSITIONS.values() for source in row.sources})
