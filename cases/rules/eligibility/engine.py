"""Runs every check, and says what their answers amount to. A person decides."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.enums import CheckVerdict, IneligibilityReason
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.carve_out import check_carve_out
from cases.rules.eligibility.conditional import check_conditional
from cases.rules.eligibility.duplicate import check_duplicate
from cases.rules.eligibility.facts import EligibilityFacts
from cases.rules.eligibility.formulary import check_formulary
from cases.rules.eligibility.information import check_information
from cases.rules.eligibility.item_in_dispute import check_item_in_dispute
from cases.rules.eligibility.liability import check_liability
from cases.rules.eligibility.repeat_request import check_repeat_request
from cases.rules.eligibility.result import CheckResult
from cases.rules.eligibility.signature import check_signature
from cases.rules.eligibility.standing import check_standing
from cases.rules.eligibility.statute_dates import check_statute_dates
from cases.rules.eligibility.timeliness import check_timeliness
from cases.rules.eligibility.ur_attached import check_ur_attached
from cases.rules.eligibility.ur_decision import check_ur_decision
from cases.rules.eligibility.ur_timeliness import check_ur_timeliness

# In the order in which an analyst goes through an application: the first failure names the reason.
CHECKS: tuple[Callable[[EligibilityFacts, LawBook, date], list[CheckResult]], ...] = (
    check_signature,
    check_standing,
    check_ur_attached,
    check_ur_decision,
    check_timeliness,
    check_formulary,
    check_statute_dates,
    check_conditional,
    check_liability,
    check_carve_out,
    check_ur_timeliness,
    check_information,
    check_duplicate,
    check_repeat_request,
    check_item_in_dispute,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the checks amount to. `reason` is "" for an eligible case; `refused` maps items to their own reasons.

    `open` are the checks that a person still has to decide; while there are some, nothing is proposed
    (`is_settled` is false).
    """

    reason: IneligibilityReason | None = None
    refused: Mapping[int, IneligibilityReason] = field(default_factory=dict)
    open: tuple[CheckResult, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether no check waits for a person, or one has failed for the whole case anyway."""
        return not self.open or self.reason is not None

    @property
    def is_deferral(self) -> bool:
        """Whether the case waits for the end of a dispute about liability (8 CCR 9792.10.3(d))."""
        return self.reason == IneligibilityReason.LIABILITY


def run_checks(facts: EligibilityFacts, figures: LawBook, today: date) -> list[CheckResult]:
    """The answer of every check about the case and about each item, in the order of `CHECKS`."""
    return [result for check in CHECKS for result in check(facts, figures, today)]


def propose(results: Iterable[CheckResult], decided: Mapping[str, CheckVerdict] | None = None) -> Proposal:
    """What the answers amount to; `decided` are the answers of people by `CheckResult.key`, which go first.

    The case is refused for the first check that fails as a whole, other than liability, which only defers it; or
    when every item is refused. Otherwise it is eligible without the items that are refused.
    """
    rows = list(results)
    verdicts = {row.key: (decided or {}).get(row.key, row.verdict) for row in rows}
    failed = [row for row in rows if verdicts[row.key] == CheckVerdict.FAILED]
    still_open = tuple(row for row in rows if verdicts[row.key] == CheckVerdict.NEEDS_PERSON)
    of_case = [row.code for row in failed if row.item is None]
    of_case.sort(key=lambda code: code == IneligibilityReason.LIABILITY)
    refused: dict[int, IneligibilityReason] = {}
    for row in failed:
        if row.item is not None:
            refused.setdefault(row.item, row.code)
    items = {row.item for row in rows if row.item is not None}
    reason = of_case[0] if of_case else None
    if reason is None and items and items == set(refused):
        reason = refused[min(items)]
    return Proposal(reason, refused, still_open)
