"""When a message can be written in a case. Pure."""

from typing import Final

from cases.enums import CaseStatus
from cases.workflow import TERMINAL

MOST_IN_A_WHILE: Final = 20
WHILE_MINUTES: Final = 10
MAX_MESSAGE: Final = 4000


def why_not_writable(status: CaseStatus) -> str:
    """Why nobody can write in a case of this status, in a sentence; empty while one can. Reading is always possible."""
    if status == CaseStatus.DRAFT:
        return "The application is not submitted yet; nobody at the IMR organization sees it."
    if status in TERMINAL or status == CaseStatus.CLOSED:
        return "The case has ended. Its messages can be read, not continued."
    return ""
