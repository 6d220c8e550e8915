"""Signing a determination, returning it for correction, and passing it."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseOutcome, CaseStatus, ItemStatus
from cases.models import Case, DisputedItem
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.core import clock, jobs, pdf, words
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import AssignmentStatus
from reviews.exceptions import LetterTextError, NotCompleteError
from reviews.letters import FinalDeterminationLetter, SignedSnapshot, digest_of
from reviews.models import Assignment, Determination, Letter
from reviews.permissions import may_pass
from reviews.selectors.letter import job_key
from reviews.selectors.panel import panel_of
from reviews.selectors.reviewer import credential_problems
from reviews.selectors.snapshot import draft_snapshot, open_items
from reviews.services.completeness import require_complete
from reviews.services.dispatch import take_back_open
from reviews.services.letter import RENDER_LETTER
from reviews.services.panel import void_opinions
from reviews.services.reauthentication import require_password
from reviews.services.rendering import render_letter_pdf
from reviews.services.reviewer_mail import tell_reviewer
from reviews.services.sampling import draw_sample
from reviews.services.trial import keep_trial_after_commit, trial_fields


def sign_determination(*, assignment_id: int, actor: User, password: str, snapshot_sha256: str = "") -> Determination:
    """The draft is frozen and signed: a determination with its snapshot, decided items, a case in quality check,
    and a letter job, all in one transaction (8 CCR 9792.10.6(d)).

    `snapshot_sha256` is the digest of what the signer saw; when given, only those words are signed. A second
    signature of the same words returns the first determination. Raises `ReauthenticationError` (403) for a wrong
    password, `NotCompleteError` (409) naming what is missing, `LetterTextError` for text that cannot be printed,
    and `ConflictError` (409) when the draft or the case has changed meanwhile.
    """
    assignment = Assignment.objects.select_related("reviewer").get(pk=assignment_id)
    require_own(assignment, actor)
    require_password(actor, password, case_id=assignment.case_id)
    confirmed_at = clock.now()
    if first := _already_signed(assignment, actor, snapshot_sha256):
        return first
    day = clock.today()
    try:
        draft = checked_draft(assignment, day, snapshot_sha256)
    except DomainError:
        # A second click reads beside the first one: what it meets may be the first one's signature.
        if first := _already_signed(assignment, actor, snapshot_sha256):
            return first
        raise
    with transaction.atomic():
        case = lock_case(assignment.case_id)
        items = lock_items(case.pk)
        assignment = lock_assignment(assignment_id)
        if first := _already_signed(assignment, actor, snapshot_sha256):
            return first
        require_open(assignment, case)
        if panel_of(assignment) is not None:
            raise ConflictError(
                "This case has several reviewers now. Open the page again, then sign your opinion.", code="has_panel"
            )
        require_credentials(assignment)
        require_complete(assignment_id=assignment.pk)
        snapshot = draft.snapshot
        if draft_snapshot(assignment=assignment, decision_date=day).sha256 != snapshot.sha256:
            raise ConflictError("The draft changed while you were signing. Read the preview again, then sign.")
        determination = Determination.objects.create(
            case=case,
            round=case.round,
            assignment=assignment,
            outcome=draft.outcome,
            snapshot=snapshot.to_data(),
            snapshot_sha256=snapshot.sha256,
            signed_by=actor,
            reauthenticated_at=confirmed_at,
            **trial_fields(draft.trial),
        )
        # Before the job is promised, so that the file is there when the message leaves.
        keep_trial_after_commit(draft.trial)
        outcomes = {item.position: item.outcome for item in snapshot.letter.items}
        for item in items:
            DisputedItem.objects.filter(pk=item.pk).update(status=ItemStatus.DECIDED, outcome=outcomes[item.position])
        transition_case(
            case_id=case.pk,
            event=CaseEvent.SIGN,
            actor=actor,
            detail={
                "determination": determination.pk,
                "outcome": determination.outcome,
                "snapshot_sha256": determination.snapshot_sha256,
            },
        )
        draw_sample(determination)
        jobs.enqueue(RENDER_LETTER, unique_key=job_key(determination.pk), determination_id=determination.pk)
    return determination


@transaction.atomic
def return_for_correction(*, determination_id: int, actor: User, reason: str) -> Determination:
    """The case is back with its reviewers, every item open, the draft as it was; the determination and its letter are
    void. What was signed stays on record. A letter job that still runs ends as canceled.

    Raises `ConflictError` (409) when the determination is void already, `TransitionError` when it was passed or issued.
    """
    case = lock_case(Determination.objects.values_list("case_id", flat=True).get(pk=determination_id))
    items = list(DisputedItem.objects.select_for_update(of=("self",)).filter(case=case, status=ItemStatus.DECIDED))
    determination = Determination.objects.select_for_update(of=("self",)).get(pk=determination_id)
    if determination.voided_at is not None:
        raise ConflictError("This determination was returned for correction already.")
    transition_case(
        case_id=case.pk,
        event=CaseEvent.RETURN_FOR_CORRECTION,
        actor=actor,
        reason=reason,
        detail={"determination": determination.pk},
    )
    take_back_open(determination=determination, actor=actor, reason="Returned for correction.")
    Determination.objects.filter(pk=determination.pk).update(voided_at=Now(), voided_by=actor, void_reason=reason)
    void_opinions(determination=determination, reason="Returned for correction.")
    Letter.objects.filter(determination=determination, superseded_at__isnull=True).update(superseded_at=Now())
    decided = {item["position"] for item in determination.snapshot["letter"]["items"]}
    DisputedItem.objects.filter(pk__in=[item.pk for item in items if item.position in decided]).update(
        status=ItemStatus.OPEN, outcome=""
    )
    with_reviewers = Assignment.objects.filter(case=case, round=determination.round, status=AssignmentStatus.ACCEPTED)
    with_reviewers.update(news_at=Now())
    for assignment in with_reviewers:
        tell_reviewer(MailEvent.RETURNED, assignment_id=assignment.pk, again=f":{determination.pk}")
    determination.refresh_from_db()
    return determination


@transaction.atomic
def pass_determination(*, determination_id: int, actor: User) -> Determination:
    """The determination has passed the quality check; its letter can be released.

    Raises `NotAllowedError` for who signed it or chose its reviewer, `ConflictError` (409) when it was returned
    meanwhile.
    """
    case = lock_case(Determination.objects.values_list("case_id", flat=True).get(pk=determination_id))
    determination = Determination.objects.select_for_update(of=("self",)).get(pk=determination_id)
    may_pass(actor, determination).require()
    if determination.voided_at is not None:
        raise ConflictError("This determination was returned for correction already.")
    transition_case(
        case_id=case.pk, event=CaseEvent.PASS_QUALITY, actor=actor, detail={"determination": determination.pk}
    )
    Determination.objects.filter(pk=determination.pk).update(
        passed_at=Now(), passed_by=actor, passed_sha256=digest_of(determination.snapshot)
    )
    determination.refresh_from_db()
    return determination


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft that can be signed: its words, the outcome of the case, and the letter as it was rendered for trial."""

    snapshot: SignedSnapshot
    outcome: CaseOutcome
    trial: pdf.RenderedPdf


def checked_draft(assignment: Assignment, day: date, snapshot_sha256: str) -> CheckedDraft:
    """What would be signed on `day`, complete and printable; without a lock, so that nobody waits for the rendering."""
    require_open(assignment, Case.objects.get(pk=assignment.case_id))
    require_credentials(assignment)
    require_complete(assignment_id=assignment.pk)
    try:
        snapshot, outcome = _complete_snapshot(assignment, day)
    except NotCompleteError:
        # A credential that ended since the look above leaves the line of credentials empty; that is the reason to tell.
        require_credentials(assignment)
        raise
    if snapshot_sha256 and snapshot.sha256 != snapshot_sha256:
        raise ConflictError("The draft changed after you opened this page. Read the preview again, then sign.")
    # A letter that cannot be printed is not signed: the person who can mend it is here, before the due date.
    return CheckedDraft(snapshot, outcome, trial=_dry_render(snapshot.letter))


def lock_items(case_id: int) -> list[DisputedItem]:
    """The items that a signature decides, locked after their case."""
    return list(open_items(case_id).select_for_update(of=("self",)))


def lock_assignment(assignment_id: int) -> Assignment:
    """The assignment with its reviewer, locked after the case and its items."""
    return Assignment.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=assignment_id)


def require_own(assignment: Assignment, actor: User) -> None:
    """Raises `NotAllowedError` for anybody but the reviewer of the assignment."""
    if assignment.reviewer.user_id != actor.pk:
        raise NotAllowedError("Only the reviewer who accepted the case can sign its determination.")


def _already_signed(assignment: Assignment, actor: User, snapshot_sha256: str) -> Determination | None:
    """The valid determination of this assignment, when this person signed these words before."""
    first = Determination.objects.filter(assignment=assignment, signed_by=actor, voided_at__isnull=True).first()
    if first is not None and snapshot_sha256 and first.snapshot_sha256 != snapshot_sha256:
        raise ConflictError("The determination is signed already, with other words. Changes need a correction.")
    return first


def require_open(assignment: Assignment, case: Case) -> None:
    """Raises `ConflictError` (409) when the case is not, or no longer, with this reviewer."""
    if assignment.status != AssignmentStatus.ACCEPTED:
        when = f" on {words.pacific(assignment.ended_at)}" if assignment.ended_at else ""
        raise ConflictError(
            f"Your assignment ended{when} ({assignment.get_status_display().lower()}). "
            "Nothing was signed; your text is saved."
        )
    if CaseStatus(case.status) != CaseStatus.IN_REVIEW:
        raise ConflictError(
            f"The case has been “{case.get_status_display()}” since {words.pacific(case.status_changed_at)}. "
            "Nothing was signed; your text is saved."
        )


def require_credentials(assignment: Assignment) -> None:
    """Raises `ConflictError` (409) when a credential does not hold today (LC 139.5(d)(4))."""
    problems = credential_problems(assignment.reviewer, clock.today())
    if problems:
        raise ConflictError(" ".join([*problems, "Nothing was signed; your text is saved."]), code="credentials_lapsed")


def _complete_snapshot(assignment: Assignment, day: date) -> tuple[SignedSnapshot, CaseOutcome]:
    try:
        snapshot = draft_snapshot(assignment=assignment, decision_date=day)
    except ValueError as error:
        raise NotCompleteError(str(error), missing=[str(error)]) from error
    outcome = snapshot.letter.outcome
    missing = snapshot.letter.gaps()
    if missing or outcome is None:
        raise NotCompleteError("The determination is not complete yet.", missing=list(missing))
    return snapshot, outcome


def _dry_render(letter: FinalDeterminationLetter) -> pdf.RenderedPdf:
    try:
        return render_letter_pdf(letter)
    except pdf.RenderError as error:
        raise LetterTextError([str(error)]) from error
