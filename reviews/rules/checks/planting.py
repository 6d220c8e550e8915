"""Mistakes put into determinations on purpose, to measure which of them the checks catch. Pure, repeatable by seed.

A mistake is planted only where the words let a careful reader see it: a side is swapped in an item only when the
rationale names that side. The item, the header or the outcome is changed and the rationale left, or a text is put in.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from cases.enums import Outcome
from reviews.rules.checks.anatomy import levels_in, parts_in
from reviews.rules.checks.dates import dates_in
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, Severity
from reviews.rules.checks.run import check_determination
from reviews.rules.checks.treatments import families_in, is_ancillary

_PARTS: Mapping[str, Sequence[str]] = {
    "shoulder": ("knee", "ankle", "hip"),
    "knee": ("shoulder", "wrist", "elbow"),
    "ankle": ("shoulder", "wrist"),
    "wrist": ("knee", "ankle"),
    "elbow": ("knee", "ankle"),
    "hip": ("shoulder", "wrist"),
    "foot": ("elbow", "shoulder"),
    "hand": ("knee", "foot"),
    "lumbar": ("cervical",),
    "cervical": ("lumbar",),
    "low back": ("neck",),
    "neck": ("low back",),
    "thoracic": ("cervical",),
}
_DRUGS = (
    "Norco", "Percocet", "tramadol", "Butrans", "Soma", "Flexeril", "tizanidine", "naproxen", "ibuprofen", "Celebrex",
    "gabapentin", "Lyrica", "Cymbalta", "omeprazole", "Protonix", "Ambien", "Lunesta", "diazepam", "Xanax", "OxyContin",
    "Norflex", "Topamax", "trazodone", "Colace", "Nucynta", "Voltaren", "Prilosec", "Terocin", "Botox", "hydrocodone",
)  # fmt: skip
_LEVELS = ("C4-5", "C5-6", "C6-7", "L2-3", "L3-4", "L4-5", "L5-S1")
_LEVEL = re.compile(r"\b[CL]\d\s?-\s?[CLS]?\d\b")
_STRENGTH = re.compile(r"\b(\d+(?:\.\d+)?)(?=(?:/\d+(?:\.\d+)?)*\s?mg\b)", re.IGNORECASE)
_AMOUNT = re.compile(r"#\s?(\d+)\b|\b(\d+)(?=\s+(?:[a-z]+\s+){0,2}(?:visits|sessions|treatments)\b)", re.IGNORECASE)
_REMAINS = ("[...]", "{{ body_part }}", "[insert date]", "XXX")
_NUMBERS = ("Claim number: 06-4471289.", "See CM14-0098765.", "The claim no. is WC2009-551873.", "ADJ8812345.")


@dataclass(frozen=True, slots=True)
class Planted:
    """A determination with one mistake; `position` is the item's, None for the whole letter."""

    kind: str
    determination: CheckedDetermination
    position: int | None


@dataclass(slots=True)
class Catches:
    """Planted and caught mistakes by kind, and what was missed: kind, case number, position."""

    planted: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, int | None]] = field(default_factory=list)

    def rate(self, kind: str) -> float:
        """Caught mistakes of a kind in percent; 100 when none could be planted."""
        return 100 * self.caught[kind] / self.planted[kind] if self.planted[kind] else 100.0


type Change = Callable[[CheckedItem, Random], CheckedItem | None]


def plant_all(determinations: Sequence[CheckedDetermination], seed: int) -> Iterable[Planted]:
    """Every kind of mistake in every item or letter that can take it, one at a time."""
    # Not for secrets: the same seed must plant the same mistakes.
    random = Random(seed)  # noqa: S311
    for determination in determinations:
        for item in determination.items:
            for kind, change in _CHANGES.items():
                changed = change(item, random)
                if changed is not None:
                    yield Planted(kind, _with(determination, changed), item.position)
        yield from _paste(determination, random)
        yield from _dates(determination, random)


def count_catches(determinations: Sequence[CheckedDetermination], seed: int) -> Catches:
    """How many planted mistakes raise an alarm of their own kind that the text without them does not raise."""
    counted = Catches()
    before = {one.case_number: _alarms(one) for one in determinations}
    for planted in plant_all(determinations, seed):
        case = planted.determination
        new = _alarms(case) - before[case.case_number]
        is_caught = any(code in _CODES[planted.kind] and where == planted.position for code, where in new)
        counted.planted[planted.kind] += 1
        counted.caught[planted.kind] += is_caught
        if not is_caught:
            counted.missed.append((planted.kind, case.case_number, planted.position))
    return counted


def _alarms(determination: CheckedDetermination) -> set[tuple[str, int | None]]:
    findings = check_determination(determination)
    return {(finding.code, finding.position) for finding in findings if finding.severity != Severity.NOTE}


def _with(determination: CheckedDetermination, item: CheckedItem) -> CheckedDetermination:
    items = tuple(item if one.position == item.position else one for one in determination.items)
    return replace(determination, items=items)


def _flip_outcome(item: CheckedItem, random: Random) -> CheckedItem:
    return replace(item, outcome=Outcome.OVERTURNED if item.outcome == Outcome.UPHELD else Outcome.UPHELD)


def _swap_side(item: CheckedItem, random: Random) -> CheckedItem | None:
    sides = {word.lower() for word in re.findall(r"\b(?:left|right)\b", item.text, re.IGNORECASE)}
    if len(sides) != 1 or re.search(r"\b(?:bilateral|both)\b", item.text + item.rationale, re.IGNORECASE):
        return None
    (side,) = sides
    other = "right" if side == "left" else "left"
    return replace(item, text=_put(item.text, side, other)) if _names(item.rationale, side) else None


def _swap_part(item: CheckedItem, random: Random) -> CheckedItem | None:
    named = [part for part in _PARTS if _names(item.text, part)]
    if len(named) != 1 or not _names(item.rationale, named[0]) or len(parts_in(item.text)) > 1 or levels_in(item.text):
        return None
    free = [part for part in _PARTS[named[0]] if not _names(item.rationale, part)]
    if not free:
        return None
    text = _put(item.text, named[0], random.choice(free))
    # "Knee meniscectomy" names the knee twice: a swap of one word is another mistake.
    return None if parts_in(text) & parts_in(item.text) else replace(item, text=text)


def _swap_level(item: CheckedItem, random: Random) -> CheckedItem | None:
    found = _LEVEL.findall(item.text)
    if len(set(found)) != 1 or found[0] not in item.rationale:
        return None
    free = [level for level in _LEVELS if level[0] == found[0][0] and level not in item.rationale and level != found[0]]
    return replace(item, text=item.text.replace(found[0], random.choice(free)))


def _swap_drug(item: CheckedItem, random: Random) -> CheckedItem | None:
    named = [drug for drug in _DRUGS if _names(item.text, drug)]
    if len(named) != 1 or not _names(item.rationale, named[0]):
        return None
    free = [drug for drug in _DRUGS if not families_in(drug) & families_in(item.rationale)]
    return replace(item, text=_put(item.text, named[0], random.choice(free)))


def _change_dose(item: CheckedItem, random: Random) -> CheckedItem | None:
    found = {match.group() for match in _STRENGTH.finditer(item.text)}
    if len(found) != 1 or not found & {match.group() for match in _STRENGTH.finditer(item.rationale)}:
        return None
    (old,) = found
    new = f"{float(old) * random.choice((2, 3, 4)):g}"
    return replace(item, text=_STRENGTH.sub(new, item.text))


def _change_quantity(item: CheckedItem, random: Random) -> CheckedItem | None:
    found = {match.group() for match in _AMOUNT.finditer(item.text)}
    if len(found) != 1 or not found & {match.group() for match in _AMOUNT.finditer(item.rationale)}:
        return None
    (old,) = found
    new = re.sub(r"\d+", lambda match: str(int(match.group()) * 2 + random.randrange(3, 8)), old)
    return replace(item, text=_AMOUNT.sub(new, item.text))


def _put_number(item: CheckedItem, random: Random) -> CheckedItem:
    return replace(item, rationale=f"{item.rationale} {random.choice(_NUMBERS)}")


def _leave_placeholder(item: CheckedItem, random: Random) -> CheckedItem:
    words = item.rationale.split(" ")
    words.insert(random.randrange(len(words)), random.choice(_REMAINS))
    return replace(item, rationale=" ".join(words))


def _paste(determination: CheckedDetermination, random: Random) -> Iterable[Planted]:
    """The rationale of another item of the letter, about another treatment; what follows a surgery is left out."""
    for item in determination.items:
        donors = [
            other
            for other in determination.items
            if other.position != item.position
            and not families_in(other.text) & families_in(item.text)
            and not any(is_ancillary(one.text, one.rationale) for one in (item, other))
        ]
        if donors:
            pasted = replace(item, rationale=random.choice(donors).rationale)
            yield Planted("paste_rationale", _with(determination, pasted), item.position)


def _dates(determination: CheckedDetermination, random: Random) -> Iterable[Planted]:
    said = {written.day for written in dates_in(determination.summary)}
    shift = timedelta(days=random.randrange(20, 400))
    injury, review = determination.date_of_injury, determination.ur_denial_date
    if injury is not None and injury in said:
        yield Planted("wrong_injury_date", replace(determination, date_of_injury=injury - shift), None)
    if review is not None and review in said:
        yield Planted("wrong_ur_date", replace(determination, ur_denial_date=review - shift), None)


def _names(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) is not None


def _put(text: str, old: str, new: str) -> str:
    return re.sub(rf"\b{re.escape(old)}\b", new, text, flags=re.IGNORECASE)


_CHANGES: Mapping[str, Change] = {
    "flip_outcome": _flip_outcome,
    "swap_side": _swap_side,
    "swap_body_part": _swap_part,
    "swap_level": _swap_level,
    "swap_drug": _swap_drug,
    "change_dose": _change_dose,
    "change_quantity": _change_quantity,
    "foreign_number": _put_number,
    "leave_placeholder": _leave_placeholder,
}
_TREATMENT = frozenset({"pasted_rationale", "other_treatment"})
_CODES: Mapping[str, frozenset[str]] = {
    "flip_outcome": frozenset({"outcome"}),
    "swap_side": frozenset({"side"}),
    "swap_body_part": frozenset({"body_part"}),
    "swap_level": frozenset({"spinal_level", "body_part"}),
    "swap_drug": _TREATMENT | {"drug"},
    "change_dose": frozenset({"strength"}),
    "change_quantity": frozenset({"quantity"}),
    "paste_rationale": _TREATMENT | {"drug", "body_part"},
    "wrong_injury_date": frozenset({"date_of_injury"}),
    "wrong_ur_date": frozenset({"ur_date"}),
    "foreign_number": frozenset({"foreign_claim_number", "foreign_case_number"}),
    "leave_placeholder": frozenset({"template_remains"}),
}
KINDS = tuple(_CODES)
