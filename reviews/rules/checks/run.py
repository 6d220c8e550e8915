"""All checks of a determination, and what they amount to."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from reviews.rules.checks.body_part import check_body_part
from reviews.rules.checks.dates import check_dates
from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, Severity
from reviews.rules.checks.drug import check_drug
from reviews.rules.checks.guideline import check_guideline
from reviews.rules.checks.identity import check_identity
from reviews.rules.checks.level import check_level
from reviews.rules.checks.outcome import check_outcome
from reviews.rules.checks.pasted import check_pasted
from reviews.rules.checks.quantity import check_quantity
from reviews.rules.checks.rationale import check_rationale
from reviews.rules.checks.reconcile import check_items
from reviews.rules.checks.record import check_record
from reviews.rules.checks.remains import check_remains
from reviews.rules.checks.side import check_side
from reviews.rules.checks.strength import check_strength

type Check = Callable[[CheckedDetermination], list[CheckFinding]]

CHECKS: tuple[Check, ...] = (
    check_outcome,
    check_rationale,
    check_body_part,
    check_side,
    check_level,
    check_drug,
    check_strength,
    check_quantity,
    check_pasted,
    check_record,
    check_dates,
    check_identity,
    check_guideline,
    check_remains,
    check_items,
)


@dataclass(slots=True)
class Tally:
    """Findings counted over many determinations. Notes are counted apart: they are no alarms."""

    items: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, determination: CheckedDetermination, findings: Iterable[CheckFinding]) -> None:
        self.items += len(determination.items)
        for finding in findings:
            (self.notes if finding.severity == Severity.NOTE else self.alarms)[finding.code] += 1

    @property
    def alarms_per_100(self) -> float:
        """Alarms for every hundred items; 0 without items."""
        return 100 * self.alarms.total() / self.items if self.items else 0.0


def check_determination(determination: CheckedDetermination) -> list[CheckFinding]:
    """What all checks say, by item in the order of the letter; what is about the whole letter comes first."""
    found = [finding for check in CHECKS for finding in check(determination)]
    return sorted(found, key=lambda finding: finding.position or 0)
