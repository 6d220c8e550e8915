"""Mails before something of a reviewer's file ends: sixty, thirty and seven days ahead, each once."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from imr.core import clock, jobs
from imr.core.words import mmddyyyy
from reviews.models import Reviewer
from reviews.rules.standing import due_within
from reviews.selectors.own_file import WARNING_DAYS, active_files
from reviews.selectors.reviewer import reviewer_facts
from reviews.services.reviewer_mail import deliver

FILE_DUE = "mail_file_due"
MOST_LINES = 6


@transaction.atomic
def warn_of_lapses(*, today: date | None = None) -> int:
    """A mail is promised for every day on which something ends, at each of the three distances; how many
    hold now.

    Safe to run again and beside itself: a promise is one job for ever.
    """
    day = today or clock.today()
    promised = 0
    for reviewer, facts in active_files():
        for item in due_within(facts, day, WARNING_DAYS[0]):
            nearest = min(days for days in WARNING_DAYS if item.on <= day + timedelta(days=days))
            key = f"{FILE_DUE}:{reviewer.pk}:{item.on}:{nearest}"
            jobs.enqueue(FILE_DUE, unique_key=key, reviewer_id=reviewer.pk)
            promised += 1
    return promised


def send_file_warning(*, reviewer_id: int) -> None:
    """The mail has gone out, unless nothing ends within sixty days any more."""
    reviewer = Reviewer.objects.select_related("user").filter(pk=reviewer_id, is_active=True).first()
    if reviewer is None or not reviewer.user.is_active:
        return
    due = due_within(reviewer_facts(reviewer), clock.today(), WARNING_DAYS[0])
    if not due:
        return
    lines = [f"- {item.what}: holds through {mmddyyyy(item.on)}" for item in due[:MOST_LINES]]
    words = "Something in your reviewer file ends soon. Afterwards no case can be decided on it.\n\n"
    deliver(reviewer.user.email, "Your reviewer file ends soon", words + "\n".join(lines), reverse("reviews:own-file"))
