"""Which cases may be reviewed together, and which of them leads (8 CCR 9792.10.4(a)). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.rules.duplicates import DisputeFacts, is_same_name
from cases.rules.items import MAX_ITEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A case as far as consolidation looks at it. `notice_at` is when its notice of assignment was served."""

    number: str
    organization_id: int
    is_expedited: bool
    received_at: datetime
    notice_at: datetime | None
    facts: DisputeFacts


def lead_of(cases: Sequence[Candidate]) -> Candidate:
    """The one whose notice was served first, else the one received first: no clock becomes longer by joining."""
    return min(cases, key=lambda one: (one.notice_at is None, one.notice_at or one.received_at, one.received_at))


def check_consolidation(cases: Sequence[Candidate]) -> list[str]:
    """Why these cases may not be reviewed together, in sentences; empty when they may."""
    if len(cases) < 2:
        return ["Choose at least one other case."]
    first, *others = cases
    found: list[str] = []
    for other in others:
        differing = [
            words
            for words, is_same in (
                ("worker", is_same_name(first.facts.employee, other.facts.employee)),
                ("requesting physician", is_same_name(first.facts.physician, other.facts.physician)),
                (
                    "date of injury",
                    first.facts.date_of_injury is not None and first.facts.date_of_injury == other.facts.date_of_injury,
                ),
                ("claims administrator", first.organization_id == other.organization_id),
            )
            if not is_same
        ]
        if differing:
            found.append(f"Case {other.number} has another {' and another '.join(differing)} than {first.number}.")
        if first.is_expedited != other.is_expedited:
            found.append(
                f"Of {first.number} and {other.number} only one is expedited, and it is not held up by the other."
            )
    if sum(len(one.facts.items) for one in cases) > MAX_ITEMS:
        found.append(f"Together the cases have more than {MAX_ITEMS} items.")
    return found
