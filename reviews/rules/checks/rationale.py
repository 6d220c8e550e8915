"""A rationale that is missing or too short to be one."""

from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, Severity, advice

FEWEST_WORDS = 8


def check_rationale(determination: CheckedDetermination) -> list[CheckFinding]:
    """Every item has a rationale of at least eight words (8 CCR 9792.10.6(d))."""
    found = []
    for item in determination.items:
        count = len(item.rationale.split())
        if not count:
            words = f"Item {item.position} has no rationale."
            found.append(CheckFinding("rationale_empty", item.position, Severity.GATE, words, item.text, "rationale"))
        elif count < FEWEST_WORDS:
            words = f"The rationale has {count} words; it should give the clinical reasons."
            found.append(advice("rationale_short", item.position, words, item.rationale, words=count))
    return found
