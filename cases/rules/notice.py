"""The words of a notice: which placeholders its texts may have, and how they are filled."""

import re
from collections.abc import Mapping

# Each with what stands there.
PLACEHOLDERS: Mapping[str, str] = {
    "case_number": "the case's number",
    "organization": "the name of this organization",
    "reason": "the reason of ineligibility, in words",
    "reason_code": "its code",
    "reason_text": "the paragraph that explains the reason",
    "received_on": "the day on which the application was received",
    "decided_on": "the date of the UR decision",
    "priority": "“regular” or “expedited”",
    "records_due": "the last day, or hour, for records",
    "appeal_until": "the last day to appeal",
    "answer_due": "the last day to answer",
    "ended_because": "why the dispute is over, in words",
    "penalty_per_day": "the penalty for each day on which records are late",
    "penalty_maximum": "its maximum",
}
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


class PlaceholderError(ValueError):
    """A text has a placeholder that notices do not know, or one without a value; `str` of it says which."""


def problem_of(text: str) -> str:
    """What is wrong with the braces in `text`, in a sentence; "" when nothing is."""
    for found in _BRACES.finditer(text):
        if found.group(1) not in PLACEHOLDERS:
            known = ", ".join("{" + name + "}" for name in PLACEHOLDERS)
            return f"“{found.group()[:40]}” is no placeholder of notices. Use {known}, or leave the braces out."
    return ""


def paragraphs(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of `text` with its placeholders filled; a paragraph that has nothing but empty ones is left out.

    What a value holds is never read as a placeholder again. Raises `PlaceholderError`.
    """
    found = (_fill(part.strip(), values) for part in re.split(r"\n\s*\n", text))
    return tuple(part for part in found if part.strip())


def _fill(text: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in PLACEHOLDERS or name not in values:
            raise PlaceholderError(f"“{match.group()}” has no value in this notice.")
        return values[name]

    return _BRACES.sub(value, text)
