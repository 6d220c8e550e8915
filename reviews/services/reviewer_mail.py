"""Mails to reviewers. They carry a case number and a link: no party, no treatment, no reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from imr.core import jobs
from imr.core.words import pacific
from reviews.enums import AssignmentStatus
from reviews.models import Assignment


class Topic(StrEnum):
    """What a mail is about; the values are the names of its jobs."""

    OFFERED = "mail_offer_made"
    OFFER_REMINDER = "mail_offer_reminder"
    OFFER_EXPIRED = "mail_offer_expired"
    TAKEN_BACK = "mail_case_taken_back"
    START_REMINDER = "mail_start_reminder"
    REQUEST_ANSWERED = "mail_request_answered"
    DOCUMENTS_ARRIVED = "mail_documents_arrived"
    MESSAGE = "mail_message"


@dataclass(frozen=True, slots=True)
class _Mail:
    """Words of a topic, the page it leads to, and the status without which it is no longer worth sending."""

    subject: str
    line: str
    page: str
    wanted: AssignmentStatus | None = None


_MAILS = {
    Topic.OFFERED: _Mail(
        "A case is offered to you",
        "Case {number} is offered to you for review. Please accept or decline it by {answer_due}.\n"
        "Without an answer the offer ends then, and another reviewer is asked.",
        "reviews:assignment-offer",
        AssignmentStatus.OFFERED,
    ),
    Topic.OFFER_REMINDER: _Mail(
        "An offer waits for your answer",
        "The offer of case {number} ends on {answer_due}. Please accept or decline it before.",
        "reviews:assignment-offer",
        AssignmentStatus.OFFERED,
    ),
    Topic.OFFER_EXPIRED: _Mail(
        "An offer has ended",
        "The offer of case {number} ended without an answer. There is nothing left for you to do.\n"
        "If you are away, enter the days under Availability, so that no case is offered to you then.",
        "reviews:worklist",
    ),
    Topic.TAKEN_BACK: _Mail(
        "A case was taken back",
        "Case {number} is no longer with you, and its records are closed. What you wrote is kept.\nSign in to see why.",
        "reviews:worklist",
    ),
    Topic.START_REMINDER: _Mail(
        "A case waits for your review",
        "You accepted case {number} and have not begun to write. If you cannot review it in time, please give it\n"
        "back, so that another reviewer can.",
        "reviews:worklist",
        AssignmentStatus.ACCEPTED,
    ),
    Topic.REQUEST_ANSWERED: _Mail(
        "Your request for records was answered",
        "The IMR organization answered your request for records in case {number}.",
        "reviews:worklist",
        AssignmentStatus.ACCEPTED,
    ),
    Topic.DOCUMENTS_ARRIVED: _Mail(
        "Records have arrived",
        "Records that you asked for in case {number} are there. The case is back with you.",
        "reviews:worklist",
        AssignmentStatus.ACCEPTED,
    ),
    Topic.MESSAGE: _Mail(
        "A message waits for you",
        "The IMR organization wrote to you about case {number}. Sign in to read it.",
        "reviews:worklist",
    ),
}


def tell_reviewer(topic: Topic, *, assignment_id: int, again: str = "") -> None:
    """The mail is promised with the caller's transaction; a second promise changes nothing unless `again` differs."""
    jobs.enqueue(topic.value, unique_key=f"{topic}:{assignment_id}{again}", assignment_id=assignment_id)


def send_to_reviewer(topic: Topic, *, assignment_id: int) -> None:
    """The mail has gone out, unless what it is about is over."""
    mail = _MAILS[topic]
    assignment = Assignment.objects.select_related("case", "reviewer__user").filter(pk=assignment_id).first()
    if assignment is None or not assignment.reviewer.user.is_active:
        return
    if mail.wanted is not None and assignment.status != mail.wanted:
        return
    args = [assignment.pk] if mail.page == "reviews:assignment-offer" else []
    line = mail.line.format(number=assignment.case.number, answer_due=_moment(assignment.answer_due_at))
    deliver(assignment.reviewer.user.email, mail.subject, line, reverse(mail.page, args=args))


def deliver(address: str, subject: str, line: str, path: str) -> None:
    """One plain mail with a line of words and a link into the product."""
    body = render_to_string(
        "emails/reviewer.txt",
        {"line": line, "link": f"{settings.IMR_BASE_URL}{path}", "imr_organization": settings.IMR_ORGANIZATION_NAME},
    )
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _moment(instant: datetime | None) -> str:
    return pacific(instant) if instant else "the due date"


SENDERS = {topic.value: partial(send_to_reviewer, topic) for topic in Topic}
