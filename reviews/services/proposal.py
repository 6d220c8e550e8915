"""Changes of the own file that reviewers ask for, and what staff make of them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.storage import store
from reviews.enums import ProposalKind, ProposalStatus
from reviews.models import Certification, FileProposal, License, Reviewer
from reviews.services.credential import CertificationEntry, LicenseEntry, save_certification, save_license

MOST_OPEN = 20


@transaction.atomic
def propose_change(
    *,
    actor: User,
    kind: ProposalKind,
    entry: LicenseEntry | CertificationEntry | None = None,
    subject_id: int | None = None,
    note: str = "",
    file: Iterable[bytes] = (),
    file_name: str = "",
) -> FileProposal:
    """The change waits for staff; the file is as it was until they adopt it.

    `subject_id` names the license or certification of the reviewer that is to change; without it a new one is asked
    for. Raises `DomainError` when that is not there, and `ConflictError` when twenty changes wait already.
    """
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).filter(user=actor).first()
    if reviewer is None or not actor.can(Action.REVIEWER_FILE_OWN):
        raise NotAllowedError("You have no entry in the reviewer register yet. Ask the IMR organization to add one.")
    if reviewer.proposals.filter(status=ProposalStatus.PROPOSED).count() >= MOST_OPEN:
        raise ConflictError(f"{MOST_OPEN} changes wait already. Take one back, or wait for an answer.")
    values: dict[str, Any] = {"reviewer": reviewer, "kind": kind, "note": note}
    if kind == ProposalKind.LICENSE:
        values["license"] = _subject(License, reviewer, subject_id)
    if kind == ProposalKind.CERTIFICATION:
        values["certification"] = _subject(Certification, reviewer, subject_id)
    if entry is not None:
        values["entry"] = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(entry).items()
        }
    if kind == ProposalKind.CV:
        values |= {"cv_sha256": store(file).sha256, "cv_name": file_name[-255:]}
    proposal = FileProposal.objects.create(**values)
    _record("propose", actor, proposal)
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: User, proposal_id: int) -> FileProposal:
    """The reviewer no longer asks for it. `ConflictError` (409) when staff have answered meanwhile."""
    proposal = _lock(proposal_id)
    if proposal.reviewer.user_id != actor.pk:
        raise NotAllowedError("This change was proposed by another reviewer.")
    return _decide(proposal, actor, ProposalStatus.WITHDRAWN, "", act="propose_withdraw")


@transaction.atomic
def adopt_proposal(*, actor: User, proposal_id: int, note: str = "") -> FileProposal:
    """The file holds what was proposed. A new or changed credential still has to be verified before it counts.

    Raises what `save_license` and `save_certification` raise, and `ConflictError` (409) when it was answered before.
    """
    _require_editor(actor)
    proposal = _lock(proposal_id)
    _refuse_decided(proposal)
    who: dict[str, Any] = {
        "reviewer_id": proposal.reviewer_id,
        "actor": actor,
        "version": Reviewer.objects.select_for_update(no_key=True).get(pk=proposal.reviewer_id).version,
    }
    if proposal.kind == ProposalKind.LICENSE:
        save_license(**who, entry=license_entry(proposal), license_id=proposal.license_id)
    elif proposal.kind == ProposalKind.CERTIFICATION:
        save_certification(**who, entry=certification_entry(proposal), certification_id=proposal.certification_id)
    elif proposal.kind == ProposalKind.CV:
        Reviewer.objects.filter(pk=proposal.reviewer_id).update(
            cv_sha256=proposal.cv_sha256, cv_name=proposal.cv_name, version=F("version") + 1
        )
    return _decide(proposal, actor, ProposalStatus.ADOPTED, note, act="propose_adopt")


@transaction.atomic
def refuse_proposal(*, actor: User, proposal_id: int, note: str) -> FileProposal:
    """The file stays as it is; the reviewer reads `note`. `ConflictError` (409) when it was answered before."""
    _require_editor(actor)
    if not note.strip():
        words = "Say why the change is not adopted. The reviewer reads it."
        raise DomainError(words, fields={"note": [words]})
    return _decide(_lock(proposal_id), actor, ProposalStatus.REFUSED, note, act="propose_refuse")


def license_entry(proposal: FileProposal) -> LicenseEntry:
    """The license as it is to be."""
    entry = proposal.entry
    return LicenseEntry(**{**entry, "expires_on": date.fromisoformat(entry["expires_on"])})


def certification_entry(proposal: FileProposal) -> CertificationEntry:
    """The certification as it is to be."""
    entry = proposal.entry
    day = date.fromisoformat(entry["expires_on"]) if entry["expires_on"] else None
    return CertificationEntry(**{**entry, "expires_on": day})


def _subject[M: (License, Certification)](model: type[M], reviewer: Reviewer, pk: int | None) -> M | None:
    if pk is None:
        return None
    held = model.objects.filter(reviewer=reviewer, pk=pk).first()
    if held is None:
        raise DomainError("This credential is no longer on file. Open your file again.")
    return held


def _lock(proposal_id: int) -> FileProposal:
    return FileProposal.objects.select_for_update(of=("self",)).select_related("reviewer").get(pk=proposal_id)


def _refuse_decided(proposal: FileProposal) -> None:
    if proposal.status != ProposalStatus.PROPOSED:
        raise ConflictError(f"This change was answered already: {proposal.get_status_display().lower()}.")


def _decide(proposal: FileProposal, actor: User, status: ProposalStatus, note: str, *, act: str) -> FileProposal:
    _refuse_decided(proposal)
    FileProposal.objects.filter(pk=proposal.pk).update(
        status=status, decided_at=Now(), decided_by=actor, decision_note=note.strip()
    )
    proposal.refresh_from_db()
    _record(act, actor, proposal)
    return proposal


def _require_editor(actor: User) -> None:
    if not actor.can(Action.REVIEWER_EDIT):
        raise NotAllowedError("Your role reads the reviewer register but does not change it.")


def _record(act: str, actor: User, proposal: FileProposal) -> None:
    record(
        action=f"reviewer.{act}",
        actor=actor,
        object_type="reviewer",
        object_id=proposal.reviewer_id,
        detail={"code": proposal.reviewer.code, "proposal": proposal.pk, "kind": proposal.kind},
    )
