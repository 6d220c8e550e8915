"""By what a decided item is found again: its treatment, the part of the body, and what was cited. Pure.

Keys are short words with a prefix, so that one index holds all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.rules.checks.anatomy import parts_in
from reviews.rules.checks.treatments import families_in, own_words

TREATMENT, WORD, PART, CHAPTER, SECTION = "t:", "w:", "p:", "c:", "s:"
LONGEST_KEY = 200
MOST_KEYS = 60


@dataclass(frozen=True, slots=True)
class CitedSection:
    """A chapter of a guideline, and the sections in it that were cited."""

    chapter: str
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """What makes a decided item alike another: keys by what they are about, each tuple sorted.

    `words` stand in for the treatment when it is of no known kind.
    """

    treatments: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """All of them, for the index."""
        return [*self.treatments, *self.words, *self.parts, *self.chapters, *self.sections][:MOST_KEYS]

    @property
    def subject(self) -> tuple[str, ...]:
        """The keys of the treatment: its kinds, or without a known one the words of the item."""
        return self.treatments or self.words


def likeness_of(text: str, cited: Iterable[CitedSection] = ()) -> Likeness:
    """The keys of an item named `text` for which the reviewer cited `cited`."""
    places = [place for place in cited if place.chapter.strip()]
    return Likeness(
        treatments=_keys(TREATMENT, families_in(text)),
        words=_keys(WORD, own_words(text)),
        parts=_keys(PART, parts_in(text)),
        chapters=_keys(CHAPTER, (place.chapter for place in places)),
        sections=_keys(SECTION, (f"{place.chapter} / {name}" for place in places for name in place.sections)),
    )


def words_of(keys: Sequence[str]) -> str:
    """The keys as words for a person, without the prefixes: `MRI, CT`."""
    return ", ".join(key[2:].removeprefix("drug: ") for key in keys)


def _keys(prefix: str, names: Iterable[str]) -> tuple[str, ...]:
    folded = {" ".join(name.split()).casefold() if prefix in {CHAPTER, SECTION} else name for name in names}
    return tuple(sorted(f"{prefix}{name}"[:LONGEST_KEY] for name in folded if name))
