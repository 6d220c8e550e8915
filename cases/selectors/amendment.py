"""Reading the versions of an application: its answers as they are frozen, what changed, which days count."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from cases.enums import CheckVerdict
from cases.models import AmendmentDraft, Application, ApplicationVersion, Case, DisputedItem
from cases.rules.amendment import Change, Section
from cases.rules.application import check_application
from cases.rules.eligibility.engine import Proposal
from cases.rules.finding import stopping
from cases.selectors.answers import application_sections
from cases.selectors.draft import Draft, application_facts
from cases.selectors.eligibility import CaseChecks, JudgedCheck
from imr.accounts.models import User


@dataclass(frozen=True, slots=True)
class CountingDates:
    """From when the application counts as filed (8 CCR 9792.10.1(b)(1)).

    `complete_at` is None where it was complete when it was received; `added` are the items that came later.
    """

    received_at: datetime | None
    complete_at: datetime | None
    added: tuple[DisputedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with its changes, for the history."""

    version: ApplicationVersion
    changes: tuple[Change, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look at the eligibility."""
        return self.version.needs_look and self.version.looked_at is None


def frozen_sections(draft: Draft) -> list[Section]:
    """All answers in words, as a version keeps them."""
    return [
        {
            "step": section.step.value,
            "title": section.title,
            "item": section.item_id,
            "answers": [[answer.label, answer.value] for answer in section.answers],
        }
        for section in application_sections(draft)
    ]


def sections_sha256(sections: list[Section]) -> str:
    """The digest of the canonical form of a version's answers, in lower-case hexadecimal."""
    told = json.dumps(sections, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def changes_of(version: ApplicationVersion) -> tuple[Change, ...]:
    """What the amendment changed, field by field."""
    return tuple(Change.from_json(one) for one in version.changes)


def versions_of(case: Case) -> list[VersionRow]:
    """The versions of the application, the latest first; none while it was never amended."""
    rows = ApplicationVersion.objects.filter(case=case).select_related("made_by", "looked_by")
    return [VersionRow(row, changes_of(row)) for row in rows]


def amended_rows(case: Case) -> list[ApplicationVersion]:
    """The amendments of the application, the latest first, without their answers."""
    rows = ApplicationVersion.objects.filter(case=case, number__gt=1)
    return list(rows.defer("sections", "changes", "screening"))


def version_of(case: Case, number: int) -> VersionRow | None:
    """One version of the application."""
    return next((row for row in versions_of(case) if row.version.number == number), None)


def unlooked(cases: QuerySet[Case]) -> QuerySet[ApplicationVersion]:
    """Amendments of `cases` after which somebody still has to look at the eligibility, the oldest first."""
    rows = ApplicationVersion.objects.filter(case__in=cases, needs_look=True, looked_at__isnull=True)
    return rows.select_related("case").order_by("pk")


def changes_for_reviewer(case_id: int, *, since: datetime | None) -> list[tuple[datetime, list[Change]]]:
    """The amended facts that a reviewer sees, by amendment, the latest first; those made after `since`.

    Who amended, and why, is not told: a reason may name people whom the reviewer is not to know of.
    """
    rows = ApplicationVersion.objects.filter(case_id=case_id, number__gt=1)
    if since is not None:
        rows = rows.filter(made_at__gt=since)
    told = [(row.made_at, _for_reviewer(row)) for row in rows]
    return [(made_at, changes) for made_at, changes in told if changes]


def amended_for_reviewers(cases: QuerySet[Case], *, since: datetime) -> list[ApplicationVersion]:
    """The amendments of `cases` after `since` that change a fact which a reviewer sees, the oldest first."""
    rows = ApplicationVersion.objects.filter(case__in=cases, number__gt=1, made_at__gt=since).select_related("case")
    return [row for row in rows.order_by("made_at", "pk") if _for_reviewer(row)]


def _for_reviewer(row: ApplicationVersion) -> list[Change]:
    return [one for one in changes_of(row) if one.is_for_reviewer]


def working_copy(case: Case, person: User) -> AmendmentDraft:
    """What `person` is preparing to amend in `case`; an empty one, not stored, where there is nothing."""
    found = AmendmentDraft.objects.filter(case=case, person=person).first()
    return found or AmendmentDraft(case=case, person=person)


def stops_of(draft: Draft, *, today: date) -> frozenset[str]:
    """What is missing or wrong in the application, in sentences: what would stop its filing."""
    return frozenset(one.message for one in stopping(check_application(application_facts(draft), today=today)))


def counting_dates(case: Case) -> CountingDates:
    """Which days count for the time to file."""
    completed_at = Application.objects.values_list("completed_at", flat=True).get(case=case)
    added = DisputedItem.objects.filter(case=case, added_at__isnull=False)
    return CountingDates(case.received_at, completed_at, tuple(added))


def screened_differently(before: CaseChecks, after: CaseChecks) -> list[dict[str, Any]]:
    """The checks of eligibility whose answer an amendment changed: title, and the words before and after."""
    former = {check.result.key: check for check in before.checks}
    found = []
    for check in after.checks:
        old = former.pop(check.result.key, None)
        if old is None or (old.verdict, old.result.words) != (check.verdict, check.result.words):
            found.append(_told(check, old, check))
    return [*found, *(_told(old, old, None) for old in former.values())]


def amounts_to(proposal: Proposal) -> dict[str, Any]:
    """What the checks propose, comparable."""
    return {
        "reason": proposal.reason.value if proposal.reason else "",
        "refused": {str(position): reason.value for position, reason in proposal.refused.items()},
        "open": sorted(result.key for result in proposal.open),
    }


def _told(check: JudgedCheck, old: JudgedCheck | None, new: JudgedCheck | None) -> dict[str, Any]:
    item = check.result.item
    return {
        "title": check.result.title if item is None else f"{check.result.title}, item {item}",
        "before": _words(old),
        "after": _words(new),
        "verdict": new.verdict.value if new else "",
    }


def _words(check: JudgedCheck | None) -> str:
    if check is None:
        return ""
    return f"{CheckVerdict(check.verdict).label}: {check.result.words}"
