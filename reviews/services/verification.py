"""Every stored letter is still the file that was stored, says what was signed, and carries our signature (T2, U4)."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from imr.audit.services import record
from imr.core import clock, jobs, signing, storage
from imr.core.signing import SignatureState
from reviews.enums import LetterKind
from reviews.letters import digest_of
from reviews.models import Letter

logger = logging.getLogger(__name__)

VERIFY_LETTERS = "reviews.verify_letters"
CHUNK = 200
# Well within the time limit of a task; the next job goes on where this one stopped.
SPAN = timedelta(seconds=45)


class Fault(StrEnum):
    """What can be wrong with a stored letter."""

    MISSING = "missing"
    CHANGED = "changed"
    WORDS = "words"
    CONTEXT = "context"
    SIGNATURE = "signature"


FAULT_WORDS = {
    Fault.MISSING: "The file is not in the store.",
    Fault.CHANGED: "The file is not the one that was stored.",
    Fault.WORDS: "What was signed does not have its recorded digest.",
    Fault.CONTEXT: "What was served does not have its recorded digest.",
    Fault.SIGNATURE: "The digital signature does not hold.",
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One stored letter and what was found; `is_signed` says whether the file carries a signature at all."""

    letter_id: int
    case_number: str
    kind: str
    version: int
    faults: tuple[Fault, ...]
    is_signed: bool


def stored_letters() -> QuerySet[Letter]:
    """Every letter on record, with what a check needs, in the order in which they were made."""
    return Letter.objects.select_related("case", "determination", "dispatch").order_by("pk")


def verify_letters(letters: QuerySet[Letter]) -> Iterator[CheckedFile]:
    """What was found for each of `letters` (`stored_letters`), one file in memory at a time.

    Raises `SigningKeyError` when the certificates to check against cannot be read.
    """
    for letter in letters.iterator(chunk_size=CHUNK):
        yield verify_letter(letter)


def verify_letter(letter: Letter) -> CheckedFile:
    """The file has its recorded digest and size, its determination and dispatch theirs, and a signature holds."""
    faults: list[Fault] = []
    is_signed = False
    determination = letter.determination
    if not digest_of(determination.snapshot) == determination.snapshot_sha256 == letter.snapshot_sha256:
        faults.append(Fault.WORDS)
    dispatch = getattr(letter, "dispatch", None)
    if dispatch is not None and digest_of(dispatch.context) != dispatch.context_sha256:
        faults.append(Fault.CONTEXT)
    if not storage.local_path(letter.sha256).exists():
        faults.append(Fault.MISSING)
    else:
        try:
            with storage.open_verified(letter.sha256) as handle:
                data = handle.read()
        except storage.IntegrityError:
            faults.append(Fault.CHANGED)
        else:
            if len(data) != letter.size:
                faults.append(Fault.CHANGED)
            # The others leave without a signature.
            if letter.kind == LetterKind.SERVED:
                state = signing.verify_pdf(data).state
                is_signed = state != SignatureState.UNSIGNED
                if state == SignatureState.INVALID:
                    faults.append(Fault.SIGNATURE)
    return CheckedFile(
        letter_id=letter.pk,
        case_number=str(letter.case.number),
        kind=letter.kind,
        version=letter.version,
        faults=tuple(faults),
        is_signed=is_signed,
    )


def promise_verification() -> None:
    """The job that checks every stored letter is promised, once a day."""
    with transaction.atomic():
        jobs.enqueue(VERIFY_LETTERS, unique_key=f"verify-letters:{clock.today()}", after=0, checked=0, faulty=0)


def verify_some(*, after: int, checked: int, faulty: int) -> None:
    """The letters behind the id `after` are checked for `SPAN`, and the next job is promised, or the sum recorded.

    A faulty letter is an error in the log and on the audit record of its case. `checked` and `faulty` count what the
    jobs before have seen.
    """
    until = time.monotonic() + SPAN.total_seconds()
    found: list[CheckedFile] = []
    last = after
    is_done = True
    for one in verify_letters(stored_letters().filter(pk__gt=after)):
        checked, last = checked + 1, one.letter_id
        if one.faults:
            faulty += 1
            found.append(one)
            logger.error("letter_verification_failed", extra={"letter_id": one.letter_id, "faults": list(one.faults)})
        if time.monotonic() > until:
            is_done = False
            break
    with transaction.atomic():
        jobs.confirm_lease()
        for one in found:
            record(
                action="letters.verified",
                actor=None,
                object_type="letter",
                object_id=one.letter_id,
                case_id=Letter.objects.values_list("case_id", flat=True).get(pk=one.letter_id),
                outcome="failed",
                detail={"faults": list(one.faults)},
            )
        if is_done:
            outcome = "failed" if faulty else "done"
            record(
                action="letters.verified", actor=None, outcome=outcome, detail={"checked": checked, "faulty": faulty}
            )
        else:
            jobs.enqueue(
                VERIFY_LETTERS,
                unique_key=f"verify-letters:{clock.today()}:{last}",
                after=last,
                checked=checked,
                faulty=faulty,
            )
