"""Where an item's text starts, after the rationale of the item before it.

Bold type says it in a PDF. In text the signs are blank lines, page breaks, lines that end early and sentences that
end. Where the signs do not agree on one place, the reader says so.
"""

import re
from dataclasses import dataclass

from reviews.letters.reader.script import Gap, Line, Script

_STORY_TAIL = re.compile(
    r"\bThe\s+(?:remaining\s+IMR\s+eligible\s+portion\s+of\s+the\s+)?original\s+request\s*,|"
    r"\bleaving\s+the\s+original\s+request\s+IMR\s+eligible\b|\bauthorized\s+by\s+the\s+Claims\s+Administrator\b"
)
_ORIGINAL = re.compile(r"\bwas\s+the\s+original\s+request\b")
_ITEM_OPENING = re.compile(r"(?:Retrospective\b|Associated\s+surgical\s+service\b|Pre-?op)")
_ASSOCIATED = re.compile(r"(?:Retrospective\s+)?Associated\s+surgical\s+service\s*:")
_VERDICT_END = re.compile(
    r"(?:\bnecess(?:ary|ity)|\b(?:not\s+)?(?:established|supported|warranted|indicated|recommended|certified|met))"
    r"(?:\s+(?:at\s+this\s+time|as\s+requested))?[.!]?[)\"”’']*$",
    re.IGNORECASE,
)
_VERDICT_UNENDED = re.compile(
    r"\bmedical(?:ly)?\s+(?:necessary|necessity)(?:\s+and\s+appropriate)?(?:\s+(?:at\s+this\s+time|as\s+requested))?"
    r"[)\"”’']*$",
    re.IGNORECASE,
)
_PROSE = re.compile(
    r"\bmedically[\s-]+necessary\b|\bmedical\s+necessity\b|\b(?:is|are|was|were|has|have|had|does|did|should|would|"
    r"cannot|can|states?|recommends?)\b",
    re.IGNORECASE,
)
_INNER_SENTENCE = re.compile(r"[a-z)\]\"”’][.?!][)\"”’']*\s+[A-Z][a-z]*\b")
_VERDICT = re.compile(r"\b(?:not[\s-]+)?medically[\s-]+necessary\b|\bmedical\s+necessity\b", re.IGNORECASE)
_MAX_ITEM = 900


@dataclass(frozen=True, slots=True)
class Boundary:
    """`start` is an offset; `doubt` is empty, or says why the place is uncertain."""

    start: int
    doubt: str = ""


def bold_start(script: Script, floor: int, colon: int) -> Boundary | None:
    """The start of the bold lines that end in the colon; None when the item is not set in bold."""
    index = script.index_at(colon)
    share = script.lines[index].bold_share(max(colon - script.starts[index], 0))
    if colon == script.starts[index] and index:
        index -= 1
        share = script.lines[index].bold_share()
    if share < 0.5:
        return None
    lowest = script.index_at(floor)
    while index - 1 > lowest and _is_bold_line(script.lines[index - 1]):
        index -= 1
    if index <= lowest:
        return Boundary(script.starts[index], "No line of the rationale stands before the item.")
    return Boundary(script.starts[index])


def _is_bold_line(line: Line) -> bool:
    """Bold to its end: a line that starts with a bold label is not."""
    share = line.bold_share()
    return share > 0.9 or (share >= 0.5 and line.is_bold_at(len(line.text) - 1))


def text_start(script: Script, floor: int, colon: int) -> Boundary:
    """The start of the item whose text ends at `colon`, after a rationale that starts at `floor`."""
    lowest, last = script.index_at(floor), script.index_at(colon)
    told = _STORY_TAIL.search(script.text, max(floor, colon - 1_500), colon)
    target = colon
    if told:
        originals = list(_ORIGINAL.finditer(script.text, floor, colon))
        if not originals:
            return Boundary(script.starts[last], "The original request that the item speaks of is not there.")
        target = _story_opening(script, originals, told.start())
        last = script.index_at(target)
    boundary = _nearest(script, lowest, last, target)
    if boundary.doubt:
        return boundary
    words = script.text[boundary.start : target]
    is_marked = script.lines[script.index_at(boundary.start)].gap is Gap.BLANK
    if not told and (doubt := _unlike_item(words, is_marked=is_marked)):
        return Boundary(boundary.start, doubt)
    if len(words) > _MAX_ITEM:
        return Boundary(boundary.start, "The text before the outcome is longer than any item.")
    return boundary


def _story_opening(script: Script, originals: list[re.Match[str]], tail: int) -> int:
    """Where "was the original request" of this item stands: the last one before what was authorized or left."""
    before = [match.start() for match in originals if match.start() < tail]
    return before[-1] if before else originals[-1].start()


def _nearest(script: Script, lowest: int, last: int, target: int) -> Boundary:
    """The nearest line start at or before `target`'s line that can open an item."""
    for index in range(last, lowest, -1):
        line, before = script.lines[index], script.lines[index - 1]
        start = script.starts[index]
        if script.text[start:target].lstrip()[:1] in {"", ":", ",", ";", ")"}:
            continue
        if _ASSOCIATED.match(line.text):
            return Boundary(start)
        ends, fits = before.ends_sentence, script.would_fit(index)
        if line.gap is Gap.BLANK:
            return _after_blank(script, lowest, index)
        if ends:
            opens = line.text[:1].isupper() if line.gap is Gap.PAGE else fits
            return Boundary(start) if opens else _after_full_line(script, lowest, index)
        if (fits or not line.text[:1].islower()) and _VERDICT_UNENDED.search(_tail(script, lowest, index)):
            return Boundary(start)
        if line.gap is Gap.NONE and fits:
            return Boundary(start, "A line ends early without the end of a sentence.")
    return Boundary(script.starts[last], "Nothing shows where the rationale ends and the next item starts.")


def _after_blank(script: Script, lowest: int, index: int) -> Boundary:
    """A blank line parts paragraphs; after half a sentence it may also stand inside of an item."""
    start = script.starts[index]
    if script.lines[index - 1].ends_sentence or _VERDICT_UNENDED.search(_tail(script, lowest, index)):
        return Boundary(start)
    for at in range(index - 1, lowest, -1):
        opens = script.lines[at].gap is not Gap.NONE or script.lines[at - 1].ends_sentence
        if opens:
            if _PROSE.search(script.text[script.starts[at] : start]):
                return Boundary(start)
            return Boundary(start, "The paragraph before the item does not end with a full stop.")
        if script.lines[at - 1].ends_sentence:
            break
    return Boundary(start)


def _after_full_line(script: Script, lowest: int, index: int) -> Boundary:
    """A sentence ended at the very end of a full line: the item starts there unless it holds full stops itself."""
    start = script.starts[index]
    if _ITEM_OPENING.match(script.text, start) or _VERDICT_END.search(_tail(script, lowest, index)):
        return Boundary(start)
    sentence = _sentence_before(script, lowest, index)
    if _PROSE.search(sentence) and len(sentence.split()) >= 5:
        return Boundary(start)
    return Boundary(start, "A sentence ends at the end of a full line; the item may start before it.")


def _tail(script: Script, lowest: int, index: int) -> str:
    """The last words before line `index`, over the end of a line."""
    return script.text[script.starts[max(lowest, index - 3)] : script.starts[index]].rstrip()


def _sentence_before(script: Script, lowest: int, index: int) -> str:
    start = script.starts[max(lowest, index - 4)]
    text = " ".join(script.text[start : script.starts[index]].split())
    return re.split(r"(?<=[.?!])\s+(?=[A-Z])", text)[-1]


def _unlike_item(words: str, *, is_marked: bool) -> str:
    """Why the words can hardly be an item's text; empty when they can. `is_marked` says that a blank line opens it."""
    folded = " ".join(words.split())
    if _VERDICT.search(folded):
        return "The text before the outcome speaks of medical necessity, as a rationale does."
    if _PROSE.search(folded) and (not is_marked or _INNER_SENTENCE.search(folded)):
        return "The text before the outcome reads like the sentence of a rationale."
    return ""
