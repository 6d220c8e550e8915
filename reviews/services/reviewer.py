"""The reviewer register: entering a reviewer, changing the entry, the CV, and taking somebody out of service.

Names and numbers never enter the audit record: it says which fields changed, and shows values of business fields only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, IntegerField, Max
from django.db.models.functions import Cast, Substr

from imr.accounts.enums import Action, Role
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.storage import store
from reviews.enums import OPEN_ASSIGNMENTS
from reviews.exceptions import StaleVersionError
from reviews.models import Reviewer
from reviews.models.identity import ReviewerIdentity
from reviews.services.recheck import promise_recheck

_CODE_PREFIX = "R-"
# Any number that no other part of the product locks.
_CODE_LOCK = 4_610_139


@dataclass(frozen=True, slots=True)
class ReviewerEntry:
    """What the register's form holds; the first block goes into the protected table."""

    first_name: str
    last_name: str
    years_in_practice: int
    hours_per_week: int
    practice_attested_on: date
    degree: str = ""
    npi: str = ""
    phone: str = ""
    practice_name: str = ""
    maximum_load: int = 10


_IDENTITY = ("first_name", "last_name", "degree", "npi", "phone", "practice_name")
_REGISTER = ("years_in_practice", "hours_per_week", "practice_attested_on", "maximum_load")


@transaction.atomic
def create_reviewer(*, actor: User, user_id: int, entry: ReviewerEntry) -> Reviewer:
    """A register entry under a new code, linked to the account; credentials are still to be added.

    Raises `DomainError` with the field when the account is none of an expert reviewer or has an entry already.
    """
    _require_editor(actor)
    account = User.objects.select_for_update().filter(pk=user_id, role=Role.REVIEWER).first()
    if account is None:
        raise DomainError("Choose the account of an expert reviewer.", fields={"user": ["Choose an account."]})
    if Reviewer.objects.filter(user=account).exists():
        words = "This account has a register entry already."
        raise ConflictError(words, fields={"user": [words]})
    reviewer = Reviewer.objects.create(user=account, code=_next_code(), **_values(entry, _REGISTER))
    ReviewerIdentity.objects.create(reviewer=reviewer, **_values(entry, _IDENTITY))
    _record("reviewer.create", actor, reviewer, _shown(entry))
    return reviewer


@transaction.atomic
def edit_reviewer(*, reviewer_id: int, actor: User, version: int, entry: ReviewerEntry) -> Reviewer:
    """The entry holds the new values and has a new version; raises `StaleVersionError` when `version` is old."""
    _require_editor(actor)
    reviewer = lock_reviewer(reviewer_id, version=version)
    identity = ReviewerIdentity.objects.select_for_update().get(reviewer=reviewer)
    changed = [
        *(name for name in _REGISTER if getattr(reviewer, name) != getattr(entry, name)),
        *(name for name in _IDENTITY if getattr(identity, name) != getattr(entry, name)),
    ]
    ReviewerIdentity.objects.filter(pk=identity.pk).update(**_values(entry, _IDENTITY))
    Reviewer.objects.filter(pk=reviewer.pk).update(**_values(entry, _REGISTER), version=F("version") + 1)
    _record("reviewer.edit", actor, reviewer, {"changed": changed, **_shown(entry)})
    promise_recheck(reviewer.pk)
    reviewer.refresh_from_db()
    return reviewer


@transaction.atomic
def set_reviewer_active(*, reviewer_id: int, actor: User, version: int, is_active: bool, reason: str) -> Reviewer:
    """The reviewer gets offers again, or none any more. Open cases stay; they are recalled one by one.

    Raises `ConflictError` when somebody with open cases is to be deactivated: those have to be taken back first.
    """
    _require_editor(actor)
    if not reason.strip():
        raise DomainError("Say why.", code="required", fields={"reason": ["Say why."]})
    reviewer = lock_reviewer(reviewer_id, version=version)
    open_cases = reviewer.assignments.filter(status__in=OPEN_ASSIGNMENTS).count()
    if not is_active and open_cases:
        cases = "1 open case" if open_cases == 1 else f"{open_cases} open cases"
        raise ConflictError(f"This reviewer has {cases}. Take them back first, then deactivate the entry.")
    Reviewer.objects.filter(pk=reviewer.pk).update(is_active=is_active, version=F("version") + 1)
    _record("reviewer.activate" if is_active else "reviewer.deactivate", actor, reviewer, {}, reason=reason)
    reviewer.refresh_from_db()
    return reviewer


@transaction.atomic
def store_cv(*, reviewer_id: int, actor: User, version: int, chunks: Iterable[bytes], name: str) -> Reviewer:
    """The CV's bytes lie in the private store and the entry refers to them; an earlier CV is no longer referred to."""
    _require_editor(actor)
    reviewer = lock_reviewer(reviewer_id, version=version)
    stored = store(chunks)
    Reviewer.objects.filter(pk=reviewer.pk).update(
        cv_sha256=stored.sha256, cv_name=name[-255:], version=F("version") + 1
    )
    _record("reviewer.cv_upload", actor, reviewer, {"sha256": stored.sha256, "size": stored.size})
    reviewer.refresh_from_db()
    return reviewer


def record_identity_view(*, reviewer_id: int, actor: User) -> None:
    """It is on record that `actor` saw who this reviewer is."""
    record(action="reviewer.view", actor=actor, object_type="reviewer", object_id=reviewer_id)


def record_register_view(*, actor: User, count: int) -> None:
    """It is on record that `actor` saw a list of `count` reviewers with names."""
    record(action="reviewer.list", actor=actor, object_type="reviewer", detail={"count": count})


def record_cv_download(*, reviewer: Reviewer, actor: User) -> None:
    """It is on record that `actor` downloaded this reviewer's CV."""
    _record("reviewer.cv_download", actor, reviewer, {"sha256": reviewer.cv_sha256})


def lock_reviewer(reviewer_id: int, *, version: int) -> Reviewer:
    """The entry, its row locked; raises `StaleVersionError` (409) when it is no longer at `version`."""
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer_id)
    if reviewer.version != version:
        raise StaleVersionError(
            "Somebody changed this reviewer since you opened the page. Nothing of yours was saved yet: look at the "
            "entry as it is now, then save again.",
            current_version=reviewer.version,
            current={},
        )
    return reviewer


def _next_code() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CODE_LOCK])
    last = (
        Reviewer.objects.filter(code__regex=rf"^{_CODE_PREFIX}\d+$")
        .annotate(number=Cast(Substr("code", len(_CODE_PREFIX) + 1), IntegerField()))
        .aggregate(last=Max("number"))["last"]
    )
    return f"{_CODE_PREFIX}{(last or 100) + 1}"


def _values(entry: ReviewerEntry, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in names}


def _shown(entry: ReviewerEntry) -> dict[str, Any]:
    return {name: str(getattr(entry, name)) for name in _REGISTER}


def _require_editor(actor: User) -> None:
    if not actor.can(Action.REVIEWER_EDIT):
        raise NotAllowedError("Your role reads the reviewer register but does not change it.")


def _record(action: str, actor: User, reviewer: Reviewer, detail: dict[str, Any], *, reason: str = "") -> None:
    record(
        action=action,
        actor=actor,
        object_type="reviewer",
        object_id=reviewer.pk,
        reason=reason,
        detail={"code": reviewer.code, **detail},
    )
