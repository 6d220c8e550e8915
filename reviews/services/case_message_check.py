"""Whether staff's words to the parties give a reviewer away (LC 4610.6(f))."""

import re

from reviews.models import Reviewer
from reviews.services.identity_check import find_own_identity


def names_reviewer_of_case(case_id: int, text: str) -> bool:
    """Whether anybody who was ever asked to review the case can be recognized, by name, number or register code."""
    reviewers = Reviewer.objects.filter(assignments__case_id=case_id).distinct()
    return any(
        re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text, re.IGNORECASE)
        or find_own_identity(reviewer_id=pk, texts={"text": text})
        for pk, code in reviewers.values_list("pk", "code")
    )
