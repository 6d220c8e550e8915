from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.enums import MailEvent, MailMode, MailState
from imr.accounts.models.user import User


class Mail(models.Model):
    """A mail owed to one person about one event; `key` says which event, so that nobody is told twice.

    Its words follow from `event`, `case_number` and `due_at` alone. `path` is the page that it leads to, `subject_id`
    the row that it is about. It is addressed when it goes out, and `sent_to` keeps that address. What waits for the
    daily digest has none of this yet and goes out within another mail, its `digest`.
    """

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=30, choices=MailEvent.choices)
    key = models.CharField(max_length=100)
    case_id = models.BigIntegerField(null=True, blank=True)
    case_number = models.CharField(max_length=13, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.EmailField(max_length=254, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    digest = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="entries")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="mail_state_id", fields=["state", "id"]),
            models.Index(name="mail_recipient_state", fields=["recipient", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(name="mail_once", fields=["recipient", "event", "key"]),
            models.CheckConstraint(
                name="mail_state_known", condition=Q(state__in=[state.value for state in MailState])
            ),
            models.CheckConstraint(
                name="mail_event_known", condition=Q(event__in=[event.value for event in MailEvent])
            ),
            models.CheckConstraint(
                name="mail_sent_pair",
                condition=Q(state=MailState.SENT, sent_at__isnull=False) & ~Q(sent_to="")
                | ~Q(state=MailState.SENT) & Q(sent_at__isnull=True, sent_to=""),
            ),
            models.CheckConstraint(
                name="mail_in_digest",
                condition=Q(state=MailState.IN_DIGEST, digest__isnull=False)
                | ~Q(state=MailState.IN_DIGEST) & Q(digest__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key} to user {self.recipient_id}"


class MailChoice(models.Model):
    """When a person wants mail about an event, where that is not the usual."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=30, choices=MailEvent.choices)
    mode = models.CharField(max_length=10, choices=MailMode.choices)

    class Meta:
        ordering = ["user", "event"]
        constraints = [
            models.UniqueConstraint(name="mailchoice_one_an_event", fields=["user", "event"]),
            models.CheckConstraint(
                name="mailchoice_mode_known", condition=Q(mode__in=[mode.value for mode in MailMode])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.mode}"


class MailHabit(models.Model):
    """At which hour of the Pacific day a person's digest goes out, and whether all cases of the organization count."""

    DEFAULT_HOUR = 7

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    digest_hour = models.PositiveSmallIntegerField(
        default=DEFAULT_HOUR, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )
    is_for_all_cases = models.BooleanField(default=False)

    class Meta:
        ordering = ["user"]
        constraints = [
            models.CheckConstraint(
                name="mailhabit_hour_of_a_day", condition=Q(digest_hour__gte=0, digest_hour__lte=23)
            ),
        ]

    def __str__(self) -> str:
        return f"Mail habit of user {self.user_id}"
