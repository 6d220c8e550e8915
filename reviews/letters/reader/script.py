"""The letter as lines: the same for a PDF and for text in any extraction order."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from statistics import median

from imr.core.pdf_text import PdfPage, PdfText, TextLine

# Lines at the head or foot of a page that are no part of the letter.
RUNNING_LINES = re.compile(
    r"(?:(?:CM\d{2}-\d{7}|page|Page)\b.{0,80}\s)?[Pp]age\s+(?P<page>\d+)\s+of\s+(?P<pages>\d+)(?:\s*·.{0,80})?"
)

# Where the default extraction takes a hyphen from the end of a page, the foot of the page follows without a blank.
_GLUED_FOOT = re.compile(r"(?P<text>.*\S)\s*CM\d{2}-\d{7} · page (?P<page>\d+) of (?P<pages>\d+)")

# What other letters print at the head or foot of their pages: a page number alone, or a line with the case number.
_PAGE_COUNTER = re.compile(
    r"(?:[-–—(]\s*)?(?:page\s+)?(?P<page>\d{1,3})(?:\s+of\s+\d{1,3})?(?:\s*[-–—)])?", re.IGNORECASE
)
_CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{7}\b")
_ONLY_FOOT = re.compile(r"[\w ]{0,60}\bCase Number:? CM\d{2}-\d{7}(?: 1)?")

_TERMINAL = re.compile(r"[.?!][)\]\"”’']*$")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Drs|St|No|Nos|vs|approx|e\.g|i\.e|qty|Qty|QTY|hrs?|wks?|mos?|pt|inc)\.$")
_SPACED_PDF = re.compile(r"WeasyPrint")
_BREAKS = "-\u2010–—/?!|}…"
_FIRST_PIECE = re.compile(r"[^\s?!|/}–—-]*.?")
_FIRST_IDEOGRAPH = 0x2E80  # from here on, signs that need no blank between them
_NARROW, _WIDE = set("iljtfrI.,;:'’|!()[]/ -"), set("mwMW@%—")


class Gap(Enum):
    """What stands between a line and the one before it."""

    NONE = 0
    BLANK = 1
    PAGE = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line with single blanks. `number` counts from 1: in its page for a PDF, in the file for text.

    `is_tight` says that no blank stands between this line and the next; `width` is in points or in estimated units.
    """

    text: str
    page: int
    number: int
    gap: Gap
    width: float
    bold: tuple[tuple[int, int], ...] = ()
    is_tight: bool = False
    has_wide_gap: bool = False

    @property
    def ends_sentence(self) -> bool:
        return _TERMINAL.search(self.text) is not None and _ABBREVIATION.search(self.text) is None

    def is_bold_at(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.bold)

    def bold_share(self, end: int | None = None) -> float:
        """Share of the line's letters before `end` that are bold."""
        end = len(self.text) if end is None else end
        inked = [at for at in range(end) if not self.text[at].isspace()]
        return sum(self.is_bold_at(at) for at in inked) / len(inked) if inked else 0.0


@dataclass(frozen=True)
class Script:
    """A letter's lines without running heads and feet, and their text joined by line feeds."""

    lines: tuple[Line, ...]
    is_pdf: bool
    is_own: bool
    measure: float
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "\n".join(line.text for line in self.lines))

    @cached_property
    def starts(self) -> list[int]:
        """The offset in `text` at which each line starts."""
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line.text) + 1
        return starts

    @cached_property
    def has_blank_lines(self) -> bool:
        return sum(line.gap is Gap.BLANK for line in self.lines) >= 3

    def index_at(self, offset: int) -> int:
        return max(bisect_right(self.starts, offset) - 1, 0)

    def place(self, offset: int) -> str:
        """Where in the source, in words."""
        if not self.lines:
            return ""
        line = self.lines[self.index_at(min(offset, max(len(self.text) - 1, 0)))]
        return f"page {line.page}, line {line.number}" if self.is_pdf else f"line {line.number}"

    def is_bold_at(self, offset: int) -> bool:
        index = self.index_at(offset)
        return self.lines[index].is_bold_at(offset - self.starts[index])

    def would_fit(self, index: int) -> bool:
        """Whether the first word of line `index` would have had room at the end of the line before it."""
        before, line = self.lines[index - 1], self.lines[index]
        word = line.text.split(" ", 1)[0]
        scale = before.width / max(estimated_width(before.text), 0.1)
        room = 0.97 if self.is_pdf else 0.9
        return before.width + scale * estimated_width(" " + word) < room * self.measure

    def piece(self, start: int, end: int) -> str:
        """The text between two offsets: lines joined by a blank, paragraphs by a blank line."""
        if start >= end:
            return ""
        first, last = self.index_at(start), self.index_at(end - 1)
        joined = ""
        for index in range(first, last + 1):
            line, at = self.lines[index], self.starts[index]
            words = line.text[max(start - at, 0) : max(end - at, 0)].strip()
            if not words:
                continue
            joined = joined + self._between(index, is_first=not joined) + words
        return joined

    def has_wide_gap(self, start: int, end: int) -> bool:
        if start >= end:
            return False
        return any(line.has_wide_gap for line in self.lines[self.index_at(start) : self.index_at(end - 1) + 1])

    def _between(self, index: int, *, is_first: bool) -> str:
        if is_first:
            return ""
        before, line = self.lines[index - 1], self.lines[index]
        if before.is_tight and line.gap is not Gap.BLANK:
            return ""
        if line.gap is Gap.BLANK:
            return "\n\n"
        if line.gap is Gap.PAGE and before.ends_sentence and line.text[:1].isupper() and self.would_fit(index):
            return "\n\n"
        return " "


def script_of_text(text: str) -> Script:
    """Text of any extraction order; form feeds part pages, blank lines paragraphs."""
    pages: list[list[Line]] = []
    number = 0
    for page, part in enumerate(text.lstrip("﻿").replace("\r\n", "\n").replace("\r", "\n").split("\f"), start=1):
        lines: list[Line] = []
        blank = False
        for raw in part.split("\n"):
            number += 1
            shown = " ".join(raw.split())
            if not shown:
                blank = True
                continue
            gap = (Gap.PAGE if pages else Gap.NONE) if not lines else Gap.BLANK if blank else Gap.NONE
            wide = re.search(r"\S {5,}\S", raw) is not None
            lines.append(Line(shown, page, number, gap, estimated_width(shown), has_wide_gap=wide))
            blank = False
        number -= 1  # a form feed stands before a line, not on one of its own
        if lines:
            pages.append(lines)
    total = text.count("\f") + (0 if text.rstrip(" \n").endswith("\f") else 1)
    kept, is_own = _without_running_lines(pages, total)
    return Script(kept, is_pdf=False, is_own=is_own, measure=_usual_measure([line.width for line in kept]))


def script_of_pdf(pdf: PdfText) -> Script:
    """A PDF's lines; paragraphs are told by the space between them, item headings by bold type."""
    pitch = _pitch(pdf)
    keeps_blanks = _SPACED_PDF.search(pdf.producer) is not None and _line_ends_are_told(pdf, pitch)
    right = max((line.x1 for page in pdf.pages for line in page.lines), default=0.0)
    pages = [
        _page_lines(page, pitch, right, is_first=at == 0, keeps_blanks=keeps_blanks)
        for at, page in enumerate(page for page in pdf.pages if page.lines)
    ]
    kept, is_own = _without_running_lines(pages, len(pdf.pages))
    return Script(kept, is_pdf=True, is_own=is_own, measure=max((line.width for line in kept), default=0.0))


def estimated_width(text: str) -> float:
    """Of a line in a proportional type, in units of the type size."""
    total = 0.0
    for character in text:
        if character in _NARROW:
            total += 0.3
        elif character in _WIDE:
            total += 0.82
        elif character.isupper():
            total += 0.68
        else:
            total += 0.48
    return total


def _page_lines(page: PdfPage, pitch: float, right: float, *, is_first: bool, keeps_blanks: bool) -> list[Line]:
    lines: list[Line] = []
    before: TextLine | None = None
    for number, line in enumerate(page.lines, start=1):
        gap = Gap.NONE
        if before is None:
            gap = Gap.NONE if is_first else Gap.PAGE
        elif (line.bottom - before.bottom) > 1.28 * max(pitch, 1.05 * min(line.size, before.size)):
            gap = Gap.BLANK
        after = page.lines[number] if number < len(page.lines) else None
        tight = keeps_blanks and not line.ends_with_blank and _broken_inside(line, after, right)
        lines.append(
            Line(
                text=line.text,
                page=page.number,
                number=number,
                gap=gap,
                width=line.x1 - line.x0,
                bold=line.bold,
                is_tight=tight,
                has_wide_gap=line.has_wide_gap,
            )
        )
        before = line
    return [_single_blanks(line) for line in lines]


def _broken_inside(line: TextLine, after: TextLine | None, right: float) -> bool:
    """Whether a line without a blank at its end was broken there for want of room: after a hyphen, a dash or a sign
    inside of an address, or anywhere in a word that is longer than a line. All others were ended on purpose."""
    text = line.text
    if " " in text and text[-1] not in _BREAKS and ord(text[-1]) < _FIRST_IDEOGRAPH:
        return False
    # The renderer breaks a link before its line is full.
    if after is None or "://" in text.rpartition(" ")[2]:
        return True
    piece = _FIRST_PIECE.match(after.text)
    share = estimated_width(piece.group() if piece else "") / max(estimated_width(after.text), 0.1)
    return line.x1 + share * (after.x1 - after.x0) > 0.97 * right


def _single_blanks(line: Line) -> Line:
    """The line with every run of white space as one blank, its bold places moved along."""
    if "  " not in line.text and line.text.isascii():
        return line
    places: list[int] = []
    words: list[str] = []
    for character in line.text:
        places.append(len(words))
        if not character.isspace():
            words.append(character)
        elif words and words[-1] != " ":
            words.append(" ")
    places.append(len(words))
    bold = tuple((places[start], places[end]) for start, end in line.bold)
    return Line(
        "".join(words).rstrip(), line.page, line.number, line.gap, line.width, bold, line.is_tight, line.has_wide_gap
    )


def _usual_measure(widths: list[float]) -> float:
    """The width of a full line: exceeded only where an extraction joined two lines over a hyphen."""
    usual = median(widths) if widths else 0.0
    longer = [width for width in widths if width >= usual]
    return median(longer) if longer else usual


def _pitch(pdf: PdfText) -> float:
    """The usual distance between two lines of running text, in points."""
    steps = [
        round(line.bottom - before.bottom, 1)
        for page in pdf.pages
        for before, line in pairwise(page.lines)
        if abs(line.size - before.size) < 0.2 and 0.9 * line.size < line.bottom - before.bottom < 2 * line.size
    ]
    return median(steps) if steps else 14.0


def _line_ends_are_told(pdf: PdfText, pitch: float) -> bool:
    """Whether lines broken between words keep their blank, so that those without were broken inside of a word."""
    broken = [
        line
        for page in pdf.pages
        for line, after in pairwise(page.lines)
        if len(line.text) > 60 and after.bottom - line.bottom < 1.28 * pitch
    ]
    return bool(broken) and sum(line.ends_with_blank for line in broken) >= 0.1 * len(broken)


def _without_running_lines(pages: list[list[Line]], total: int) -> tuple[tuple[Line, ...], bool]:
    """The lines of all pages without running heads and feet, and whether there were any."""
    kept: list[list[Line]] = []
    found = False
    for lines in pages:
        rest = list(lines)
        for at in (-1, 0):
            if not rest or not (
                match := RUNNING_LINES.fullmatch(rest[at].text) or _GLUED_FOOT.fullmatch(rest[at].text)
            ):
                continue
            if int(match["page"]) != lines[0].page or int(match["pages"]) != total:
                continue
            found = True
            running = rest[at]
            if glued := match.groupdict().get("text"):
                rest[at] = replace(running, text=glued, bold=())
                continue
            del rest[at]
            if at == 0 and rest:
                rest[0] = replace(rest[0], gap=running.gap)
        if rest:
            kept.append(rest)
    return tuple(line for lines in _without_foreign_lines(kept) for line in lines), found


def _without_foreign_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without page numbers, and without lines with the case number that all pages repeat at one place."""
    if len(pages) == 1:
        return [_without_counters(pages[0])]
    for at in (-1, 0):
        # A foot may be given as two lines: its words and the number.
        while all(len(lines) > 1 for lines in pages) and (repeated := _foreign(pages, at)):
            for lines in repeated:
                running = lines.pop(at)
                if at == 0:
                    lines[0] = replace(lines[0], gap=running.gap)
    return pages


def _foreign(pages: list[list[Line]], at: int) -> list[list[Line]]:
    """The pages whose line at `at`, -1 or 0, is a running one; the first page may do without a number."""
    numbered = [lines for lines in pages if _counts(lines[at])]
    if len(numbered) == len(pages) or (len(pages) > 2 and numbered == pages[1:]):
        return numbered
    words = {re.sub(rf"\b{lines[at].page}$", "", lines[at].text).rstrip() for lines in pages}
    if len(words) == 1 and _CASE_NUMBER.search(words.pop()):
        return pages if at else pages[1:]  # the first page opens with the header, which has the case number as well
    return []


def _counts(line: Line) -> bool:
    match = _PAGE_COUNTER.fullmatch(line.text)
    return match is not None and int(match["page"]) == line.page


def _without_counters(lines: list[Line]) -> list[Line]:
    """The lines of a single page, or of a text without form feeds: numbers alone on their lines part its pages when
    they count from one and the last of them ends the text."""
    places = [at for at, line in enumerate(lines) if _PAGE_COUNTER.fullmatch(line.text)]
    numbers = [match["page"] for at in places if (match := _PAGE_COUNTER.fullmatch(lines[at].text))]
    is_last = bool(places) and places[-1] == len(lines) - 1 and _stands_apart(lines)
    if is_last and numbers == [str(number) for number in range(1, len(numbers) + 1)]:
        lines = [
            replace(line, gap=Gap.PAGE) if at - 1 in places else line
            for at, line in enumerate(lines)
            if at not in places
        ]
    return lines[:-1] if _ONLY_FOOT.fullmatch(lines[-1].text) and _stands_apart(lines) else lines


def _stands_apart(lines: list[Line]) -> bool:
    """Whether the last line can hardly be the end of the sentence before it."""
    if len(lines) < 2:
        return False
    before = lines[-2]
    return lines[-1].gap is not Gap.NONE or before.ends_sentence or _ONLY_FOOT.fullmatch(before.text) is not None
