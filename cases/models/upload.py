import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import DocumentKind, DocumentSource
from cases.models.case import Case
from cases.models.document import Document
from imr.accounts.models import User


class Upload(models.Model):
    """A file that arrives in pieces and belongs to its case from the first byte (`imr.core.arriving` has the bytes).

    `token` is its address. It ends as a `document`, or with a `refusal`, the code and words of which are kept until
    the upload expires, so that an answer that got lost can be given once more.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="uploads")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    # Milliseconds, as the browser tells them: with name and size they say whether a file chosen later is the same.
    modified = models.PositiveBigIntegerField(default=0)
    kind = models.CharField(max_length=30, choices=DocumentKind.choices)
    source = models.CharField(max_length=30, choices=DocumentSource.choices)
    title = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    is_name_confirmed = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=40, blank=True)
    refusal_words = models.TextField(blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="upload_has_bytes", condition=Q(size__gt=0)),
            models.CheckConstraint(name="upload_ends_once", condition=Q(document__isnull=True) | Q(refusal="")),
        ]

    def __str__(self) -> str:
        return f"Upload {self.pk} to {self.case_id}"
