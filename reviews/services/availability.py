"""When a reviewer takes new cases, and how many: the reviewer's own word."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q

from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import DomainError, NotAllowedError
from imr.core.words import mmddyyyy
from reviews.models import Absence, Reviewer

FARTHEST = timedelta(days=730)


@transaction.atomic
def add_absence(*, actor: User, first_day: date, last_day: date | None, note: str = "") -> Absence:
    """From `first_day` through `last_day` (or until further notice) no new case is offered to the reviewer.

    Cases that are with the reviewer stay. Raises `DomainError` beside the field for days in the past, out of order,
    far ahead, or shared with another absence.
    """
    reviewer = _own(actor)
    today = clock.today()
    if first_day < today:
        _refuse("first_day", f"Enter today ({mmddyyyy(today)}) or a later day.")
    if first_day > today + FARTHEST or (last_day is not None and last_day > today + FARTHEST):
        _refuse("first_day", "Enter days within the next two years.")
    if last_day is not None and last_day < first_day:
        _refuse("last_day", "Enter a last day that is not before the first.")
    back_on = last_day + timedelta(days=1) if last_day is not None else None
    shared = reviewer.absences.filter(Q(back_on__isnull=True) | Q(back_on__gt=first_day))
    if back_on is not None:
        shared = shared.filter(first_day__lt=back_on)
    if other := shared.first():
        _refuse(
            "first_day", f"These days overlap the absence that begins on {mmddyyyy(other.first_day)}. End it first."
        )
    absence = Absence.objects.create(
        reviewer=reviewer, first_day=first_day, back_on=back_on, note=note, entered_by=actor
    )
    _record("absence_add", actor, reviewer, first_day=first_day, back_on=back_on)
    return absence


@transaction.atomic
def end_absence(*, actor: User, absence_id: int) -> None:
    """The reviewer takes cases again from today; an absence still to come is gone. Nothing happens when it was over."""
    reviewer = _own(actor)
    absence = Absence.objects.filter(reviewer=reviewer, pk=absence_id).first()
    today = clock.today()
    if absence is None or (absence.back_on is not None and absence.back_on <= today):
        return
    if absence.first_day < today:
        Absence.objects.filter(pk=absence.pk).update(back_on=today)
    else:
        Absence.objects.filter(pk=absence.pk).delete()
    _record("absence_end", actor, reviewer, first_day=absence.first_day, back_on=today)


@transaction.atomic
def set_own_limit(*, actor: User, limit: int | None) -> Reviewer:
    """The reviewer is offered no case beyond `limit` open ones; none leaves it to the organization's figure."""
    reviewer = _own(actor)
    if limit is not None and not 0 <= limit <= reviewer.maximum_load:
        _refuse("limit", f"Enter a whole number from 0 to {reviewer.maximum_load}, the organization’s figure for you.")
    Reviewer.objects.filter(pk=reviewer.pk).update(own_limit=limit, version=F("version") + 1)
    _record("own_limit", actor, reviewer, limit=limit)
    reviewer.refresh_from_db()
    return reviewer


@transaction.atomic
def attest_practice(*, actor: User, years: int, hours: int) -> Reviewer:
    """Today the reviewer attested `years` in and `hours` a week of active practice, which every letter asserts.

    What is too little for the letter is put on file as well: no case is offered then.
    """
    reviewer = _own(actor)
    Reviewer.objects.filter(pk=reviewer.pk).update(
        years_in_practice=years,
        hours_per_week=hours,
        practice_attested_on=clock.today(),
        version=F("version") + 1,
    )
    _record("attest", actor, reviewer, years=years, hours=hours)
    reviewer.refresh_from_db()
    return reviewer


def _own(actor: User) -> Reviewer:
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).filter(user=actor).first()
    if reviewer is None or not actor.can(Action.REVIEWER_FILE_OWN):
        raise NotAllowedError("You have no entry in the reviewer register yet. Ask the IMR organization to add one.")
    return reviewer


def _refuse(field: str, words: str) -> None:
    raise DomainError(words, fields={field: [words]})


def _record(act: str, actor: User, reviewer: Reviewer, **detail: object) -> None:
    shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in detail.items()}
    record(
        action=f"reviewer.{act}",
        actor=actor,
        object_type="reviewer",
        object_id=reviewer.pk,
        detail={"code": reviewer.code, **shown},
    )
