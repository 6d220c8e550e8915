"""Which fee falls due when a case is decided or ends (8 CCR 9792.10.8)."""

from dataclasses import dataclass

from cases.enums import CaseEvent, CaseStatus, FeeKind

# Until it is found eligible, nothing was assigned to a review and nothing is owed.
BEFORE_ASSIGNMENT = frozenset(
    {CaseStatus.RECEIVED, CaseStatus.ELIGIBILITY_REVIEW, CaseStatus.INFO_REQUESTED, CaseStatus.DEFERRED}
)
ENDS = frozenset({CaseEvent.TERMINATE, CaseEvent.WITHDRAW, CaseEvent.DISMISS})
# The category of the taxonomy, and the beginning of the codes below it.
PHARMACY = "pharmaceuticals"


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What a fee depends on. `categories` are the treatment codes of the items that were reviewed."""

    event: CaseEvent
    came_from: CaseStatus
    is_expedited: bool
    was_with_reviewer: bool
    categories: tuple[str, ...] = ()


def fee_kind(facts: FeeFacts) -> FeeKind | None:
    """The fee that falls due with the event; None when none does.

    A case that was consolidated or merged into another is paid for with that one. Of an expedited review the fee is
    that of expedited ones, whatever was disputed.
    """
    if facts.event in ENDS:
        if facts.came_from in BEFORE_ASSIGNMENT:
            return None
        return FeeKind.ENDED_AFTER_REVIEW if facts.was_with_reviewer else FeeKind.ENDED_BEFORE_REVIEW
    if facts.event != CaseEvent.ISSUE:
        return None
    if facts.is_expedited:
        return FeeKind.EXPEDITED
    drugs = [code == PHARMACY or code.startswith(f"{PHARMACY}-") for code in facts.categories]
    return FeeKind.PHARMACY if drugs and all(drugs) else FeeKind.REGULAR
