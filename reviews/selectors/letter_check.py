"""What the public check page says of a code: which letter it stands for, and nothing about whom it concerns."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imr.core.clock import pacific_date
from reviews.models import Dispatch

CODE_LENGTH = 20
_NOT_OF_A_CODE = re.compile(r"[^A-Z2-7]")
# What people read into or type for letters of the code; it has no 0, 1, 8 or 9.
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B"})


class LetterState(StrEnum):
    """What the holder of a letter has to know of it."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version of the letter that was served, and the SHA-256 of its file in hexadecimal."""

    version: int
    served_on: date
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckedLetter:
    """The letter of a code. `current` is the newest version that was served; `set_aside_on` is set by an appeal.

    `versions` has every served version, the newest first.
    """

    state: LetterState
    asked: KnownVersion
    current: KnownVersion
    versions: tuple[KnownVersion, ...]
    set_aside_on: date | None = None

    @property
    def former(self) -> tuple[KnownVersion, ...]:
        return tuple(version for version in self.versions if version != self.current)


def normal_code(text: str) -> str:
    """A code as it is stored, from what somebody typed: capitals without blanks and hyphens."""
    return _NOT_OF_A_CODE.sub("", text.upper().translate(_MISREAD))


def shown_code(code: str) -> str:
    """A code in groups of five, for people."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def letter_check(code: str) -> CheckedLetter | None:
    """The served letter with that code; None for every other code, also that of a letter that never left."""
    if len(code) != CODE_LENGTH:
        return None
    asked = (
        Dispatch.objects.filter(check_code=code, served_at__isnull=False)
        .select_related("determination", "letter")
        .first()
    )
    if asked is None:
        return None
    rows = (
        Dispatch.objects.filter(case_id=asked.case_id, served_at__isnull=False)
        .select_related("letter")
        .order_by("-version")
    )
    versions = tuple(_version(row) for row in rows)
    own = _version(asked)
    set_aside = asked.determination.set_aside_at
    if set_aside is not None:
        state = LetterState.SET_ASIDE
    else:
        state = LetterState.VALID if own == versions[0] else LetterState.SUPERSEDED
    return CheckedLetter(
        state=state,
        asked=own,
        current=versions[0],
        versions=versions,
        set_aside_on=pacific_date(set_aside) if set_aside else None,
    )


def _version(dispatch: Dispatch) -> KnownVersion:
    if dispatch.letter is None:
        raise ValueError("A served letter has its file.")
    return KnownVersion(version=dispatch.version, served_on=dispatch.service_on, sha256=dispatch.letter.sha256)
