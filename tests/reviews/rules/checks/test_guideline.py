"""Sources of the rationale against the guideline block."""

import pytest

from reviews.rules.checks.determination import Severity
from reviews.rules.checks.guideline import check_guideline
from tests.factories.checks import make_checked, make_checked_item

NOTHING = "The Expert Reviewer did not cite any medical evidence for its decision."
OUTSIDE = (
    "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
    "Decision based on Non-MTUS Citation ODG, Knee."
)
LISTED = ("guideline_not_listed", Severity.NOTE)


@pytest.mark.parametrize(
    ("block", "rationale", "found"),
    [
        ("Decision based on MTUS Knee Complaints 2004.", "ACOEM asks for red flags.", []),
        ("Decision based on MTUS Knee Complaints 2004.", "There are no red flags.", []),
        ("Decision based on MTUS Knee Complaints 2004.", "The MTUS is silent on it, and so is ACOEM.", []),
        ("Decision based on MTUS Knee Complaints 2004.", "MTUS and ODG ask for it.", [LISTED]),
        (OUTSIDE, "Official Disability Guidelines ask for it.", []),
        (
            OUTSIDE,
            "UpToDate asks for it.",
            [("guideline_not_listed", Severity.NOTE), ("guideline_not_used", Severity.NOTE)],
        ),
        (NOTHING, "ODG asks for it.", [("guideline_not_listed", Severity.ADVICE)]),
        (NOTHING, "It follows the surgery.", []),
        ("", "ODG asks for it.", []),
    ],
)  # fmt: skip
def test_guideline_check_compares_both_ways(block: str, rationale: str, found: list[tuple[str, Severity]]) -> None:
    item = make_checked_item("MRI of the knee", rationale, reviewer_guideline=block)
    assert [(finding.code, finding.severity) for finding in check_guideline(make_checked(item))] == found
