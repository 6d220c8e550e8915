"""Reading one-time links: those of a case, and the one that a secret opens."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.enums import DocumentKind, UploadLinkRole, UploadLinkState
from cases.models import Case, UploadLink, UploadLinkFile
from cases.rules.documents import TAKES_DOCUMENTS
from cases.rules.upload_link import link_state
from imr.accounts.models import User
from imr.accounts.services.secret import secret_hash
from imr.core import clock


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A link as people of the case read it; `made_by` is a name only for the own side."""

    link: UploadLink
    state: UploadLinkState
    kinds: tuple[str, ...]
    made_by: str
    sender: str
    files: tuple[UploadLinkFile, ...]
    may_revoke: bool

    @property
    def is_open(self) -> bool:
        return self.state == UploadLinkState.OPEN


def links_of_case(case: Case) -> QuerySet[UploadLink]:
    """Every link of the case, the latest first."""
    return UploadLink.objects.filter(case=case).select_related("case", "organization", "made_by", "revoked_by")


def open_links(now: datetime) -> QuerySet[UploadLink]:
    """Links that wait for somebody at `now`."""
    return UploadLink.objects.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


def told_link(link: UploadLink, *, reader: User) -> ToldLink:
    """The link for `reader`. Its files must be prefetched with their documents."""
    state = link_state(used_at=link.used_at, revoked_at=link.revoked_at, expires_at=link.expires_at, now=clock.now())
    is_own = not reader.is_claims or reader.organization_id == link.organization_id
    return ToldLink(
        link=link,
        state=state,
        kinds=kind_labels(link),
        made_by=link.made_by.display_name if is_own else link.organization.name,
        sender=f"{link.sender_name}, {UploadLinkRole(link.sender_role).label}" if link.used_at else "",
        files=tuple(link.files.all()),
        may_revoke=not reader.is_claims or reader.organization_id == link.organization_id,
    )


def kind_labels(link: UploadLink) -> tuple[str, ...]:
    """What is asked for, in words."""
    return tuple(DocumentKind(kind).label for kind in link.kinds)


def link_of(secret: str) -> UploadLink | None:
    """The link with this secret while its page may be seen; None for anything else.

    That is until it expires: open while the case takes documents, and afterwards, when it was used, with its receipt.
    """
    waits = Q(used_at__isnull=True, case__status__in=[status.value for status in TAKES_DOCUMENTS])
    return (
        UploadLink.objects.select_related("case", "organization")
        .filter(
            waits | Q(used_at__isnull=False),
            token_hash=secret_hash(secret),
            revoked_at__isnull=True,
            expires_at__gt=clock.now(),
            organization__is_active=True,
        )
        .first()
    )
