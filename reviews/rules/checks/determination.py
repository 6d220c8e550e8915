"""What the checks are given, and what they say: plain values, read from a draft, a signed letter or a published one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

QUOTE_LENGTH = 240


class Severity(StrEnum):
    """How much a finding weighs, the heaviest first.

    `GATE` is what the law asks of every determination, `ADVICE` is to be answered or mended, `NOTE` is only listed:
    it is not counted as an alarm.
    """

    GATE = "gate"
    ADVICE = "advice"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class PageMention:
    """A page of the case's records that holds the terms looked for; `snippet` is the text around them.

    `is_denied` says that the page itself calls the thing absent (`reviews.rules.checks.denial`).
    """

    document: str
    page: int
    snippet: str
    is_denied: bool = False


type PageSearch = Callable[[Sequence[str]], Sequence[PageMention]]


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One disputed item as it stands in the letter. `outcome` is `upheld`, `overturned` or empty.

    `shared_with` are the positions of the items for which the reviewer chose the same rationale.
    """

    position: int
    text: str
    outcome: str
    claims_guideline: str
    reviewer_guideline: str
    rationale: str
    shared_with: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDetermination:
    """A determination. `request_items` and `ur_items` are the items as the application and the UR decision name them;
    None when they are not known. `pages` finds pages of the records that hold all terms; None without records.
    `claim_numbers` and `names` are the case's own; with none known, nothing is compared with them.
    """

    case_number: str
    date_of_injury: date | None
    ur_denial_date: date | None
    summary: str
    items: tuple[CheckedItem, ...]
    request_items: tuple[str, ...] | None = None
    ur_items: tuple[str, ...] | None = None
    pages: PageSearch | None = None
    claim_numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What a check says: about which item (None: the whole letter), why, and in which words of which part.

    `place` is the part of the letter: `header`, `summary`, `item`, `outcome`, `reviewer_guideline` or `rationale`.
    """

    code: str
    position: int | None
    severity: Severity
    message: str
    quote: str
    place: str
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names the finding together with the words it is about: other words make another finding."""
        digest = hashlib.sha256(f"{self.message}\x1f{self.quote}".encode()).hexdigest()[:16]
        return f"{self.code}:{self.position or 0}:{digest}"


def advice(
    code: str, position: int | None, message: str, quote: str, place: str = "rationale", **data: object
) -> CheckFinding:
    """A finding that is to be answered or mended; the quote is cut to a readable length."""
    return CheckFinding(code, position, Severity.ADVICE, message, short(quote), place, data)


def short(text: str) -> str:
    """`text` on one line, at most 240 characters."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_LENGTH else f"{line[: QUOTE_LENGTH - 1].rstrip()}…"
