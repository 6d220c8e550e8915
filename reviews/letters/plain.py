"""The decision in plain language: one sentence or two per item, from the letter's own words and figures."""

import re
from dataclasses import dataclass

from cases.enums import Outcome
from reviews.letters.final import LetterItem
from reviews.letters.phrases import ItemShape
from reviews.letters.served import ServedLetter
from reviews.letters.wording import LetterWording, TextKey

# A request is named at this length; the whole text is in the decision.
LONGEST_NAME = 240
SHORT_NAME = 100
FEW_ITEMS = 5

_REST = re.compile(
    r"(?P<asked>.+) was the original request\. (?P<authorized>.+) was authorized by the Claims Administrator\. "
    r"The remaining IMR eligible portion of the original request, (?P<rest>.+?)(?: is)?",
    re.DOTALL,
)
_INSTEAD = re.compile(
    r"(?P<asked>.+) was the original request\. The Claims Administrator authorized (?P<authorized>.+), leaving the "
    r"original request IMR eligible\. The original request, .+?(?: is)?",
    re.DOTALL,
)
_PREFIX = re.compile(
    r"(?:Retrospective(?:ly)?\b(?: request)?(?: for)?:?|Associated surgical service:)\s*", re.IGNORECASE
)

_RESULTS = {
    (Outcome.UPHELD, False): TextKey.PLAIN_UPHELD,
    (Outcome.OVERTURNED, False): TextKey.PLAIN_OVERTURNED,
    (Outcome.UPHELD, True): TextKey.PLAIN_UPHELD_HAD,
    (Outcome.OVERTURNED, True): TextKey.PLAIN_OVERTURNED_HAD,
}


@dataclass(frozen=True, slots=True)
class PlainSummary:
    """The sentences of the page. `call` is empty when the organization's telephone number is not known."""

    decisions: tuple[str, ...]
    next_steps: tuple[str, ...]
    appeal: str
    help: str
    call: str

    @property
    def is_long(self) -> bool:
        """Whether it needs smaller type to stay on one page."""
        return len(self.decisions) > FEW_ITEMS


def plain_summary(served: ServedLetter, wording: LetterWording) -> PlainSummary:
    """The summary of `served` in the words of `wording`."""
    letter = served.letter
    longest = LONGEST_NAME if len(letter.items) <= FEW_ITEMS else SHORT_NAME
    phone = wording.say(TextKey.PHONE)
    if served.appeal_until:
        appeal = wording.say(TextKey.PLAIN_APPEAL, appeal_until=f"{served.appeal_until:%m/%d/%Y}")
    else:
        appeal = wording.say(TextKey.PLAIN_APPEAL_UNDATED)
    return PlainSummary(
        decisions=tuple(plain_decision(item, wording, longest=longest) for item in letter.items),
        next_steps=tuple(wording.say(key) for key in _next_steps(letter.items)),
        appeal=appeal,
        help=wording.say(TextKey.PLAIN_HELP, case_number=letter.case_number),
        call=wording.say(TextKey.PLAIN_CALL, phone=phone, case_number=letter.case_number) if phone else "",
    )


def plain_decision(item: LetterItem, wording: LetterWording, *, longest: int = LONGEST_NAME) -> str:
    """What was asked for and what was decided about it; an undecided item has no decision to tell."""
    asked = _asked(item, wording, longest)
    if item.outcome is None:
        return asked
    return f"{asked} {wording.say(_RESULTS[item.outcome, item.is_retrospective])}"


def shortened(text: str, longest: int) -> str:
    """`text` in one line, cut after a word with an ellipsis when it has more than `longest` characters."""
    line = " ".join(text.split()).rstrip(" .:;,")
    if len(line) <= longest:
        return line
    head = line[: longest - 1]
    if line[longest - 1] not in " .:;,":
        head = head.rsplit(" ", 1)[0]
    return head.rstrip(" .:;,([-") + "…"


def _asked(item: LetterItem, wording: LetterWording, longest: int) -> str:
    if item.shape == ItemShape.REMAINING_PORTION and (found := _REST.fullmatch(item.text)):
        names = {name: _named(found[name], longest) for name in ("authorized", "rest")}
        return wording.say(TextKey.PLAIN_ASKED_REST, request=_named(found["asked"], longest), **names)
    if item.shape == ItemShape.ORIGINAL_REQUEST and (found := _INSTEAD.fullmatch(item.text)):
        request, authorized = _named(found["asked"], longest), _named(found["authorized"], longest)
        return wording.say(TextKey.PLAIN_ASKED_INSTEAD, request=request, authorized=authorized)
    key = TextKey.PLAIN_HAD if item.is_retrospective else TextKey.PLAIN_ASKED
    return wording.say(key, request=_named(item.text, longest))


def _named(text: str, longest: int) -> str:
    """Without what the letter's form puts before the words of the request."""
    bare = text
    while found := _PREFIX.match(bare):
        bare = bare[found.end() :]
    return shortened(bare or text, longest)


def _next_steps(items: tuple[LetterItem, ...]) -> list[TextKey]:
    upheld = any(item.outcome == Outcome.UPHELD for item in items)
    overturned = {item.is_retrospective for item in items if item.outcome == Outcome.OVERTURNED}
    steps = [TextKey.PLAIN_NEXT_OVERTURNED] if False in overturned else []
    steps += [TextKey.PLAIN_NEXT_OVERTURNED_HAD] if True in overturned else []
    return steps + ([TextKey.PLAIN_NEXT_UPHELD] if upheld else [])
