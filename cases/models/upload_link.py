import uuid
from datetime import date, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import DocumentKind, UploadLinkRole
from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import Organization, User
from imr.core import clock


class UploadLink(models.Model):
    """A one-time link through which somebody without an account sends documents to the case.

    What is asked for are kinds of documents and no free words: the page behind the link says nothing about the worker.
    `token_hash` is the SHA-256 of the secret in the link; the secret is made from `seed` and the project's key, so
    that neither the database nor a job that mails it holds it. `number` counts the links of a case. The moments and
    names say what became of it (`cases.rules.upload_link.link_state`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="upload_links")
    number = models.PositiveIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    seed = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    recipient_name = models.CharField(max_length=150)
    recipient_role = models.CharField(max_length=20, choices=UploadLinkRole.choices)
    email = models.EmailField(max_length=254, blank=True)
    kinds = ArrayField(models.CharField(max_length=30, choices=DocumentKind.choices))
    max_files = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    sender_name = models.CharField(max_length=150, blank=True)
    sender_role = models.CharField(max_length=20, choices=UploadLinkRole.choices, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="uploadlink_number_once", fields=["case", "number"]),
            models.CheckConstraint(
                name="uploadlink_revoked_pair",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="uploadlink_used_pair",
                condition=Q(used_at__isnull=True, sender_name="", sender_role="")
                | Q(used_at__isnull=False) & ~Q(sender_name="") & ~Q(sender_role=""),
            ),
            models.CheckConstraint(
                name="uploadlink_ends_once", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
            models.CheckConstraint(name="uploadlink_files", condition=Q(max_files__gte=1, max_files__lte=10)),
            models.CheckConstraint(name="uploadlink_asks", condition=Q(kinds__len__gte=1)),
            models.CheckConstraint(
                name="uploadlink_role_known", condition=Q(recipient_role__in=[role.value for role in UploadLinkRole])
            ),
        ]

    def __str__(self) -> str:
        return f"Link {self.number} of {self.case_id}"

    @property
    def reference(self) -> str:
        """What the sender and the people of the case call the submission; the case must be loaded."""
        return f"{self.case}-L{self.number}"

    @property
    def last_day(self) -> date:
        """The last day (Pacific) on which the link works."""
        return clock.pacific_date(self.expires_at - timedelta(seconds=1))


class UploadLinkFile(models.Model):
    """A file as it came through a link; `is_new` is false when the case had the same bytes already."""

    link = models.ForeignKey(UploadLink, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_new = models.BooleanField()

    class Meta:
        ordering = ["position"]
        triggers = [pgtrigger.Protect(name="sent_file_stays", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="uploadlinkfile_position_once", fields=["link", "position"]),
        ]

    def __str__(self) -> str:
        return f"File {self.position} of link {self.link_id}"
