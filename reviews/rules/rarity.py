"""Combinations so rare that they may tell who somebody is, though nobody is named.

A published determination keeps dates, age, diagnosis, specialty and license states. What few share identifies, so a
person is told before approving a public copy. Nothing is taken out by itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Fewer than this is a small cell, as in statistics about health.
SMALL_CELL = 5
# At this age the age itself identifies (45 CFR 164.514(b)(2)(i)(C) for de-identified data).
OLD_AGE = 90

_AGE = re.compile(r"\b(?P<age>\d{2,3})[\s-]*(?:years?|yrs?|y)[\s/.-]*o(?:ld)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rarity:
    """A rare combination: `kind` is stable, `words` a sentence for the person who approves."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ItemCount:
    """How many decided items of the last years are of the kind of treatment of the item at `position`."""

    position: int
    category: str
    count: int


def rare_combinations(
    *,
    states: Iterable[str],
    certifications: Iterable[str],
    reviewers: int,
    items: Iterable[ItemCount],
    texts: Iterable[str],
) -> list[Rarity]:
    """What of a public copy few people share.

    `reviewers` are the active ones who hold all `states` and all `certifications`; `texts` are the running texts that
    leave.
    """
    found = []
    if reviewers <= 1:
        described = f"{', '.join(certifications)}; licensed in {', '.join(states)}"
        found.append(
            Rarity(
                "reviewer",
                f"Only one active reviewer fits “{described}”: whoever knows the register can tell who decided.",
            )
        )
    found += [
        Rarity(
            "treatment",
            f"Item {item.position}: fewer than {SMALL_CELL} decided items on file are of the kind “{item.category}”. "
            "Together with the date of injury it may point to one worker.",
        )
        for item in items
        if item.count < SMALL_CELL
    ]
    ages = {int(match["age"]) for text in texts for match in _AGE.finditer(text)}
    if any(age >= OLD_AGE for age in ages):
        found.append(Rarity("age", f"An age of {OLD_AGE} or more is told; few workers are that old."))
    return found
