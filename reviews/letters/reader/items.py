"""The items of a letter: text, outcome, and the three labelled blocks."""

import re
from dataclasses import dataclass
from itertools import pairwise

from reviews.letters.reader.boundary import Boundary, bold_start, text_start
from reviews.letters.reader.grammar import (
    ANY_GUIDELINE_LABEL,
    CLAIMS_LABEL,
    DECIDED,
    RATIONALE_LABEL,
    Grammar,
    heading_line,
    phrase,
)
from reviews.letters.reader.result import Problem, ProblemKind, UnreadableLetterError
from reviews.letters.reader.script import Gap, Script
from reviews.letters.reader.sections import Span


@dataclass(frozen=True, slots=True)
class ItemSpans:
    """Where the parts of one item stand; the labels are outside of them."""

    position: int
    text: Span
    outcome: str
    claims_administrator: Span
    reviewer: Span
    reviewer_label: str
    rationale: Span


@dataclass(frozen=True, slots=True)
class _Blocks:
    claims: Span
    reviewer: Span
    label: str
    rationale_start: int


def items_of(script: Script, span: Span, grammar: Grammar) -> tuple[list[ItemSpans], list[Problem]]:
    """The items between two offsets, and what is uncertain about them.

    An outcome counts only where "Claims Administrator guideline:" follows; the last colon before it ends the item's
    text. In a PDF with bold labels only bold ones count. Raises `UnreadableLetterError` for a missing part.
    """
    problems: list[Problem] = []
    decided, is_bold = _decided(script, span)
    if not decided:
        reason = "Expected an item, “: Upheld” or “: Overturned”, and then “Claims Administrator guideline:”."
        raise UnreadableLetterError(reason, script.place(span.start))
    _check_decided(script, Span(span.start, decided[0].start()), is_bold=is_bold)
    end = _end_of_items(script, decided[-1].end(), span.end, grammar, problems, is_bold=is_bold)
    # Bold type says where an item starts before anything else is known of the one before it.
    told = [bold_start(script, before.end(), match.start()) if is_bold else None for before, match in pairwise(decided)]
    ends = [start.start if start else match.start() for start, match in zip(told, decided[1:], strict=True)]
    blocks = [
        _blocks(script, Span(match.end(), until), position, grammar, problems, is_bold=is_bold)
        for position, (match, until) in enumerate(zip(decided, [*ends, end], strict=True), start=1)
    ]
    if len({one.label for one in blocks}) > 1:
        names = ", ".join(f"“{label}:”" for label in dict.fromkeys(one.label for one in blocks))
        problems.append(
            Problem(ProblemKind.UNCERTAIN, script.place(decided[0].start()), f"The reviewer's label changes: {names}.")
        )
    starts = [Boundary(span.start)]
    for position, (start, block, match) in enumerate(zip(told, blocks, decided[1:], strict=False), start=2):
        boundary = start or text_start(script, block.rationale_start, match.start())
        if boundary.doubt:
            place = script.place(boundary.start)
            problems.append(Problem(ProblemKind.UNCERTAIN, place, boundary.doubt, item=position))
        starts.append(boundary)
    found = []
    for position, (match, block, start) in enumerate(zip(decided, blocks, starts, strict=True), start=1):
        until = starts[position].start if position < len(decided) else end
        found.append(
            ItemSpans(
                position=position,
                text=Span(start.start, match.start()),
                outcome=match["outcome"],
                claims_administrator=block.claims,
                reviewer=block.reviewer,
                reviewer_label=block.label,
                rationale=Span(block.rationale_start, until),
            )
        )
    return found, problems


def _decided(script: Script, span: Span) -> tuple[list[re.Match[str]], bool]:
    """Every outcome that counts, and whether bold type told them."""
    found = list(DECIDED.finditer(script.text, span.start, span.end))
    if script.is_pdf:
        in_bold = [match for match in found if script.is_bold_at(match.start("label"))]
        # Beside an outcome in regular type, one in bold type belongs to the text of an item.
        regular = [match for match in in_bold if not script.is_bold_at(match.start("outcome"))]
        if in_bold:
            return regular or in_bold, True
    return found, False


def _blocks(
    script: Script, span: Span, position: int, grammar: Grammar, problems: list[Problem], *, is_bold: bool
) -> _Blocks:
    start, end = span.start, span.end
    _check_decided(script, span, is_bold=is_bold)
    labels = _reviewer_labels(script, start, end, grammar, is_bold=is_bold)
    rationales = [
        match
        for match in RATIONALE_LABEL.finditer(script.text, start, end)
        if not is_bold or script.is_bold_at(match.start())
    ]
    if not rationales:
        raise UnreadableLetterError(f"Item {position}: expected “Decision rationale:”.", script.place(start))
    before = [label for label in labels if label.start() < rationales[0].start()]
    if not before:
        reason = f"Item {position}: expected the reviewer's label, such as “MAXIMUS guideline:”."
        raise UnreadableLetterError(reason, script.place(start))
    if len(labels) > 1 or len(rationales) > 1:
        name = "Decision rationale" if len(rationales) > 1 else before[0]["label"]
        words = f"“{' '.join(name.split())}:” is there more than once; where the block starts is uncertain."
        problems.append(Problem(ProblemKind.UNCERTAIN, script.place(before[0].start()), words, item=position))
    label = before[0]
    return _Blocks(
        claims=Span(start, label.start()),
        reviewer=Span(label.end(), rationales[0].start()),
        label=" ".join(label["label"].split()),
        rationale_start=rationales[0].end(),
    )


def _check_decided(script: Script, span: Span, *, is_bold: bool) -> None:
    """Raises `UnreadableLetterError` for a claims administrator's label between the items: that of an item whose
    outcome cannot be read, which would else become a part of another item."""
    for label in CLAIMS_LABEL.finditer(script.text, span.start, span.end):
        at = label.start()
        if at == script.starts[script.index_at(at)] and (not is_bold or script.is_bold_at(at)):
            reason = "Expected “: Upheld” or “: Overturned” before “Claims Administrator guideline:”."
            raise UnreadableLetterError(reason, script.place(at))


def _reviewer_labels(script: Script, start: int, end: int, grammar: Grammar, *, is_bold: bool) -> list[re.Match[str]]:
    """The lines that start with the reviewer's label: a known one, else anything that ends in "guideline:"."""
    known = re.compile(
        r"^(?P<label>" + "|".join(phrase(label) for label in grammar.reviewer_labels) + r")\s*:", re.MULTILINE
    )
    for pattern in (known, ANY_GUIDELINE_LABEL):
        found = [
            match
            for match in pattern.finditer(script.text, start, end)
            if not is_bold or script.is_bold_at(match.start())
        ]
        found = [match for match in found if not CLAIMS_LABEL.match(match.group())]
        if found:
            return found
    return []


def _end_of_items(
    script: Script, start: int, end: int, grammar: Grammar, problems: list[Problem], *, is_bold: bool
) -> int:
    """Where the last rationale ends: at the end of the letter, or at the heading of a part that ours add to it, which
    opens a page."""
    found = [match.start() for match in heading_line(grammar.own_headings).finditer(script.text, start, end)]
    opening = [at for at in found if script.lines[script.index_at(at)].gap is Gap.PAGE]
    if is_bold:
        opening = [at for at in opening if script.is_bold_at(at)]
    if not opening and found and not is_bold and script.is_own:
        words = "A line is like the heading of another part; whether the rationale ends there is uncertain."
        problems.append(Problem(ProblemKind.UNCERTAIN, script.place(found[0]), words))
    return opening[0] if opening else end
