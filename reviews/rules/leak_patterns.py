"""Patterns under which a known name, number, address or date may stand in a text. Pure.

The patterns are for text as `plain` leaves it: small letters without accents, one kind of quote and hyphen, nothing
invisible. Blanks and line feeds are kept, since a word may be broken at the end of a line.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

# A word that is a name and also an ordinary one, or a term of medicine or of this field: a hit needs a person's eye.
COMMON_WORDS = frozenset(
    """
    may april june august summer winter day week early long short young old good best rich poor small little hope grace
    faith joy rose lily daisy iris violet heather ivy holly summers winters brown black white green gray grey gold
    silver king knight bishop pope church temple hall house wood woods forest field fields hill hills stone rock rivers
    brook brooks lake park parks bush marsh moss reed reeds berry cherry olive sage ginger pepper mark will bill rob
    frank grant dean chase drew pat art ray jay dale glen cliff clay ward lane street bridge gates page price case
    power powers payne pain bone bones hand hands foot head back hart heart blood love self sharp hardy strong wise
    noble major minor marshall judge law laws moon sun star snow frost rain storm fox wolf bear bird crane hawk drake
    swan lamb fish cook baker carter cooper fisher fowler gardener mason miller porter potter shepherd smith taylor
    turner walker weaver barber butler carpenter chandler clark coleman parker sawyer skinner spencer stewart tanner
    tyler wright high low west east north south ford banks cash fair best close cross moody bright light nail nails
    patient provider care center health medical group clinic hospital surgery therapy orthopedic pain spine sports
    insurance company services service california state fund general national american pacific united first physical
    occupational work workers compensation review independent associates management administrator claims
    phalen tinel spurling lachman mcmurray mckenzie hoffmann babinski hawkins neer finkelstein oswestry baker
    morton charcot cushing crohn parkinson alzheimer raynaud romberg patrick gaenslen kemp waddell speed yergason
    bell down graves addison colles jones thomas hill sachs bankart weber potts cobb
    """.split()  # noqa: SIM905  a list to read
)
LEGAL_FORMS = frozenset("inc incorporated llc llp lp ltd limited corp corporation co pc apc pllc plc".split())  # noqa: SIM905
PARTICLES = frozenset("de la del los las van von der den da di du le el al bin ibn st mc mac y e san santa".split())  # noqa: SIM905
SUFFIXES = frozenset("jr sr ii iii iv md do dc phd psyd esq rn np pa".split())  # noqa: SIM905
STREETS = {
    "avenue": "ave",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "drive": "dr",
    "highway": "hwy",
    "lane": "ln",
    "parkway": "pkwy",
    "place": "pl",
    "plaza": "plz",
    "road": "rd",
    "square": "sq",
    "street": "st",
    "suite": "ste",
    "terrace": "ter",
    "trail": "trl",
    "way": "wy",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
}
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

SPREAD_FROM = 7  # letters of a name that is looked for with a blank or dot between its letters, too

_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u02b9\u2032\uff07`\u00b4"), "'")
_SIMPLER = _HYPHENS | _QUOTES | {0x00DF: "ss", 0x2028: "\n", 0x2029: "\n", 0x000C: "\n", 0x000B: "\n"}
# Letters that have no decomposition into a letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
_IS_PLAIN = re.compile(r"[\n\t -_a-~]*")
_BREAK = r"(?:-?[ \t]*\n[ \t]*)?"
_GAP = r"[\s.\-]{0,3}"
_BETWEEN_WORDS = r"[\s,.\-]{1,4}"
START = r"(?<![a-z0-9])"
END = r"(?![a-z0-9])"


def plain(text: str) -> tuple[str, list[int]]:
    """`text` as the patterns want it, and for each of its characters the index in `text` that it comes from."""
    if _IS_PLAIN.fullmatch(text):
        return text.lower(), list(range(len(text)))
    out: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character.translate(_SIMPLER)):
            kind = unicodedata.category(part)
            # Accents; joiners, soft hyphens and direction marks; control characters other than white space.
            if kind in {"Mn", "Cf", "Cn", "Co"} or (kind == "Cc" and not part.isspace()):
                continue
            small = " " if kind == "Zs" else part.casefold().translate(_LETTERS).translate(_SIMPLER)
            out.append(small)
            places.extend([index] * len(small))
    return "".join(out), places


def words_of(name: str) -> list[str]:
    """The words of a name as they stand in plain text; an apostrophe inside a word goes."""
    return re.findall(r"[^\W_]+", plain(name)[0].replace("'", ""))


def word(text: str, *, spread: bool = False) -> str:
    """The letters of `text`, which a line may break anywhere; `spread` allows blanks and dots between them."""
    letters = [re.escape(letter) for letter in text]
    joint = _GAP if spread and len(text) >= SPREAD_FROM else f"{_BREAK}'?"
    return joint.join(letters)


def phrase(words: list[str]) -> str:
    """The words one after the other, with whatever may stand between words."""
    return _BETWEEN_WORDS.join(word(each) for each in words)


def person(first: str, middle: str, last: str) -> Iterator[tuple[str, bool]]:
    """Patterns of a person's name with whether a match is certain: whole, with an initial, each part, and initials."""
    firsts, lasts = words_of(first), [each for each in words_of(last) if each not in SUFFIXES]
    if firsts and lasts:
        given, family = phrase(firsts), phrase(lasts)
        inner = r"(?:[\s.\-]+[a-z][a-z'.]*)?[\s.]+"
        yield rf"{given}{inner}{family}", True
        yield rf"{family}\s*,?\s*{given}", True
        yield rf"{firsts[0][0]}(?:\.|\s)\s*(?:[a-z]\.?\s*)?{family}", True
        yield rf"{family}\s*,?\s*{firsts[0][0]}\.", True
        middles = words_of(middle)[:1]
        initials = [firsts[0][0], *(each[0] for each in middles), lasts[-1][0]]
        yield r"\.\s*".join(initials) + r"\.", False
        yield rf"(?:patient|claimant|employee|worker|applicant|mr|mrs|ms|dr)\.?\s+{''.join(initials)}", False
        yield rf"(?:mr|mrs|ms|dr)\.?\s+{lasts[-1][0]}\.", False
    if len(lasts) > 1:
        yield phrase(lasts), True
    for each in (*firsts, *lasts):
        if each not in PARTICLES:
            yield word(each, spread=True), each not in COMMON_WORDS and len(each) > 2


def firm(name: str) -> Iterator[tuple[str, bool]]:
    """Patterns of a firm's name: without its legal form, in short, and by its first word."""
    words = [each for each in words_of(name) if each not in LEGAL_FORMS]
    telling = [each for each in words if each not in COMMON_WORDS and each not in {"the", "of", "and", "for", "a"}]
    if not words:
        return
    yield r"(?:[\s,.&'/\-]|and){1,6}".join(word(each) for each in words), bool(telling)
    if len(words) > 2:
        yield "".join(each[0] for each in words), False
    for each in telling[:1]:
        if len(each) > 3:
            yield word(each, spread=True), False


def number(value: str, *, least: int = 5) -> Iterator[tuple[str, bool]]:
    """A number or code however it is spaced; its digits alone where there are many."""
    bare = re.sub(r"[^a-z0-9]", "", plain(value)[0])
    if len(bare) >= least - 1:
        yield r"[\s.\-/()#]{0,3}".join(map(re.escape, bare)), len(bare) >= least
    digits = re.sub(r"\D", "", bare)
    if digits != bare and len(digits) > least:
        yield r"[\s.\-/()]{0,3}".join(digits), True


def telephone(value: str) -> Iterator[tuple[str, bool]]:
    """A telephone number with or without country and area code."""
    digits = re.sub(r"\D", "", value)[-10:]
    joint = r"[\s.\-/()]{0,3}"
    if len(digits) >= 7:
        yield joint.join(digits), True
        yield joint.join(digits[-7:]), True


def mail(value: str) -> Iterator[tuple[str, bool]]:
    """An e-mail address, also with the sign in words, and the part before it."""
    local, _, domain = plain(value)[0].partition("@")
    if local and domain:
        dotted = r"\s*(?:\.|dot|\(dot\)|\[dot\])\s*"
        host = dotted.join(map(re.escape, domain.split(".")))
        name = dotted.join(map(re.escape, local.split(".")))
        yield rf"{name}\s*(?:@|\(at\)|\[at\]|\sat\s)\s*{host}", True
        if len(local) > 5:
            yield name, False


def street(line: str) -> Iterator[tuple[str, bool]]:
    """A street address: its number with the first word of the street, under either spelling."""
    words = words_of(line)
    if not words:
        return
    spelled = [_spelling(each) for each in words]
    if words[0].isdigit() and len(words) > 1:
        # A direction says nothing by itself, so the word behind it belongs to it.
        short = set(STREETS) | set(STREETS.values())
        taken = next((at for at, each in enumerate(words[1:], start=1) if each not in short), 1) + 1
        yield r"[\s,.#\-]{1,4}".join(spelled[:taken]), True
    elif len(words) > 1:
        yield r"[\s,.#\-]{1,4}".join(spelled), True


def city(name: str) -> Iterator[tuple[str, bool]]:
    """A city's name; many people live there, so it is only a possible hit."""
    words = words_of(name)
    if words:
        yield phrase(words), False


def zip_code(value: str) -> Iterator[tuple[str, bool]]:
    """A ZIP code; five digits alone may be a billing code as well."""
    digits = re.sub(r"\D", "", value)
    if len(digits) > 5:
        yield rf"{digits[:5]}[\s-]?{digits[5:]}", True
    if digits:
        yield digits[:5], False


def _spelling(each: str) -> str:
    for long, short in STREETS.items():
        if each in {long, short}:
            return f"(?:{long}|{short})"
    return word(each)


def day(value: date) -> Iterator[tuple[str, bool]]:
    """A date in every shape that people write, and its month and year alone."""
    year = rf"(?:{value.year}|'?{value.year % 100:02})"
    month_name = MONTHS[value.month - 1]
    name = rf"(?:{month_name}|{month_name[:4]}\.?|{month_name[:3]}\.?)"
    month, number_of_day = rf"0?{value.month}", rf"0?{value.day}"
    ordinal = rf"{number_of_day}(?:\s*(?:st|nd|rd|th))?"
    joint = r"\s*[/.\-\s,]\s*"
    yield rf"{month}{joint}{number_of_day}{joint}{year}", True
    yield rf"{value.year}{joint}{month}{joint}{number_of_day}", True
    yield rf"{name}\s*[\s.\-/]?\s*{ordinal}\s*[\s,.\-/]*\s*{year}", True
    yield rf"{ordinal}\s*(?:day\s+)?(?:of\s+)?[\s.\-/]*{name}\s*[\s,.\-/]*\s*{year}", True
    yield rf"{value.year}\s*[\s,.\-/]*\s*{name}\s*[\s.\-/]*\s*{ordinal}", True
    for digits in (f"{value:%m%d%Y}", f"{value:%Y%m%d}", f"{value:%d%m%Y}"):
        yield digits, True
    yield rf"{number_of_day}{joint}{month}{joint}{value.year}", True
    yield rf"{name}\s*(?:of\s+)?[\s,.\-/]\s*{value.year}", False
    yield rf"{value.month:02}\s*/\s*{value.year}", False
