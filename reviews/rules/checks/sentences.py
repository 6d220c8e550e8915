"""Sentences of a rationale or summary, and what kind each is. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Every check asks for the sentences and words of the same few texts; more would only keep texts in memory.
CACHED = 256

_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][\"”’)\]]))\s+(?=[\"“‘(\[]?[A-Z0-9])"  # an end, then a beginning
    r"|(?<=[a-z)\]]\.)(?=[A-Z][a-z])"  # the blank after the full stop is often missing
    r"|\n\s*\n"
)
_ABBREVIATION = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|St|vs|e\.g|i\.e|etc|No|Nos|Fig|approx|Inc|et al|al|cf|p|pp|pg|Sec|[A-Z]|U\.S|M\.D|D\.O|D\.C"
    r"|P\.T|a\.m|p\.m)\.$",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:requests?|requested|requesting|in dispute|at issue|in question|proposed|prescribed|prescription"
    r"|disputed|under review|being asked for)\b",
    re.IGNORECASE,
)
_GUIDELINE = re.compile(
    r"\b(?:guidelines?|MTUS|ACOEM|ODG|Disability Guidelines|schedule|literature|chapter|textbook"
    r"|UpToDate|FDA"
    r"|Cochrane|criteria|consensus)\b[^.;]{0,80}?\b(?:recommend\w*|stat\w+|support\w*|allow\w*|suggest\w*"
    r"|requir\w+|not\w+"
    r"|indicat\w+|advis\w+|limit\w*|provid\w+|consider\w*|report\w*|discuss\w*|address\w*|say\w*|call\w*"
    r"|list\w*|ask\w*"
    r"|include\w*|find\w*|are|is|has|have|do|does|for)\b(?<!by the)"
    r"|\b(?:according to|per|under|based on|as per|consistent with) (?:the )?(?:\w+ ){0,3}(?:guidelines?"
    r"|MTUS|ACOEM|ODG)\b"
    r"|\b(?:studies|trials|literature|reviews?) (?:show|have|found|suggest|of|indicate)\w*\b"
    r"|\b(?:are|is|may be|should be) (?:only |not |conditionally |strongly |generally )?(?:recommended"
    r"|indicated|considered"
    r"|supported|used|optional|an option|reserved) (?:for|as|in|if|when|to|only|after|with|where|before)\b"
    r"|\bsuch as\b|\be\.g(?![A-Za-z])",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:prior|previous(?:ly)?|past|history|status[- ]post|s/p|underwent|had undergone|completed|already"
    r"|has (?:had|received|tried|been treated)|have been (?:certified|authorized|provided)|was (?:treated"
    r"|given|tried)"
    r"|contralateral|opposite|unaffected|uninvolved|other (?:side|knee|shoulder|hand|hip|arm|leg|wrist|elbow|ankle)"
    r"|compensat\w+|comparison|compared|in contrast|unlike|instead of|rather than|as opposed to|besides"
    r"|ago)(?![A-Za-z])",
    re.IGNORECASE,
)
_TAPER = re.compile(
    r"\b(?:taper\w*|wean\w*|withdrawal|abrupt\w*|discontinu\w+|cessation|detoxif\w+|stopped at once|step by step)\b",
    re.IGNORECASE,
)
# "neccessary", "necesary", "nessessary": the letters between n and r or t are written in every way.
_NECESSITY = re.compile(
    r"\bmedic\w{1,4}(?:\s+(?:and|or)\s+\w+)?[\s-]+(?:un|non-?)?n[eacis]{3,7}[rt]\w{0,6}"
    r"|\bmedical\s+need\b|\b(?:un)?necessary\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:requests? (?:for|of)|requested|the proposed|prescri\w+ of)\s+(?P<after>[^.;]{3,120}?)(?=[.;]|$"
    r"|\s(?:is|are|was|were)\b)"
    r"|(?P<before>[^.;,]{3,100}?)\s+(?:is|are|was|were|cannot be|does not|do not)\b[^.;]{0,40}\bnecess"
    r"|\bnecessity (?:of|for)\s+(?P<of>[^.;]{3,120}?)\s(?:is|are|was|were|has|have|cannot)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|unless|until|should|must|criteria|whether|only)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its kinds. `is_subject`: it names what is decided, as the request or with the verdict."""

    text: str
    is_request: bool
    is_subject: bool
    is_guideline: bool
    is_history: bool
    is_taper: bool

    @property
    def is_plain(self) -> bool:
        """Whether it speaks of this case: not a guideline's words, not of what was before, not of tapering."""
        return not (self.is_guideline or self.is_history or self.is_taper)


@lru_cache(maxsize=CACHED)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text` in order, white space folded."""
    return tuple(_kinds(part) for part in _parts(text))


def objects(text: str) -> str:
    """The words of a sentence that name what is requested or decided: object of the request, subject of the verdict."""
    return " ; ".join(match["after"] or match["before"] or match["of"] for match in _OBJECT.finditer(text))


def necessity_mentions(text: str) -> Iterable[re.Match[str]]:
    """Where the text speaks of medical necessity, in the spellings that occur."""
    return _NECESSITY.finditer(text)


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    held = ""
    for piece in _END.split(text):
        held = f"{held} {piece}" if held else piece
        if not _ABBREVIATION.search(held.rstrip()):
            parts.append(held)
            held = ""
    if held:
        parts.append(held)
    return [" ".join(part.split()) for part in parts if part.strip()]


def _kinds(text: str) -> Sentence:
    is_request = bool(_REQUEST.search(text))
    has_verdict = bool(_NECESSITY.search(text))
    has_source = bool(_GUIDELINE.search(text))
    is_general = has_source and bool(_CONDITION.search(text)) and not is_request
    is_subject = (is_request or has_verdict) and not is_general
    return Sentence(
        text=text,
        is_request=is_request,
        is_subject=is_subject,
        is_guideline=has_source and not is_subject,
        is_history=bool(_HISTORY.search(text)),
        is_taper=bool(_TAPER.search(text)),
    )
