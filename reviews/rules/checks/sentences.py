"""Sentences of a rationale or summary, and what kind each is. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
    r"\b(?:guidelines?|MTUS|ACOEM|ODG|Official Disability|chapter|literature|stud(?:y|ies)|trials? (?:show|have|of)"
    r"|FDA|Cochrane|systematic review|evidence[- ]based|consensus|schedule|textbook|UpToDate|meta-analys[ei]s"
    r"|(?:are|is) (?:only |not |conditionally |strongly )?recommended (?:for|as|in|if|when|to)|such as|e\.g)(?![A-Za-z])",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(?:prior|previous(?:ly)?|past|history|status[- ]post|s/p|underwent|had undergone|completed|already"
    r"|has (?:had|received|tried|been treated)|have been (?:certified|authorized|provided)|was (?:treated|given|tried)"
    r"|contralateral|opposite|unaffected|uninvolved|other (?:side|knee|shoulder|hand|hip|arm|leg|wrist|elbow|ankle)"
    r"|compensat\w+|comparison|compared|in contrast|unlike|instead of|rather than|as opposed to|besides|ago)(?![A-Za-z])",
    re.IGNORECASE,
)
_TAPER = re.compile(
    r"\b(?:taper\w*|wean\w*|withdrawal|abrupt\w*|discontinu\w+|cessation|detoxif\w+|stopped at once|step by step)\b",
    re.IGNORECASE,
)
_NECESSITY = re.compile(
    r"\bmedical(?:l?y)?(?:\s+and\s+\w+)?[\s-]+(?:un)?n?ec+[ea]s+[ai](?:r?y|ry|ty|r?ily)\b|\bmedical\s+(?:need|necessities)\b"
    r"|\b(?:not|is|are|was|be)\s+(?:un)?necessary\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its kinds. A sentence about the request is never counted as a guideline's words."""

    text: str
    is_request: bool
    is_verdict: bool
    is_guideline: bool
    is_history: bool
    is_taper: bool

    @property
    def is_plain(self) -> bool:
        """Whether it speaks of this case: not a guideline's words, not of what was before, not of tapering."""
        return not (self.is_guideline or self.is_history or self.is_taper)

    @property
    def is_subject(self) -> bool:
        """Whether it names what is decided: the request or the verdict."""
        return self.is_request or self.is_verdict


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text` in order, white space folded."""
    return tuple(_kinds(part) for part in _parts(text))


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
    is_verdict = bool(_NECESSITY.search(text))
    return Sentence(
        text=text,
        is_request=is_request,
        is_verdict=is_verdict,
        is_guideline=bool(_GUIDELINE.search(text)) and not (is_request or is_verdict),
        is_history=bool(_HISTORY.search(text)),
        is_taper=bool(_TAPER.search(text)),
    )
