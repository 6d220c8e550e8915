"""Serving a released letter on its day: dated, rendered, signed, stored and on record, once."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, PartyRole
from cases.models import Case
from cases.services.implementation import begin_implementation
from cases.services.news import claims_people, tell_of_case
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import MailEvent
from imr.audit.services import record
from imr.core import clock, jobs, signing, storage, words
from imr.core.errors import ConflictError
from reviews.enums import AssignmentStatus, DeliveryMethod, LetterKind
from reviews.letters import ServedLetter
from reviews.models import Assignment, Delivery, Determination, Dispatch, Letter
from reviews.selectors.dispatch import (
    address_problems,
    days_of_service,
    former_letter,
    parties_served,
    served_letter,
)
from reviews.services.dispatch import lock_determination, lock_dispatch, mark_taken_back, promise_service, why_unwanted
from reviews.services.ledger import earn_review_fees
from reviews.services.precedent import INDEX_DETERMINATION
from reviews.services.rendering import render_served_pdf

# Rendering once more is enough for a letter that met midnight on its way.
ATTEMPTS = 3


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


def _prepare(dispatch_id: int) -> tuple[Dispatch, ServedLetter] | None:
    """The dispatch with its day and words settled, or None when there is nothing left to do here."""
    with transaction.atomic():
        case = lock_case(Dispatch.objects.values_list("case_id", flat=True).get(pk=dispatch_id))
        dispatch = lock_dispatch(dispatch_id)
        if dispatch.served_at is not None:
            return None
        if dispatch.taken_back_at is not None:
            raise jobs.JobCanceledError("the letter was taken back")
        determination = lock_determination(dispatch.determination_id)
        dispatch.case, dispatch.determination = (
            Case.objects.select_related("organization").get(pk=case.pk),
            determination,
        )
        problem = why_unwanted(determination, case) or " ".join(address_problems(parties_served(dispatch.case)))
        if problem:
            mark_taken_back(dispatch, actor=None, reason=f"By the system: {problem}."[:500])
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
    promise_service(dispatch, today=today)
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
        dispatch = lock_dispatch(prepared.pk)
        jobs.confirm_lease()
        if dispatch.served_at is not None:
            return True
        if dispatch.taken_back_at is not None:
            raise jobs.JobCanceledError("the letter was taken back")
        determination = lock_determination(dispatch.determination_id)
        day = clock.today()
        if why_unwanted(determination, case) or dispatch.context_sha256 != served.sha256 or dispatch.service_on != day:
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
        tell_of_case(case, MailEvent.DETERMINATION_SERVED, people=claims_people(case), key=f"dispatch:{dispatch.pk}")
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
    earn_review_fees(case=case, round_number=determination.round, served_on=dispatch.service_on)
    Assignment.objects.filter(case=case, round=determination.round, status=AssignmentStatus.ACCEPTED).update(
        status=AssignmentStatus.COMPLETED, ended_at=Now(), ended_by=dispatch.released_by
    )
    transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None, detail=detail)
    begin_implementation(case_id=case.pk)
