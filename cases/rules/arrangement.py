"""Whether parts take every page of a document once, and which documents may be joined. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cases.rules.page_ranges import page_words

MAX_PARTS: Final = 50
TURNS: Final = (90, 180, 270)


@dataclass(frozen=True, slots=True)
class DivisionProblem:
    """What is wrong with a division; `part` counts from 0, None for the division as a whole."""

    part: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Joinable:
    """What has to be the same of documents that become one."""

    sender: str
    lateness: str
    late_decision: str


def division_problems(
    parts: Sequence[Sequence[int]], left_out: Collection[int], *, page_count: int
) -> list[DivisionProblem]:
    """What keeps a document from being divided so: pages in two parts, and pages in none that nobody said to leave out.

    Nothing is left out silently: `left_out` are pages that are meant to be in no part.
    """
    problems: list[DivisionProblem] = []
    if len(parts) + bool(left_out) < 2:
        problems.append(DivisionProblem(None, "Name at least two parts, or say which pages are left out."))
    counts = Counter(page for part in parts for page in part)
    seen: set[int] = set()
    for number, part in enumerate(parts):
        if again := sorted(seen & set(part)):
            problems.append(
                DivisionProblem(number, f"{_capital(again)} {_is(again)} in an earlier part already. Name it once.")
            )
        seen |= set(part)
    if both := sorted(set(left_out) & set(counts)):
        problems.append(DivisionProblem(None, f"{_capital(both)} {_is(both)} in a part and left out. Choose one."))
    if missing := sorted(set(range(1, page_count + 1)) - set(counts) - set(left_out)):
        them = "it" if len(missing) == 1 else "them"
        problems.append(
            DivisionProblem(
                None,
                f"{_capital(missing)} {_is(missing)} in no part. Put {them} in a part, or name {them} under "
                "“Pages left out”.",
            )
        )
    return problems


def turn_problems(turns: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """By degrees: pages that are to be turned in two ways."""
    problems: dict[int, str] = {}
    seen: set[int] = set()
    for degrees, pages in turns.items():
        if again := sorted(seen & set(pages)):
            problems[degrees] = f"{_capital(again)} {_is(again)} to be turned in another way already. Name it once."
        seen |= set(pages)
    return problems


def why_not_joined(documents: Sequence[Joinable]) -> str:
    """Why these cannot become one document; empty when they can.

    One document has one sender, and is before the reviewer or not: joining may neither carry late pages to the
    reviewer nor hold back those that came in time (8 CCR 9792.10.5).
    """
    if len({document.sender for document in documents}) > 1:
        return "Different people sent these. Join only documents of one sender: the letter names who sent each."
    if len({(document.lateness, document.late_decision) for document in documents}) > 1:
        return (
            "Some of these came late, or were decided on differently. Join only documents that stand alike, so that "
            "none reaches the reviewer, or is kept from the reviewer, by being joined."
        )
    return ""


def _capital(pages: Sequence[int]) -> str:
    return page_words(pages).capitalize()


def _is(pages: Sequence[int]) -> str:
    return "is" if len(pages) == 1 else "are"
