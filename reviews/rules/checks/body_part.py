"""The part of the body in the item against the one in the rationale."""

from reviews.rules.checks.anatomy import is_linked, is_near, levels_in, parts_in
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem, CheckFinding, advice
from reviews.rules.checks.sentences import Sentence, objects, sentences
from reviews.rules.checks.treatments import families_in, is_ancillary

_SPINE = frozenset({"neck", "upper back", "low back"})
_REGION_OF_LEVEL = {"C": "neck", "T": "upper back", "L": "low back", "S": "low back"}


def check_body_part(determination: CheckedDetermination) -> list[CheckFinding]:
    """No rationale is about another part of the body than its item; a part that is not named is no contradiction."""
    found = (_check(item) for item in determination.items)
    return [finding for finding in found if finding is not None]


def _check(item: CheckedItem) -> CheckFinding | None:
    wanted = _regions(item.text)
    if not wanted or is_ancillary(item.text, item.rationale):
        return None
    parts = sentences(item.rationale)
    named = _regions(item.rationale)
    if named & _SPINE:
        # "Back" and "spine" then mean the region that is named.
        named -= {"back"}
    is_named = any(is_near(part, own) for part in named for own in wanted)
    is_linked_named = any(is_linked(part, own) for part in named for own in wanted)
    for sentence in parts:
        said = _regions(sentence.text)
        others = {part for part in said if not any(is_near(part, own) for own in wanted)}
        if not others or others != said:
            continue
        # What is linked by pain is a contradiction only as the object of the request itself.
        said_of_request = _regions(objects(sentence.text)) if _is_about_request(sentence) else frozenset()
        if is_named if others & said_of_request else is_linked_named:
            continue
        if sentence.is_taper or (sentence.is_history and not sentence.is_subject):
            continue
        # A guideline's words on another part count when they are about the item's own treatment.
        if sentence.is_guideline and not families_in(sentence.text) & families_in(item.text):
            continue
        return _finding(item, wanted, others, sentence)
    return None


def _is_about_request(sentence: Sentence) -> bool:
    return sentence.is_subject and not sentence.is_history


def _regions(text: str) -> frozenset[str]:
    levels = {_REGION_OF_LEVEL[vertebra[0]] for level in levels_in(text) for vertebra in level}
    return parts_in(text) | levels


def _finding(item: CheckedItem, wanted: frozenset[str], others: set[str], sentence: Sentence) -> CheckFinding:
    return advice(
        "body_part",
        item.position,
        f"The item is about the {_listed(wanted)}, but the rationale speaks of the {_listed(others)} and nowhere of "
        f"the {_listed(wanted)}.",
        sentence.text,
        item_parts=sorted(wanted),
        rationale_parts=sorted(others),
    )


def _listed(parts: frozenset[str] | set[str]) -> str:
    return " and the ".join(sorted(parts))
