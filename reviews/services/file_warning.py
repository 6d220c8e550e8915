"""Mails before something of a reviewer's file ends: sixty, thirty and seven days ahead, each once."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail
from imr.accounts.services.mail import only_while, tell
from imr.core import clock
from imr.core.calendar import end_of_day
from imr.core.clock import pacific_date
from reviews.models import Reviewer
from reviews.rules.standing import due_within
from reviews.selectors.own_file import WARNING_DAYS, active_files
from reviews.selectors.reviewer import reviewer_facts


@transaction.atomic
def warn_of_lapses(*, today: date | None = None) -> int:
    """A mail is promised for every day on which something ends, at each of the three distances; how many
    hold now.

    Safe to run again and beside itself: nobody is told twice of one day at one distance.
    """
    day = today or clock.today()
    promised = 0
    for reviewer, facts in active_files():
        for item in due_within(facts, day, WARNING_DAYS[0]):
            nearest = min(days for days in WARNING_DAYS if item.on <= day + timedelta(days=days))
            tell(
                people=[reviewer.user],
                event=MailEvent.FILE_ENDS,
                key=f"{reviewer.pk}:{item.on}:{nearest}",
                path=reverse("reviews:own-file"),
                subject_id=reviewer.pk,
                due_at=end_of_day(item.on),
            )
            promised += 1
    return promised


def _still_ends(mail: Mail) -> bool:
    """Whether something of the file ends on that day as it did when the mail was promised, and it is not over."""
    reviewer = Reviewer.objects.filter(pk=mail.subject_id or 0, is_active=True).first()
    if reviewer is None or mail.due_at is None:
        return False
    due = due_within(reviewer_facts(reviewer), clock.today(), WARNING_DAYS[0])
    return pacific_date(mail.due_at) in {item.on for item in due}


only_while(_still_ends, MailEvent.FILE_ENDS)
