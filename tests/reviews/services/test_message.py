"""The thread of an assignment: both sides, what is unread, and the mail without words."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import MailEvent
from imr.audit.models import Event
from imr.core.errors import ConflictError, NotAllowedError
from reviews.models import Message
from reviews.selectors.message import thread_of, threads, unread_by_reviewer, unread_by_staff
from reviews.services.assignment import recall_assignment
from reviews.services.message import open_thread, send_message
from tests.factories.accounts import Cast
from tests.factories.mails import send_waiting
from tests.factories.reviews import Accepted, make_accepted, make_offer, make_ready_case

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
WORDS = "Is the report of the pain clinic on its way?"


@pytest.fixture
def accepted(cast: Cast) -> Accepted:
    return make_accepted(make_ready_case(cast.home))


def test_messages_are_unread_until_the_other_side_looks(accepted: Accepted, cast: Cast) -> None:
    pk = accepted.assignment.pk
    send_message(assignment_id=pk, actor=accepted.user, text=WORDS)
    assert (unread_by_staff().count(), unread_by_reviewer().count()) == (1, 0)
    assert getattr(threads().get(), "unread", None) == 1
    # The own look does not count.
    open_thread(assignment_id=pk, actor=accepted.user)
    assert unread_by_staff().count() == 1
    open_thread(assignment_id=pk, actor=cast.administrator)
    assert unread_by_staff().count() == 0
    assert getattr(threads().get(), "unread", None) == 0
    assert [getattr(one, "is_read", None) for one in thread_of(accepted.assignment)] == [True]
    # An answer counts as having read what came before it.
    send_message(assignment_id=pk, actor=accepted.user, text="And the MRI?")
    send_message(assignment_id=pk, actor=cast.medical_director, text="Both are requested.")
    assert (unread_by_staff().count(), unread_by_reviewer().count()) == (0, 1)


def test_mail_says_that_a_message_waits_and_nothing_of_it(accepted: Accepted, cast: Cast) -> None:
    send_message(assignment_id=accepted.assignment.pk, actor=cast.administrator, text=WORDS)
    send_message(assignment_id=accepted.assignment.pk, actor=cast.administrator, text="One more thing.")
    send_waiting(MailEvent.MESSAGE)
    assert len(mail.outbox) == 2
    assert mail.outbox[0].to == [accepted.user.email]
    assert "pain clinic" not in str(mail.outbox[0].body)
    for event in Event.objects.filter(action="message.send"):
        assert "pain clinic" not in str(event.detail)


def test_third_people_and_ended_assignments_are_refused(accepted: Accepted, cast: Cast) -> None:
    pk = accepted.assignment.pk
    for actor in (cast.claims, cast.other_reviewer, cast.auditor):
        with pytest.raises(NotAllowedError):
            send_message(assignment_id=pk, actor=actor, text=WORDS)
    # While an offer is open there may be questions, too.
    offer = make_offer()
    assert send_message(assignment_id=offer.pk, actor=offer.reviewer.user, text=WORDS).is_from_reviewer
    recall_assignment(assignment_id=pk, actor=cast.administrator, reason="Ill")
    with pytest.raises(ConflictError, match="can be read, not continued"):
        send_message(assignment_id=pk, actor=accepted.user, text=WORDS)


def test_pages_of_both_sides(accepted: Accepted, cast: Cast, client_of: SignIn) -> None:
    own, desk = client_of(accepted.user), client_of(cast.administrator)
    mine = reverse("reviews:own-thread", args=[accepted.assignment.pk])
    theirs = reverse("reviews:staff-thread", args=[accepted.assignment.pk])
    assert "No message yet" in own.get(mine).content.decode()
    assert own.post(mine, {"text": " "}).status_code == 422
    assert own.post(mine, {"text": WORDS}).status_code == 302
    assert "1 unread message" in desk.get(reverse("reviews:assignment-queue")).content.decode()
    assert str(accepted.case.number) in desk.get(reverse("reviews:thread-list")).content.decode()
    page = desk.get(theirs).content.decode()
    assert WORDS in page
    assert accepted.reviewer.code in page
    assert "unread message" not in desk.get(reverse("reviews:assignment-queue")).content.decode()
    assert desk.post(theirs, {"text": "It is."}).status_code == 302
    assert "1 new message" in own.get(reverse("reviews:worklist")).content.decode()
    assert "It is." in own.get(mine).content.decode()
    assert "new message" not in own.get(reverse("reviews:worklist")).content.decode()
    assert own.get(reverse("reviews:thread-list")).status_code == 403
    assert client_of(cast.other_reviewer).get(mine).status_code == 404
    assert Message.objects.count() == 2
