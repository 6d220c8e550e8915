"""Composing a notice from the case and the wording in force, and reading what went out."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from cases.enums import (
    DeadlineKind,
    IneligibilityReason,
    ItemEligibility,
    ItemStatus,
    NoticeKind,
    PartyRole,
    Priority,
    ServiceMethod,
)
from cases.letters import NoticeItem, NoticeLetter, NoticeParty, ReceiptAnswer
from cases.models import Case, Deadline, DisputedItem, Notice, NoticeWording, Party
from cases.rules.notice import paragraphs
from cases.selectors.case import visible_to
from cases.selectors.draft import Draft, read_draft
from cases.selectors.law import legal_parameter
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core.errors import UnavailableError
from imr.core.words import mmddyyyy, pacific

# What stands in a preview where the sending fixes a date.
LATER = "[the date that is counted when the notice goes out]"
RECIPIENTS = (
    PartyRole.EMPLOYEE,
    PartyRole.ATTORNEY,
    PartyRole.DESIGNEE,
    PartyRole.CLAIMS_ADMINISTRATOR,
    PartyRole.EMPLOYER,
    PartyRole.REQUESTING_PHYSICIAN,
)


def wording_on(kind: NoticeKind, day: date) -> NoticeWording:
    """The wording of `kind` in force on `day`; raises `UnavailableError` when the reference data lacks it."""
    row = NoticeWording.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day), kind=kind, in_force_from__lte=day
    ).first()
    if row is None:
        raise UnavailableError(
            f"The wording of “{kind.label}” has no row in force on {mmddyyyy(day)}. "
            "An operator can load it with: manage.py load_reference_data.",
            code="wording_missing",
        )
    return row


def recipients_of(draft: Draft) -> list[Party]:
    """The parties who are served: those of `RECIPIENTS` that the application names."""
    application = draft.application
    left_out = set()
    if not application.has_attorney:
        left_out.add(PartyRole.ATTORNEY)
    if not application.has_designee:
        left_out.add(PartyRole.DESIGNEE)
    parties = (draft.parties[role] for role in RECIPIENTS if role not in left_out)
    return [party for party in parties if party.display_name]


def usual_channel(party: Party) -> ServiceMethod:
    """How a party is served unless somebody chooses otherwise."""
    if party.role == PartyRole.CLAIMS_ADMINISTRATOR:
        return ServiceMethod.ELECTRONIC
    if party.fax and not party.address_line_1:
        return ServiceMethod.FAX
    return ServiceMethod.MAIL


def compose_notice(
    case: Case,
    kind: NoticeKind,
    *,
    on: date,
    reason: str = "",
    ended_because: str = "",
    items: Iterable[DisputedItem] | None = None,
    free_text: str = "",
    channels: Mapping[str, str] | None = None,
) -> NoticeLetter:
    """The notice as it would go out on `on`: for a preview with `LATER` where a clock has not started yet.

    `items` are those the notice is about (default: all). `channels` maps a party's role to the way of service. Names
    of reviewers are nowhere in it.
    """
    draft, wording = read_draft(case), wording_on(kind, on)
    rows = draft.items if items is None else tuple(items)
    values = _values(case, draft, wording, on=on, reason=reason, ended_because=ended_because)
    return NoticeLetter(
        kind=kind.value,
        title=wording.title,
        case_number=case.number or "",
        organization=settings.IMR_ORGANIZATION_NAME,
        issued_on=on.isoformat(),
        wording_from=wording.in_force_from.isoformat(),
        facts=tuple(ReceiptAnswer(label, value) for label, value in _facts(case, draft) if value),
        items=tuple(NoticeItem(row.position, row.description, _remark(row, kind)) for row in rows),
        opening=paragraphs(wording.opening, values),
        free_text=free_text,
        closing=paragraphs(wording.closing, values),
        citation=wording.citation,
        parties=tuple(_party(party, channels or {}, on) for party in recipients_of(draft)),
    )


def notices_of(case: Case) -> QuerySet[Notice]:
    """The notices of the case, the latest first, with whom they went to."""
    return Notice.objects.filter(case=case).prefetch_related("deliveries")


def notice_for(user: User, *, case_id: int, notice_id: int) -> Notice | None:
    """The notice when it exists for this person."""
    cases = visible_to(user, action=Action.NOTICE_VIEW)
    return Notice.objects.filter(case__in=cases, case_id=case_id, pk=notice_id).select_related("case").first()


def _values(
    case: Case, draft: Draft, wording: NoticeWording, *, on: date, reason: str, ended_because: str
) -> dict[str, str]:
    running = {row.kind: row for row in Deadline.objects.filter(case=case, ended_at__isnull=True)}
    return {
        "case_number": case.number or "",
        "organization": settings.IMR_ORGANIZATION_NAME,
        "reason": IneligibilityReason(reason).label if reason else "",
        "reason_code": reason,
        "reason_text": wording.reasons.get(reason, ""),
        "received_on": mmddyyyy(case.received_at) if case.received_at else "",
        "decided_on": mmddyyyy(draft.ur_decision.decided_on) if draft.ur_decision.decided_on else "a date not given",
        "priority": "expedited" if case.priority == Priority.EXPEDITED else "regular",
        "records_due": _due(running.get(DeadlineKind.RECORDS), case),
        "appeal_until": _due(running.get(DeadlineKind.APPEAL), case),
        "answer_due": _due(running.get(DeadlineKind.INFORMATION), case),
        "ended_because": ended_because,
        "penalty_per_day": f"${legal_parameter('late_record_penalty', on=on).value:,}",
        "penalty_maximum": f"${legal_parameter('late_record_penalty_maximum', on=on).value:,}",
    }


def _due(deadline: Deadline | None, case: Case) -> str:
    if deadline is None:
        return LATER
    in_hours = deadline.explanation.get("unit") == "hours"
    return pacific(deadline.due_at) if in_hours else mmddyyyy(deadline.due_at)


def _facts(case: Case, draft: Draft) -> list[tuple[str, str]]:
    application, decision, parties = draft.application, draft.ur_decision, draft.parties
    injured = mmddyyyy(application.date_of_injury) if application.date_of_injury else ""
    if application.date_of_injury_end:
        injured += f" to {mmddyyyy(application.date_of_injury_end)}"
    return [
        ("Case number", case.number or ""),
        ("Employee", parties[PartyRole.EMPLOYEE].display_name),
        ("Claim number", application.claim_number),
        ("Date of injury", injured),
        ("Claims administrator", parties[PartyRole.CLAIMS_ADMINISTRATOR].display_name or case.organization.name),
        ("Requesting physician", parties[PartyRole.REQUESTING_PHYSICIAN].display_name),
        ("Request for authorization received", _day(decision.request_received_on)),
        ("UR decision", _day(decision.decided_on)),
        ("Application received", mmddyyyy(case.received_at) if case.received_at else ""),
        ("Type of review", Priority(case.priority).label),
    ]


def _day(day: date | None) -> str:
    return mmddyyyy(day) if day else ""


def _remark(row: DisputedItem, kind: NoticeKind) -> str:
    if kind != NoticeKind.ASSIGNMENT:
        return ""
    if row.status in {ItemStatus.TERMINATED, ItemStatus.WITHDRAWN}:
        return f"Not reviewed: {ItemStatus(row.status).label.lower()}."
    if row.eligibility in {ItemEligibility.INELIGIBLE, ItemEligibility.DEFERRED}:
        return f"Not reviewed. {IneligibilityReason(row.ineligibility_reason).label} ({row.ineligibility_reason})."
    return ""


def _party(party: Party, channels: Mapping[str, str], on: date) -> NoticeParty:
    town = f"{party.city}, {party.state} {party.zip_code}".strip(" ,") if party.city else ""
    lines = (party.address_line_1, party.address_line_2, town)
    channel = ServiceMethod(channels.get(party.role) or usual_channel(party))
    return NoticeParty(
        role=PartyRole(party.role).label,
        name=party.display_name,
        address=tuple(line for line in lines if line),
        channel=channel.label,
        served_on=on.isoformat(),
    )
