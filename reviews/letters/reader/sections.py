"""Where the parts of a letter start and end, and its credentials and summary."""

import re
from dataclasses import dataclass

from reviews.letters.reader.grammar import (
    CERTIFICATIONS_LABEL,
    STATES_LABEL,
    Grammar,
    heading_line,
    phrase,
)
from reviews.letters.reader.result import Problem, ProblemKind, UnreadableLetterError
from reviews.letters.reader.script import Gap, Script

_LEAD_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the script's text, as two offsets."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of an F1 letter. `header` ends where the text on how the determination was made begins; `items`
    runs to the end of the letter. Lead sentences are outside of `summary` and `items`."""

    header: Span
    how: Span
    credentials: Span
    summary: Span
    items: Span
    problems: tuple[Problem, ...]


def sections_of(script: Script, grammar: Grammar) -> Sections:
    """The parts of the letter. Raises `UnreadableLetterError` for a heading that is missing."""
    problems: list[Problem] = []
    how = _heading(script, grammar.how_headings, (), 0, problems)
    summary = _heading(script, grammar.summary_headings, grammar.summary_leads, how.end, problems)
    items = _heading(script, grammar.items_headings, grammar.items_leads, summary.end, problems)
    leads = _known_lead(grammar.credentials_leads)
    credentials = leads.search(script.text, how.end, summary.start)
    states = STATES_LABEL.search(script.text, how.end, summary.start)
    if credentials is None and states is None:
        raise UnreadableLetterError("Expected “State(s) of Licensure:”.", script.place(how.end))
    start = credentials.start() if credentials else (states.start() if states else how.end)
    summary_start = _after_lead(script, summary.end, items.start, grammar.summary_leads, problems)
    items_start = _after_lead(script, items.end, len(script.text), grammar.items_leads, problems)
    return Sections(
        header=Span(0, how.start),
        how=Span(how.end, start),
        credentials=Span(start, summary.start),
        summary=Span(summary_start, items.start),
        items=Span(items_start, len(script.text)),
        problems=tuple(problems),
    )


def credentials_of(script: Script, span: Span) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States of licensure and certifications, in the order printed. Raises `UnreadableLetterError` without a label."""
    states = STATES_LABEL.search(script.text, span.start, span.end)
    certifications = CERTIFICATIONS_LABEL.search(script.text, span.start, span.end)
    if states is None or certifications is None:
        label = "State(s) of Licensure:" if states is None else "Certification(s)/Specialty:"
        raise UnreadableLetterError(f"Expected “{label}”.", script.place(span.start))
    if states.end() <= certifications.start():
        state_span, certification_span = (states.end(), certifications.start()), (certifications.end(), span.end)
    else:
        certification_span, state_span = (certifications.end(), states.start()), (states.end(), span.end)
    return _listed(script.piece(*state_span)), _listed(script.piece(*certification_span))


def organization_of(script: Script, how: Span) -> str:
    """The organization as the text on how the determination was made names it; empty when it cannot be told."""
    text = " ".join(script.piece(how.start, how.end).split())
    found = re.match(r"(?P<name>[A-Z].{1,120}?)\s+(?:sent|gave|has|forwarded|provided|submitted|assigned)\b", text)
    return found["name"] if found else ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for raw in " ".join(text.split()).split(",") if (part := raw.strip()))


def _known_lead(leads: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\s*(?:" + "|".join(phrase(lead) for lead in leads) + r")\s*")


def _heading(
    script: Script, headings: tuple[str, ...], leads: tuple[str, ...], start: int, problems: list[Problem]
) -> Span:
    """The heading after `start`. Where a text repeats it, bold type or the lead below tells which one it is."""
    found = list(heading_line(headings).finditer(script.text, start))
    if script.is_pdf and any(script.is_bold_at(match.start()) for match in found):
        found = [match for match in found if script.is_bold_at(match.start())]
    if len(found) > 1 and leads:
        with_lead = [match for match in found if _known_lead(leads).match(script.text, match.end())]
        found = with_lead or found
    if not found:
        raise UnreadableLetterError(f"Expected the heading “{headings[0]}”.", script.place(start))
    if len(found) > 1:
        words = f"The heading “{headings[0]}” is there {len(found)} times; which one starts the part is uncertain."
        problems.append(Problem(ProblemKind.UNCERTAIN, script.place(found[0].start()), words))
    return Span(found[0].start(), found[0].end())


def _after_lead(script: Script, start: int, end: int, leads: tuple[str, ...], problems: list[Problem]) -> int:
    """Where the text after the lead sentence starts: a known one, or the paragraph below the heading that ends with
    a colon."""
    if known := _known_lead(leads).match(script.text, start, end):
        return known.end()
    index = script.index_at(start)
    first = index + 1 if script.starts[index] < start else index
    for at in range(first, min(first + 5, len(script.lines))):
        line = script.lines[at]
        line_end = script.starts[at] + len(line.text)
        if line_end > end or line_end - start > _LEAD_LENGTH:
            break
        if at > first and (line.gap is Gap.BLANK or script.lines[at - 1].ends_sentence):
            break
        if line.text.endswith(":"):
            follows = at + 1 < len(script.lines) and script.lines[at + 1].gap is not Gap.NONE
            if not follows:
                words = "The lead sentence is not a known one; where the text after it starts is uncertain."
                problems.append(Problem(ProblemKind.UNCERTAIN, script.place(start), words))
            return line_end
    return start
