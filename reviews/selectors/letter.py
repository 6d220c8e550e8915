"""Reading letters: who sees which one, in what state, and what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from cases.enums import CaseStatus
from cases.models import Case
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from imr.core.models import JobState, OutboxJob
from reviews.enums import AssignmentStatus, LetterKind
from reviews.models import (
    Assignment,
    Determination,
    Dispatch,
    Letter,
    Opinion,
)

STOPPED = frozenset({CaseStatus.WITHDRAWN, CaseStatus.TERMINATED, CaseStatus.DISMISSED})
RELEASABLE = frozenset({CaseStatus.QA, CaseStatus.DETERMINED})
# A served letter may be corrected as long as its determination stands.
CORRECTABLE = frozenset(
    {
        CaseStatus.ISSUED,
        CaseStatus.IMPLEMENTATION,
        CaseStatus.APPEALED,
        CaseStatus.CLOSED,
        CaseStatus.PUBLISHED,
    }
)
# After this long without a letter the page says that it takes longer than usual.
SLOW_AFTER = timedelta(minutes=2)


class LetterState(StrEnum):
    NONE = "none"
    PREPARING = "preparing"
    DELAYED = "delayed"
    FAILED = "failed"
    READY = "ready"
    SCHEDULED = "scheduled"
    SERVED = "served"
    SET_ASIDE = "set_aside"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """How far the letter of a case is. `letter` is set when there is one that the asking person may download.

    `following` is a corrected determination that is signed and not served yet, for staff; `former` are the letters
    that were superseded or set aside, the latest first: for staff with their files, for others with `None`.
    """

    state: LetterState
    case: Case
    letter: Letter | None = None
    determination: Determination | None = None
    job: OutboxJob | None = None
    dispatch: Dispatch | None = None
    following: Determination | None = None
    former: tuple[Letter, ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether the page asks again: the letter is being made, or leaves within the next minutes."""
        is_leaving = self.dispatch is not None and self.dispatch.service_on <= clock.today()
        return self.state in (LetterState.PREPARING, LetterState.DELAYED) or (
            self.state == LetterState.SCHEDULED and is_leaving
        )


def visible_letters(user: User) -> QuerySet[Letter]:
    """The letters that exist for `user`; everything else is a 404.

    Claims people see the letter in force of their organization's cases as it was served, reviewers what they signed
    (the served one names the parties), people of the IMR organization all.
    """
    letters = Letter.objects.select_related("case", "determination").exclude(kind=LetterKind.PUBLIC)
    scope = user.scope(Action.LETTER_DOWNLOAD)
    if scope == Scope.ANY:
        return letters
    if scope == Scope.ORGANIZATION:
        return letters.filter(
            case__organization_id=user.organization_id, kind=LetterKind.SERVED, superseded_at__isnull=True
        )
    if scope == Scope.ASSIGNED:
        signed = Opinion.objects.filter(determination=OuterRef("determination"), signed_by=user)
        return letters.filter(
            Q(determination__assignment__reviewer__user=user) | Exists(signed),
            kind=LetterKind.FINAL,
            determination__voided_at__isnull=True,
        )
    return letters.none()


def former_letter(user: User, letter_id: int) -> Letter | None:
    """A letter that was served to `user`'s organization and is no longer in force: it was superseded or set aside."""
    if user.scope(Action.LETTER_DOWNLOAD) != Scope.ORGANIZATION:
        return None
    return (
        Letter.objects.select_related("case", "determination")
        .filter(
            pk=letter_id,
            case__organization_id=user.organization_id,
            kind=LetterKind.SERVED,
            superseded_at__isnull=False,
        )
        .first()
    )


def cases_with_letter_view(user: User) -> QuerySet[Case]:
    """The cases whose letter status `user` may ask for."""
    scope = user.scope(Action.LETTER_DOWNLOAD)
    if scope == Scope.ANY:
        return Case.objects.exclude(status=CaseStatus.DRAFT)
    if scope == Scope.ORGANIZATION:
        return Case.objects.filter(organization_id=user.organization_id)
    if scope == Scope.ASSIGNED:
        mine = Assignment.objects.filter(
            case=OuterRef("pk"), reviewer__user=user, status__in=[AssignmentStatus.ACCEPTED, AssignmentStatus.COMPLETED]
        )
        return Case.objects.filter(Exists(mine))
    return Case.objects.none()


def assignments_for_preview(user: User) -> QuerySet[Assignment]:
    """The assignments whose draft `user` may see as a letter: a reviewer's own accepted ones, all for IMR staff."""
    accepted = Assignment.objects.filter(status__in=[AssignmentStatus.ACCEPTED, AssignmentStatus.COMPLETED])
    scope = user.scope(Action.LETTER_PREVIEW)
    if scope == Scope.ANY:
        return accepted.select_related("case", "reviewer")
    if scope == Scope.ASSIGNED:
        return accepted.filter(reviewer__user=user).select_related("case", "reviewer")
    return accepted.none()


def letter_status(*, case: Case, user: User) -> LetterStatus:
    """How far the letter of `case` is, in what `user` may know: claims people hear of it when it is served."""
    served = served_versions(case)
    former = tuple(letter for letter in served if letter.superseded_at is not None)
    current = next((letter for letter in served if letter.superseded_at is None), None)
    signed = (
        Determination.objects.filter(case=case, round=case.round, voided_at__isnull=True, superseded_at__isnull=True)
        .order_by("-pk")
        .first()
    )
    if current is not None:
        return _in_force(case, user, current, signed, former)
    status = replace(_unserved(case, user, signed), former=former)
    if status.state == LetterState.NONE and former:
        return replace(status, state=LetterState.SET_ASIDE)
    return status


def served_versions(case: Case) -> list[Letter]:
    """Every letter that was served in `case`, the latest first."""
    letters = Letter.objects.filter(case=case, kind=LetterKind.SERVED).order_by("-version", "-pk")
    found = list(letters.select_related("determination", "dispatch__released_by"))
    for letter in found:
        letter.case = case
    return found


def _in_force(
    case: Case, user: User, current: Letter, signed: Determination | None, former: tuple[Letter, ...]
) -> LetterStatus:
    following = signed if signed is not None and signed.pk != current.determination_id else None
    shown = visible_letters(user).filter(case=case, superseded_at__isnull=True).order_by("-version", "-pk")
    letter = current if shown.filter(pk=current.pk).exists() else shown.filter(kind=LetterKind.FINAL).first()
    return LetterStatus(
        LetterState.SERVED,
        case,
        letter,
        current.determination,
        dispatch=current.dispatch,
        following=None if user.is_claims else following,
        former=former,
    )


def _unserved(case: Case, user: User, signed: Determination | None) -> LetterStatus:
    if user.is_claims or signed is None or signed.set_aside_at is not None:
        return LetterStatus(LetterState.NONE, case)
    if CaseStatus(case.status) in STOPPED:
        return LetterStatus(LetterState.STOPPED, case, None, signed)
    letter = (
        visible_letters(user).filter(determination=signed, kind=LetterKind.FINAL, superseded_at__isnull=True).first()
    )
    dispatch = open_dispatch(signed)
    if dispatch is not None:
        job = OutboxJob.objects.filter(unique_key=serve_key(dispatch)).first()
        failed = job is not None and job.state == JobState.FAILED
        state = LetterState.FAILED if failed else LetterState.SCHEDULED
        return LetterStatus(state, case, letter, signed, job, dispatch)
    if letter is not None:
        return LetterStatus(LetterState.READY, case, letter, signed)
    return _unfinished(case, signed)


def open_dispatch(determination: Determination) -> Dispatch | None:
    """The determination's letter on its way, if it has been released and not served."""
    return (
        Dispatch.objects.filter(determination=determination, served_at__isnull=True, taken_back_at__isnull=True)
        .select_related("released_by")
        .first()
    )


def _unfinished(case: Case, determination: Determination) -> LetterStatus:
    job = OutboxJob.objects.filter(unique_key=job_key(determination.pk)).first()
    if job is not None and job.state == JobState.FAILED:
        return LetterStatus(LetterState.FAILED, case, None, determination, job)
    late = timezone.now() - determination.signed_at > SLOW_AFTER
    return LetterStatus(LetterState.DELAYED if late else LetterState.PREPARING, case, None, determination, job)


def job_key(determination_id: int) -> str:
    """The unique key of the job that makes the letter of a determination."""
    return f"letter:{determination_id}:{LetterKind.FINAL}:1"


def serve_key(dispatch: Dispatch) -> str:
    """The unique key of the job that serves the letter on its day; it holds case, round and day."""
    return f"serve:{dispatch.case_id}:{dispatch.round}:{dispatch.pk}:{dispatch.service_on:%Y-%m-%d}"


def missing_letters() -> QuerySet[Determination]:
    """Valid determinations of running cases without exactly one current letter; when all work is done, none."""
    letters = Letter.objects.filter(determination=OuterRef("pk"), kind=LetterKind.FINAL, superseded_at__isnull=True)
    return (
        Determination.objects.filter(voided_at__isnull=True, superseded_at__isnull=True, set_aside_at__isnull=True)
        .exclude(case__status__in=STOPPED)
        .exclude(Exists(letters))
    )


def quality_queue() -> QuerySet[Determination]:
    """Signed determinations whose case waits for the quality check, the oldest first."""
    return (
        Determination.objects.filter(voided_at__isnull=True, case__status=CaseStatus.QA)
        .select_related("case", "sample_draw")
        .prefetch_related(_current_letters())
        .order_by("signed_at", "pk")
    )


def release_queue() -> QuerySet[Determination]:
    """Signed determinations whose letter is not released, with their letter if it is there, the oldest first."""
    released = Dispatch.objects.filter(determination=OuterRef("pk"), taken_back_at__isnull=True)
    return (
        Determination.objects.filter(
            Q(corrects__isnull=True, case__status__in=RELEASABLE)
            | Q(corrects__isnull=False, case__status__in=CORRECTABLE),
            voided_at__isnull=True,
            superseded_at__isnull=True,
            set_aside_at__isnull=True,
        )
        .exclude(Exists(released))
        .select_related("case", "case__organization", "sample_draw")
        .prefetch_related(_current_letters())
        .order_by("signed_at", "pk")
    )


def issued_letters(*, number: str = "", since: date | None = None, until: date | None = None) -> QuerySet[Letter]:
    """Served letters, the newest first, narrowed by part of the case number and by the day that they bear."""
    letters = Letter.objects.filter(kind=LetterKind.SERVED).select_related(
        "case", "case__organization", "determination"
    )
    if number:
        letters = letters.filter(case__number__icontains=number)
    if since:
        letters = letters.filter(service_date__gte=since)
    if until:
        letters = letters.filter(service_date__lte=until)
    return letters.order_by("-released_at", "-pk")


def letter_jobs(determination_ids: Iterable[int]) -> dict[int, OutboxJob]:
    """The letter jobs of these determinations, by determination."""
    keys = {job_key(pk): pk for pk in determination_ids}
    jobs = OutboxJob.objects.filter(unique_key__in=keys)
    return {keys[job.unique_key]: job for job in jobs if job.unique_key}


def _current_letters() -> "Prefetch[str, QuerySet[Letter], str]":
    current = Letter.objects.filter(kind=LetterKind.FINAL, superseded_at__isnull=True)
    return Prefetch("letters", queryset=current, to_attr="current_letters")
