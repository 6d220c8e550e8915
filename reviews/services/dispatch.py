"""The letter's way out: released for a day of service, taken back, and sent back by the mail."""

import base64
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, ItemEligibility, ItemStatus
from cases.models import Case, DisputedItem
from cases.services.transitions import lock_case
from cases.workflow import TRANSITIONS
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import jobs, storage, words
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import LetterKind
from reviews.letters import digest_of
from reviews.models import Delivery, Determination, Dispatch, Letter
from reviews.selectors.dispatch import (
    address_problems,
    days_of_service,
    leaves_at,
    next_version,
    parties_served,
    why_not_returned,
    why_not_taken_back,
)
from reviews.selectors.letter import CORRECTABLE, RELEASABLE, STOPPED, serve_key
from reviews.selectors.sampling import draw_of

SERVE_LETTER = "reviews.serve_letter"


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
    determination = lock_determination(letter.determination_id)
    _require_not_released(case, determination)
    if letter.superseded_at is not None and determination.voided_at is None:
        raise ConflictError(f"{case.number}: a newer version took the place of this letter.")
    if problem := why_unwanted(determination, case):
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
    promise_service(dispatch, today=days.today)
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
    dispatch = lock_dispatch(dispatch_id)
    if why := why_not_taken_back(dispatch):
        raise ConflictError(f"{dispatch.case.number}: {why}")
    return mark_taken_back(dispatch, actor=actor, reason=reason)


def take_back_open(*, determination: Determination, actor: User | None, reason: str) -> None:
    """A letter of the determination that is on its way will not leave. Called under the lock of the case."""
    for dispatch in Dispatch.objects.select_for_update(of=("self",)).filter(
        determination=determination, served_at__isnull=True, taken_back_at__isnull=True
    ):
        mark_taken_back(dispatch, actor=actor, reason=reason)


@transaction.atomic
def record_failed_delivery(*, delivery_id: int, actor: User, failed_on: date, note: str) -> Delivery:
    """It is on record that the copy for this recipient came back, on which day and why.

    Raises `ConflictError` (409) when that is on record already, or the copy did not go by mail.
    """
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("dispatch").get(pk=delivery_id)
    if why := why_not_returned(delivery):
        raise ConflictError(why)
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


def lock_determination(determination_id: int) -> Determination:
    """The determination, locked after its case."""
    return (
        Determination.objects.select_for_update(of=("self",))
        .select_related("correction", "passed_by")
        .get(pk=determination_id)
    )


def lock_dispatch(dispatch_id: int) -> Dispatch:
    """The dispatch, locked after its case."""
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


def why_unwanted(determination: Determination, case: Case) -> str:
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


def promise_service(dispatch: Dispatch, *, today: date) -> None:
    """The job that serves the letter on its day is promised with the caller's transaction."""
    not_before = None if dispatch.service_on == today else leaves_at(dispatch.service_on)
    jobs.enqueue(SERVE_LETTER, unique_key=serve_key(dispatch), not_before=not_before, dispatch_id=dispatch.pk)


def mark_taken_back(dispatch: Dispatch, *, actor: User | None, reason: str) -> Dispatch:
    """The letter will not leave, and the record says why. Called under the lock of the case."""
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
