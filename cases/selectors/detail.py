"""Everything the case page shows, read at once."""

from dataclasses import dataclass, field

from cases.enums import PARTY_LABELS, CaseEvent, CaseStatus, DeadlineKind, ItemStatus, PartyRole
from cases.models import (
    Application,
    Case,
    CaseLink,
    Deadline,
    DisputedItem,
    Document,
    EligibilityDecision,
    FilingReceipt,
    Party,
    URDecision,
)
from cases.rules.outcome import case_outcome
from cases.rules.progress import CLOCK_WORDS, Progress, progress_of
from cases.selectors.document import current_documents
from cases.selectors.implementation import standing_of, why_not_closable
from cases.workflow import events_for
from imr.accounts.enums import Action
from imr.accounts.models import User

# What the case page offers as a button, in this order, with the page that carries it out; the first of them stands
# out. The other events have pages elsewhere.
EVENT_PAGES: dict[CaseEvent, str] = {
    CaseEvent.START_SCREENING: "cases:case-take",
    CaseEvent.FIND_ELIGIBLE: "cases:eligibility-find",
    CaseEvent.FIND_INELIGIBLE: "cases:eligibility-refuse",
    CaseEvent.MERGE_DUPLICATE: "cases:duplicate-list",
    CaseEvent.STOP_SCREENING: "cases:case-give-back",
    CaseEvent.DEFER: "cases:eligibility-defer",
    CaseEvent.REQUEST_INFORMATION: "cases:information-request",
    CaseEvent.RECEIVE_INFORMATION: "cases:information-receive",
    CaseEvent.RESUME: "cases:eligibility-resume",
    CaseEvent.CONSENT_TO_REVIEW: "cases:eligibility-consent",
    CaseEvent.REVERSE_INELIGIBILITY: "cases:eligibility-reverse",
    CaseEvent.SERVE_NOARFI: "cases:notice-record",
    CaseEvent.COMPLETE_RECORDS: "cases:records-complete",
    CaseEvent.FIND_RECORDS_INSUFFICIENT: "cases:records-insufficient",
    CaseEvent.DISMISS: "cases:case-dismiss",
    CaseEvent.CONSOLIDATE: "cases:case-consolidate",
    CaseEvent.CLOSE: "cases:case-close",
}

ELIGIBILITY_EVENTS = frozenset(
    {
        CaseEvent.FIND_ELIGIBLE,
        CaseEvent.FIND_INELIGIBLE,
        CaseEvent.REQUEST_INFORMATION,
        CaseEvent.RECEIVE_INFORMATION,
        CaseEvent.DEFER,
        CaseEvent.RESUME,
        CaseEvent.CONSENT_TO_REVIEW,
        CaseEvent.REVERSE_INELIGIBILITY,
    }
)


@dataclass(frozen=True, slots=True)
class ActionLink:
    event: CaseEvent
    label: str
    url_name: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """The page's content. `documents` are those not removed; `deadlines` the running ones, the next due first.

    `clock` is the one that matters now, with `clock_words` on what it is. `lead` is the case in which this one goes on,
    `joined` are those that go on in this one.
    """

    status_label: str
    status_kind: str
    progress: Progress
    clock: Deadline | None
    clock_words: str
    application: Application | None
    ur_decision: URDecision | None
    parties: dict[str, Party]
    items: list[DisputedItem]
    documents: list[Document]
    deadlines: list[Deadline]
    ended_deadlines: list[Deadline]
    decisions: list[EligibilityDecision]
    receipt: FilingReceipt | None
    outcome_label: str
    was_set_aside: bool
    lead: Case | None
    joined: list[CaseLink]
    actions: list[ActionLink] = field(default_factory=list)


def eligibility_actions(case: Case, *, user: User) -> list[ActionLink]:
    """What decides on the eligibility of `case`, as far as `user` may do it now."""
    possible = events_for(case.status, user.role)
    return [
        ActionLink(event=event, label=event.label, url_name=EVENT_PAGES[event])
        for event in EVENT_PAGES
        if event in possible and event in ELIGIBILITY_EVENTS
    ]


def case_detail(case: Case, *, user: User) -> CaseDetail:
    """The case with everything its page shows to `user`; a fixed number of queries whatever its size.

    A case that was reversed on appeal has no outcome (LC 4610.6(i)); staff still see what its items had.
    """
    items = list(case.items.select_related("category__parent"))
    deadlines = list(case.deadlines.select_related("parameter"))
    status = CaseStatus(case.status)
    progress = progress_of(status, standing_of(case))
    running = {row.kind: row for row in deadlines if row.ended_at is None}
    matters = next((running[kind] for kind in progress.clocks if kind in running), None)
    issued = status in {CaseStatus.ISSUED, CaseStatus.IMPLEMENTATION, CaseStatus.CLOSED, CaseStatus.PUBLISHED}
    possible = events_for(status, user.role)
    decided = [item.outcome for item in items if item.status == ItemStatus.DECIDED]
    was_set_aside = status == CaseStatus.REMANDED
    has_outcome = not was_set_aside and (issued or not user.is_claims)
    outcome = case_outcome(decided) if has_outcome else None
    return CaseDetail(
        status_label=PARTY_LABELS[status] if user.is_claims else status.label,
        status_kind=status_kind(status),
        progress=progress,
        clock=matters,
        clock_words=CLOCK_WORDS[DeadlineKind(matters.kind)] if matters else "",
        application=Application.objects.filter(case=case).first(),
        ur_decision=URDecision.objects.filter(case=case).first(),
        parties={PartyRole(party.role).label: party for party in case.parties.all()},
        items=[_shown(item, hide_outcome=user.is_claims and not issued) for item in items],
        documents=_documents(case) if user.can(Action.DOCUMENT_VIEW) else [],
        deadlines=[row for row in deadlines if row.ended_at is None],
        ended_deadlines=[row for row in deadlines if row.ended_at is not None],
        decisions=[] if user.is_claims else list(case.eligibility_decisions.select_related("decided_by")),
        receipt=FilingReceipt.objects.filter(case=case).first() if user.can(Action.RECEIPT_VIEW) else None,
        outcome_label=outcome.label if outcome else "",
        was_set_aside=was_set_aside,
        lead=_lead(case) if status in {CaseStatus.MERGED, CaseStatus.CONSOLIDATED} else None,
        joined=list(CaseLink.objects.filter(lead=case).select_related("case")),
        actions=[
            ActionLink(event=event, label=event.label, url_name=EVENT_PAGES[event])
            for event in EVENT_PAGES
            if event in possible and (event != CaseEvent.CLOSE or not why_not_closable(case))
        ],
    )


def _lead(case: Case) -> Case | None:
    link = CaseLink.objects.select_related("lead").filter(case=case).first()
    return link.lead if link else None


def _documents(case: Case) -> list[Document]:
    return list(
        current_documents(case.pk)
        .select_related("recognition", "arranged", "upload_link__organization")
        .prefetch_related("arranged__origins__source")
    )


def _shown(item: DisputedItem, *, hide_outcome: bool) -> DisputedItem:
    # A signed but unreleased outcome is nobody's business outside (reliability: letter before issue).
    if hide_outcome:
        item.outcome = ""
        if item.status == ItemStatus.DECIDED:
            item.status = ItemStatus.OPEN
    return item


def status_kind(status: CaseStatus) -> str:
    """How the status tag looks; the words say the same."""
    if status in {CaseStatus.ISSUED, CaseStatus.IMPLEMENTATION, CaseStatus.CLOSED, CaseStatus.PUBLISHED}:
        return "good"
    if status in {CaseStatus.INELIGIBLE, CaseStatus.INSUFFICIENT_RECORDS}:
        return "bad"
    if status in {
        CaseStatus.AWAITING_RECORDS,
        CaseStatus.INFO_REQUESTED,
        CaseStatus.DEFERRED,
        CaseStatus.DOCS_REQUESTED,
    }:
        return "waiting"
    if status in {
        CaseStatus.MERGED,
        CaseStatus.CONSOLIDATED,
        CaseStatus.TERMINATED,
        CaseStatus.WITHDRAWN,
        CaseStatus.DISMISSED,
    }:
        return "ended"
    return "neutral" if status == CaseStatus.DRAFT else "progress"
