"""What a rationale says is not in the record, looked for in the record."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reviews.rules.checks.determination import (
    CheckedDetermination,
    CheckedItem,
    CheckFinding,
    PageMention,
    Severity,
    advice,
    short,
)
from reviews.rules.checks.sentences import sentences

_EVIDENCE = (
    r"(?:documentation|documented|evidence|mention|indication|record|report|discussion|description"
    r"|notation|history|sign|"
    r"proof|objective|clear|current|recent|specific|adequate|sufficient|clinical|subjective)"
)
_AFTER = re.compile(
    rf"\b(?:no|without|lack of|lacks|lacking|absence of|insufficient|nor(?: is there)?(?: any)?|not any"
    rf"|any)\s+(?:\w+\s+){{0,3}}?"
    rf"(?:{_EVIDENCE}\s+){{0,3}}(?:documentation|documented|evidence|mention|indication|records?|reports?"
    rf"|discussion|description"
    r"|notation|history|signs?|proof|findings?)\s+(?:\w+ly\s+)?(?:of|that|for|regarding|concerning"
    r"|showing|demonstrating"
    r"|indicating|to (?:support|show|suggest|indicate)|as to|supporting|on|about)\s+(?P<what>[^.;:]+)"
    r"|\bno documented\s+(?P<documented>[^.;:]+)"
    r"|\b(?:do|does|did)(?:\s+not|n['’]t)\s+(?:\w+ly\s+)?(?:document|show|mention|describe|note|indicate"
    r"|demonstrate|contain"
    r"|include|report|reveal|provide|support|establish|discuss|specify|identify)\w*\s+(?P<object>[^.;:]+)",
    re.IGNORECASE,
)
_STATED = (
    r"(?:documented|noted|described|mentioned|provided|recorded|demonstrated|reported|included|discussed"
    r"|given|seen|shown"
    r"|identified|submitted|found|on (?:file|record)|(?:present )?in the (?:file|records?|chart|reports?))\b(?! to\b)"
)
_BEFORE = re.compile(
    rf"(?P<what>(?:[\w’'/-]+\s+){{1,9}}?[\w’'/-]+)\s+(?:is|are|was|were|has|have)(?:\s+not"
    rf"|n['’]t)(?:\s+been)?\s+(?:\w+ly\s+)?{_STATED}"
    rf"|\b(?:no|neither)\s+(?P<there>[^.;:,]+?)\s+(?:(?:is|are|was|were|has been"
    rf"|have been)\s+)?(?:\w+ly\s+)?{_STATED}"
    r"|\b(?:file|records?|chart|reports?|documentation|notes?)\s+(?:\w+\s+)?(?:lacks?|omits?|(?:is"
    r"|are) (?:missing|silent (?:on|about))"
    r"|(?:contains?|holds?|shows?|provides?|gives?) no)\s+(?P<lacking>[^.;:]+)",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\b(?:in the|within the|from the|on the (?:most|physical)|at this|which|that would|to (?:support"
    r"|justify|warrant|suggest)"
    r"|and (?:the|there|this|it|no)|but|or (?:that|why|how)|since|because|prior to|before|after|despite"
    r"|therefore|thus|so"
    r"|as (?:required|a result|there)|would|with regard|for this|who|during|since|such as)\b",
    re.IGNORECASE,
)
_EMPTY_TEXT = """
    a an the any of for in on to and or with without no not such this that these those there their his her its from
    by as at is are was were be been being has have had do does did patient patients worker injured claimant
    applicant employee documentation documented document evidence record records medical report reports note notes
    noted clear clearly objective recent current specific significant adequate sufficient prior previous previously
    additional further other why how what when whether if it he she they request requested requests treatment
    treatments need needs needed medically necessary necessity would could should may might can been provided
    provide provider physician file submitted available review reviewed indication indicating clinical information
    rationale reason use case time which more than also given either least all each within during same new been any
    some
"""
_EMPTY = frozenset(_EMPTY_TEXT.split())
_LEADING = re.compile(r"^(?:(?:and|or|but|that|the|any|an?)\s+)+", re.IGNORECASE)
_MOST_TERMS = 4


@dataclass(frozen=True, slots=True)
class Absence:
    """What is said not to be there: the words as written, and the terms to look for."""

    words: str
    terms: tuple[str, ...]
    sentence: str


def check_record(determination: CheckedDetermination) -> list[CheckFinding]:
    """What is said to be missing is not on a page of the record, or the pages that mention it are listed.

    A page that says itself that it is not there is left out; where all do, that is a note.
    Without a record to look in, the phrases are listed as notes.
    """
    return [finding for item in determination.items for finding in _check(item, determination)]


def absences(rationale: str) -> tuple[Absence, ...]:
    """Every "no documentation of X", "without evidence of X", "does not show X" of the rationale, each X once."""
    found: dict[tuple[str, ...], Absence] = {}
    for sentence in sentences(rationale):
        if sentence.is_guideline:
            continue
        for words in _missing(sentence.text):
            terms = _terms(words)
            if terms:
                found.setdefault(terms, Absence(words, terms, sentence.text))
    return tuple(found.values())


def _check(item: CheckedItem, determination: CheckedDetermination) -> Iterable[CheckFinding]:
    for absence in absences(item.rationale):
        looked_for = " ".join(absence.terms)
        if determination.pages is None:
            words = f"Said not to be in the record: “{absence.words}”. There is no record here to look in."
            yield CheckFinding(
                "not_in_record",
                item.position,
                Severity.NOTE,
                words,
                short(absence.sentence),
                "rationale",
                {"terms": list(absence.terms)},
            )
            continue
        found = list(determination.pages(absence.terms))
        # What the record denies itself, the rationale says rightly.
        pages = [page for page in found if not page.is_denied]
        if found and not pages:
            words = f"Said not to be in the record: “{absence.words}”. {_where(found)} “{looked_for}” as absent, too."
            yield CheckFinding(
                "not_in_record",
                item.position,
                Severity.NOTE,
                words,
                short(absence.sentence),
                "rationale",
                {"terms": list(absence.terms)},
            )
        elif pages:
            yield advice(
                "not_in_record",
                item.position,
                f"Said not to be in the record: “{absence.words}”. {_where(pages)} “{looked_for}”.",
                absence.sentence,
                terms=list(absence.terms),
                pages=[{"document": page.document, "page": page.page, "snippet": page.snippet} for page in pages],
            )


def _where(pages: list[PageMention]) -> str:
    first = f"{pages[0].document}, page {pages[0].page},"
    if len(pages) == 1:
        return f"{first} mentions"
    more = len(pages) - 1
    return f"{first} and {more} other page{'s' if more > 1 else ''} mention"


def _missing(sentence: str) -> Iterable[str]:
    for pattern in (_AFTER, _BEFORE):
        for match in pattern.finditer(sentence):
            words = next(value for value in match.groupdict().values() if value)
            kept = _LEADING.sub("", _CUT.split(words, maxsplit=1)[0].strip(" ,-"))
            if kept:
                yield kept


def _terms(words: str) -> tuple[str, ...]:
    """The words of a phrase that can be looked for, at most four; the first part of a list."""
    first = re.split(r",|\bor\b", words)[0]
    terms = [word for word in re.findall(r"[a-z0-9][a-z0-9/-]*[a-z0-9]", first.lower()) if word not in _EMPTY]
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]
