"""Making, releasing and handing out letters. A letter is rendered from the signed snapshot, never from live rows."""

import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, pdf, storage, words
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus, LetterKind
from reviews.exceptions import LetterTextError, NotCompleteError
from reviews.letters import digest_of
from reviews.models import Assignment, Determination, Letter
from reviews.selectors.letter import RELEASABLE, STOPPED, draft_snapshot, snapshot_of
from reviews.services.rendering import render_letter_pdf

RENDER_LETTER = "reviews.render_letter"


@dataclass(frozen=True, slots=True)
class Release:
    """What became of one letter in a batch; `problem` is a sentence when it was not released."""

    letter_id: int
    case_number: str
    problem: str = ""


def render_letter(*, determination_id: int) -> None:
    """The letter of the determination is rendered, stored and on record, exactly once.

    Safe to run twice and at once: the second finds the letter. Raises `JobCanceledError` when it is no longer
    wanted (the determination was returned, the case withdrawn, terminated or dismissed).
    """
    determination = Determination.objects.select_related("case").get(pk=determination_id)
    _require_wanted(determination, determination.case)
    if _letters_of(determination).exists():
        return
    snapshot = snapshot_of(determination)
    if digest_of(determination.snapshot) != determination.snapshot_sha256:
        raise storage.IntegrityError("The signed snapshot does not have its recorded digest.")
    rendered = render_letter_pdf(snapshot.letter)
    stored = storage.store_bytes(rendered.data)
    with transaction.atomic():
        case = lock_case(determination.case_id)
        locked = Determination.objects.select_for_update(of=("self",)).get(pk=determination.pk)
        jobs.confirm_lease()
        _require_wanted(locked, case)
        created = _insert_once(
            Letter(
                case_id=case.pk,
                determination_id=locked.pk,
                job_id=jobs.current_job_id(),
                kind=LetterKind.FINAL,
                version=1,
                snapshot_sha256=locked.snapshot_sha256,
                template_version=snapshot.letter.template_version,
                sha256=stored.sha256,
                size=stored.size,
                page_count=rendered.page_count,
            )
        )
        if created:
            record(
                action="letter.render",
                actor=None,
                object_type="letter",
                object_id=_letters_of(locked).get().pk,
                case_id=case.pk,
                detail={"sha256": stored.sha256, "size": stored.size, "pages": rendered.page_count},
            )


@transaction.atomic
def release_letter(*, letter_id: int, actor: User, without_check: bool = False) -> Letter:
    """The letter is released: the case is issued, its clocks of appeal and authorization run, the assignment is
    completed, and the claims administrator may download (8 CCR 9792.10.6(d)).

    A letter that has not passed the quality check is released only when `without_check` says that this is meant; the
    record of the release says whether it had passed. Raises `ConflictError` (409) without that word, when it was
    released or replaced before, or the case has been stopped;
    `IntegrityError` when the stored bytes are not those that were rendered.
    """
    case_id = Letter.objects.values_list("case_id", flat=True).get(pk=letter_id)
    case = lock_case(case_id)
    letter = Letter.objects.select_for_update(of=("self",)).select_related("determination").get(pk=letter_id)
    if letter.released_at is not None:
        raise ConflictError(f"{case.number}: the letter was released on {words.pacific(letter.released_at)} already.")
    if letter.superseded_at is not None or letter.determination.voided_at is not None:
        raise ConflictError(f"{case.number}: the determination was returned for correction; this letter is void.")
    if CaseStatus(case.status) in STOPPED:
        raise ConflictError(
            f"{case.number}: {case.get_status_display().lower()} on {words.pacific(case.status_changed_at)}; "
            "the letter was not sent."
        )
    if CaseStatus(case.status) not in RELEASABLE:
        raise ConflictError(f"{case.number}: the case is “{case.get_status_display()}”; nothing was released.")
    passed = letter.determination.passed_at is not None
    if not passed and not without_check:
        raise ConflictError(f"{case.number}: the letter has not passed the quality check; nothing was released.")
    storage.open_verified(letter.sha256).close()
    Letter.objects.filter(pk=letter.pk).update(released_at=Now(), released_by=actor)
    Assignment.objects.filter(pk=letter.determination.assignment_id, status=AssignmentStatus.ACCEPTED).update(
        status=AssignmentStatus.COMPLETED, ended_at=Now(), ended_by=actor
    )
    transition_case(
        case_id=case.pk,
        event=CaseEvent.ISSUE,
        actor=actor,
        detail={
            "letter": letter.pk,
            "sha256": letter.sha256,
            "outcome": letter.determination.outcome,
            "passed": passed,
        },
    )
    letter.refresh_from_db()
    return letter


def release_letters(
    *, letter_ids: Sequence[int], actor: User, without_check: Collection[int] = frozenset()
) -> list[Release]:
    """Release each of the letters on its own: one that cannot be released does not hold up the others.

    `without_check` names the letters that are meant to go out without the quality check.
    Returns what became of each, in the order of their cases' numbers. Raises `NotAllowedError` for a role that may
    not release.
    """
    releases = []
    wanted = Letter.objects.filter(pk__in=letter_ids).select_related("case").order_by("case__number", "pk")
    for letter in wanted:
        try:
            release_letter(letter_id=letter.pk, actor=actor, without_check=letter.pk in without_check)
        except (ConflictError, storage.IntegrityError) as error:
            releases.append(Release(letter.pk, str(letter.case.number), error.message))
        else:
            releases.append(Release(letter.pk, str(letter.case.number)))
    return releases


def record_letter_access(*, letters: Iterable[Letter], actor: User, how: str) -> None:
    """The download stands in the audit record before the first byte leaves. `how` is `single` or `zip`."""
    with transaction.atomic():
        for letter in letters:
            record(
                action="letter.download",
                actor=actor,
                object_type="letter",
                object_id=letter.pk,
                case_id=letter.case_id,
                detail={"sha256": letter.sha256, "how": how, "released": letter.released_at is not None},
            )


def zip_of_letters(*, letters: Sequence[Letter], actor: User) -> Iterator[bytes]:
    """The letters as one zip in pieces, each under a name of its own.

    Every file was checked and the download is on record before the first piece. Raises `IntegrityError` when one
    is not what was stored.
    """
    for letter in letters:
        storage.open_verified(letter.sha256).close()
    record_letter_access(letters=letters, actor=actor, how="zip")
    return _zip(letters)


def preview_pdf(*, assignment: Assignment, actor: User) -> tuple[pdf.RenderedPdf, str]:
    """The letter as it would be if it were signed now, or as it was signed, and a file name; the view is on record.

    Raises `LetterTextError` naming what cannot be printed, `NotCompleteError` when the case lacks a date.
    """
    signed = Determination.objects.filter(assignment=assignment, voided_at__isnull=True).first()
    try:
        snapshot = snapshot_of(signed) if signed else draft_snapshot(assignment=assignment, decision_date=clock.today())
        rendered = render_letter_pdf(snapshot.letter, is_draft=signed is None)
    except ValueError as error:
        raise NotCompleteError(str(error), missing=[str(error)]) from error
    except pdf.RenderError as error:
        raise LetterTextError([str(error)]) from error
    record(
        action="letter.preview",
        actor=actor,
        object_type="assignment",
        object_id=assignment.pk,
        case_id=assignment.case_id,
        detail={"snapshot_sha256": snapshot.sha256, "signed": signed is not None},
    )
    return rendered, f"{snapshot.letter.case_number}_preview.pdf"


class _Sink:
    """A file that only grows, and gives away what was written to it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """There is nothing to close."""

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _zip(letters: Sequence[Letter]) -> Iterator[bytes]:
    sink = _Sink()
    names: Counter[str] = Counter()
    # PDF is compressed already.
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for letter in letters:
            names[letter.file_name] += 1
            number = names[letter.file_name]
            name = letter.file_name if number == 1 else letter.file_name.replace(".pdf", f"_{number}.pdf")
            moment = (letter.released_at or letter.rendered_at).astimezone(clock.PACIFIC)
            with storage.open_verified(letter.sha256) as handle:
                archive.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), handle.read())
            yield sink.take()
    yield sink.take()


def _letters_of(determination: Determination) -> QuerySet[Letter]:
    return Letter.objects.filter(determination_id=determination.pk, kind=LetterKind.FINAL, version=1)


def _require_wanted(determination: Determination, case: Case) -> None:
    if determination.voided_at is not None:
        raise jobs.JobCanceledError("the determination was returned for correction")
    if CaseStatus(case.status) in STOPPED:
        raise jobs.JobCanceledError(f"the case was {CaseStatus(case.status).label.lower()}")


def _insert_once(letter: Letter) -> bool:
    """Insert unless this determination's letter is there; whether it was inserted.

    Only that one conflict is let pass. Another one (a former letter that is still current) would lose the letter
    in silence, so it is raised.
    """
    before = Letter.objects.filter(determination_id=letter.determination_id).exists()
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    if not Letter.objects.filter(determination_id=letter.determination_id, kind=letter.kind).exists():
        raise ConflictError("Another letter of this case is still current.")
    return not before
