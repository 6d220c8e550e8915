"""Pages that name another patient: a question, never a block, for names are misread and change. Pure."""

import re
import unicodedata
from datetime import date
from typing import Final

from rapidfuzz import fuzz

from cases.enums import RecordState
from cases.rules.records.facts import PageOwner, RecordsFacts
from cases.rules.records.result import ChecklistLine, Place
from imr.core.words import mmddyyyy

TITLE: Final = "Another person’s name or date of birth on a page"
# Of a name with one letter misread in six this is what is left.
ALIKE: Final = 80
MOST_PLACES: Final = 20
# Letters that no decomposition takes apart.
_PLAIN: Final = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"})


def check_patient(facts: RecordsFacts) -> ChecklistLine:
    """A question for every page that names somebody else as the patient, or another day of birth."""
    if not facts.last_name:
        return ChecklistLine(
            code="patient",
            title=TITLE,
            state=RecordState.QUESTION,
            words="The injured worker’s name is not known yet, so nothing was compared.",
            to_do="Enter the name in the step “Injured worker”.",
        )
    places = [
        Place.of(paper, words, owner.page)
        for paper in facts.papers
        for owner in paper.people
        if (words := _difference(facts, owner))
    ]
    if not places:
        words = "No page was found that names another patient."
        return ChecklistLine(code="patient", title=TITLE, state=RecordState.HERE, words=words)
    return ChecklistLine(
        code="patient",
        title=TITLE,
        state=RecordState.QUESTION,
        words=f"{len(places)} place{'' if len(places) == 1 else 's'} to look at.",
        to_do="Open the page. When it is another person’s, replace the document by one without it. Otherwise nothing "
        "is to be done.",
        places=tuple(places[:MOST_PLACES]),
    )


def is_same_name(printed: str, last: str) -> bool:
    """Whether `printed` may be the name of this person: a part of the last name is in it, as it is or nearly so.

    A name of initials alone says nothing and counts as theirs.
    """
    words = [word for word in _words(printed) if len(word) > 1]
    own = [word for word in _words(last) if len(word) > 2] or _words(last)
    if not words:
        return True
    return any(fuzz.ratio(mine, word) >= ALIKE for mine in own for word in words)


def _difference(facts: RecordsFacts, owner: PageOwner) -> str:
    told = []
    if owner.name and not is_same_name(owner.name, facts.last_name):
        told.append(f"names the patient {owner.name}")
    if owner.born and facts.born and not _is_same_day(owner.born, facts.born):
        told.append(f"gives {mmddyyyy(owner.born)} as date of birth")
    return " and ".join(told)


def _is_same_day(printed: date, own: date) -> bool:
    """Of a year in two digits the century is not known."""
    return (printed.month, printed.day, printed.year % 100) == (own.month, own.day, own.year % 100)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return re.findall(r"[^\W\d_]+", letters.replace("'", "").replace("’", ""))
