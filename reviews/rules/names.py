"""Comparing the names of people and firms, for the screening of conflicts of interest (LC 139.5(d)(5)).

E-mail addresses play no part: half of the practices use a public provider, and a shared one would be a false alarm.
"""

import re
import unicodedata
from enum import StrEnum

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_FORMS_OF_FIRMS = frozenset(
    "inc incorporated llc llp lp ltd limited corp corporation co company pc apc pllc plc a an and of the".split()  # noqa: SIM905
)
_TITLES = frozenset("mr mrs ms dr md do dc phd psyd dpm dds od lac esq jr sr ii iii iv".split())  # noqa: SIM905
# A single word in common ("Medical") says nothing; a single word that is the whole of one name does.
_WORDS_THAT_SAY_SOMETHING = 2


class Likeness(StrEnum):
    """How two names compare."""

    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"


def firm_words(name: str) -> frozenset[str]:
    """The words that tell one firm from another: without accents, case, punctuation and forms of incorporation."""
    return frozenset(_words(name)) - _FORMS_OF_FIRMS


def person_words(name: str) -> frozenset[str]:
    """The words of a person's name in no order, without titles and middle initials."""
    return frozenset(word for word in _words(name) if word not in _TITLES and len(word) > 1)


def compare_names(one: str, other: str) -> Likeness:
    """Whether two names mean the same person or firm, may do so, or do not.

    The same words in any order are the same name. When all words of the shorter name, at least two, are in the
    longer one, the names are similar and a person has to look.
    """
    likeness = Likeness.DIFFERENT
    for words_of in (firm_words, person_words):
        first, second = words_of(one), words_of(other)
        if not first or not second:
            continue
        if first == second:
            return Likeness.SAME
        shorter, longer = sorted((first, second), key=len)
        if len(shorter) >= _WORDS_THAT_SAY_SOMETHING and shorter < longer:
            likeness = Likeness.SIMILAR
    return likeness


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    # "M.D." and "O'Brien" are one word each.
    plain = plain.replace(".", "").replace("'", "").replace("\u2019", "")
    return [word for word in _NOT_A_WORD.split(plain) if word]
