"""File names, quotas and the statuses in which a case takes documents. Pure."""

import re
import unicodedata
from datetime import datetime
from typing import Final

from cases.enums import CaseStatus, LateDecision, Lateness, ScanState

MAX_NAME: Final = 255
MAX_TITLE: Final = 200

# After the decision is signed nothing of it can be changed.
CHANGES_DOCUMENTS: Final = frozenset(
    {
        CaseStatus.DRAFT,
        CaseStatus.RECEIVED,
        CaseStatus.ELIGIBILITY_REVIEW,
        CaseStatus.INFO_REQUESTED,
        CaseStatus.DEFERRED,
        CaseStatus.ELIGIBLE,
        CaseStatus.AWAITING_RECORDS,
        CaseStatus.INSUFFICIENT_RECORDS,
        CaseStatus.READY_FOR_REVIEW,
        CaseStatus.IN_REVIEW,
        CaseStatus.DOCS_REQUESTED,
        CaseStatus.REMANDED,
    }
)
AFTER_COMPLETE: Final = frozenset({CaseStatus.READY_FOR_REVIEW, CaseStatus.IN_REVIEW})
AFTER_SIGNATURE: Final = frozenset(
    {CaseStatus.QA, CaseStatus.DETERMINED, CaseStatus.ISSUED, CaseStatus.IMPLEMENTATION, CaseStatus.APPEALED}
)
# What comes after the signature is kept and flagged; a case that has ended takes nothing.
TAKES_DOCUMENTS: Final = CHANGES_DOCUMENTS | AFTER_SIGNATURE
# A reviewer who takes the records as complete does not look for more: these wait for somebody's decision.
HELD_BACK: Final = (Lateness.AFTER_COMPLETE, Lateness.AFTER_SIGNATURE)
OPENABLE: Final = (ScanState.NOT_CHECKED, ScanState.CLEAN)
CLOSED_TO_OPENING: Final = {
    ScanState.WAITING: (
        "This file is still being checked for viruses and cannot be opened yet. Try again in a few minutes."
    ),
    ScanState.REFUSED: "This file did not pass the virus check. Nothing of it was kept.",
}

_CASE_NUMBER = re.compile(r"(?<![A-Z0-9])CM\d{2}-\d{7,8}(?!\d)", re.IGNORECASE)
_PLAIN_SIGNS = frozenset("-_.,()")
_SUFFIX = re.compile(r"\.pdf$", re.IGNORECASE)


def lateness_of(status: CaseStatus, *, received_at: datetime, records_due_at: datetime | None) -> Lateness | None:
    """How late a document is that comes at `received_at`; None when it is in time.

    Records are due 15 days after the notice of assignment, 24 hours in an expedited review (8 CCR 9792.10.5(a)). What
    was asked for is never late.
    """
    if status in AFTER_SIGNATURE:
        return Lateness.AFTER_SIGNATURE
    if status in AFTER_COMPLETE:
        return Lateness.AFTER_COMPLETE
    awaited = status in {CaseStatus.AWAITING_RECORDS, CaseStatus.INSUFFICIENT_RECORDS}
    if awaited and records_due_at is not None and received_at > records_due_at:
        return Lateness.AFTER_DUE
    return None


def late_decisions(status: CaseStatus) -> tuple[LateDecision, ...]:
    """What can be decided about a late document now; after the signature nothing more reaches the reviewer."""
    if status in AFTER_SIGNATURE:
        return (LateDecision.CONSIDERED, LateDecision.TOO_LATE)
    return tuple(LateDecision) if status in TAKES_DOCUMENTS else ()


def safe_file_name(name: str) -> str:
    """The last part of `name` without characters that do not print or that reorder text, at most 255 long.

    It is only ever shown and offered for downloads; the bytes lie under their own hash. Browsers send a quotation mark
    of a name as `%22` and a line break as `%0D%0A` (HTML, multipart form data); they are read back.
    """
    name = name.replace("%22", '"').replace("%0D", " ").replace("%0A", " ")
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        character if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else " "
        for character in last
    )
    kept = " ".join(kept.split()).strip(" .-")
    if not kept:
        return "document.pdf"
    if len(kept) <= MAX_NAME:
        return kept
    stem, dot, suffix = kept.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
    return kept[:MAX_NAME]


def download_name(name: str) -> str:
    """`name` for the file a browser saves: letters, digits and plain signs, and `.pdf` at its end.

    What is served is always a PDF, so that a name such as `invoice.pdf.exe` may not make anything else of it.
    """
    stem = _SUFFIX.sub("", safe_file_name(name))
    kept = "".join(one if unicodedata.category(one)[0] in "LMN" or one in _PLAIN_SIGNS else " " for one in stem)
    return (" ".join(kept.split()).strip(" .-")[: MAX_NAME - len(".pdf")] or "document") + ".pdf"


def title_from_name(name: str) -> str:
    """A first title for a file: its name without `.pdf` and with blanks for underscores."""
    return " ".join(_SUFFIX.sub("", name).replace("_", " ").split())[:MAX_TITLE] or "Document"


def other_case_number(name: str, own_number: str | None) -> str:
    """The number of another case that stands in the file's name; empty when there is none."""
    for found in _CASE_NUMBER.findall(name):
        if found.upper() != (own_number or ""):
            return str(found.upper())
    return ""
