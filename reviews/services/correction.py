"""Correcting a letter that was served: proposed by one person, approved by another, and served as a new version."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models.functions import Now

from cases.services.transitions import lock_case
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, pdf, words
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import CorrectionStatus, LetterKind
from reviews.exceptions import LetterTextError
from reviews.letters import SignedSnapshot
from reviews.letters.correction import changes_between, corrected
from reviews.models import Assignment, Correction, Determination, Letter
from reviews.selectors.correction import texts_of, why_not_correctable
from reviews.selectors.letter import job_key
from reviews.selectors.snapshot import snapshot_of
from reviews.services.identity_check import find_own_identity
from reviews.services.letter import RENDER_LETTER
from reviews.services.reauthentication import require_password
from reviews.services.rendering import render_letter_pdf


def propose_correction(*, determination_id: int, actor: User, texts: Mapping[str, str], reason: str) -> Correction:
    """A correction of the served letter waits for the medical director; the letter stays in force.

    `texts` are the new texts by place (`places_of`); those that say what stands there already are left out. Raises
    `DomainError` when nothing is changed or a text or the reason gives the reviewer away, `LetterTextError` for what
    cannot be printed, `ConflictError` (409) when the letter is no longer the one in force or a correction is under way.
    """
    determination = Determination.objects.get(pk=determination_id)
    snapshot = snapshot_of(determination)
    changes = changes_between(snapshot.letter, texts)
    if not changes:
        raise DomainError("Nothing is changed yet. Change the words that are wrong.")
    wanted = {key: change.new for key, change in changes}
    result = _corrected(snapshot, wanted)
    _require_anonymous(determination, {**wanted, "reason": reason})
    _require_printable(result, reason)
    with transaction.atomic():
        case = lock_case(determination.case_id)
        _require_correctable(Determination.objects.select_for_update(of=("self",)).get(pk=determination_id))
        correction = Correction.objects.create(
            case=case,
            determination_id=determination_id,
            reason=reason,
            changes=[
                {"place": key, "label": change.place, "old": change.old, "new": change.new} for key, change in changes
            ],
            snapshot_sha256=result.sha256,
            proposed_by=actor,
        )
        _record("correction.propose", correction, actor, reason, places=sorted(wanted))
    return correction


def approve_correction(*, correction_id: int, actor: User, password: str, snapshot_sha256: str) -> Determination:
    """A determination with the corrected words stands in place of the former one and its letter is promised. The
    former letter stays in force until the new one is served.

    `snapshot_sha256` is the digest of what the approver read. Raises `ReauthenticationError` (403) for a wrong
    password, `NotAllowedError` for whoever proposed it, `ConflictError` (409) when it was decided or the words
    changed meanwhile.
    """
    require_password(
        actor, password, case_id=Correction.objects.values_list("case_id", flat=True).get(pk=correction_id)
    )
    confirmed_at = clock.now()
    with transaction.atomic():
        correction, former = _lock_open(correction_id)
        _require_second_person(correction, actor)
        _require_correctable(former, deciding=correction)
        snapshot = _corrected(snapshot_of(former), texts_of(correction))
        if {snapshot.sha256, snapshot_sha256} != {correction.snapshot_sha256}:
            raise ConflictError("The words are not those that you read. Read the correction again, then decide.")
        Determination.objects.filter(pk=former.pk).update(superseded_at=Now())
        Letter.objects.filter(determination=former, kind=LetterKind.FINAL, superseded_at__isnull=True).update(
            superseded_at=Now()
        )
        determination = Determination.objects.create(
            case_id=former.case_id,
            round=former.round,
            assignment_id=former.assignment_id,
            outcome=former.outcome,
            snapshot=snapshot.to_data(),
            snapshot_sha256=snapshot.sha256,
            signed_by=actor,
            reauthenticated_at=confirmed_at,
            passed_at=Now(),
            passed_by=actor,
            passed_sha256=snapshot.sha256,
            corrects=former,
        )
        _decide(correction, actor, CorrectionStatus.APPROVED, result=determination)
        jobs.enqueue(RENDER_LETTER, unique_key=job_key(determination.pk), determination_id=determination.pk)
        _record("correction.approve", correction, actor, correction.reason, determination=determination.pk)
    return determination


@transaction.atomic
def refuse_correction(*, correction_id: int, actor: User, note: str) -> Correction:
    """The correction is refused with a reason; the letter stays as it is. Raises as `approve_correction`."""
    correction, _ = _lock_open(correction_id)
    _require_second_person(correction, actor)
    _decide(correction, actor, CorrectionStatus.REFUSED, note=note)
    _record("correction.refuse", correction, actor, note)
    return correction


@transaction.atomic
def withdraw_correction(*, correction_id: int, actor: User, note: str) -> Correction:
    """Whoever proposed the correction, or a colleague, has taken it back."""
    correction, _ = _lock_open(correction_id)
    _decide(correction, actor, CorrectionStatus.WITHDRAWN, note=note)
    _record("correction.withdraw", correction, actor, note)
    return correction


def _corrected(snapshot: SignedSnapshot, texts: Mapping[str, str]) -> SignedSnapshot:
    return replace(snapshot, letter=corrected(snapshot.letter, texts))


def _require_anonymous(determination: Determination, texts: Mapping[str, str]) -> None:
    reviewer_id = Assignment.objects.values_list("reviewer_id", flat=True).get(pk=determination.assignment_id)
    found = find_own_identity(reviewer_id=reviewer_id, texts=texts)
    if found:
        fields = {
            key: [f"Remove what could identify the reviewer: {', '.join(kinds).replace('your ', 'the ')}."]
            for key, kinds in found.items()
        }
        raise DomainError(" ".join(line for lines in fields.values() for line in lines), fields=fields)


def _require_printable(snapshot: SignedSnapshot, reason: str) -> None:
    """The letter prints, and so does the reason, which stands on the page of changes."""
    try:
        render_letter_pdf(snapshot.letter)
        render_letter_pdf(replace(snapshot.letter, clinical_case_summary=reason))
    except pdf.RenderError as error:
        raise LetterTextError([str(error)]) from error


def _require_correctable(determination: Determination, *, deciding: Correction | None = None) -> None:
    if why := why_not_correctable(determination, deciding=deciding):
        raise ConflictError(f"{determination.case.number}: {why}")


def _require_second_person(correction: Correction, actor: User) -> None:
    if not actor.can(Action.CORRECTION_DECIDE):
        raise NotAllowedError("Corrections are approved or refused by the medical director.")
    if correction.proposed_by_id == actor.pk:
        raise NotAllowedError("You proposed this correction. Somebody else has to decide it.")


def _lock_open(correction_id: int) -> tuple[Correction, Determination]:
    case = lock_case(Correction.objects.values_list("case_id", flat=True).get(pk=correction_id))
    correction = Correction.objects.select_for_update(of=("self",)).get(pk=correction_id)
    if correction.status != CorrectionStatus.PROPOSED:
        when = f" on {words.pacific(correction.decided_at)}" if correction.decided_at else ""
        raise ConflictError(f"{case.number}: this correction was {correction.get_status_display().lower()}{when}.")
    determination = Determination.objects.select_for_update(of=("self",)).get(pk=correction.determination_id)
    determination.case = case
    return correction, determination


def _decide(
    correction: Correction,
    actor: User,
    status: CorrectionStatus,
    *,
    note: str = "",
    result: Determination | None = None,
) -> None:
    Correction.objects.filter(pk=correction.pk).update(
        status=status, decided_at=Now(), decided_by=actor, decision_note=note, result=result
    )
    correction.refresh_from_db()


def _record(action: str, correction: Correction, actor: User, reason: str, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="case",
        object_id=correction.case_id,
        case_id=correction.case_id,
        reason=reason,
        detail={"correction": correction.pk, "determination": correction.determination_id, **detail},
    )
