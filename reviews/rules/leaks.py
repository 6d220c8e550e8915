"""The leak test of a public copy: does a text hold anything that identifies a person of the case? Pure.

What is known of the case is looked for first, in every form that `leak_patterns` has; then what only looks like it (a
social security number, "MRN 12345", "Dr. Somebody"). A certain hit must be taken out. A possible one, an ordinary
word that is also a name, must be taken out or confirmed by a person with a reason (LC 4610.6(m)).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from reviews.rules import leak_patterns as patterns

LONGEST_KEY = 300
AROUND = 40  # characters of a snippet on each side
REDACTED = "[redacted]"


class FactForm(StrEnum):
    """How a known fact is looked for."""

    PERSON = "person"
    FIRM = "firm"
    NUMBER = "number"
    PHONE = "phone"
    EMAIL = "email"
    STREET = "street"
    CITY = "city"
    ZIP_CODE = "zip_code"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Something known of the case. `kind` says what in words; a person's name is in three parts, the rest in `value`.

    A day is in ISO form.
    """

    kind: str
    form: FactForm
    value: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class LeakHit:
    """One finding. `place` is in words; `start` and `end` count characters of that place's text.

    `found` is the text as it stands there, `before` and `after` a little of what is around it.
    """

    kind: str
    place: str
    start: int
    end: int
    found: str
    before: str
    after: str
    is_certain: bool

    @property
    def key(self) -> str:
        """What a person's confirmation refers to: the same words of the same kind, wherever they stand."""
        words = " ".join(patterns.plain(self.found)[0].split())
        if len(words) > LONGEST_KEY:
            words = hashlib.sha256(words.encode()).hexdigest()
        return f"{self.kind}: {words}"

    def to_data(self) -> dict[str, Any]:
        """Plain values that JSON can hold; `from_data` reads them back."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(**data)


_GENERIC: tuple[tuple[str, str, bool], ...] = (
    ("a number like a social security number", r"\d{3}\s*-\s*\d{2}\s*-\s*\d{4}", True),
    (
        "a number like a social security number",
        r"(?:ssn|social security(?: number| no\.?)?)\W{0,3}\d[\d\s-]{7,12}",
        True,
    ),
    ("an e-mail address", r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", True),
    ("a medical record number", r"(?:mrn|medical record (?:number|no\.?))\W{0,3}[a-z0-9-]*\d[a-z0-9-]*", True),
    (
        "a date of birth",
        (
            r"(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\W{0,3}"
            r"(?:\d{1,2}\W\d{1,2}\W\d{2,4}|[a-z]{3,9}\.? \d{1,2},? \d{4})"
        ),
        True,
    ),
    ("a telephone number", r"(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]\s?\d{3}[\s.-]\d{4}", False),
    ("a number of nine digits", r"\d{9}", False),
    ("a claim number", r"(?:claim|policy|adj|eams)\s*(?:number|no\.?|#)\W{0,3}[a-z0-9-]*\d[a-z0-9-]*", False),
)
# In the text as written: a title and a word with a capital letter.
_TITLED = re.compile(
    r"(?<!\w)(?:Dr|Mr|Mrs|Ms|Miss|Prof|DR|MR|MRS|MS)\.?\s+(?:[A-Z]\.\s*)?[A-Z][\w'’-]+|"
    r"(?<!\w)[A-Z][\w'’-]+(?:\s+[A-Z]\.)?\s+[A-Z][\w'’-]+,?\s+(?:M\.?D|D\.?O|D\.?C|Ph\.?D|Psy\.?D|R\.?N|N\.?P|P\.?A-?C)\b"
)


_BY_FORM: Mapping[FactForm, Callable[[str], Iterable[tuple[str, bool]]]] = {
    FactForm.FIRM: patterns.firm,
    FactForm.NUMBER: patterns.number,
    FactForm.PHONE: patterns.telephone,
    FactForm.EMAIL: patterns.mail,
    FactForm.STREET: patterns.street,
    FactForm.CITY: patterns.city,
    FactForm.ZIP_CODE: patterns.zip_code,
}


def find_leaks(
    texts: Mapping[str, str], facts: Iterable[KnownFact], *, ordinary: frozenset[str] = frozenset()
) -> tuple[LeakHit, ...]:
    """Every known fact, and what looks like one, in the texts (place to text), in their order.

    A word of `ordinary` (in small letters: those of the letter's fixed sentences) is never a certain hit by itself.
    Of hits that overlap, the longer and more certain one is kept.
    """
    compiled = [(fact.kind, pattern, is_certain) for fact in facts for pattern, is_certain in _patterns_of(fact)] + [
        (kind, _bounded(pattern), is_certain) for kind, pattern, is_certain in _GENERIC
    ]
    hits: list[LeakHit] = []
    for place, text in texts.items():
        simple, places = patterns.plain(text)
        found = [
            _hit(kind, place, text, (places[match.start()], places[match.end() - 1] + 1), is_certain)
            for kind, pattern, is_certain in compiled
            for match in pattern.finditer(simple)
            if match.end() > match.start()
        ]
        found += [
            _hit("a person named with a title", place, text, match.span(), False) for match in _TITLED.finditer(text)
        ]
        hits += _widest(_weighed(hit, ordinary) for hit in found if _counts(hit, ordinary))
    return tuple(hits)


def occurrences(text: str, found: str) -> tuple[tuple[int, int], ...]:
    """Where `found` stands in `text`, in any letters and however spaced, as whole words."""
    wanted = patterns.plain(found)[0].split()
    if not wanted:
        return ()
    simple, places = patterns.plain(text)
    pattern = re.compile(
        (r"(?<!\w)" if wanted[0][0].isalnum() else "")
        + r"\s+".join(map(re.escape, wanted))
        + (r"(?!\w)" if wanted[-1][-1].isalnum() else "")
    )
    return tuple((places[match.start()], places[match.end() - 1] + 1) for match in pattern.finditer(simple))


def redact(text: str, found: str) -> str:
    """`text` with every occurrence of `found` replaced by `[redacted]`."""
    parts: list[str] = []
    end = 0
    for start, stop in occurrences(text, found):
        parts += [text[end:start], REDACTED]
        end = stop
    return "".join(parts) + text[end:]


def _patterns_of(fact: KnownFact) -> Sequence[tuple[re.Pattern[str], bool]]:
    return tuple((_bounded(pattern), is_certain) for pattern, is_certain in _spellings(fact))


def _spellings(fact: KnownFact) -> Iterable[tuple[str, bool]]:
    if fact.form == FactForm.PERSON:
        return patterns.person(fact.first, fact.middle, fact.last)
    if fact.form == FactForm.DAY:
        return patterns.day(date.fromisoformat(fact.value))
    return _BY_FORM[fact.form](fact.value)


@lru_cache(maxsize=2_000)
def _bounded(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{patterns.START}(?:{pattern}){patterns.END}")


def _hit(kind: str, place: str, text: str, span: tuple[int, int], is_certain: bool) -> LeakHit:
    start, end = span
    return LeakHit(
        kind=kind,
        place=place,
        start=start,
        end=end,
        found=text[start:end],
        before=text[max(0, start - AROUND) : start],
        after=text[end : end + AROUND],
        is_certain=is_certain,
    )


def _counts(hit: LeakHit, ordinary: frozenset[str]) -> bool:
    """An ordinary word in small letters is the word and not the name; so is a month before its day."""
    words = patterns.words_of(hit.found)
    if hit.kind not in _GENERIC_KINDS and len(words) == 1 and not any(letter.isdigit() for letter in hit.found):
        is_ordinary = words[0] in patterns.COMMON_WORDS or words[0] in ordinary or len(words[0]) <= 2
        is_month = words[0] in patterns.MONTHS and re.match(r"\W{0,2}\d", hit.after) is not None
        return not is_month and (not is_ordinary or hit.found[:1].isupper())
    return True


def _weighed(hit: LeakHit, ordinary: frozenset[str]) -> LeakHit:
    words = patterns.words_of(hit.found)
    if hit.is_certain and len(words) == 1 and words[0] in ordinary:
        return replace(hit, is_certain=False)
    return hit


def _widest(hits: Iterable[LeakHit]) -> list[LeakHit]:
    """One hit for each stretch of text: the certain before the possible, the longer before the shorter."""
    kept: list[LeakHit] = []
    for hit in sorted(hits, key=lambda one: (not one.is_certain, one.start - one.end, one.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.start)


_GENERIC_KINDS = frozenset(kind for kind, _, _ in _GENERIC) | {"a person named with a title"}
