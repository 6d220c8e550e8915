"""The items as the application, the UR decision, the findings and the letter name them, side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, Severity, short

COLUMNS = ("application", "ur_decision", "findings", "letter")
_ALIKE = 0.72
_FILLER_TEXT = """
    a an the of for to and or with as at in on per
"""
_FILLER = frozenset(_FILLER_TEXT.split())
_UNITS = {"sessions": "visits", "session": "visits", "visit": "visits", "treatments": "visits", "tabs": "tablets"}
_STORY = re.compile(
    r"(?P<original>.+?) was the original request\. .+(?:The remaining IMR eligible portion of the original request"
    r"|The original request),? (?P<rest>.+?)(?: is)?$",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"\(?\bdos:? ?[\d/,; and-]+\)?|\bretrospective(?:ly)?(?: request for)?\b|\bassociated surgical services?\b:?"
)


class Match(StrEnum):
    """How the columns of a row agree."""

    SAME = "same"
    SIMILAR = "similar"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReconciledRow:
    """One item with its words in each column; None where the column has no such item or is not known."""

    application: str | None
    ur_decision: str | None
    findings: str | None
    letter: str | None
    match: Match


def reconcile_items(
    *,
    application: Sequence[str] | None,
    ur_decision: Sequence[str] | None,
    findings: Sequence[str] | None,
    letter: Sequence[str] | None,
) -> list[ReconciledRow]:
    """The items of all columns in rows, each item in exactly one, in the order in which they first appear.

    Equal words (without case, punctuation and filler) are matched first, then the most alike ones; numbers must be
    the same. A column that is None is not known and is missed by no row.
    """
    columns = (application, ur_decision, findings, letter)
    rows: list[list[str | None]] = []
    for number, column in enumerate(columns):
        open_texts = list(column or ())
        for is_match in (_is_equal, _is_alike):
            for row in rows:
                named = [text for text in row if text is not None]
                found = next((text for text in open_texts if any(is_match(text, other) for other in named)), None)
                if row[number] is None and found is not None:
                    row[number] = found
                    open_texts.remove(found)
        rows += [[text if place == number else None for place in range(len(columns))] for text in open_texts]
    known = [number for number, column in enumerate(columns) if column is not None]
    return [ReconciledRow(row[0], row[1], row[2], row[3], _state([row[number] for number in known])) for row in rows]


def check_items(determination: CheckedDetermination) -> list[CheckFinding]:
    """Every item of the application and of the UR decision is in the letter, and no other is."""
    if determination.request_items is None and determination.ur_items is None:
        return []
    rows = reconcile_items(
        application=determination.request_items,
        ur_decision=determination.ur_items,
        findings=None,
        letter=[item.text for item in determination.items],
    )
    names = {"application": "the application", "ur_decision": "the UR decision", "letter": "the letter"}
    known = {
        "application": determination.request_items is not None,
        "ur_decision": determination.ur_items is not None,
        "letter": True,
    }
    positions = {item.text: item.position for item in determination.items}
    found = []
    for row in rows:
        if row.match != Match.MISSING:
            continue
        missing = [words for column, words in names.items() if known[column] and getattr(row, column) is None]
        text = row.letter or row.application or row.ur_decision or ""
        found.append(
            CheckFinding(
                "items_differ",
                positions.get(row.letter or ""),
                Severity.ADVICE if row.letter and row.application else Severity.GATE,
                f"This item is not in {' and not in '.join(missing)}.",
                short(text),
                "item",
                {"missing": missing},
            )
        )
    return found


def variants(text: str) -> tuple[str, ...]:
    """The ways to name an item, for comparison: of a modified request the part in dispute and the original request."""
    story = _STORY.match(" ".join(text.split()))
    parts = (story["rest"], story["original"]) if story else (text,)
    return tuple(normalized(part) for part in parts)


def normalized(text: str) -> str:
    """`text` in lower case, words and numbers only, without filler, service date and the marks of special items."""
    words = _MARKS.sub(" ", text.lower())
    parts = re.findall(r"[a-z]+|\d+(?:\.\d+)?", words)
    return " ".join(_UNITS.get(part, part) for part in parts if part not in _FILLER)


def _is_equal(one: str, other: str) -> bool:
    return bool(set(variants(one)) & set(variants(other)))


def _is_alike(one: str, other: str) -> bool:
    return any(_are_alike(first, second) for first in variants(one) for second in variants(other))


def _are_alike(first: str, second: str) -> bool:
    if sorted(re.findall(r"[\d.]+", first)) != sorted(re.findall(r"[\d.]+", second)) or _opposes(first, second):
        return False
    # The order of the words differs more often than the words.
    ordered, other = (" ".join(sorted(text.split())) for text in (first, second))
    return SequenceMatcher(None, ordered, other).ratio() >= _ALIKE


def _opposes(first: str, second: str) -> bool:
    sides = [{"left", "right", "bilateral"} & set(text.split()) for text in (first, second)]
    return sides[0] != sides[1]


def _state(texts: Sequence[str | None]) -> Match:
    if any(text is None for text in texts):
        return Match.MISSING
    known = [text for text in texts if text is not None]
    return Match.SAME if all(_is_equal(known[0], text) for text in known) else Match.SIMILAR
