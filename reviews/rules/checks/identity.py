"""Numbers and names of another case in the texts of this one."""

import re
from collections.abc import Iterable

from reviews.rules.checks.determination import CheckedDetermination, CheckFinding, advice
from reviews.rules.checks.sentences import sentences

_CASE = re.compile(r"\bCM\s?(\d{2})\s?[-–]?\s?(\d{7})\b", re.IGNORECASE)
_CLAIM = re.compile(
    r"\b(?:claim|WCAB|WCIS|EAMS|MRN|medical record|file|policy|member|account)\s*(?:#|no\.?"
    r"|num(?:ber)?\.?|id)\s*(?:is|of)?\s*[:#]?"
    r"\s*(?P<number>(?=[\w-]*\d{3})[A-Z0-9][A-Z0-9-]{4,24})\b"
    r"|\bclaim\s+(?P<bare>(?=[\w-]*\d{3})(?=\w+-)[A-Z0-9][A-Z0-9-]{4,24})\b|\b(?P<adj>ADJ\s?\d{6,9})\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+(?P<name>[A-Z][a-z’'-]+(?:\s+[A-Z][a-z’'-]+)?)")


def check_identity(determination: CheckedDetermination) -> list[CheckFinding]:
    """No text holds another case number, another claim number or another worker's name (compared where known)."""
    found: dict[tuple[str, int | None, str], CheckFinding] = {}
    for position, place, text in _texts(determination):
        for code, words, number in _strangers(text, determination):
            quote = next((part.text for part in sentences(text) if number in part.text), number)
            found.setdefault((code, position, number), advice(code, position, words, quote, place, found=number))
    return list(found.values())


def _texts(determination: CheckedDetermination) -> Iterable[tuple[int | None, str, str]]:
    yield None, "summary", determination.summary
    for item in determination.items:
        yield item.position, "item", item.text
        yield item.position, "rationale", item.rationale


def _strangers(text: str, determination: CheckedDetermination) -> Iterable[tuple[str, str, str]]:
    own = _plain(determination.case_number)
    for match in _CASE.finditer(text):
        if _plain(match.group()) != own:
            words = f"{match.group()} is another case; this one is {determination.case_number}."
            yield "foreign_case_number", words, match.group()
    claims = {_plain(number) for number in determination.claim_numbers}
    for match in _CLAIM.finditer(text):
        number = match["number"] or match["bare"] or match["adj"]
        if _plain(number) in claims:
            continue
        words = (
            f"“{number}” is not the claim number of this case."
            if claims
            else f"“{number}” looks like a claim or record number; a letter names nobody's."
        )
        yield "foreign_claim_number", words, number
    if not determination.names:
        return
    known = {word.lower() for name in determination.names for word in re.findall(r"[^\W\d_]+", name)}
    for match in _NAME.finditer(text):
        if not {word.lower() for word in re.findall(r"[^\W\d_]+", match["name"])} & known:
            yield "foreign_name", f"“{match.group()}” is nobody of this case.", match.group()


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", number.lower())
