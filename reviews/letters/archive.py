"""What a determination must be like to be archived, what people should know of its text, and where two differ."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from imr.core.text import TextError, clean_text
from reviews.letters.exchange import ExchangedDetermination, ExchangedItem, folded

MAX_CHARACTERS: Final = 300_000  # of all texts together, as in any letter
MAX_ITEMS: Final = 1_000
MAX_PRIORITY: Final = 40

_CASE_NUMBER = re.compile(r"CM\d{2}-\d{7,8}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NAMES: Final = {
    "case_number": "case number",
    "priority": "priority",
    "date_assigned": "date assigned",
    "date_of_injury": "date of injury",
    "decision_date": "decision date",
    "ur_denial_date": "UR denial date",
    "application_received": "application received",
    "states_of_licensure": "states of licensure",
    "certifications": "certifications",
    "clinical_case_summary": "clinical case summary",
    "item": "text",
    "decision": "decision",
    "claims_administrator_guideline": "claims administrator guideline",
    "reviewer_guideline": "reviewer guideline",
    "decision_rationale": "decision rationale",
}
_ITEM_FIELDS: Final = tuple(ExchangedItem.__dataclass_fields__)


def is_case_number(text: str) -> bool:
    return _CASE_NUMBER.fullmatch(text) is not None


def archive_problem(determination: ExchangedDetermination) -> str:
    """Why the determination cannot be archived, a sentence; empty when it can."""
    return next(_problems(determination), "")


def archive_notes(determination: ExchangedDetermination) -> tuple[str, ...]:
    """What a person should know of texts that are kept as they came: characters that no page of ours takes, and lists
    that a printed letter would part in another way."""
    notes = []
    for place, text in _texts(determination):
        try:
            clean_text(text, multiline=True)
        except TextError as error:
            notes.append(f"{place} holds what would be refused at entry: {error}")
    for name in ("states_of_licensure", "certifications"):
        notes += [
            f"“{entry}” ({_NAMES[name]}) holds a comma: a printed letter shows it as two."
            for entry in getattr(determination, name)
            if "," in entry
        ]
    return tuple(notes)


def is_plain(determination: ExchangedDetermination) -> bool:
    """Whether no text holds anything but plain, visible characters in composed form.

    What is more (hidden marks, loose accents, joiners) may come out of a printed letter in another way than it went in.
    """
    return all(_is_plain(text) for _, text in _texts(determination))


def differences(old: ExchangedDetermination, new: ExchangedDetermination) -> tuple[str, ...]:
    """The names of the places where the two do not say the same, white space folded; empty when they do."""
    before, after = old.to_data(), new.to_data()
    found = [_NAMES[key] for key in before if key != "items" and before[key] != after[key]]
    for position, (item, other) in enumerate(zip_longest(before["items"], after["items"]), start=1):
        if item is None or other is None:
            found.append(f"item {position} ({'added' if item is None else 'missing'})")
        else:
            found += [f"item {position}, {_NAMES[key]}" for key in _ITEM_FIELDS if item[key] != other[key]]
    return tuple(found)


def _problems(determination: ExchangedDetermination) -> Iterator[str]:
    texts = list(_texts(determination))
    number = determination.case_number
    if not is_case_number(number):
        yield f"“{number[:30]}” is no case number; one looks like CM16-0123456."
    if len(determination.priority) > MAX_PRIORITY:
        yield f"The priority has more than {MAX_PRIORITY} characters."
    if len(determination.items) > MAX_ITEMS:
        yield f"There are more than {MAX_ITEMS:,} items."
    if not determination.states_of_licensure or not determination.certifications:
        yield "A state of licensure or a certification is missing."
    if sum(len(text) for _, text in texts) > MAX_CHARACTERS:
        yield f"The texts have more than {MAX_CHARACTERS:,} characters together; no letter can hold them."
    for place, text in texts:
        if not text.strip():
            yield f"{place} is empty."
        if found := _UNSTORABLE.search(text):
            yield f"{place} holds a character that cannot be kept (U+{ord(found.group()):04X})."


def _texts(determination: ExchangedDetermination) -> Iterator[tuple[str, str]]:
    yield "The case number", determination.case_number
    yield "The priority", determination.priority
    for state in determination.states_of_licensure:
        yield "A state of licensure", state
    for name in determination.certifications:
        yield "A certification", name
    yield "The clinical case summary", determination.clinical_case_summary
    for position, item in enumerate(determination.items, start=1):
        for field in _ITEM_FIELDS:
            yield f"Item {position}, {_NAMES[field]}", getattr(item, field)


def _is_plain(text: str) -> bool:
    try:
        return folded(clean_text(text, multiline=True)) == folded(text)
    except TextError:
        return False
