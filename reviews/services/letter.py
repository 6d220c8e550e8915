"""Making letters and handing them out. A letter is rendered from the signed snapshot, never from live rows."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from cases.enums import CaseStatus
from cases.models import Case
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, pdf, storage
from imr.core.errors import ConflictError
from reviews.enums import LetterKind
from reviews.exceptions import LetterTextError, NotCompleteError
from reviews.letters import FinalDeterminationLetter, SignedSnapshot, digest_of
from reviews.models import Assignment, Determination, Letter
from reviews.selectors.letter import STOPPED
from reviews.selectors.panel import opinion_of
from reviews.selectors.snapshot import draft_snapshot, snapshot_of
from reviews.services.rendering import render_letter_pdf
from reviews.services.trial import StoredLetter, kept_trial

RENDER_LETTER = "reviews.render_letter"


def render_letter(*, determination_id: int) -> None:
    """The letter of the determination, as it was signed, is rendered, stored and on record, exactly once.

    The bytes of the trial before the signature are taken when they are whole and rendering would give the same.

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
    made = kept_trial(determination, snapshot.letter) or _render(snapshot.letter)
    stored = made.stored
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
                page_count=made.page_count,
            )
        )
        if created:
            record(
                action="letter.render",
                actor=None,
                object_type="letter",
                object_id=_letters_of(locked).get().pk,
                case_id=case.pk,
                detail={
                    "sha256": stored.sha256,
                    "size": stored.size,
                    "pages": made.page_count,
                    "from_trial": made.is_trial,
                },
            )


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
                detail={"sha256": letter.sha256, "how": how, "served": letter.is_served, "version": letter.version},
            )


def preview_pdf(*, assignment: Assignment, actor: User) -> tuple[pdf.RenderedPdf, str]:
    """The letter as it would be if it were signed now, or as it was signed, and a file name; the view is on record.

    Raises `LetterTextError` naming what cannot be printed, `NotCompleteError` when the case lacks a date.
    """
    signed = Determination.objects.filter(assignment=assignment, voided_at__isnull=True).first()
    opinion = opinion_of(assignment)
    try:
        if signed is not None:
            snapshot = snapshot_of(signed)
        elif opinion is not None:
            snapshot = SignedSnapshot.from_data(opinion.snapshot)
        else:
            snapshot = draft_snapshot(assignment=assignment, decision_date=clock.today())
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


def _render(letter: FinalDeterminationLetter) -> StoredLetter:
    rendered = render_letter_pdf(letter)
    return StoredLetter(storage.store_bytes(rendered.data), rendered.page_count)


def _letters_of(determination: Determination) -> QuerySet[Letter]:
    return Letter.objects.filter(determination_id=determination.pk, kind=LetterKind.FINAL, version=1)


def _require_wanted(determination: Determination, case: Case) -> None:
    if determination.voided_at is not None:
        raise jobs.JobCanceledError("the determination was returned for correction")
    if determination.superseded_at is not None or determination.set_aside_at is not None:
        raise jobs.JobCanceledError("the determination was corrected or set aside")
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
