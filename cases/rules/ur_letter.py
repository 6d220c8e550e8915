"""What a UR decision letter says, read by rules: candidates for a person to confirm, each with its place.

Nothing here is an answer. A field may have several candidates, and the page and the words around each are given so
that the person can look.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.enums import DraftStep, ServiceMethod, UROutcome
from cases.rules.printed_dates import PRINTED_DATE, printed_day

MAX_ITEMS, MAX_DESCRIPTION, SNIPPET = 60, 1_000, 160

_AFTER_LABEL = r"\s*(?:is|was|on|of)?\s*[:#.]?\s*"
# A colon or two blanks end a label; what follows it on the line is the value.
_VALUE = r"\s*[:#]\s*(?P<text>\S.{0,150})"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer of `field` in `step`, as it would be typed there."""

    step: DraftStep
    field: str
    value: str
    page: int
    snippet: str


@dataclass(frozen=True, slots=True)
class ItemCandidate:
    """A treatment that the letter decides. `outcome` is empty for one that it authorizes in full."""

    description: str
    outcome: str
    authorized: str
    page: int
    snippet: str

    @property
    def is_disputable(self) -> bool:
        """Whether it was denied or modified, so that it can be disputed (LC 4610.5(c)(3))."""
        return bool(self.outcome)


@dataclass(frozen=True, slots=True)
class LetterReading:
    """Everything that was found, in the order of the letter."""

    candidates: tuple[Candidate, ...] = ()
    items: tuple[ItemCandidate, ...] = ()


_DECISION_DATE = (
    r"date of (?:the |this )?(?:utilization review |ur )?(?:decision|determination)"
    r"|(?:ur |utilization review )?(?:decision|determination) date"
    r"|(?:decision|determination) (?:dated|made on|issued on)|utilization review decision of"
)
_SERVICE_DATE = r"date (?:mailed|served|sent)|date of (?:mailing|service of this)|mailing date|(?:served|mailed) on"
_RECEIPT_DATE = (
    r"date (?:the )?(?:rfa|request(?: for authorization)?) (?:was )?received"
    r"|(?:rfa|request(?: for authorization)?) (?:received|receipt date)"
    r"|date of receipt of (?:the )?(?:rfa|request)"
)
_DATES: tuple[tuple[DraftStep, str, re.Pattern[str]], ...] = tuple(
    (step, name, re.compile(rf"\b(?:{label}){_AFTER_LABEL}{PRINTED_DATE}", re.IGNORECASE))
    for step, name, label in (
        (DraftStep.UR_DECISION, "decided_on", _DECISION_DATE),
        (DraftStep.UR_DECISION, "served_on", _SERVICE_DATE),
        (DraftStep.UR_DECISION, "request_received_on", _RECEIPT_DATE),
        (DraftStep.CLAIM, "date_of_injury", r"date of injury|injury date|d\.?o\.?i\.?"),
    )
)
_TEXTS: tuple[tuple[DraftStep, str, re.Pattern[str]], ...] = tuple(
    (step, name, re.compile(rf"^(?:{label}){_VALUE}", re.IGNORECASE))
    for step, name, label in (
        (DraftStep.CLAIM, "claim_number", r"claim\s*(?:number|no\.?|id)?"),
        (
            DraftStep.UR_DECISION,
            "reference",
            r"(?:ur|utilization review|review|referral|reference)\s*(?:reference|case|file)?\s*(?:number|no\.?|id)?",
        ),
        (DraftStep.UR_DECISION, "primary_diagnosis", r"(?:primary )?diagnos[ie]s(?:\s*\(?icd.{0,12})?"),
        (DraftStep.PHYSICIAN, "name", r"(?:requesting|treating|prescribing) (?:physician|provider|doctor)"),
        (DraftStep.EMPLOYEE, "name", r"(?:injured worker|injured employee|employee|claimant|patient)(?: name)?"),
    )
)
_METHOD = re.compile(r"\b(?:by|via)\s+(mail|u\.?s\.? mail|fax|facsimile|e-?mail|hand)\b", re.IGNORECASE)
_METHODS = {"mail": ServiceMethod.MAIL, "us mail": ServiceMethod.MAIL, "fax": ServiceMethod.FAX}
_METHODS |= {"facsimile": ServiceMethod.FAX, "email": ServiceMethod.ELECTRONIC, "hand": ServiceMethod.PERSONAL}
_ICD = re.compile(r"\b(?:[A-TV-Z][0-9][0-9A-Z]\.[0-9A-Z]{1,4}|[0-9]{3}\.[0-9]{1,2})\b")
_CONDITIONAL = re.compile(
    r"\bconditional(?:ly)? (?:non-?certif|den)"
    r"|\b(?:denied|non-?certified)\b.{0,80}\b(?:information|records?)\b.{0,60}"
    r"\bnot (?:been )?(?:received|provided|submitted)",
    re.IGNORECASE,
)
_DATE_ONLY = re.compile(PRINTED_DATE, re.IGNORECASE)
_TITLES = re.compile(r"^(?:dr|mr|mrs|ms)\.?\s+|,.*$|\s+(?:m\.?d|d\.?o|d\.?c|ph\.?d|d\.?p\.?m)\.?$", re.IGNORECASE)

_NECESSARY = r"medically necessary(?: and appropriate)?"
_OUTCOME = (
    r"(?:(?P<part>modified|partially (?:certified|approved)|(?:certified|approved) with modification)"
    rf"|(?P<no>denied|non-?\s?certified|not certified|not approved|not {_NECESSARY}|adverse determination)"
    rf"|(?P<yes>certified|approved|authorized|{_NECESSARY}))"
)
_ITEMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 1. MRI of the lumbar spine - DENIED
        rf"^(?:item\s*)?(?:#?\d{{1,2}}[.):]\s*)?(?P<what>.{{4,}}?)\s*(?:[-–—:]|\s{{2,}})\s*{_OUTCOME}\b(?P<rest>.*)$",
        # Denied: MRI of the lumbar spine
        rf"^{_OUTCOME}\s*[:–—-]\s*(?P<what>.{{4,}})$",
        # The request for MRI of the lumbar spine is denied
        rf"\brequest for (?P<what>.{{4,}}?)\s+(?:is|was|has been)\s+(?:hereby\s+)?{_OUTCOME}\b(?P<rest>.*)$",
    )
)
_NUMBER = re.compile(r"^\W*(?:item\s*)?#?\d{1,2}[.):]\s*|^(?:the )?request for\s+", re.IGNORECASE)
_INSTEAD = re.compile(r"^\W*(?:to|as|for|and certified for)\s+(?P<what>[^.;]{3,})", re.IGNORECASE)
# `Determination: denied` names the whole decision, not a treatment.
_WHOLE_DECISION = re.compile(
    r"(?:ur |utilization review |overall |final |review )?"
    r"(?:decision|determination|outcome|status|result|recommendation)s?",
    re.IGNORECASE,
)
# Where a line begins something of its own: a label, a number, a bullet, a sentence about a request.
_STARTS = re.compile(
    r"^(?:[A-Z][\w ./()-]{2,40}[:#]|(?:[Ii]tem\s*)?#?\d{1,2}[.)]\s|[•*-]\s|[Tt]he request for\b|[Dd]enied|[Mm]odified)"
)
MAX_UNIT = 3_000


def read_ur_letter(pages: Sequence[tuple[int, str]]) -> LetterReading:
    """The candidates of a letter; `pages` are page numbers with their text. Never raises for what is in the text."""
    candidates: dict[tuple[DraftStep, str, str], Candidate] = {}
    items: dict[str, ItemCandidate] = {}
    for page, unit in _units(pages):
        for found in _candidates(page, unit):
            candidates.setdefault((found.step, found.field, found.value), found)
        item = _item(page, unit)
        if item is not None and len(items) < MAX_ITEMS:
            items.setdefault(item.description.casefold(), item)
    return LetterReading(tuple(candidates.values()), tuple(items.values()))


def _units(pages: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines, each with the lines that go on with it."""
    for page, text in pages:
        unit = ""
        for raw in (*text.splitlines(), ""):
            line = re.sub(r"\s*\t\s*", "  ", raw).strip()
            if unit and not _goes_on(unit, line):
                yield page, unit
                unit = ""
            unit = f"{unit} {line}".strip()[:MAX_UNIT]


def _goes_on(unit: str, line: str) -> bool:
    if not line or _STARTS.match(line) or len(unit) >= MAX_UNIT:
        return False
    return line[0].islower() or unit[-1] in ",;(/-" or line[0] == "("


def _candidates(page: int, unit: str) -> Iterator[Candidate]:
    yield from _dates(page, unit)
    for step, name, pattern in _TEXTS:
        if match := pattern.match(unit):
            yield from _told(step, name, match["text"], page, _around(unit, match))
    if re.match(r"(?:primary )?diagnos", unit, re.IGNORECASE) and (code := _ICD.search(unit)):
        yield Candidate(DraftStep.UR_DECISION, "icd_code", code[0], page, _around(unit, code))
    if match := _METHOD.search(unit):
        method = _METHODS[match[1].casefold().replace(".", "").replace("-", "")]
        yield Candidate(DraftStep.UR_DECISION, "service_method", method.value, page, _around(unit, match))
    if match := _CONDITIONAL.search(unit):
        yield Candidate(DraftStep.UR_DECISION, "is_conditional", "yes", page, _around(unit, match))


def _dates(page: int, unit: str) -> Iterator[Candidate]:
    for step, name, pattern in _DATES:
        for match in pattern.finditer(unit):
            day = printed_day(match["date"])
            if day is not None:
                yield Candidate(step, name, f"{day:%m/%d/%Y}", page, _around(unit, match))


def _told(step: DraftStep, name: str, told: str, page: int, snippet: str) -> Iterator[Candidate]:
    """What stands behind a label, up to the next column."""
    text = re.split(r"\s{2,}|\s\|\s", told.strip())[0].strip(" .;,")
    if not text:
        return
    if name == "name":
        yield from _name(step, text, page, snippet)
    elif name in {"claim_number", "reference"}:
        word = text.split()[0].strip(".,;")
        if any(character.isdigit() for character in word):
            yield Candidate(step, name, word[:50], page, snippet)
    elif not _DATE_ONLY.fullmatch(text):
        yield Candidate(step, name, text[:500], page, snippet)


def _name(step: DraftStep, text: str, page: int, snippet: str) -> Iterator[Candidate]:
    """`Noah Bell, MD` and `Dr. Noah Bell` as first and last name; a name of one word is a last name."""
    plain = _TITLES.sub("", _TITLES.sub("", text)).strip()
    words = plain.split()
    if not words or len(words) > 5 or any(character.isdigit() for character in plain):
        return
    yield Candidate(step, "last_name", words[-1][:120], page, snippet)
    if len(words) > 1:
        yield Candidate(step, "first_name", " ".join(words[:-1])[:120], page, snippet)


def _item(page: int, unit: str) -> ItemCandidate | None:
    for pattern in _ITEMS:
        match = pattern.search(unit)
        if match is None:
            continue
        groups = match.groupdict()
        what = re.sub(r"\s+", " ", _NUMBER.sub("", groups["what"])).strip(" .;:,-–—")
        if len(what) < 4 or _WHOLE_DECISION.fullmatch(what):
            return None
        outcome = UROutcome.MODIFIED if groups["part"] else UROutcome.DENIED if groups["no"] else ""
        instead = _INSTEAD.match(groups.get("rest") or "") if groups["part"] else None
        authorized = re.sub(r"\s+", " ", instead["what"]).strip() if instead else ""
        snippet = unit[:SNIPPET] + ("…" if len(unit) > SNIPPET else "")
        return ItemCandidate(what[:MAX_DESCRIPTION], outcome, authorized[:MAX_DESCRIPTION], page, snippet)
    return None


def _around(unit: str, match: re.Match[str]) -> str:
    start = max(match.start() - 40, 0)
    end = min(start + SNIPPET, len(unit))
    return ("…" if start else "") + unit[start:end].strip() + ("…" if end < len(unit) else "")
