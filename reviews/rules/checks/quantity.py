"""Numbers of visits and of tablets in the item against those in the rationale."""

import re
from itertools import combinations

from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.figures import courses_in, frequencies_in, pills_in, visits_in
from reviews.rules.checks.sentences import Sentence, sentences

# A number of what was, what may be or what a guideline allows is not the number that is requested.
_OTHER_NUMBER = re.compile(
    r"\b(?:up to|exceed\w*|maxim\w+|at (?:most|least)|allow\w*|limit\w*|initial|trial|recommend\w*|prior|previous\w*"
    r"|complet\w+|authori[sz]\w+|certified|approved|received|attended|total of|has had|in addition to|after|modif\w+"
    r"|more than|less than|over the|beyond|first|another|excess|supports?|would be|reduc\w+|remain\w*"
    r"|last|average)\b",
    re.IGNORECASE,
)


def check_quantity(determination: CheckedDetermination) -> list[CheckFinding]:
    """A rationale that says how much is requested says what the item says (a modified request has several numbers)."""
    found = (_check(item) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem) -> CheckFinding | None:
    visits = visits_in(item.text)
    visits |= {a + b for a, b in combinations(visits, 2)} | {abs(a - b) for a, b in combinations(visits, 2)}
    frequencies = frequencies_in(item.text)
    for sentence in sentences(item.rationale):
        if _speaks_of_request(sentence):
            said = _without(visits_in(sentence.text), frequencies_in(sentence.text))
            # A course of so many times a week may be named by its frequency alone.
            if visits and said and not said & (visits | frequencies) and not _is_anywhere(item, visits):
                return _finding(item, visits_in(item.text), said, "visits", sentence)
            times = frequencies_in(sentence.text) if not courses_in(sentence.text) else frozenset()
            if frequencies and times and not times & frequencies:
                return _finding(item, frequencies, times, "times a week", sentence)
        pills, said_pills = pills_in(item.text), pills_in(sentence.text)
        is_told = not (
            _OTHER_NUMBER.search(sentence.text) or sentence.is_guideline or sentence.is_history or sentence.is_taper
        )
        if is_told and pills and said_pills and not pills & pills_in(item.rationale):
            return _finding(item, pills, said_pills, "units", sentence)
    return None


def _speaks_of_request(sentence: Sentence) -> bool:
    return sentence.is_subject and not sentence.is_taper and not _OTHER_NUMBER.search(sentence.text)


def _is_anywhere(item: CheckedItem, visits: frozenset[int]) -> bool:
    return bool(visits & visits_in(item.rationale))


def _without(said: frozenset[int], frequencies: frozenset[int]) -> frozenset[int]:
    return said - frequencies if len(said) > 1 else said


def _finding(
    item: CheckedItem, wanted: frozenset[int], said: frozenset[int], unit: str, sentence: Sentence
) -> CheckFinding:
    return advice(
        "quantity",
        item.position,
        f"The item says {_listed(wanted)} {unit}, but the rationale says {_listed(said)}.",
        sentence.text,
        item_numbers=sorted(wanted),
        rationale_numbers=sorted(said),
    )


def _listed(numbers: frozenset[int]) -> str:
    return " or ".join(str(number) for number in sorted(numbers))
