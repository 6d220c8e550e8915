"""One-time links through which somebody without an account sends documents to a case.

The secret is made from the link's random seed and the project's key, so the job that mails it needs the link's id
alone, and the database holds only the secret's hash.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from cases.enums import DocumentKind, UploadLinkRole
from cases.exceptions import GoneError, IncompleteError
from cases.models import UploadLink, UploadLinkFile
from cases.rules.documents import title_from_name
from cases.rules.upload_link import MAX_OPEN, SOURCES, check_last_day
from cases.selectors.upload_link import open_links
from cases.services.document import ExaminedFile, examine, on_disk, refuse_late, register
from cases.services.news import tell_of_case
from cases.services.transitions import lock_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.accounts.services.secret import secret_hash
from imr.audit.services import record
from imr.core import clock, mail
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from imr.core.jobs import enqueue

LINK_JOB: Final = "cases.send_upload_link"
# What the case refuses for reasons that are nobody else's business.
_CASE_IS_FULL: Final = frozenset({"quota", "too_many_files"})


@dataclass(frozen=True, slots=True)
class MadeLink:
    """`secret` opens the link and is known here for the last time."""

    link: UploadLink
    secret: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as the page behind a link brings it; `position` counts its places from 1."""

    position: int
    file: "File[Any]"
    name: str
    kind: DocumentKind


class SentFileError(DomainError):
    """One of the files is not taken, so none is; `position` says which."""

    def __init__(self, position: int, cause: DomainError) -> None:
        super().__init__(cause.message, code=cause.code)
        self.position = position
        self.status = cause.status


@transaction.atomic
def make_upload_link(
    *,
    case_id: int,
    actor: User,
    recipient_name: str,
    recipient_role: UploadLinkRole,
    kinds: Sequence[DocumentKind],
    last_day: date,
    max_files: int,
    email: str = "",
) -> MadeLink:
    """A link that is good for one submission until the end of `last_day` (Pacific); its mail is promised.

    Without `email` nothing is mailed. Raises `IncompleteError` for a day that is over or too far off, and
    `ConflictError` when the case takes no documents or has too many open links.
    """
    case = lock_case(case_id)
    refuse_late(case)
    if case.is_draft:
        raise ConflictError("The application has no case number yet. Submit it first; then ask for documents.")
    if problem := check_last_day(last_day, today=clock.today()):
        raise IncompleteError(problem, fields={"last_day": [problem]})
    links = UploadLink.objects.filter(case=case)
    if open_links(clock.now()).filter(case=case).count() >= MAX_OPEN:
        raise ConflictError(f"{MAX_OPEN} links of this case are open. Revoke one that nobody needs any more.")
    link = UploadLink(
        case=case,
        number=(links.aggregate(last=Max("number"))["last"] or 0) + 1,
        organization=actor.organization,
        recipient_name=recipient_name,
        recipient_role=recipient_role,
        email=email,
        kinds=[kind.value for kind in kinds],
        max_files=max_files,
        made_by=actor,
        expires_at=datetime.combine(last_day + timedelta(days=1), time(), tzinfo=clock.PACIFIC),
    )
    secret = _secret(link)
    link.token_hash = secret_hash(secret)
    link.save(force_insert=True)
    _record(link, actor, "upload_link.make", kinds=link.kinds, files=max_files, mailed=bool(email))
    if email:
        enqueue(LINK_JOB, unique_key=f"upload-link:{link.pk}", link_id=link.pk)
    return MadeLink(link, secret)


@transaction.atomic
def revoke_upload_link(*, link_id: int, actor: User) -> UploadLink:
    """The link is dead. Claims people revoke those of their organization, staff every one.

    Raises `ConflictError` when it was used, revoked or expired before, and `NotAllowedError`.
    """
    link = _locked(link_id)
    if actor.is_claims and link.organization_id != actor.organization_id:
        raise NotAllowedError("This link is of the IMR organization. Ask its staff to revoke it.")
    if link.used_at is not None:
        raise ConflictError("Documents came through this link meanwhile; it is used up.")
    if link.revoked_at is not None:
        raise ConflictError("This link was revoked meanwhile.")
    if link.expires_at <= clock.now():
        raise ConflictError("This link has expired; nobody can use it any more.")
    link.revoked_at, link.revoked_by = clock.now(), actor
    link.save(update_fields=["revoked_at", "revoked_by"])
    _record(link, actor, "upload_link.revoke")
    return link


def submit_through_link(
    *,
    link_id: int,
    files: Sequence[SentFile],
    sender_name: str,
    sender_role: UploadLinkRole,
    is_name_confirmed: bool = False,
) -> UploadLink:
    """All files are documents of the case, sent through the link, which is used up; or nothing is.

    Raises `SentFileError` for the first file that is not taken, and `GoneError` when the link was used, revoked or
    expired meanwhile, or the case takes no documents any more.
    """
    link = UploadLink.objects.select_related("case").get(pk=link_id)
    examined: list[tuple[SentFile, ExaminedFile]] = []
    for sent in files:
        try:
            with on_disk(sent.file) as path:
                file = _examined(link, sent, path, is_name_confirmed=is_name_confirmed)
            _refuse_twice(file, examined)
            examined.append((sent, file))
        except DomainError as error:
            _record(link, None, "upload_link.refuse", code=error.code)
            raise SentFileError(sent.position, error) from error
    return _take_all(link_id, examined, sender_name=sender_name, sender_role=sender_role)


def _examined(link: UploadLink, sent: SentFile, path: Path, *, is_name_confirmed: bool) -> ExaminedFile:
    return examine(link.case, None, path, sent.name, is_name_confirmed=is_name_confirmed)


def _refuse_twice(file: ExaminedFile, before: Sequence[tuple[SentFile, ExaminedFile]]) -> None:
    """The link works once, so a file chosen twice is another one that would be missing."""
    for sent, earlier in before:
        if earlier.stored.sha256 == file.stored.sha256:
            raise DomainError(
                f"This is the same file as file {sent.position}. Choose the other one, or leave this place empty.",
                code="file_twice",
            )


@transaction.atomic
def _take_all(
    link_id: int, examined: Sequence[tuple[SentFile, ExaminedFile]], *, sender_name: str, sender_role: UploadLinkRole
) -> UploadLink:
    link = _locked(link_id)
    _require_open(link)
    link.used_at, link.sender_name, link.sender_role = clock.now(), sender_name, sender_role
    link.save(update_fields=["used_at", "sender_name", "sender_role"])
    for sent, file in examined:
        _take(link, sent, file)
    _record(link, None, "upload_link.use", files=len(examined), role=sender_role.value)
    tell_of_case(link.case, MailEvent.LINK_USED, people=[link.made_by], key=f"upload-link:{link.pk}")
    return link


def _take(link: UploadLink, sent: SentFile, file: ExaminedFile) -> None:
    try:
        added = register(
            case_id=link.case_id,
            actor=None,
            file=file,
            fields={
                "kind": sent.kind,
                "source": SOURCES[UploadLinkRole(link.sender_role)],
                "title": title_from_name(file.name),
                "upload_link": link,
            },
        )
    except DomainError as error:
        if error.code in _CASE_IS_FULL:
            error = DomainError(f"No more can be taken. Ask {link.organization.name} how to send it.", code=error.code)
        raise SentFileError(sent.position, error) from error
    UploadLinkFile.objects.create(
        link=link,
        position=sent.position,
        document=added.document,
        kind=sent.kind,
        name=file.name,
        size=file.stored.size,
        page_count=file.facts.page_count,
        sha256=file.stored.sha256,
        is_new=added.is_new,
    )


def send_upload_link(*, link_id: int) -> None:
    """The mail with the link has gone out, unless the link was used, revoked or expired meanwhile."""
    waiting = open_links(clock.now()).select_related("organization", "case").exclude(email="")
    link = waiting.filter(pk=link_id).first()
    if link is None:
        return
    body = render_to_string(
        "emails/upload_link.txt",
        {
            "asking": link.organization.name,
            "number": link.case.number,
            "link": f"{settings.IMR_BASE_URL}{link_path(_secret(link))}",
            "expires_at": link.expires_at - timedelta(minutes=1),
            "imr_organization": settings.IMR_ORGANIZATION_NAME,
        },
    )
    mail.send(address=link.email, subject="Documents are asked for", text=body)


def link_path(secret: str) -> str:
    """Where the link leads. The secret stands in the query, which the logs leave out."""
    return f"{reverse('cases:upload-link-open')}?key={secret}"


def _require_open(link: UploadLink) -> None:
    """Raise `GoneError` unless the locked link may be used now."""
    if link.used_at is not None:
        raise GoneError("This link was used already.", code="link_used")
    if link.revoked_at is not None or link.expires_at <= clock.now():
        raise GoneError("This link does not work any more.", code="link_gone")
    try:
        refuse_late(link.case)
    except ConflictError as error:
        raise GoneError("This link does not work any more.", code="link_gone") from error


def _locked(link_id: int) -> UploadLink:
    case = lock_case(UploadLink.objects.values_list("case_id", flat=True).get(pk=link_id))
    links = UploadLink.objects.select_for_update(of=("self",)).select_related("organization", "made_by")
    link = links.get(pk=link_id)
    link.case = case
    return link


def _secret(link: UploadLink) -> str:
    """256 bits that nobody can make without the project's key."""
    digest = salted_hmac("cases.upload_link", link.seed.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _record(link: UploadLink, actor: User | None, action: str, **detail: Any) -> None:
    record(
        action=action,
        actor=actor,
        object_type="upload_link",
        object_id=link.pk,
        case_id=link.case_id,
        detail={"link": link.pk, **detail},
    )
