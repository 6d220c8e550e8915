"""The letter as the parties get it: what was signed, and what is known only on the day of service."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from reviews.letters.final import FinalDeterminationLetter, ReviewedDocument, digest_of


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody the letter is served on (8 CCR 9792.10.6(d)). `role` and `method` are in words."""

    name: str
    role: str
    method: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterChange:
    """What a correction changed at one place of the letter; `place` is in words ("Item 2, decision rationale")."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom the private letter names. Every field is as the case had it on the day of service; empty if unknown."""

    employee: str
    claim_number: str
    employer: str = ""
    claims_administrator: str = ""
    requesting_physician: str = ""


@dataclass(frozen=True, slots=True)
class ServedLetter:
    """The whole private letter. `version` is 1, or one more than that of the letter it supersedes.

    `service_date` is the day that the letter bears and leaves on, a calendar day in California. `check_code` is the
    random code that the check page knows the letter by; `check_url` is its address with the code.
    `appeal_until` is the last day to appeal (LC 4610.6(h)), None where it is not computed.
    """

    letter: FinalDeterminationLetter
    documents: tuple[ReviewedDocument, ...]
    parties: Parties
    recipients: tuple[Recipient, ...]
    service_date: date
    version: int
    check_code: str
    check_url: str
    signed_off_by: str
    appeal_until: date | None = None
    appeal_citation: str = ""
    supersedes_date: date | None = None
    correction_reason: str = ""
    changes: tuple[LetterChange, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain values that JSON can hold; `from_data` reads them back without loss."""
        return {
            "letter": self.letter.to_data(),
            "documents": [paper.to_data() for paper in self.documents],
            "parties": _plain(self.parties),
            "recipients": [_plain(recipient) | {"address": list(recipient.address)} for recipient in self.recipients],
            "service_date": self.service_date.isoformat(),
            "version": self.version,
            "check_code": self.check_code,
            "check_url": self.check_url,
            "signed_off_by": self.signed_off_by,
            "appeal_until": self.appeal_until.isoformat() if self.appeal_until else None,
            "appeal_citation": self.appeal_citation,
            "supersedes_date": self.supersedes_date.isoformat() if self.supersedes_date else None,
            "correction_reason": self.correction_reason,
            "changes": [_plain(change) for change in self.changes],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The letter of `to_data`; raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(
            letter=FinalDeterminationLetter.from_data(data["letter"]),
            documents=tuple(ReviewedDocument.from_data(paper) for paper in data["documents"]),
            parties=Parties(**data["parties"]),
            recipients=tuple(Recipient(**row | {"address": tuple(row["address"])}) for row in data["recipients"]),
            service_date=date.fromisoformat(data["service_date"]),
            version=data["version"],
            check_code=data["check_code"],
            check_url=data["check_url"],
            signed_off_by=data["signed_off_by"],
            appeal_until=_day(data["appeal_until"]),
            appeal_citation=data["appeal_citation"],
            supersedes_date=_day(data["supersedes_date"]),
            correction_reason=data["correction_reason"],
            changes=tuple(LetterChange(**change) for change in data["changes"]),
        )

    @property
    def sha256(self) -> str:
        """Digest of the canonical form."""
        return digest_of(self.to_data())


def _plain(row: Recipient | LetterChange | Parties) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
