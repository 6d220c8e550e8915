"""The letter's way out: released for a day of service, taken back, served, and sent back by the mail."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, ItemEligibility, ItemStatus, PartyRole
from cases.models import Case, DisputedItem
from cases.services.transitions import lock_case, transition_case
from cases.workflow import TRANSITIONS
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, jobs, signing, storage, words
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import AssignmentStatus, DeliveryMethod, LetterKind
from reviews.letters import ServedLetter, digest_of
from reviews.models import Assignment, Delivery, Determination, Dispatch, Letter
from reviews.selectors.dispatch import (
    address_problems,
    days_of_service,
    former_letter,
    leaves_at,
    next_version,
    parties_served,
    served_letter,
)
from reviews.selectors.letter import CORRECTABLE, RELEASABLE, STOPPED, serve_key
from reviews.selectors.sampling import draw_of
from reviews.services.precedent import INDEX_DETERMINATION
from reviews.services.rendering import render_served_pdf

SERVE_LETTER = "reviews.serve_letter"
# Rendering once more is enough for a letter that met midnight on its way.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Release:
    """What became of one letter in a batch; `problem` is a sentence when it was not released."""

    letter_id: int
    case_number: str
    problem: str = ""
    dispatch: Dispatch | None = None


@transaction.atomic
def release_letter(
    *, letter_id: int, actor: User, service_on: date | None = None, without_check: bool = False
) -> Dispatch:
    """The letter is on its way: it will be served on `service_on`, today or the next business day; by default the one
    that the hours of service give. The job that serves it is promised.

    A determination that was drawn for the second read waits for its pass, one that was not drawn may go. Where no rule
    of sampling was in force, a letter that has not passed the quality check is released only when `without_check` says
    that this is meant; the record of the release says whether it had passed. Raises `ConflictError` (409) without that
    word, for a day that is neither of the two, when a party cannot be served, when it was released or replaced before,
    when what passed is not what was signed, or the case has been stopped; `IntegrityError` when the stored bytes are
    not those that were rendered; `NotAllowedError` for a role that may not release.
    """
    if actor.role not in TRANSITIONS[CaseEvent.ISSUE].roles:
        raise NotAllowedError(f"Your role ({actor.get_role_display()}) may not do this: {CaseEvent.ISSUE.label}.")
    case = lock_case(Letter.objects.values_list("case_id", flat=True).get(pk=letter_id))
    letter = _lock_letter(letter_id)
    determination = _lock_determination(letter.determination_id)
    _require_not_released(case, determination)
    if letter.superseded_at is not None and determination.voided_at is None:
        raise ConflictError(f"{case.number}: a newer version took the place of this letter.")
    if problem := _unwanted(determination, case):
        raise ConflictError(f"{case.number}: {problem}; the letter was not sent.")
    if letter.kind != LetterKind.FINAL:
        raise ConflictError(f"{case.number}: this is not a letter to release.")
    passed = _has_passed(case, determination, letter, without_check=without_check)
    days = days_of_service()
    day = service_on or days.usual
    if day not in (days.today, days.following):
        raise ConflictError(
            f"{case.number}: a letter cannot leave on {words.mmddyyyy(day)}. Possible now are "
            f"{words.mmddyyyy(days.today)} and {words.mmddyyyy(days.following)}; nothing was released."
        )
    if problems := address_problems(parties_served(case)):
        raise ConflictError(f"{case.number}: {' '.join(problems)} Nothing was released.", code="cannot_be_served")
    storage.open_verified(letter.sha256).close()
    dispatch = Dispatch.objects.create(
        case=case,
        determination=determination,
        round=determination.round,
        version=next_version(case),
        service_on=day,
        was_passed=passed,
        released_by=actor,
        check_code=new_check_code(),
    )
    _promise(dispatch, today=days.today)
    record(
        action="letter.release",
        actor=actor,
        object_type="letter",
        object_id=letter.pk,
        case_id=case.pk,
        detail={"dispatch": dispatch.pk, "sha256": letter.sha256, "service_on": day.isoformat(), "passed": passed},
    )
    return dispatch


def release_letters(
    *,
    letter_ids: Sequence[int],
    actor: User,
    service_on: date | None = None,
    without_check: Collection[int] = frozenset(),
) -> list[Release]:
    """Release each of the letters on its own: one that cannot be released does not hold up the others.

    `without_check` names the letters that are meant to go out without the quality check.
    Returns what became of each, in the order of their cases' numbers. Raises `NotAllowedError` for a role that may
    not release.
    """
    releases = []
    wanted = Letter.objects.filter(pk__in=letter_ids).select_related("case").order_by("case__number", "pk")
    for letter in wanted:
        number = str(letter.case.number)
        try:
            dispatch = release_letter(
                letter_id=letter.pk, actor=actor, service_on=service_on, without_check=letter.pk in without_check
            )
        except (ConflictError, storage.IntegrityError) as error:
            releases.append(Release(letter.pk, number, error.message))
        else:
            releases.append(Release(letter.pk, number, dispatch=dispatch))
    return releases


@transaction.atomic
def take_back(*, dispatch_id: int, actor: User, reason: str) -> Dispatch:
    """The letter will not leave; the determination stays signed and passed, and can be released again.

    Raises `ConflictError` (409) when it was served or taken back before, saying when.
    """
    lock_case(Dispatch.objects.values_list("case_id", flat=True).get(pk=dispatch_id))
    dispatch = _lock_dispatch(dispatch_id)
    number = dispatch.case.number
    if dispatch.served_at is not None:
        raise ConflictError(
            f"{number}: the letter was served on {words.pacific(dispatch.served_at)}. It can be corrected, "
            "not taken back."
        )
    if dispatch.taken_back_at is not None:
        raise ConflictError(f"{number}: the letter was taken back on {words.pacific(dispatch.taken_back_at)} already.")
    return _taken_back(dispatch, actor=actor, reason=reason)


def take_back_open(*, determination: Determination, actor: User | None, reason: str) -> None:
    """A letter of the determination that is on its way will not leave. Called under the lock of the case."""
    for dispatch in Dispatch.objects.select_for_update(of=("self",)).filter(
        determination=determination, served_at__isnull=True, taken_back_at__isnull=True
    ):
        _taken_back(dispatch, actor=actor, reason=reason)


def serve_letter(*, dispatch_id: int) -> None:
    """The letter is served, exactly once: rendered with the day it leaves on, signed, stored, on record, readable by
    the parties, and the clocks of appeal and authorization run (8 CCR 9792.10.6(d); LC 4610.6(h)).

    Safe to run twice and at once. A letter whose day has passed gets the day that the hours of service give now.
    Raises `JobCanceledError` when it is no longer wanted, `ConflictError` before its day.
    """
    for _ in range(ATTEMPTS):
        prepared = _prepare(dispatch_id)
        if prepared is None:
            return
        dispatch, served = prepared
        rendered = render_served_pdf(served)
        data = rendered.data
        if signing.is_on():
            data = signing.sign_pdf(data, at=dispatch.released_at, reason=served.letter.title)
        stored = storage.store_bytes(data)
        if _finish(dispatch, served, Rendered(stored, rendered.page_count)):
            return
    raise ConflictError("The letter changed while it was being served; it is tried again.")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Stored bytes of a letter, and how many pages they have."""

    stored: storage.StoredFile
    page_count: int


@transaction.atomic
def record_failed_delivery(*, delivery_id: int, actor: User, failed_on: date, note: str) -> Delivery:
    """It is on record that the copy for this recipient came back, on which day and why.

    Raises `ConflictError` (409) when that is on record already, or the copy did not go by mail.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("dispatch").get(pk=delivery_id)
    if delivery.failed_on is not None:
        raise ConflictError(f"It is on record that this copy came back on {words.mmddyyyy(delivery.failed_on)}.")
    if delivery.method != DeliveryMethod.MAIL:
        raise ConflictError("This copy did not go by mail.")
    if failed_on < delivery.sent_on:
        problem = f"The letter left on {words.mmddyyyy(delivery.sent_on)}. Enter that day or a later one."
        raise DomainError(problem, fields={"failed_on": [problem]})
    Delivery.objects.filter(pk=delivery.pk).update(
        failed_on=failed_on, failure_note=note, failure_recorded_at=Now(), failure_recorded_by=actor
    )
    record(
        action="letter.delivery_failed",
        actor=actor,
        object_type="letter",
        object_id=delivery.dispatch.letter_id,
        case_id=delivery.dispatch.case_id,
        reason=note,
        detail={"role": delivery.role, "failed_on": failed_on.isoformat()},
    )
    delivery.refresh_from_db()
    return delivery


def new_check_code() -> str:
    """A code of 20 letters and digits that nobody can guess (100 bits)."""
    return base64.b32encode(secrets.token_bytes(13)).decode()[:20]


def _lock_letter(letter_id: int) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).get(pk=letter_id)


def _lock_determination(determination_id: int) -> Determination:
    return (
        Determination.objects.select_for_update(of=("self",))
        .select_related("correction", "passed_by")
        .get(pk=determination_id)
    )


def _lock_dispatch(dispatch_id: int) -> Dispatch:
    return (
        Dispatch.objects.select_for_update(of=("self",))
        .select_related("case__organization", "released_by")
        .get(pk=dispatch_id)
    )


def _require_not_released(case: Case, determination: Determination) -> None:
    dispatch = Dispatch.objects.filter(determination=determination, taken_back_at__isnull=True).first()
    if dispatch is None:
        return
    if dispatch.served_at is not None:
        raise ConflictError(f"{case.number}: the letter was served on {words.pacific(dispatch.served_at)} already.")
    raise ConflictError(
        f"{case.number}: the letter was released on {words.pacific(dispatch.released_at)} already, to be served on "
        f"{words.mmddyyyy(dispatch.service_on)}."
    )


def _has_passed(case: Case, determination: Determination, letter: Letter, *, without_check: bool) -> bool:
    """Whether the words passed the quality check; a pass of other words is void."""
    passed = determination.passed_at is not None
    digests = {determination.snapshot_sha256, letter.snapshot_sha256, digest_of(determination.snapshot)}
    if passed and digests != {determination.passed_sha256}:
        raise ConflictError(
            f"{case.number}: what passed the quality check is not what would be sent; the pass is void. "
            "Nothing was released."
        )
    drawn = draw_of(determination)
    if not passed and drawn is not None and drawn.is_read:
        raise ConflictError(
            f"{case.number}: the determination was drawn for the second read "
            f"({drawn.get_reason_display().lower()}) and waits for it; nothing was released."
        )
    if not passed and drawn is None and not without_check:
        raise ConflictError(f"{case.number}: the letter has not passed the quality check; nothing was released.")
    return passed


def _unwanted(determination: Determination, case: Case) -> str:
    """Why the letter may not be served, as the end of a sentence; empty when it may."""
    status = CaseStatus(case.status)
    allowed = RELEASABLE if determination.corrects_id is None else CORRECTABLE
    for is_so, why in (
        (determination.voided_at is not None, "the determination was returned for correction and this letter is void"),
        (
            determination.set_aside_at is not None or determination.round != case.round,
            "the determination was set aside on appeal",
        ),
        (determination.superseded_at is not None, "a correction took the place of this determination"),
        (status in STOPPED, f"{status.label.lower()} on {words.pacific(case.status_changed_at)}"),
        (status not in allowed, f"the case is “{status.label}”"),
    ):
        if is_so:
            return why
    return _reopened_item(determination, case)


def _reopened_item(determination: Determination, case: Case) -> str:
    signed = {(item["position"], item["outcome"]) for item in determination.snapshot["letter"]["items"]}
    decided = DisputedItem.objects.filter(case=case, status=ItemStatus.DECIDED).values_list("position", "outcome")
    gone = sorted(signed - set(decided))
    if not gone:
        return _missing_item(determination, case)
    return f"item {gone[0][0]} is no longer decided as it was signed, so the determination has to be returned"


def _missing_item(determination: Determination, case: Case) -> str:
    """An eligible item of the application that the letter does not decide: it would be lost with the letter."""
    named = [item["position"] for item in determination.snapshot["letter"]["items"]]
    left = (
        DisputedItem.objects.filter(case=case, eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.OPEN)
        .exclude(position__in=named)
        .order_by("position")
        .first()
    )
    if left is None:
        return ""
    return f"item {left.position} is eligible and not in the letter, so the determination has to be returned"


def _promise(dispatch: Dispatch, *, today: date) -> None:
    not_before = None if dispatch.service_on == today else leaves_at(dispatch.service_on)
    jobs.enqueue(SERVE_LETTER, unique_key=serve_key(dispatch), not_before=not_before, dispatch_id=dispatch.pk)


def _taken_back(dispatch: Dispatch, *, actor: User | None, reason: str) -> Dispatch:
    Dispatch.objects.filter(pk=dispatch.pk).update(taken_back_at=Now(), taken_back_by=actor, take_back_reason=reason)
    record(
        action="letter.take_back",
        actor=actor,
        object_type="case",
        object_id=dispatch.case_id,
        case_id=dispatch.case_id,
        reason=reason,
        detail={"dispatch": dispatch.pk, "service_on": dispatch.service_on.isoformat()},
    )
    dispatch.refresh_from_db()
    return dispatch


def _prepare(dispatch_id: int) -> tuple[Dispatch, ServedLetter] | None:
    """The dispatch with its day and words settled, or None when there is nothing left to do here."""
    with transaction.atomic():
        case = lock_case(Dispatch.objects.values_list("case_id", flat=True).get(pk=dispatch_id))
        dispatch = _lock_dispatch(dispatch_id)
        if dispatch.served_at is not None:
            return None
        if dispatch.taken_back_at is not None:
            raise jobs.JobCanceledError("the letter was taken back")
        determination = _lock_determination(dispatch.determination_id)
        dispatch.case, dispatch.determination = (
            Case.objects.select_related("organization").get(pk=case.pk),
            determination,
        )
        problem = _unwanted(determination, case) or " ".join(address_problems(parties_served(dispatch.case)))
        if problem:
            _taken_back(dispatch, actor=None, reason=f"By the system: {problem}."[:500])
        else:
            days = days_of_service()
            if dispatch.service_on > days.today:
                raise ConflictError(f"The letter leaves on {words.mmddyyyy(dispatch.service_on)}.")
            if dispatch.service_on < days.today and _put_off(dispatch, days.usual, today=days.today):
                return None
            return dispatch, _settled(dispatch)
    raise jobs.JobCanceledError(problem[:200])


def _put_off(dispatch: Dispatch, day: date, *, today: date) -> bool:
    """The letter missed its day and gets `day`; whether that is still to come, and another job will serve it."""
    missed = dispatch.service_on
    dispatch.service_on = day
    Dispatch.objects.filter(pk=dispatch.pk).update(service_on=day, context=None, context_sha256="", mailed_on=None)
    record(
        action="letter.put_off",
        actor=None,
        object_type="case",
        object_id=dispatch.case_id,
        case_id=dispatch.case_id,
        detail={"dispatch": dispatch.pk, "from": missed.isoformat(), "to": day.isoformat()},
    )
    dispatch.context = None
    if day == today:
        return False
    _promise(dispatch, today=today)
    return True


def _settled(dispatch: Dispatch) -> ServedLetter:
    """The words of the letter, written down once; a second try reads what the first one wrote."""
    if dispatch.context is not None:
        return ServedLetter.from_data(dispatch.context)
    mailed_on = days_of_service().usual
    served = served_letter(dispatch, mailed_on=mailed_on)
    Dispatch.objects.filter(pk=dispatch.pk).update(
        context=served.to_data(), context_sha256=served.sha256, mailed_on=mailed_on
    )
    return served


def _finish(prepared: Dispatch, served: ServedLetter, rendered: Rendered) -> bool:
    """The letter is on record as served; False when it changed meanwhile and has to be made again."""
    with transaction.atomic():
        case = lock_case(prepared.case_id)
        dispatch = _lock_dispatch(prepared.pk)
        jobs.confirm_lease()
        if dispatch.served_at is not None:
            return True
        if dispatch.taken_back_at is not None:
            raise jobs.JobCanceledError("the letter was taken back")
        determination = _lock_determination(dispatch.determination_id)
        day = clock.today()
        if _unwanted(determination, case) or dispatch.context_sha256 != served.sha256 or dispatch.service_on != day:
            return False
        former = former_letter(determination)
        Letter.objects.filter(case=case, kind=LetterKind.SERVED, superseded_at__isnull=True).update(superseded_at=Now())
        letter = Letter.objects.create(
            case=case,
            determination=determination,
            job_id=jobs.current_job_id(),
            kind=LetterKind.SERVED,
            version=dispatch.version,
            snapshot_sha256=determination.snapshot_sha256,
            template_version=served.letter.template_version,
            sha256=rendered.stored.sha256,
            size=rendered.stored.size,
            page_count=rendered.page_count,
            service_date=dispatch.service_on,
            released_at=clock.now(),
            released_by=dispatch.released_by,
        )
        _log_service(dispatch, served)
        Dispatch.objects.filter(pk=dispatch.pk).update(letter=letter, served_at=Now())
        detail = {
            "letter": letter.pk,
            "sha256": letter.sha256,
            "version": letter.version,
            "service_date": dispatch.service_on.isoformat(),
            "outcome": determination.outcome,
            "passed": dispatch.was_passed,
        }
        if former is None:
            _issue(case, determination, dispatch, detail)
        jobs.enqueue(
            INDEX_DETERMINATION,
            unique_key=f"precedent:{determination.pk}",
            determination_id=determination.pk,
        )
        record(
            action="letter.serve",
            actor=None,
            object_type="letter",
            object_id=letter.pk,
            case_id=case.pk,
            detail=detail | {"supersedes": former.pk if former else None, "recipients": len(served.recipients)},
        )
        return True


def _log_service(dispatch: Dispatch, served: ServedLetter) -> None:
    roles = {role.label: role for role in PartyRole}
    deliveries = []
    for position, recipient in enumerate(served.recipients, start=1):
        is_mail = recipient.method != DeliveryMethod.PORTAL.label
        deliveries.append(
            Delivery(
                dispatch=dispatch,
                position=position,
                role=roles[recipient.role],
                name=recipient.name,
                method=DeliveryMethod.MAIL if is_mail else DeliveryMethod.PORTAL,
                address=list(recipient.address),
                sent_on=(is_mail and dispatch.mailed_on) or dispatch.service_on,
            )
        )
    Delivery.objects.bulk_create(deliveries)


def _issue(case: Case, determination: Determination, dispatch: Dispatch, detail: dict[str, object]) -> None:
    Assignment.objects.filter(case=case, round=determination.round, status=AssignmentStatus.ACCEPTED).update(
        status=AssignmentStatus.COMPLETED, ended_at=Now(), ended_by=dispatch.released_by
    )
    transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None, detail=detail)
