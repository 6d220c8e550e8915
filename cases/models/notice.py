import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.enums import NoticeKind, PartyRole, ServiceMethod
from cases.models.case import Case
from imr.accounts.models import User
from imr.core.ranges import SameText, one_at_a_time


class NoticeWording(models.Model):
    """The fixed sentences of one kind of notice, in force between two days of sending.

    `in_force_until` is the first day it no longer holds. `opening` and `closing` are paragraphs with a blank line
    between them; `reasons` maps a reason of ineligibility to the paragraph that explains it. Placeholders are those
    of `cases.rules.notice`. `is_confirmed` is false where the words rest on a text that still has to be checked; `note`
    says which.
    """

    kind = models.CharField(max_length=24, choices=NoticeKind.choices)
    title = models.CharField(max_length=200)
    opening = models.TextField(max_length=6000)
    closing = models.TextField(max_length=6000, blank=True)
    reasons = models.JSONField(default=dict, blank=True)
    citation = models.CharField(max_length=200)
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["kind", "in_force_from"]
        constraints = [
            models.CheckConstraint(
                name="noticewording_kind_known", condition=Q(kind__in=[kind.value for kind in NoticeKind])
            ),
            *one_at_a_time("noticewording", SameText("kind")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.in_force_from}"


class Notice(models.Model):
    """A notice that went out: its words are frozen in `letter`, and the PDF is made from them by a worker, once.

    `letter` is the JSON of a `NoticeLetter`; `letter_sha256` is of its canonical form.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=24, choices=NoticeKind.choices)
    letter = models.JSONField()
    letter_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="notice_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="notice_frozen", exclude=["pdf_sha256", "pdf_size", "rendered_at"]),
            pgtrigger.Protect(
                name="notice_rendered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendered_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="notice_kind_known", condition=Q(kind__in=[kind.value for kind in NoticeKind])),
            models.CheckConstraint(
                name="notice_rendered_pair",
                condition=Q(rendered_at__isnull=True, pdf_sha256="") | Q(rendered_at__isnull=False) & ~Q(pdf_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case_id}"


class NoticeDelivery(models.Model):
    """That a notice was served on one recipient, how and when (8 CCR 9792.10.4(b))."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    role = models.CharField(max_length=30, choices=PartyRole.choices)
    name = models.CharField(max_length=400)
    channel = models.CharField(max_length=20, choices=ServiceMethod.choices)
    served_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "notice deliveries"
        triggers = [pgtrigger.Protect(name="noticedelivery_stays", operation=pgtrigger.Delete | pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(name="noticedelivery_once", fields=["notice", "role"]),
            models.CheckConstraint(
                name="noticedelivery_channel_known",
                condition=Q(channel__in=[channel.value for channel in ServiceMethod]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of notice {self.notice_id}"
