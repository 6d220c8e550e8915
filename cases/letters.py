"""The words and figures of what the cases app sends out, and their stored form."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from imr.core.words import mmddyyyy, pacific


@dataclass(frozen=True, slots=True)
class ReceiptAnswer:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReceiptSection:
    """A step of the application, or a disputed item, with what was answered."""

    title: str
    answers: tuple[ReceiptAnswer, ...]


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A file as it was received; `size` in bytes, `sha256` in lower-case hexadecimal."""

    kind: str
    title: str
    name: str
    size: int
    page_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FilingReceiptLetter:
    """What was filed, by whom and when: the only source of the receipt page and the receipt's PDF.

    `received_at` is the server's clock (ISO 8601, UTC). `notes` are the shortcomings the filer was told of and
    filed in spite of, each with its code.
    """

    case_number: str
    received_at: str
    organization: str
    filed_by: str
    attested_by: str
    review_type: str
    sections: tuple[ReceiptSection, ...]
    files: tuple[ReceiptFile, ...]
    notes: tuple[str, ...] = ()

    @property
    def received(self) -> datetime:
        """`received_at` as an instant."""
        return datetime.fromisoformat(self.received_at)

    @property
    def total_size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def total_pages(self) -> int:
        """Pages of all files together."""
        return sum(file.page_count for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to an equal letter."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FilingReceiptLetter":
        """The letter of a stored form; raises `KeyError` or `TypeError` for anything else."""
        return cls(
            **{
                **data,
                "sections": tuple(
                    ReceiptSection(section["title"], tuple(ReceiptAnswer(**answer) for answer in section["answers"]))
                    for section in data["sections"]
                ),
                "files": tuple(ReceiptFile(**file) for file in data["files"]),
                "notes": tuple(data["notes"]),
            }
        )

    def sha256(self) -> str:
        """The digest of the canonical stored form: sorted keys, no blanks, UTF-8."""
        return _digest(self.as_json())


@dataclass(frozen=True, slots=True)
class NoticeParty:
    """One who is served; `channel` is the way in words, `served_on` the day (ISO 8601)."""

    role: str
    name: str
    address: tuple[str, ...]
    channel: str
    served_on: str

    @property
    def served(self) -> date:
        return date.fromisoformat(self.served_on)


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """A disputed item with what the notice says about it; `remark` may be empty."""

    position: int
    description: str
    remark: str


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """The only source of a notice's page and PDF. It has no field for a reviewer.

    `opening` and `closing` are the fixed paragraphs of the wording in force on `issued_on` (ISO 8601), `free_text` is
    what the sender wrote. `wording_from` is that wording's first day.
    """

    kind: str
    title: str
    case_number: str
    organization: str
    issued_on: str
    wording_from: str
    facts: tuple[ReceiptAnswer, ...]
    items: tuple[NoticeItem, ...]
    opening: tuple[str, ...]
    free_text: str
    closing: tuple[str, ...]
    citation: str
    parties: tuple[NoticeParty, ...]

    @property
    def issued(self) -> date:
        return date.fromisoformat(self.issued_on)

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to an equal letter."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "NoticeLetter":
        """The letter of a stored form; raises `KeyError` or `TypeError` for anything else."""
        return cls(
            **{
                **data,
                "facts": tuple(ReceiptAnswer(**one) for one in data["facts"]),
                "items": tuple(NoticeItem(**one) for one in data["items"]),
                "opening": tuple(data["opening"]),
                "closing": tuple(data["closing"]),
                "parties": tuple(NoticeParty(**{**one, "address": tuple(one["address"])}) for one in data["parties"]),
            }
        )

    def sha256(self) -> str:
        """The digest of the canonical stored form: sorted keys, no blanks, UTF-8."""
        return _digest(self.as_json())


@dataclass(frozen=True, slots=True)
class PackageLine:
    """A document in the index of a case's records. `first_page` counts from 1 in the PDF, None in a zip; `left_out`
    says why it is not in it."""

    number: int
    kind: str
    title: str
    author: str
    dated_on: date | None
    sender: str
    received_at: datetime
    page_count: int
    size: int
    sha256: str
    name: str
    first_page: int | None
    left_out: str


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """The index of all records of a case in one file. It has no field for a reviewer, nor for who uploaded what."""

    case_number: str
    organization: str
    as_of: datetime
    lines: tuple[PackageLine, ...]

    @property
    def held(self) -> tuple[PackageLine, ...]:
        return tuple(line for line in self.lines if not line.left_out)

    @property
    def left_out(self) -> tuple[PackageLine, ...]:
        return tuple(line for line in self.lines if line.left_out)

    @property
    def total_pages(self) -> int:
        return sum(line.page_count for line in self.held)

    def table(self) -> Iterator[tuple[str, ...]]:
        """The index as rows of text, the headings first."""
        yield (
            *("Number", "Kind", "Title", "Author", "Date", "Sender", "Received", "Pages", "Bytes", "SHA-256", "File"),
            "Not included because",
        )
        for line in self.lines:
            yield (
                str(line.number),
                line.kind,
                line.title,
                line.author,
                mmddyyyy(line.dated_on) if line.dated_on else "",
                line.sender,
                pacific(line.received_at),
                str(line.page_count),
                str(line.size),
                line.sha256,
                "" if line.left_out else line.name,
                line.left_out,
            )


@dataclass(frozen=True, slots=True)
class ManifestDeadline:
    """A due date and how something received stands to it: `seconds_left` is negative when it came late."""

    what: str
    citation: str
    due_at: str
    kept: bool
    seconds_left: int
    words: str


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A file as it was received; times are ISO 8601 in UTC, `size` is in bytes. `deadline` is None where none ran."""

    number: int
    kind: str
    title: str
    name: str
    sender: str
    size: int
    page_count: int
    sha256: str
    received_at: str
    is_replaced: bool
    deadline: ManifestDeadline | None

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)


@dataclass(frozen=True, slots=True)
class ManifestLetter:
    """Everything received in a case up to `signed_at`: what is signed, and the only source of its PDF.

    `receipt_sha256` is the digest of the filing receipt. It names nobody who works on the case.
    """

    format: str
    number: int
    case_number: str
    claims_administrator: str
    signed_by: str
    signed_at: str
    received_at: str
    receipt_sha256: str
    filing: ManifestDeadline | None
    files: tuple[ManifestFile, ...]

    @property
    def signed(self) -> datetime:
        return datetime.fromisoformat(self.signed_at)

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to an equal letter."""
        return {**asdict(self), "files": [asdict(one) for one in self.files]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ManifestLetter":
        """The letter of a stored form; raises `KeyError` or `TypeError` for anything else."""
        return cls(
            **{
                **data,
                "filing": _deadline(data["filing"]),
                "files": tuple(
                    ManifestFile(**{**one, "deadline": _deadline(one["deadline"])}) for one in data["files"]
                ),
            }
        )

    def canonical(self) -> bytes:
        """The bytes that are signed: the stored form with sorted keys, without blanks, in UTF-8."""
        return _canonical(self.as_json())


def _deadline(data: dict[str, Any] | None) -> ManifestDeadline | None:
    return ManifestDeadline(**data) if data else None


def _canonical(data: dict[str, Any]) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _digest(data: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(data)).hexdigest()
