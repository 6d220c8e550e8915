"""Reading uploads that are still arriving."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Upload
from imr.accounts.models import User
from imr.core import arriving, clock


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """An upload and how much of it has arrived."""

    upload: Upload
    received: int

    @property
    def is_whole(self) -> bool:
        return self.received >= self.upload.size

    @property
    def percent(self) -> int:
        """Rounded down."""
        return self.received * 100 // self.upload.size


def open_uploads() -> QuerySet[Upload]:
    """Uploads that have not ended and not expired."""
    return Upload.objects.filter(document__isnull=True, refusal="", expires_at__gt=clock.now())


def unfinished_uploads(*, case_id: int, user: User) -> list[UploadProgress]:
    """What this person began to upload to the case and did not finish, the earliest first."""
    found = open_uploads().filter(case_id=case_id, uploaded_by=user)
    return [UploadProgress(upload, arriving.received(upload.token)) for upload in found]


def own_upload(*, case_id: int, user: User, token: UUID) -> Upload | None:
    """The upload of this address when this person began it and it has not expired; nobody else's exists for them."""
    return Upload.objects.filter(token=token, case_id=case_id, uploaded_by=user, expires_at__gt=clock.now()).first()
