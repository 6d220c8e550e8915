import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from reviews.models.assignment import Assignment


class PrintPack(models.Model):
    """What a reviewer asked to print of a case: a PDF that a worker makes once, or why it could not be made.

    It is a copy of what the workspace shows; nothing is built on it.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveBigIntegerField(default=0)
    page_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="printpack_one_waiting", fields=["assignment"], condition=Q(made_at__isnull=True, problem="")
            ),
            models.CheckConstraint(
                name="printpack_made_pair",
                condition=Q(made_at__isnull=True, pdf_sha256="")
                | Q(made_at__isnull=False, problem="") & ~Q(pdf_sha256=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="made_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__made_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Print pack {self.pk} of assignment {self.assignment_id}"
