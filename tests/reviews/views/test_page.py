"""The reviewer's search of the records."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from imr.audit.models import Event
from reviews.services.review import open_review
from tests.factories.pages import write_pages
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import make_accepted, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db


def test_reviewer_finds_pages_beside_the_decision_and_on_a_page_of_their_own(
    client_of: Callable[[User], Client],
) -> None:
    accepted = make_accepted(make_ready_case())
    prepare_case(accepted.case)
    document = write_pages(accepted.case, "No gait change.", "He walks with an antalgic gait.", title="Consultation")
    open_review(assignment_id=accepted.assignment.pk, actor=accepted.user)
    client: Any = client_of(accepted.user)
    address = reverse("reviews:page-search", args=[accepted.assignment.pk])
    view = reverse("reviews:document", args=[accepted.assignment.pk, document.pk])
    assert (
        f'hx-get="{address}"'
        in client.get(reverse("reviews:workspace", args=[accepted.assignment.pk])).content.decode()
    )

    fragment = client.get(address, {"q": '"antalgic gait"'}, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{view}?page=2#page=2' in fragment
    assert 'target="viewer" data-open' in fragment
    assert "<mark>antalgic</mark> <mark>gait</mark>" in fragment
    assert "<html" not in fragment
    page = client.get(address, {"q": "gait"}).content.decode()
    assert "<strong>2 pages</strong> found" in page
    assert 'target="_blank"' in page
    refused = client.get(address, {"q": "y" * 201}, headers={"HX-Request": "true"})
    assert (refused.status_code, "at most 200 characters" in refused.content.decode()) == (422, True)
    assert client.get(address, {"q": "y" * 201}).status_code == 400
    assert Event.objects.filter(action="document.search", actor=accepted.user).count() == 2
    assert client_of(make_reviewer().user).get(address, {"q": "gait"}).status_code == 404
