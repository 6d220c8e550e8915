"""What a guideline block cites. Best effort beside the text, which is kept as written whatever is found here."""

import re
from collections.abc import Collection
from itertools import pairwise

from cases.enums import GuidelineBasis
from reviews.letters.reader.grammar import Grammar, phrase
from reviews.letters.reader.result import BlockFacts, ChapterCitation, OutsideCitation

_MTUS = re.compile(r"\bDecision\s+based\s+on\s+MTUS\b\s*", re.IGNORECASE)
_OUTSIDE = re.compile(r"\bDecision\s+based\s+on\s+Non-?\s*MTUS\b\s*(?:Citations?\b)?[\s:]*", re.IGNORECASE)
_NEXT_CHAPTER = re.compile(r",\s+and\s+(?=[A-Z][^:]{2,90}?\s(?:19|20)\d{2}\b|[A-Z][^:]{2,90}?\bSection\(s\):)")
_CHAPTER = re.compile(
    r"(?P<chapter>[A-Z].{2,120}?),?\s+(?P<year>(?:19|20)\d{2})\b(?:\s+Guidelines)?"
    r"(?:\s*,?\s*Section\(s\)\s*:\s*(?P<sections>.+))?",
    re.DOTALL,
)
_REGULATION = re.compile(
    r"(?P<chapter>[A-Z].{2,120}?),?\s+8\s*C\.?C\.?R\.?\s.*?\(\s*Effective\s+[A-Z][a-z]+\s+\d{1,2},\s*(?P<year>\d{4})\s*\)",
    re.DOTALL,
)
_SECTIONS = re.compile(r"Section\(s\)\s*:\s*(?P<sections>.+?)\s*$", re.DOTALL)
_PAGES = re.compile(r"\b(?:Page\(s\)|[Pp]ages?|[Pp]p?\.)\s*:?\s*(?P<pages>\d+(?:\s*[,;–-]\s*\d+)*(?:\s+of\s+\d+)?)")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]’']", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19[5-9]|20[0-4])\d\b")


def block_facts(
    text: str, grammar: Grammar, *, chapters: Collection[str] = (), sections: Collection[str] = ()
) -> BlockFacts:
    """What one side rested on. `chapters` and `sections` are known names, which may hold commas: they let a list of
    sections be taken apart; without them a list is kept whole."""
    folded = " ".join(text.split())
    lead = _lead(folded, (*grammar.none_leads, *grammar.outside_leads))
    mtus_text, outside_text = _sentences(folded, grammar)
    mtus = tuple(_chapter(part, sections) for part in _clauses(mtus_text, chapters))
    outside = (_outside(outside_text),) if outside_text else ()
    return BlockFacts(
        basis=_basis(lead, grammar, has_mtus=bool(mtus_text), has_outside=bool(outside_text)),
        lead=lead,
        mtus=mtus,
        outside=outside,
    )


def _lead(text: str, leads: tuple[str, ...]) -> str:
    for lead in sorted(leads, key=len, reverse=True):
        if found := re.match(phrase(lead), text):
            return found.group()
    return ""


def _basis(lead: str, grammar: Grammar, *, has_mtus: bool, has_outside: bool) -> GuidelineBasis | None:
    if has_mtus:
        return GuidelineBasis.BOTH if has_outside else GuidelineBasis.MTUS
    if has_outside or lead in grammar.outside_leads:
        return GuidelineBasis.NON_MTUS
    return GuidelineBasis.NONE if lead in grammar.none_leads else None


def _sentences(text: str, grammar: Grammar) -> tuple[str, str]:
    """What follows "Decision based on MTUS" and "Decision based on Non-MTUS Citation", or our words for them."""
    outside = _OUTSIDE.search(text) or _first(text, grammar.outside_phrases)
    mtus = _MTUS.search(text) or _first(text, grammar.mtus_phrases)
    if mtus and outside and outside.start() <= mtus.start() < outside.end():
        mtus = None
    mtus_end = outside.start() if mtus and outside and outside.start() > mtus.start() else len(text)
    outside_end = mtus.start() if mtus and outside and mtus.start() > outside.start() else len(text)
    return (
        text[mtus.end() : mtus_end].strip() if mtus else "",
        text[outside.end() : outside_end].strip() if outside else "",
    )


def _first(text: str, phrases: tuple[str, ...]) -> re.Match[str] | None:
    found = [match for words in phrases if (match := re.search(phrase(words) + r"\s*", text))]
    return min(found, key=lambda match: (match.start(), -match.end()), default=None)


def _clauses(text: str, chapters: Collection[str]) -> list[str]:
    """The chapters of one sentence, each with its sections; ", and" parts them where a chapter and a year follow."""
    if not text:
        return []
    cuts = [match.end() for match in _NEXT_CHAPTER.finditer(text)]
    for name in chapters:
        cuts += [match.end() for match in re.finditer(r",\s+and\s+(?=" + phrase(name) + r")", text)]
    inside = [match.span() for name in chapters if ", and " in name for match in re.finditer(phrase(name), text)]
    if not inside:
        inside = [match.span() for match in re.finditer(r"Forearm,\s+Wrist,\s+and\s+Hand\b", text)]
    kept = sorted({cut for cut in cuts if not any(start < cut < end for start, end in inside)})
    edges = [0, *kept, len(text)]
    clauses = [text[start:end].strip() for start, end in pairwise(edges)]
    return [re.sub(r",\s+and$", "", clause) for clause in clauses if clause]


def _chapter(clause: str, known: Collection[str]) -> ChapterCitation:
    found = _REGULATION.match(clause) or _CHAPTER.match(clause)
    sections = _SECTIONS.search(clause)
    pages = _PAGES.search(clause)
    name = found["chapter"].strip(" ,") if found else re.split(r",?\s*Section\(s\)\s*:", clause)[0].rstrip(" .,")
    return ChapterCitation(
        text=clause,
        chapter=name,
        year=int(found["year"]) if found else None,
        sections=_section_names(sections["sections"], known) if sections else (),
        pages=" ".join(pages["pages"].split()).rstrip(" ,;-") if pages else "",
    )


def _section_names(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The sections one by one where every one of them is a known name, else one text with all."""
    whole = text.strip().removesuffix(".").strip()
    names = sorted((name for name in known if name), key=len, reverse=True)
    rest, found = whole, []
    while rest:
        name = next((n for n in names if rest.casefold().startswith(n.casefold())), None)
        if name is None or (len(rest) > len(name) and not rest[len(name) :].lstrip().startswith(",")):
            return (whole,)
        found.append(rest[: len(name)])
        rest = rest[len(name) :].lstrip(" ,")
    return tuple(found)


def _outside(text: str) -> OutsideCitation:
    links = tuple(match.group() for match in _LINK.finditer(text))
    plain = _LINK.sub(" ", text)
    pages = _PAGES.search(plain)
    return OutsideCitation(
        text=text,
        links=links,
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(plain))),
        pages=" ".join(pages["pages"].split()).rstrip(" ,;-") if pages else "",
    )
