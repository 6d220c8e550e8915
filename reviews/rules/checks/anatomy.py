"""Parts of the body, sides and spinal levels in running text. Pure.

The vocabulary is as of 11/23/2026 and holds what letters commonly name; what is not in it is not compared.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from reviews.rules.checks.sentences import CACHED

_WORDS: dict[str, str] = {
    "head": r"head|skull|brain|cranial|headaches?|migraines?|jaw|tmj|temporomandibular|facial|eyes?|ears?"
    r"|nasal|dental",
    "neck": r"necks?|cervical|c-?spine|cervico\w+",
    "upper back": r"thoracic|mid[- ]?back|upper back|t-?spine",
    "low back": r"low(?:er)?[- ]back|lumbar|lumbo\w+|l-?spine|sacroiliac|si joints?|sacral|sacrum|sciatica|lumbago",
    "back": r"back|spine|spinal",
    "shoulder": r"shoulders?|rotator cuff|subacromial|acromioclavicular|glenohumeral|supraspinatus|deltoid",
    "elbow": r"elbows?|epicondyl\w+|cubital",
    "forearm": r"forearms?",
    "wrist or hand": r"wrists?|hands?|fingers?|thumbs?|carpal|metacarpal|de ?quervain\S*|digits?",
    "arm": r"upper (?:extremit\w+|limbs?)|arms?|bue|rue|lue",
    "hip": r"hips?|groin|pelvi[sc]|buttocks?|trochanter\w*",
    "knee": r"knees?|menisc\w+|patell\w+|acl|anterior cruciate",
    "ankle or foot": r"ankles?|foot|feet|toes?|plantar|heels?|achilles|hindfoot|forefoot|metatars\w+",
    "leg": r"lower (?:extremit\w+|limbs?)|legs?|ble|rle|lle|thighs?|calf|shin|tibial?",
    "chest or abdomen": r"chest|ribs?|abdom\w+|hernias?|inguinal|umbilical|thorax",
}
_PART = re.compile(
    r"\b(?:" + "|".join(f"(?P<p{number}>{words})" for number, words in enumerate(_WORDS.values())) + r")\b",
    re.IGNORECASE,
)
_NAMES = tuple(_WORDS)
# "home exercise", "hand-held", "on the other hand", "back to work", "head of", "arm's length": no parts of a body.
_NO_PART = re.compile(
    r"\b(?:on (?:the )?(?:one|other) hand|hands?-(?:on|held)|at hand|(?:go|went|going|return\w*|get\w*"
    r"|got|came|dating|dates?"
    r"|held|cut|pay\w*|came) back|back (?:to|and forth|in|on|pain due)(?= work| duty| the job| forth| \d)"
    r"|second[- ]hand|in hand"
    r"|head of|head-to-head|first[- ]hand|hand(?:ed|ing|s)? (?:out|over)|arms? of the (?:study|trial))\b",
    re.IGNORECASE,
)
# One and the same or a part of the other: naming one while meaning the other is no contradiction.
_NEAR: tuple[frozenset[str], ...] = tuple(
    frozenset(pair)
    for pair in (
        ("back", "neck"),
        ("back", "upper back"),
        ("back", "low back"),
        ("arm", "shoulder"),
        ("arm", "elbow"),
        ("arm", "forearm"),
        ("arm", "wrist or hand"),
        ("forearm", "elbow"),
        ("forearm", "wrist or hand"),
        ("leg", "hip"),
        ("leg", "knee"),
        ("leg", "ankle or foot"),
        ("hip", "low back"),
        ("hip", "chest or abdomen"),
        ("upper back", "chest or abdomen"),
    )
)
_SPINE_OF = re.compile(r"(?:(?<=cervical)|(?<=thoracic)|(?<=lumbar)|(?<=sacral)) +(?:spine|spinal)\b", re.IGNORECASE)
# Pain that runs from one to the other, as from a nerve root: often named together.
_LINKED: tuple[frozenset[str], ...] = tuple(
    frozenset(pair)
    for pair in (
        ("neck", "head"),
        ("neck", "upper back"),
        ("neck", "arm"),
        ("neck", "wrist or hand"),
        ("neck", "shoulder"),
        ("low back", "leg"),
        ("low back", "upper back"),
        ("low back", "ankle or foot"),
        ("back", "leg"),
        ("back", "arm"),
        ("back", "head"),
    )
)
_SIDE = re.compile(
    r"(?P<both>\bbilateral(?:ly)?\b|\bboth\b|\bBLE\b|\bBUE\b|\bb/l\b|\bright and left\b"
    r"|\bleft and right\b|\bright/left\b|\bleft/right\b)"
    r"|(?P<left>\bleft\b|\b(?-i:L|Lt|LT|LUE|LLE)\b\.?(?![-/]?\d)|\(L\))"
    r"|(?P<right>\bright\b|\b(?-i:R|Rt|RT|RUE|RLE)\b\.?(?![-/]?\d)|\(R\))",
    re.IGNORECASE,
)
_NO_SIDE = re.compile(
    r"\bleft (?:untreated|over|alone|off|out|to|with|work|the|his|her|without|unaddressed|unchanged|open"
    r"|in|on|at|against)\b"
    r"|\b(?:was|were|is|are|be|been|he|she|has|had) left\b(?=[ ,.](?!\w*(?:knee|shoulder|hip|wrist|hand"
    r"|elbow|ankle|foot|leg|arm|side)))"
    r"|\b(?:left|right)[- ]hand(?:ed)?[- ]domin\w+|\b(?:left|right)[- ]handed\b"
    r"|\bright (?:now|away|to|after|before|of|diagnosis|treatment|time|direction|person|way)\b"
    r"|\ball right\b|\bits own right\b"
    r"|\b(?:R|L)\.?(?= ?[&.]\s?[A-Z]\b)|\bR/O\b|\bR(?= ?=)",
    re.IGNORECASE,
)
# Words that mean one of these as a rule, where it is named.
_GENERAL: dict[str, frozenset[str]] = {
    "back": frozenset(("neck", "upper back", "low back")),
    "arm": frozenset(("shoulder", "elbow", "forearm", "wrist or hand")),
    "leg": frozenset(("hip", "knee", "ankle or foot")),
}
_AHEAD = 40
_BEHIND = 16
_LEVEL = re.compile(
    r"\b(?P<one>[CTLS])[-\s]?(?P<first>\d{1,2})(?:\s?(?:[-–—/&,]|to|through|and"
    r"|thru)\s?(?P<two>[CTLS])?[-\s]?(?P<second>\d{1,2}))?"
    r"(?![\d/]|\.\d|\s?(?:mg|mcg|ml|%|x\b)|[- ](?:weighted|image))"
)
_HIGHEST = {"C": 8, "T": 12, "L": 5, "S": 5}
_ORDER = [
    f"{letter}{number}"
    for letter in "CTLS"
    for number in range(1, _HIGHEST[letter] + 1)
    if (letter, number) != ("C", 8)
]


@dataclass(frozen=True, slots=True)
class Sided:
    """A side with the part of the body beside it, if any."""

    side: str
    part: str
    words: str


@lru_cache(maxsize=CACHED)
def parts_in(text: str) -> frozenset[str]:
    """The parts of the body that the text names."""
    clean = _SPINE_OF.sub("", _NO_PART.sub(" ", text))
    return frozenset(_part_of(match) for match in _PART.finditer(clean))


def body_parts_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The parts that the texts name, from head to foot, each with its side where the texts give it one alone.

    A part that others stand for already (the back, where the low back is named) is left out.
    """
    sides: dict[str, set[str]] = {}
    for text in texts:
        for part in parts_in(text):
            sides.setdefault(part, set())
        for sided in sides_in(text):
            if sided.part in sides:
                sides[sided.part].add(sided.side)
    named = [part for part in _NAMES if part in sides and not (part in _GENERAL and _GENERAL[part] & set(sides))]
    return tuple(_with_side(part, sides[part]) for part in named)


def _with_side(part: str, sides: set[str]) -> str:
    if sides == {"both"}:
        return f"{part} (both sides)"
    return f"{next(iter(sides))} {part}" if len(sides) == 1 else part


def is_near(one: str, other: str) -> bool:
    """Whether the two are the same, or one is a part of the other."""
    return one == other or frozenset((one, other)) in _NEAR


def is_linked(one: str, other: str) -> bool:
    """Whether the two are near, or named together because pain runs from one to the other."""
    return is_near(one, other) or frozenset((one, other)) in _LINKED


@lru_cache(maxsize=CACHED)
def sides_in(text: str) -> tuple[Sided, ...]:
    """Every side that the text names, with the nearest part of the body after or before it."""
    clean = _NO_SIDE.sub(lambda match: "_" * len(match.group()), text)
    return tuple(_sided(clean, match) for match in _SIDE.finditer(clean))


@lru_cache(maxsize=CACHED)
def levels_in(text: str) -> frozenset[frozenset[str]]:
    """Spinal levels: a segment is a pair of vertebrae (`L4-5`), a root or vertebra alone stands by itself.

    `L3-S1` gives each of its segments.
    """
    found: set[frozenset[str]] = set()
    for match in _LEVEL.finditer(text):
        first = f"{match['one']}{int(match['first'])}"
        second = f"{match['two'] or match['one']}{int(match['second'])}" if match["second"] else ""
        if first not in _ORDER:
            continue
        if second not in _ORDER or _ORDER.index(second) <= _ORDER.index(first):
            found.add(frozenset((first,)))
            continue
        span = _ORDER[_ORDER.index(first) : _ORDER.index(second) + 1]
        found |= {frozenset(pair) for pair in pairwise(span)}
    return frozenset(found)


def level_words(levels: Iterable[frozenset[str]]) -> str:
    """`L4-L5, L5-S1`."""
    return ", ".join(sorted("-".join(sorted(level, key=_ORDER.index)) for level in levels))


def _part_of(match: re.Match[str]) -> str:
    return next(name for number, name in enumerate(_NAMES) if match[f"p{number}"])


def _sided(text: str, match: re.Match[str]) -> Sided:
    side = str(match.lastgroup)
    own = _PART.search(match.group())
    ahead = re.split(
        r"[.;:]|\b(?:left|right|bilateral|both)\b", text[match.end() : match.end() + _AHEAD], flags=re.IGNORECASE
    )
    after = own or _PART.search(ahead[0])
    if after is not None:
        return Sided(
            side, _part_of(after), f"{match.group()}{ahead[0][: after.end()]}".strip() if not own else match.group()
        )
    level = _LEVEL.search(ahead[0])
    if level is not None:
        part = {"C": "neck", "T": "upper back"}.get(level["one"], "low back")
        return Sided(side, part, f"{match.group()}{ahead[0][: level.end()]}")
    behind = text[max(0, match.start() - _BEHIND) : match.start()]
    before = list(_PART.finditer(behind))
    if before and not re.search(r"[.;]", behind[before[-1].end() :]):
        return Sided(side, _part_of(before[-1]), f"{behind[before[-1].start() :]}{match.group()}")
    return Sided(side, "", match.group())
