"""Asking for records: who sees what, the parties' clock, and the way back to the reviewer."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DeadlineKind
from cases.exceptions import TransitionError
from cases.models import Deadline
from imr.accounts.enums import MailEvent, Role
from imr.audit.models import Event
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import LookPlace, RequestStatus
from reviews.models import Assignment, DocumentRequest
from reviews.models.identity import ReviewerIdentity
from reviews.selectors.document_request import party_requests
from reviews.selectors.worklist import WorkFilter, WorkState, narrowed, worklist
from reviews.services.assignment import recall_assignment
from reviews.services.document_request import (
    ask_for_records,
    decline_request,
    pass_on_request,
    receive_documents,
    withdraw_request,
)
from reviews.services.look import note_look
from tests.factories.accounts import Cast, make_user
from tests.factories.letters import make_signable
from tests.factories.mails import send_waiting
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
WORDS = "The operative report of 03/02/2014 by Dr. Robin"


@pytest.fixture
def accepted(cast: Cast) -> Accepted:
    found = make_accepted(make_ready_case(cast.home))
    prepare_case(found.case)
    return found


def _ask(accepted: Accepted, words: str = WORDS) -> DocumentRequest:
    return ask_for_records(
        assignment_id=accepted.assignment.pk,
        actor=accepted.user,
        words=words,
        item_ids=[item.pk for item in accepted.case.items.all()],
    )


def _has_news(accepted: Accepted) -> bool:
    return narrowed(worklist(accepted.user, WorkState.OPEN), WorkFilter(is_new=True)).exists()


def test_request_is_passed_on_with_its_clock_and_comes_back(accepted: Accepted, cast: Cast) -> None:
    request = _ask(accepted)
    accepted.case.refresh_from_db()
    assert accepted.case.status == CaseStatus.IN_REVIEW
    pass_on_request(request_id=request.pk, actor=cast.administrator, words="Please send the operative report.")
    accepted.case.refresh_from_db()
    assert accepted.case.status == CaseStatus.DOCS_REQUESTED
    clock_row = Deadline.objects.get(case=accepted.case, kind=DeadlineKind.DOCUMENTS, ended_at__isnull=True)
    assert clock_row.explanation["parameter"] == "document_request"
    (told,) = party_requests(accepted.case)
    assert (told.words, told.items) == ("Please send the operative report.", (1,))
    note_look(assignment_id=accepted.assignment.pk, place=LookPlace.CASE)
    assert not _has_news(accepted)
    receive_documents(case_id=accepted.case.pk, actor=cast.administrator, note="The report is there.")
    accepted.case.refresh_from_db()
    request.refresh_from_db()
    assert accepted.case.status == CaseStatus.IN_REVIEW
    assert (request.status, request.answer) == (RequestStatus.RECEIVED, "The report is there.")
    assert not Deadline.objects.filter(case=accepted.case, kind=DeadlineKind.DOCUMENTS, ended_at__isnull=True).exists()
    assert _has_news(accepted)
    send_waiting(MailEvent.RECORDS_ARRIVED)
    (sent,) = mail.outbox
    assert sent.to == [accepted.user.email]
    assert "report" not in str(sent.body)
    assert Event.objects.filter(action__startswith="document_request.", case_id=accepted.case.pk).count() == 3


def test_request_is_declined_with_words_for_the_reviewer(accepted: Accepted, cast: Cast) -> None:
    request = _ask(accepted)
    with pytest.raises(DomainError, match="Say why"):
        decline_request(request_id=request.pk, actor=cast.administrator, answer=" ")
    decline_request(request_id=request.pk, actor=cast.administrator, answer="It is in document 4.")
    with pytest.raises(ConflictError, match="not requested"):
        pass_on_request(request_id=request.pk, actor=cast.administrator, words="Send it.")
    # Another one may follow.
    assert _ask(accepted).status == RequestStatus.ASKED


def test_one_request_is_open_at_a_time(accepted: Accepted) -> None:
    request = _ask(accepted)
    with pytest.raises(ConflictError, match="open already"):
        _ask(accepted)
    withdraw_request(request_id=request.pk, actor=accepted.user)
    assert _ask(accepted).pk != request.pk


def test_words_that_name_the_reviewer_go_nowhere(accepted: Accepted, cast: Cast) -> None:
    name = ReviewerIdentity.objects.get(reviewer=accepted.reviewer).full_name
    with pytest.raises(DomainError, match="Leave out who you are"):
        _ask(accepted, f"Send it to {name}")
    request = _ask(accepted)
    with pytest.raises(DomainError, match="let the reviewer be recognized"):
        pass_on_request(request_id=request.pk, actor=cast.administrator, words=f"{name} needs the report.")


def test_items_of_another_case_and_wrong_people_are_refused(accepted: Accepted, cast: Cast) -> None:
    other = make_accepted()
    with pytest.raises(DomainError, match="Tick the items"):
        ask_for_records(
            assignment_id=accepted.assignment.pk,
            actor=accepted.user,
            words=WORDS,
            item_ids=[item.pk for item in other.case.items.all()],
        )
    with pytest.raises(Assignment.DoesNotExist):
        ask_for_records(assignment_id=accepted.assignment.pk, actor=other.user, words=WORDS, item_ids=[])
    request = _ask(accepted)
    for actor in (cast.claims, accepted.user, cast.auditor):
        with pytest.raises(NotAllowedError):
            pass_on_request(request_id=request.pk, actor=actor, words="Send it.")


def test_case_that_waits_for_documents_is_not_signed(cast: Cast) -> None:
    made = make_signable(organization=cast.home)
    asked = ask_for_records(
        assignment_id=made.assignment.pk,
        actor=made.user,
        words=WORDS,
        item_ids=[item.pk for item in made.case.items.all()],
    )
    pass_on_request(request_id=asked.pk, actor=cast.administrator, words="Send it.")
    with pytest.raises(ConflictError, match="Documents requested"):
        made.sign()
    with pytest.raises(TransitionError):
        receive_documents(case_id=make_ready_case().pk, actor=cast.administrator)


def test_recall_takes_the_request_back(accepted: Accepted, cast: Cast) -> None:
    request = _ask(accepted)
    pass_on_request(request_id=request.pk, actor=cast.administrator, words="Send it.")
    recall_assignment(assignment_id=accepted.assignment.pk, actor=cast.administrator, reason="Ill")
    request.refresh_from_db()
    assert request.status == RequestStatus.WITHDRAWN


def test_pages_from_the_question_to_the_records(accepted: Accepted, cast: Cast, client_of: SignIn) -> None:
    own, desk, claims = client_of(accepted.user), client_of(cast.administrator), client_of(cast.claims)
    ask = reverse("reviews:request-ask", args=[accepted.assignment.pk])
    item = accepted.case.items.get()
    refused = own.post(ask, {"words": WORDS})
    assert refused.status_code == 422
    assert WORDS in refused.content.decode()
    assert own.post(ask, {"words": WORDS, "items": [item.pk]}).status_code == 302
    assert "Take the request back" in own.get(ask).content.decode()
    case_page = reverse("cases:case-detail", args=[accepted.case.pk])
    # Before it is passed on the parties know nothing of it.
    assert "Requested records" not in claims.get(case_page).content.decode()
    assert "1 request for records" in desk.get(reverse("reviews:assignment-queue")).content.decode()
    assert str(accepted.case.number) in desk.get(reverse("reviews:request-queue")).content.decode()
    answer = reverse("reviews:request-answer", args=[DocumentRequest.objects.get().pk])
    assert WORDS in desk.get(answer).content.decode()
    assert desk.post(answer, {"answer": "pass-on", "words": ""}).status_code == 422
    assert desk.post(answer, {"answer": "pass-on", "words": "Please send the operative report."}).status_code == 302
    assert desk.post(answer, {"answer": "pass-on", "words": "Again"}).status_code == 409
    page = claims.get(case_page).content.decode()
    assert "Please send the operative report." in page
    assert "Add the records" in page
    for secret in (WORDS, accepted.reviewer.code, accepted.user.email):
        assert secret not in page
    receive = reverse("reviews:documents-receive", args=[accepted.case.pk])
    assert "Documents received" in desk.get(case_page).content.decode()
    assert desk.post(receive, {"note": "It came."}).status_code == 302
    assert desk.post(receive, {"note": "It came."}).status_code == 409
    workspace = own.get(reverse("reviews:workspace", args=[accepted.assignment.pk])).content.decode()
    assert "It came." in workspace
    assert client_of(make_user(Role.AUDITOR)).get(answer).status_code == 403
