"""Licenses, certifications, ties and the verification log of a reviewer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from cases.enums import PeriodUnit
from cases.models import LegalParameter
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.calendar import add_months
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import VerificationKind
from reviews.models import Affiliation, Certification, CredentialVerification, License, Reviewer
from reviews.services.recheck import promise_recheck
from reviews.services.reviewer import lock_reviewer

VERIFICATION_PERIOD = "credential_verification"
VERIFICATION_MONTHS = 36


@dataclass(frozen=True, slots=True)
class LicenseEntry:
    """`expires_on` is the last day on which the license is valid."""

    state: str
    kind: str
    number: str
    expires_on: date
    status: str


@dataclass(frozen=True, slots=True)
class CertificationEntry:
    """`position` orders what the letter prints; without `expires_on` the certification does not expire."""

    board: str
    specialty: str
    expires_on: date | None
    position: int = 0


@dataclass(frozen=True, slots=True)
class AffiliationEntry:
    """A tie that the conflict screening compares with the parties; it holds from `since` through `until`."""

    relation: str
    name: str
    note: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class VerificationEntry:
    """A check of one credential against `source`; `object_id` names the license or certification."""

    kind: str
    is_satisfactory: bool
    source: str
    verified_on: date
    object_id: int | None = None
    note: str = ""


@transaction.atomic
def save_license(
    *, reviewer_id: int, actor: User, version: int, entry: LicenseEntry, license_id: int | None = None
) -> License:
    """The license is on file: a new one, or `license_id` with the new values.

    A license that was verified keeps state, kind and number, so that the verification goes on speaking of it.
    """
    reviewer = _editable(reviewer_id, actor, version)
    held = License.objects.filter(pk=license_id, reviewer=reviewer).first() if license_id else None
    if license_id is not None and held is None:
        raise License.DoesNotExist
    values: dict[str, Any] = {"state": entry.state, "kind": entry.kind, "number": entry.number}
    same = License.objects.filter(reviewer=reviewer, **values).exclude(pk=held.pk if held is not None else 0)
    if same.exists():
        words = "This license is on file already."
        raise ConflictError(words, fields={"number": [words]})
    if held is not None and held.verifications.exists() and _differs(held, values):
        words = "This license was verified, so its state, kind and number stay. Add the other license as a new one."
        raise ConflictError(words, fields={"number": [words]})
    values |= {"expires_on": entry.expires_on, "status": entry.status}
    before = {"expires_on": str(held.expires_on), "status": held.status} if held is not None else {}
    held = _write(License, held, reviewer, values)
    _changed(
        reviewer,
        actor,
        "license.edit" if before else "license.add",
        {"license": held.pk, "state": held.state, "expires_on": str(held.expires_on), "status": held.status},
        before=before,
    )
    return held


@transaction.atomic
def save_certification(
    *, reviewer_id: int, actor: User, version: int, entry: CertificationEntry, certification_id: int | None = None
) -> Certification:
    """The certification is on file; one that was verified keeps board and specialty."""
    reviewer = _editable(reviewer_id, actor, version)
    held = Certification.objects.filter(pk=certification_id, reviewer=reviewer).first() if certification_id else None
    if certification_id is not None and held is None:
        raise Certification.DoesNotExist
    values: dict[str, Any] = {"board": entry.board, "specialty": entry.specialty}
    same = Certification.objects.filter(reviewer=reviewer, **values).exclude(pk=held.pk if held is not None else 0)
    if same.exists():
        words = "This certification is on file already."
        raise ConflictError(words, fields={"specialty": [words]})
    if held is not None and held.verifications.exists() and _differs(held, values):
        words = "This certification was verified, so its board and specialty stay. Add the other one as a new one."
        raise ConflictError(words, fields={"specialty": [words]})
    last = reviewer.certifications.aggregate(last=Max("position"))["last"] or 0
    values |= {"expires_on": entry.expires_on, "position": entry.position or last + 1}
    before = {"expires_on": str(held.expires_on or "")} if held is not None else {}
    held = _write(Certification, held, reviewer, values)
    _changed(
        reviewer,
        actor,
        "certification.edit" if before else "certification.add",
        {"certification": held.pk, "specialty": held.specialty, "expires_on": str(held.expires_on or "")},
        before=before,
    )
    return held


@transaction.atomic
def save_affiliation(
    *, reviewer_id: int, actor: User, version: int, entry: AffiliationEntry, affiliation_id: int | None = None
) -> Affiliation:
    """The tie is on file and screened from now on; it ends by a last day, it is not removed."""
    reviewer = _editable(reviewer_id, actor, version)
    held = Affiliation.objects.filter(pk=affiliation_id, reviewer=reviewer).first() if affiliation_id else None
    if affiliation_id is not None and held is None:
        raise Affiliation.DoesNotExist
    if entry.since and entry.until and entry.until < entry.since:
        words = "Enter a last day that is not before the first."
        raise DomainError(words, fields={"until": [words]})
    values = {
        "relation": entry.relation,
        "name": entry.name,
        "note": entry.note,
        "since": entry.since,
        "until": entry.until,
    }
    action = "affiliation.edit" if held is not None else "affiliation.add"
    held = _write(Affiliation, held, reviewer, values)
    _changed(reviewer, actor, action, {"affiliation": held.pk, "relation": held.relation})
    return held


@transaction.atomic
def record_verification(*, reviewer_id: int, actor: User, entry: VerificationEntry) -> CredentialVerification:
    """The check is in the log, for good, and due again after the period in force on its day.

    A wrong entry is answered by a later one. Raises `DomainError` for a day to come, or a credential of another
    reviewer.
    """
    _require_editor(actor)
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer_id)
    if entry.verified_on > clock.today():
        words = "Enter a day that is not in the future."
        raise DomainError(words, fields={"verified_on": [words]})
    held = _verified_object(reviewer, entry)
    row = CredentialVerification.objects.create(
        reviewer=reviewer,
        kind=entry.kind,
        license=held if isinstance(held, License) else None,
        certification=held if isinstance(held, Certification) else None,
        is_satisfactory=entry.is_satisfactory,
        source=entry.source,
        note=entry.note,
        verified_on=entry.verified_on,
        due_again_on=due_again_on(entry.verified_on),
        recorded_by=actor,
    )
    record(
        action="reviewer.verify",
        actor=actor,
        object_type="reviewer",
        object_id=reviewer.pk,
        detail={
            "code": reviewer.code,
            "kind": entry.kind,
            "satisfactory": entry.is_satisfactory,
            "due_again_on": str(row.due_again_on),
        },
    )
    promise_recheck(reviewer.pk)
    return row


def due_again_on(verified_on: date) -> date:
    """The last day on which a verification of that day holds.

    Three years, unless a dated row `credential_verification` (in months) says otherwise.
    """
    row = (
        LegalParameter.objects.filter(name=VERIFICATION_PERIOD, unit=PeriodUnit.MONTHS, in_force_from__lte=verified_on)
        .exclude(in_force_until__lte=verified_on)
        .first()
    )
    return add_months(verified_on, row.value if row else VERIFICATION_MONTHS)


def _verified_object(reviewer: Reviewer, entry: VerificationEntry) -> License | Certification | None:
    found: License | Certification | None = None
    if entry.kind == VerificationKind.LICENSE:
        found = License.objects.filter(reviewer=reviewer, pk=entry.object_id or 0).first()
    elif entry.kind == VerificationKind.CERTIFICATION:
        found = Certification.objects.filter(reviewer=reviewer, pk=entry.object_id or 0).first()
    else:
        return None
    if found is None:
        words = "Choose which credential was verified."
        raise DomainError(words, fields={"subject": [words]})
    return found


def _write[M: (License, Certification, Affiliation)](
    model: type[M], held: M | None, reviewer: Reviewer, values: dict[str, Any]
) -> M:
    if held is None:
        return model.objects.create(reviewer=reviewer, **values)
    model.objects.filter(pk=held.pk).update(**values)
    held.refresh_from_db()
    return held


def _differs(held: License | Certification, values: dict[str, Any]) -> bool:
    return any(getattr(held, name) != value for name, value in values.items())


def _editable(reviewer_id: int, actor: User, version: int) -> Reviewer:
    _require_editor(actor)
    return lock_reviewer(reviewer_id, version=version)


def _require_editor(actor: User) -> None:
    if not actor.can(Action.REVIEWER_EDIT):
        raise NotAllowedError("Your role reads the reviewer register but does not change it.")


def _changed(
    reviewer: Reviewer,
    actor: User,
    action: str,
    after: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
) -> None:
    Reviewer.objects.filter(pk=reviewer.pk).update(version=F("version") + 1)
    record(
        action=f"reviewer.{action}",
        actor=actor,
        object_type="reviewer",
        object_id=reviewer.pk,
        detail={"code": reviewer.code, **after, **({"before": before} if before else {})},
    )
    promise_recheck(reviewer.pk)
