"""The leak test of a public copy: what in it would tell who somebody of the case is (LC 4610.6(m))."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from cases.enums import Outcome
from cases.models import Case
from imr.core import pdf_metadata, pdf_text
from reviews.enums import CitationSide
from reviews.letters import FinalDeterminationLetter, GuidelineBlock, ItemShape, LetterItem
from reviews.models import Assignment
from reviews.rules.leak_patterns import words_of
from reviews.rules.leaks import LeakHit, find_leaks
from reviews.selectors.publication import known_facts
from reviews.selectors.template import wording_of
from reviews.services.identity_check import find_own_identity
from reviews.services.rendering import render_letter_pdf

CAPITAL = "capital"
_SENTENCES = re.compile(r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<=[.!?])\s+|\n{2,}")


def leaks_in(letter: FinalDeterminationLetter, data: bytes, case: Case) -> tuple[LeakHit, ...]:
    """What in a public letter, or in its PDF, identifies somebody of `case`; the organization must be loaded.

    The texts are searched as they were written, then what the finished file shows and says of itself.
    """
    texts = {place: text for place, text in letter.texts() if text}
    finished = {f"Page {number}": text for number, text in enumerate(pdf_text.page_texts(data), start=1)}
    finished["Properties of the file"] = "\n".join(pdf_metadata.metadata_texts(data))
    facts = known_facts(case)
    ordinary = _fixed_words(letter.template_version, letter.organization_name, letter.reviewer_guideline_label)
    hits = [*find_leaks(texts, facts, ordinary=ordinary), *_reviewers(texts, case)]
    known = {hit.key for hit in hits}
    # What stands in a text stands on a page, too: once is enough. The rest of a page is fixed sentences.
    hits += [
        hit
        for hit in find_leaks(finished, facts, ordinary=ordinary)
        if hit.key not in known and not ordinary.issuperset(words_of(hit.found))
    ]
    in_texts = {hit.kind for hit in hits}
    hits += [hit for hit in _reviewers(finished, case) if hit.kind not in in_texts]
    return tuple(hits)


@lru_cache(maxsize=16)
def _fixed_words(template_version: str, organization_name: str, label: str) -> frozenset[str]:
    """The words of the letter's fixed sentences and labels: they are everywhere and point at nobody."""
    day = date(2000, 1, 1)
    outcomes = [outcome for outcome in Outcome for _ in range(2)]
    empty = FinalDeterminationLetter(
        template_version=template_version,
        organization_name=organization_name,
        reviewer_guideline_label=label,
        case_number="",
        date_assigned=day,
        date_of_injury=day,
        decision_date=day,
        ur_denial_date=day,
        priority="",
        application_received=day,
        states_of_licensure=(),
        certifications=(),
        clinical_case_summary="-",
        items=tuple(
            LetterItem(
                position=position,
                shape=ItemShape.PLAIN,
                is_retrospective=False,
                text="-",
                outcome=outcome,
                claims_administrator=GuidelineBlock(CitationSide.CLAIMS_ADMINISTRATOR, basis=None),
                reviewer=GuidelineBlock(CitationSide.REVIEWER, basis=None),
                rationale="-",
            )
            for position, outcome in enumerate(outcomes, start=1)
        ),
    )
    said = [*pdf_text.page_texts(render_letter_pdf(empty).data), *wording_of(template_version).said.values()]
    return frozenset(word for text in said for word in words_of(text))


def _reviewers(texts: dict[str, str], case: Case) -> Iterator[LeakHit]:
    """Where a reviewer of the case can be recognized. The check says what kind of fact it found and never which, so
    each sentence is asked for by itself; what only the whole text shows is reported without a sentence.
    """
    for reviewer_id in Assignment.objects.filter(case=case).values_list("reviewer_id", flat=True).distinct():
        for place, text in texts.items():
            yield from _reviewer_in(place, text, reviewer_id)


def _reviewer_in(place: str, text: str, reviewer_id: int) -> Iterator[LeakHit]:
    simple = unicodedata.normalize("NFKC", text).translate(_SPELLING)
    whole = find_own_identity(reviewer_id=reviewer_id, texts=_spellings("", simple))
    if not whole:
        return
    sentences = _SENTENCES.split(simple)
    asked = {key: value for index, part in enumerate(sentences) for key, value in _spellings(str(index), part).items()}
    found = find_own_identity(reviewer_id=reviewer_id, texts=asked)
    # With capitals put in, a family name that is an ordinary word is found as well: a person has to look.
    told: dict[tuple[str, str], bool] = {}
    for key, kinds in found.items():
        index, _, spelling = key.partition(":")
        for kind in kinds:
            hit = (kind, sentences[int(index)])
            told[hit] = told.get(hit, False) or spelling != CAPITAL
    in_sentences = {kind for kind, _ in told}
    for key, kinds in whole.items():
        told |= {(kind, ""): key.partition(":")[2] != CAPITAL for kind in kinds if kind not in in_sentences}
    for (kind, sentence), is_certain in sorted(told.items()):
        what = kind.replace("your", "the reviewer's", 1)
        yield LeakHit(
            kind=what, place=place, start=0, end=0, found=sentence, before="", after="", is_certain=is_certain
        )


# Soft hyphens and other invisible marks, and typographic quotes and hyphens.
_SPELLING = {ord(mark): None for mark in "\u00ad\u200b\u200c\u200d\u2060\ufeff"} | {
    0x2019: "'",
    0x2018: "'",
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
}


def _spellings(key: str, text: str) -> dict[str, str]:
    """The text as it is, with words joined that a line breaks, and with every word capitalized."""
    joined = re.sub(r"-[ \t]*\n[ \t]*", "", text)
    glued = re.sub(r"(?<=[^\W\d_])[ \t]*\n[ \t]*(?=[^\W\d_])", "", joined)
    return {
        f"{key}:written": text,
        f"{key}:joined": joined,
        f"{key}:glued": glued,
        f"{key}:{CAPITAL}": " ".join(word.capitalize() for word in joined.split()),
    }
