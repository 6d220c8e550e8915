"""What happened in a case, in words, for staff and for the parties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cases.enums import PARTY_LABELS, CaseEvent, CaseStatus
from cases.models import Case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.words import action_words

# Acts of the parties' own view: what they did themselves, and what the case went through. Never reads of others.
_PARTY_ACTIONS = frozenset(
    {
        "case.expedited",
        "document.uploaded",
        "document.removed",
        "application.created",
        "information.answer",
        "implementation.confirm",
        "implementation.refuse",
        "ineligibility_appeal.record",
        "ineligibility_appeal.decide",
        "appeal_window.over",
        "amendment.file",
    }
)
_PREFIX = "case."


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """`by` is a name only where the reader may know it; for the parties, staff is "IMR organization"."""

    at: datetime
    text: str
    by: str
    group: str
    detail: str = ""


GROUPS: Mapping[str, str] = {"status": "Status", "documents": "Documents", "other": "Other acts", "reads": "Views"}


def case_timeline(case: Case, *, reader: User, group: str = "") -> list[TimelineEntry]:
    """The case's acts, newest first, as far as `reader` may see them.

    `group` narrows to one kind of act; without it there are all but views. The same act of one person several times
    in a row, such as saving steps, is one entry.
    """
    outside = reader.is_claims or reader.role == Role.REVIEWER
    rows: QuerySet[Event] = (
        Event.objects.filter(case_id=case.pk, outcome="done").select_related("actor", "organization").order_by("-pk")
    )
    entries: list[TimelineEntry] = []
    for row in rows[:500]:
        kind = _group(row.action)
        if outside and not (kind == "status" or row.action in _PARTY_ACTIONS):
            continue
        if kind != group if group else kind == "reads":
            continue
        entry = TimelineEntry(
            at=row.at,
            text=_what(row.action, row.detail, outside=outside),
            by=_who(row, reader=reader, outside=outside),
            group=GROUPS[kind],
            detail="" if outside else row.reason,
        )
        if entries and (entries[-1].text, entries[-1].group) == (entry.text, entry.group):
            if outside and kind == "status":
                # Two statuses that read the same to the parties are one to them, since the first.
                entries.pop()
            elif kind == "other" and (entries[-1].by, entries[-1].detail) == (entry.by, entry.detail):
                continue
        entries.append(entry)
    return entries


def _group(action: str) -> str:
    if action.startswith(_PREFIX) and action.removeprefix(_PREFIX) in CaseEvent.values:
        return "status"
    if action.endswith((".viewed", ".downloaded", ".previewed")):
        return "reads"
    return "documents" if action.startswith("document.") else "other"


def _what(action: str, detail: dict[str, Any], *, outside: bool) -> str:
    name = action.removeprefix(_PREFIX)
    if name in CaseEvent.values and action.startswith(_PREFIX):
        target = detail.get("to", "")
        if target in CaseStatus.values:
            status = CaseStatus(target)
            return PARTY_LABELS[status] if outside else f"{CaseEvent(name).label}: {status.label}"
        return CaseEvent(name).label
    return action_words(action)


def _who(row: Event, *, reader: User, outside: bool) -> str:
    if row.actor is None:
        return "Sender of a one-time link" if "link" in row.detail else "System"
    if row.actor_role == Role.REVIEWER:
        return "Expert reviewer"
    if outside and row.organization_id != reader.organization_id:
        return row.organization.get_kind_display() if row.organization else "System"
    return row.actor.display_name
