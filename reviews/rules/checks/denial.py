"""Whether a page of the record says itself that something is not there, as a rationale that cites its absence does."""

import re
from collections.abc import Sequence

from reviews.rules.checks.sentences import sentences

# Only what denies the thing itself: "did not improve with therapy" tells of therapy.
_KNOWN = (
    r"(?:(?:any|an?|known|prior|past|previous|current|reported|documented|clear|objective|personal|family|medical)"
    r"\s+){0,4}"
)
_OF = r"(?:history|evidence|signs?|symptoms?|complaints?|findings?|documentation|records?|reports?|mention)\s+of\s+"
# A list goes on after a comma only where it is plain that things are listed: "no relief, weakness persists" is none.
_LIST = r"(?:[\w-]+(?:,| or| nor|/|, or)\s+){0,4}"
_PAIR = r"(?:[\w-]+(?: or| nor|/)\s+){0,2}"
_DENIED = (
    rf"(?:\b(?:denie[sd]|denying|negative for)\s+{_KNOWN}(?:{_OF})?{_KNOWN}{_LIST}"
    rf"|\b(?:no|without|absence of)\s+{_KNOWN}(?:{_OF}{_KNOWN}{_LIST}|{_PAIR}))"
)
# So much of a word is enough to count as the word: the search of the record goes by stems, too.
_SHORTEST_STEM = 4
_ENDING = 3
# "There" is no therapy.
_PLAIN = r"(?!(?:there|therefore|their|them|then|these|with|without|have|this|that|from|when|were|been|will)\b)"


def is_denied(text: str, terms: Sequence[str]) -> bool:
    """Every sentence of `text` that speaks of one of the terms says that it is not there, and at least one does.

    In doubt it is not denied: a page that may tell of the thing has to be looked at.
    """
    stems = [re.escape(term[: max(_SHORTEST_STEM, len(term) - _ENDING)]) for term in terms]
    word = rf"{_PLAIN}(?:{'|'.join(stems)})"
    speaks = re.compile(rf"\b{word}", re.IGNORECASE)
    denies = re.compile(rf"{_DENIED}{word}[\w-]*", re.IGNORECASE)
    found = [one.text for one in sentences(text) if speaks.search(one.text)]
    return bool(found) and all(len(denies.findall(one)) == 1 and _is_alone(one, denies, speaks) for one in found)


def _is_alone(sentence: str, denies: re.Pattern[str], speaks: re.Pattern[str]) -> bool:
    """The sentence speaks of the terms nowhere but in its denial and right after it."""
    match = denies.search(sentence)
    if match is None:
        return False
    rest = re.split(r"[;:]|\b(?:but|however|although|though|except|until|yet|since)\b", sentence[match.end() :])
    return not speaks.search(sentence[: match.start()]) and not any(speaks.search(part) for part in rest[1:])
