"""The sources that a rationale rests on against those of the reviewer's guideline block."""

import re

from reviews.rules.checks.determination import (
    CheckedDetermination,
    CheckedItem,
    CheckFinding,
    Severity,
    short,
)
from reviews.rules.checks.sentences import sentences

_SOURCES: dict[str, str] = {
    "MTUS": r"MTUS|Medical Treatment Utilization Schedule",
    "ODG": r"ODG|Official Disability Guidelines?",
    "ACOEM": r"ACOEM|American College of Occupational",
    "UpToDate": r"UpToDate|Up to Date",
    "Cochrane": r"Cochrane",
    "AMA Guides": r"AMA Guides",
    "FDA": r"FDA\b[^.]{0,30}\b(?:label\w*|approv\w*)",
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})", re.IGNORECASE) for name, words in _SOURCES.items()}
# The MTUS took over ACOEM's chapters, so each stands for the other.
_SAME = frozenset({"MTUS", "ACOEM"})
_NOTHING = re.compile(
    r"\bdid not (?:cite|base)\b[^.]{0,80}\bany\b|\bno (?:guideline|evidence)[^.]{0,40}cited\b", re.IGNORECASE
)
_SILENT = re.compile(
    r"\b(?:silent|not address\w*|does not|do not|no specific|not discuss\w*|not cover\w*)\b", re.IGNORECASE
)


def check_guideline(determination: CheckedDetermination) -> list[CheckFinding]:
    """A source that the rationale rests on is in the item's guideline block, and the other way round (LC 4610.6(e)).

    Both are common in published letters, so they are listed as notes. It is advice where the block says that nothing
    was cited.
    """
    return [finding for item in determination.items for finding in _check(item)]


def _check(item: CheckedItem) -> list[CheckFinding]:
    block = item.reviewer_guideline
    if not block or not item.rationale:
        return []
    listed = _sources(block)
    used: dict[str, str] = {}
    for sentence in sentences(item.rationale):
        if not _SILENT.search(sentence.text):
            for source in _sources(sentence.text):
                used.setdefault(source, sentence.text)
    found = []
    for source, sentence_text in used.items():
        if source in listed or (source in _SAME and listed & _SAME):
            continue
        is_denied = bool(_NOTHING.search(block)) and not listed
        words = (
            f"The rationale rests on {source}, but the guideline block says that nothing was cited."
            if is_denied
            else f"The rationale names {source}, which the guideline block does not."
        )
        severity = Severity.ADVICE if is_denied else Severity.NOTE
        found.append(
            CheckFinding(
                "guideline_not_listed",
                item.position,
                severity,
                words,
                short(sentence_text),
                "rationale",
                {"source": source},
            )
        )
    unused = listed - used.keys() - (_SAME if used.keys() & _SAME else set()) if used else set()
    for source in sorted(unused):
        words = f"The guideline block names {source}, which the rationale does not; it names {', '.join(sorted(used))}."
        found.append(
            CheckFinding(
                "guideline_not_used",
                item.position,
                Severity.NOTE,
                words,
                short(block),
                "reviewer_guideline",
                {"source": source},
            )
        )
    return found


def _sources(text: str) -> set[str]:
    # "Non-MTUS Citation" names no MTUS.
    clean = re.sub(r"\bNon-?\s?MTUS\b|outside (?:of )?the MTUS(?: Guidelines)?", " ", text, flags=re.IGNORECASE)
    return {name for name, pattern in _PATTERNS.items() if pattern.search(clean)}
