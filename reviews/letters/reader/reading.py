"""From bytes or text to a `ReadLetter`."""

import re
from collections.abc import Collection, Iterable

from imr.core.pdf_text import PdfTextError, read_pdf
from reviews.letters.exchange import ExchangedDetermination, ExchangedItem
from reviews.letters.reader.citations import block_facts
from reviews.letters.reader.facts import codes_in, dates_in, is_retrospective, item_parts
from reviews.letters.reader.grammar import PUBLISHED_LABEL, Grammar, grammar_of
from reviews.letters.reader.header import CASE, DATES, NAMES, PRIORITY, as_day, header_fields
from reviews.letters.reader.items import ItemSpans, items_of
from reviews.letters.reader.older import format_of, read_older
from reviews.letters.reader.result import (
    ItemFacts,
    LetterFormat,
    Problem,
    ProblemKind,
    ReadLetter,
    UnreadableLetterError,
)
from reviews.letters.reader.script import Script, script_of_pdf, script_of_text
from reviews.letters.reader.sections import Sections, Span, credentials_of, organization_of, sections_of
from reviews.letters.wording import LetterWording

MAX_CHARACTERS = 2_000_000
MAX_PAGES = 300

_WORDING_2015 = re.compile(r"did\s+not\s+base\s+their\s+decision\s+on\s+the\s+MTUS\.|MTUS\s+\(Effective\s+July")
_WORDING_2016 = re.compile(
    r"outside\s+of\s+the\s+MTUS\s+Guidelines\.|did\s+not\s+cite\s+any\s+medical\s+evidence|\b2016\b,?\s+Section\(s\)"
)


def read_letter(
    source: bytes | str,
    *,
    wordings: Iterable[LetterWording] = (),
    chapters: Collection[str] = (),
    sections: Collection[str] = (),
) -> ReadLetter:
    """The letter in `source`, the bytes of a PDF or the text of one in any extraction order.

    Texts are as written, paragraphs parted by blank lines, a line's end as one blank; a hyphen at a line's end stays
    and is followed by that blank (in our own letters, whose line ends say whether there was a blank, by none where
    there was none). `wordings` are the wordings of ours to know beside the published one; `chapters` and `sections`
    are known names that help to take citations apart.

    Raises `UnreadableLetterError` with a reason and a place. A letter that was read may still be doubtful: see
    `ReadLetter.is_certain`.
    """
    script = _script(source)
    grammar = grammar_of(wordings)
    form = format_of(script, grammar)
    if form is not LetterFormat.F1:
        return read_older(script, grammar, form)
    parts = sections_of(script, grammar)
    spans, doubts = items_of(script, parts.items, grammar)
    fields, is_sure = header_fields(script, parts.header.start, parts.header.end)
    determination = _determination(script, parts, spans, fields)
    problems = [*parts.problems, *doubts, *_notes(script, parts, spans)]
    if not is_sure:
        words = "The dates stand apart from their labels, and no order of them makes sense."
        problems.append(Problem(ProblemKind.UNCERTAIN, script.place(0), words))
    summary = determination.clinical_case_summary
    return ReadLetter(
        format=LetterFormat.F1,
        era=_era(script, spans[0].reviewer_label, determination.decision_date.year),
        case_number=determination.case_number,
        organization_name=organization_of(script, parts.how),
        reviewer_guideline_label=spans[0].reviewer_label,
        determination=determination,
        facts=item_facts(determination, grammar, chapters=chapters, sections=sections),
        summary_codes=codes_in(summary),
        summary_dates=dates_in(summary, "summary"),
        problems=tuple(problems),
    )


def item_facts(
    determination: ExchangedDetermination,
    grammar: Grammar,
    *,
    chapters: Collection[str] = (),
    sections: Collection[str] = (),
) -> tuple[ItemFacts, ...]:
    """What can be made of the items' texts, wherever they came from; see `read_letter` for the arguments."""
    return tuple(_facts(item, grammar, chapters, sections) for item in determination.items)


def _script(source: bytes | str) -> Script:
    if isinstance(source, bytes):
        try:
            script = script_of_pdf(read_pdf(source, max_pages=MAX_PAGES))
        except PdfTextError as error:
            raise UnreadableLetterError(str(error)) from error
    elif len(source) > MAX_CHARACTERS:
        raise UnreadableLetterError(f"The text has more than {MAX_CHARACTERS:,} characters; no letter has.")
    else:
        script = script_of_text(source)
    if not script.lines:
        raise UnreadableLetterError("The letter is empty.")
    return script


def _determination(
    script: Script, parts: Sections, spans: list[ItemSpans], fields: dict[str, str]
) -> ExchangedDetermination:
    place = script.place(parts.header.start)
    for name, label in NAMES.items():
        if name not in fields:
            raise UnreadableLetterError(f"Expected “{label}:” and its value in the header.", place)
    days = {name: as_day(fields[name], name, place) for name in DATES}
    states, certifications = credentials_of(script, parts.credentials)
    summary = _piece(script, parts.summary)
    if not summary:
        raise UnreadableLetterError(
            "Expected the text of the clinical case summary.", script.place(parts.summary.start)
        )
    return ExchangedDetermination(
        case_number=fields[CASE],
        priority=fields[PRIORITY],
        states_of_licensure=states,
        certifications=certifications,
        clinical_case_summary=summary,
        items=tuple(_item(script, item) for item in spans),
        **days,
    )


def _item(script: Script, item: ItemSpans) -> ExchangedItem:
    texts = {
        "the item's text": _piece(script, item.text),
        "Claims Administrator guideline": _piece(script, item.claims_administrator),
        item.reviewer_label: _piece(script, item.reviewer),
        "Decision rationale": _piece(script, item.rationale),
    }
    for (name, text), span in zip(
        texts.items(), (item.text, item.claims_administrator, item.reviewer, item.rationale), strict=True
    ):
        if not text:
            raise UnreadableLetterError(f"Item {item.position}: “{name}” is empty.", script.place(span.start))
    words, claims, reviewer, rationale = texts.values()
    return ExchangedItem(
        item=words,
        decision=item.outcome,
        claims_administrator_guideline=claims,
        reviewer_guideline=reviewer,
        decision_rationale=rationale,
    )


def _piece(script: Script, span: Span) -> str:
    return script.piece(span.start, span.end)


def _notes(script: Script, parts: Sections, spans: list[ItemSpans]) -> list[Problem]:
    """Where a wide gap in running text may be a redaction, which no extraction shows otherwise."""
    places: list[tuple[Span, int | None, str]] = [(parts.summary, None, "the summary")]
    for item in spans:
        whole = Span(item.text.start, item.rationale.end)
        places.append((whole, item.position, f"item {item.position}"))
    return [
        Problem(ProblemKind.NOTE, script.place(span.start), f"A wide gap in {name} may be a redaction.", item=position)
        for span, position, name in places
        if script.has_wide_gap(span.start, span.end)
    ]


def _era(script: Script, label: str, year: int) -> str:
    if label != PUBLISHED_LABEL:
        return "own"
    if _WORDING_2016.search(script.text):
        return "2016"
    if _WORDING_2015.search(script.text) or year <= 2015:
        return "2015"
    return "2016"


def _facts(item: ExchangedItem, grammar: Grammar, chapters: Collection[str], sections: Collection[str]) -> ItemFacts:
    shape, original, authorized, disputed = item_parts(item.item)
    dates = [
        fact
        for name, text in (
            ("item", item.item),
            ("claims_administrator_guideline", item.claims_administrator_guideline),
            ("reviewer_guideline", item.reviewer_guideline),
            ("decision_rationale", item.decision_rationale),
        )
        for fact in dates_in(text, name)
    ]
    return ItemFacts(
        shape=shape,
        original_request=original,
        authorized=authorized,
        disputed=disputed,
        is_retrospective=is_retrospective(item.item),
        claims_administrator=block_facts(
            item.claims_administrator_guideline, grammar, chapters=chapters, sections=sections
        ),
        reviewer=block_facts(item.reviewer_guideline, grammar, chapters=chapters, sections=sections),
        codes=codes_in(f"{item.item}\n{item.decision_rationale}"),
        dates=tuple(dates),
    )
