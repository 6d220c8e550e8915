"""The drug in the item against the one in the rationale."""

import re

from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.drugs import (
    CLASS_OF,
    drugs_in,
    first_use,
    names_class,
    names_misspelled,
    subject_drugs_in,
)
from reviews.rules.checks.sentences import Sentence, objects, sentences
from reviews.rules.checks.treatments import is_ancillary, own_words

_SUBJECT = 30
# What else a worker takes or took is told in passing.
_TRIED = re.compile(
    r"\b(?:trials?|tried|fail\w*|first[- ]line|alternatives?|toler\w+|allerg\w+|combin\w+|stopped|discontinued"
    r"|no longer|takes no|(?:treatment|care|therapy) (?:so far|to date|has|had|was|included)|treated with|medications?"
    r"|includ\w+|consist\w+|prescribed|also)\b",
    re.IGNORECASE,
)


def check_drug(determination: CheckedDetermination) -> list[CheckFinding]:
    """An item for a drug is not argued with another drug only."""
    found = (_check(item) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem) -> CheckFinding | None:
    wanted = drugs_in(item.text)
    if not wanted or wanted & drugs_in(item.rationale) or _is_compound(item):
        return None
    parts = sentences(item.rationale)
    for sentence in (*(part for part in parts if part.is_subject), *(part for part in parts if not part.is_subject)):
        others = subject_drugs_in(sentence.text)
        is_decided = bool(others & drugs_in(objects(sentence.text)))
        if (
            not others
            or is_ancillary(item.text, sentence.text)
            or not (is_decided or _counts(sentence, others, wanted, item.rationale))
        ):
            continue
        if names_misspelled(item.rationale, wanted):
            return None
        own, other = first_use(item.text, wanted), first_use(sentence.text, others)
        return advice(
            "drug",
            item.position,
            f"The item is about {own}, but the rationale speaks of {other} and nowhere of {own}.",
            sentence.text,
            item_drugs=sorted(wanted),
            rationale_drugs=sorted(others),
        )
    return None


def _counts(sentence: Sentence, others: frozenset[str], wanted: frozenset[str], rationale: str) -> bool:
    """Whether naming other drugs here says that they are what is decided.

    Where the rationale names the class of the item's drug, only a drug of the same class takes its place.
    """
    if (sentence.is_history or _TRIED.search(sentence.text)) and not sentence.is_subject:
        return False
    if sentence.is_guideline:
        # General words on a drug count when the drug is their subject; of a compound any part may be.
        leading = {drug for drug in drugs_in(sentence.text[:_SUBJECT]) if CLASS_OF[drug] != "topical"}
        return bool(others & leading) and len(wanted) == 1 and not any(CLASS_OF[drug] == "topical" for drug in wanted)
    if any(names_class(rationale, drug) for drug in wanted):
        return any(CLASS_OF[other] == CLASS_OF[drug] for other in others for drug in wanted)
    return True


def _is_compound(item: CheckedItem) -> bool:
    """Whether the item mixes several drugs and the rationale speaks of the mixture."""
    return len(drugs_in(item.text)) > 1 and bool(
        {word for word in own_words(item.text) if word.startswith(("compou", "cream", "topica", "gel", "ointme"))}
        and any(names_class(item.rationale, drug) for drug in drugs_in(item.text))
    )
