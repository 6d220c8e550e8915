"""Records and offers close at the moment itself, before the schedule writes it down."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Document
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError
from imr.core.jobs import JobCanceledError
from reviews import permissions
from reviews.enums import AssignmentStatus, ConflictRelation, DeclineReason
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Affiliation, Assignment, License
from reviews.selectors.worklist import WorkState, work_counts, worklist
from reviews.services import assignment as service
from reviews.services.assignment import decline_assignment
from reviews.services.print_pack import make_pack, request_pack
from tests.factories.review_drafts import complete_review
from tests.factories.reviews import Accepted, accept_offer, make_accepted, make_offer

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def accepted() -> Accepted:
    found = make_accepted()
    complete_review(found)
    return found


def tie(assignment: Assignment) -> None:
    Affiliation.objects.create(
        reviewer=assignment.reviewer, relation=ConflictRelation.EMPLOYER, name=assignment.case.organization.name
    )


def lapse(assignment: Assignment) -> None:
    License.objects.filter(reviewer=assignment.reviewer).update(expires_on=clock.today() - timedelta(days=1))


def addresses(accepted: Accepted) -> list[str]:
    """Every page of the case that shows what the records say."""
    paper = Document.objects.filter(case=accepted.case, kind="medical_report")[0]
    pk = accepted.assignment.pk
    return [
        reverse("reviews:document", args=[pk, paper.pk]),
        reverse("reviews:page-search", args=[pk]) + "?q=exercise",
        reverse("reviews:note-list", args=[pk]),
        reverse("reviews:print-pack", args=[pk]),
    ]


def statuses(client: Any, accepted: Accepted) -> list[int]:
    """What each address answers, the files read to their end."""
    found = []
    for url in addresses(accepted):
        answer = client.get(url)
        found.append(answer.status_code)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return found


@pytest.mark.parametrize("bar", [tie, lapse])
def test_records_of_a_barred_case_are_shut_before_it_is_taken_back(
    accepted: Accepted, client_of: SignIn, bar: Callable[[Assignment], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    client: Any = client_of(accepted.user)
    assert statuses(client, accepted) == [200] * 4
    bar(accepted.assignment)
    # A part of a file that is open in a viewer is refused like the whole.
    file = addresses(accepted)[0]
    assert client.get(file, headers={"Range": "bytes=0-9"}).status_code == 403
    assert statuses(client, accepted) == [403] * 4
    accepted.assignment.refresh_from_db()
    assert accepted.assignment.status == AssignmentStatus.ACCEPTED
    # The control: without the look at the file the records stay open until the schedule has run.
    monkeypatch.setattr(permissions, "bars_of", lambda _: [])
    assert statuses(client, accepted) == [200] * 4


def test_pack_that_was_asked_for_before_the_bar_is_not_made(accepted: Accepted) -> None:
    pack = request_pack(assignment_id=accepted.assignment.pk, actor=accepted.user)
    tie(accepted.assignment)
    with pytest.raises(JobCanceledError):
        make_pack(pack_id=pack.pk)
    pack.refresh_from_db()
    assert (pack.problem, pack.pdf_sha256) == ("The case is no longer with you.", "")


def test_offer_ends_to_the_moment(client_of: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = make_offer()
    user = offer.reviewer.user
    client: Any = client_of(user)
    page = reverse("reviews:assignment-offer", args=[offer.pk])
    name = offer.case.organization.name
    assert offer.answer_due_at is not None
    Assignment.objects.filter(pk=offer.pk).update(answer_due_at=clock.now() + timedelta(minutes=5))
    assert name in client.get(page).content.decode()
    assert work_counts(user).offers == 1
    Assignment.objects.filter(pk=offer.pk).update(answer_due_at=clock.now() - timedelta(seconds=1))
    shut = client.get(page).content.decode()
    assert "The time to answer was over on" in shut
    assert name not in shut
    assert work_counts(user).offers == 0
    assert not worklist(user, WorkState.OPEN).exists()
    with pytest.raises(ConflictError, match="time to answer was over"):
        accept_offer(offer)
    with pytest.raises(ConflictError, match="time to answer was over"):
        decline_assignment(assignment_id=offer.pk, actor=user, reason=DeclineReason.WORKLOAD)
    # The control: without the look at the moment the records of an offer that is over open.
    monkeypatch.setattr(service, "is_unanswered", lambda *_: False)
    assert accept_offer(offer).status == AssignmentStatus.ACCEPTED


def test_offer_with_a_tie_that_is_on_file_by_now_cannot_be_accepted() -> None:
    offer = make_offer()
    tie(offer)
    with pytest.raises(AssignmentBlockedError, match="You cannot accept this case now"):
        accept_offer(offer)
