"""Who a reviewer is. Only assignment and the reviewer administration import this module (LC 4610.6(f))."""

from django.db import models

from reviews.models.reviewer import Reviewer


class ReviewerIdentity(models.Model):
    """The name behind a reviewer's code, in a table of its own so that no join brings it along by accident."""

    reviewer = models.OneToOneField(Reviewer, on_delete=models.CASCADE, related_name="+", primary_key=True)
    first_name = models.CharField(max_length=120)
    last_name = models.CharField(max_length=120)
    degree = models.CharField(max_length=40, blank=True)
    npi = models.CharField("NPI", max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    practice_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "reviewer identities"

    def __str__(self) -> str:
        return f"Identity of reviewer {self.reviewer_id}"

    @property
    def full_name(self) -> str:
        name = f"{self.first_name} {self.last_name}"
        return f"{name}, {self.degree}" if self.degree else name
