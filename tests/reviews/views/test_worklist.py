"""The worklist: what is new, how far it is, narrowing it, and the way to the next case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.enums import Lateness, Priority
from cases.models import Document
from imr.core import clock
from reviews.enums import LookPlace
from reviews.models import Assignment, Finding
from reviews.services.look import note_look
from tests.factories.review_drafts import add_item, complete_review, prepare_case
from tests.factories.reviews import make_accepted, make_offer, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def _numbers(page: str, *assignments: Assignment) -> list[bool]:
    return [str(one.case.number) in page for one in assignments]


def test_new_mark_goes_with_the_first_look(client_of: SignIn) -> None:
    reviewer = make_reviewer()
    accepted, offer = make_accepted(reviewer=reviewer), make_offer(reviewer=reviewer)
    prepare_case(accepted.case)
    client, url = client_of(reviewer.user), reverse("reviews:worklist")
    assert client.get(url).content.decode().count("New</span>") == 2
    client.get(reverse("reviews:assignment-offer", args=[offer.pk]))
    client.get(reverse("reviews:workspace", args=[accepted.assignment.pk]))
    assert "New</span>" not in client.get(url).content.decode()
    assert "Nothing found" in client.get(url, {"is_new": "on"}).content.decode()


def test_progress_counts_items_records_and_the_summary(client_of: SignIn) -> None:
    accepted = make_accepted()
    prepare_case(accepted.case)
    client, url = client_of(accepted.user), reverse("reviews:worklist")
    page = client.get(url).content.decode()
    assert "0 of 4" in page
    assert "0 of 1 item decided, 0 of 2 records marked, no summary yet" in page
    complete_review(accepted)
    page = client.get(url).content.decode()
    assert "4 of 4" in page
    assert "no summary yet" not in page


def test_records_that_are_held_back_are_counted_nowhere(client_of: SignIn) -> None:
    accepted = make_accepted()
    prepare_case(accepted.case)
    late = Document.objects.filter(case=accepted.case).latest("pk")
    Document.objects.filter(pk=late.pk).update(lateness=Lateness.AFTER_COMPLETE)
    client = client_of(accepted.user)
    here = client.get(reverse("reviews:worklist")).content.decode()
    there = client.get(reverse("reviews:workspace", args=[accepted.assignment.pk])).content.decode()
    assert "0 of 1 record marked" in here
    assert "0 of 1 record marked" in there


def test_list_is_narrowed_by_number_priority_due_date_and_news(client_of: SignIn) -> None:
    reviewer = make_reviewer()
    today = clock.today()
    late = make_accepted(make_ready_case(due_on=today - timedelta(days=2)), reviewer).assignment
    soon = make_accepted(make_ready_case(due_on=today + timedelta(days=3), priority=Priority.EXPEDITED), reviewer)
    far = make_accepted(make_ready_case(due_on=today + timedelta(days=20)), reviewer).assignment
    note_look(assignment_id=far.pk, place=LookPlace.CASE)
    client, url = client_of(reviewer.user), reverse("reviews:worklist")
    rows = (late, soon.assignment, far)
    for query, expected in (
        ({"due": "overdue"}, [True, False, False]),
        ({"due": "week"}, [False, True, False]),
        ({"priority": "expedited"}, [False, True, False]),
        ({"number": str(far.case.number)[-5:]}, [False, False, True]),
        ({"is_new": "on", "state": "in-review", "sort": "-due"}, [True, True, False]),
    ):
        assert _numbers(client.get(url, query).content.decode(), *rows) == expected, query
    nothing = client.get(url, {"number": "CM99"}).content.decode()
    assert "Nothing found" in nothing
    assert client.get(url, {"due": "never"}).status_code == 422


def test_query_count_does_not_grow_with_the_rows(
    client_of: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reviewer = make_reviewer()
    make_accepted(reviewer=reviewer)
    client, url = client_of(reviewer.user), reverse("reviews:worklist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    make_accepted(reviewer=reviewer)
    make_offer(reviewer=reviewer)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_next_case_goes_by_due_date_and_round(client_of: SignIn) -> None:
    reviewer, today = make_reviewer(), clock.today()
    made = [make_accepted(make_ready_case(due_on=today + timedelta(days=day)), reviewer) for day in (20, 5, 10)]
    last, first, middle = (one.assignment.pk for one in made)
    client = client_of(reviewer.user)
    for here, following in ((first, middle), (middle, last), (last, first)):
        answer = client.get(reverse("reviews:next-case", args=[here]))
        assert answer["Location"] == reverse("reviews:workspace", args=[following])
    alone = make_accepted()
    answer = client_of(alone.user).get(reverse("reviews:next-case", args=[alone.assignment.pk]))
    assert answer["Location"] == reverse("reviews:worklist")
    assert client.get(reverse("reviews:next-case", args=[alone.assignment.pk])).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_save_and_next_goes_to_the_next_open_item(client_of: SignIn, headers: dict[str, str]) -> None:
    accepted = make_accepted()
    add_item(accepted.case, "12 sessions of aquatic therapy")
    prepare_case(accepted.case)
    client = client_of(accepted.user)
    client.get(reverse("reviews:workspace", args=[accepted.assignment.pk]))
    findings = Finding.objects.filter(review__assignment=accepted.assignment).order_by("item__position")

    def save(finding: Finding, rationale: str) -> str:
        data: dict[str, Any] = {"version": finding.version, "outcome": "upheld", "rationale": rationale}
        data |= {"claims_basis": "none", "reviewer_basis": "none", "action": "next"}
        url = reverse("reviews:finding-save", args=[accepted.assignment.pk, finding.item_id])
        answer = client.post(url, data, headers=headers)
        return str(answer["HX-Trigger-After-Settle"] if headers else answer["Location"])

    first, second = findings
    assert f"item_{second.item_id}" in save(first, "Not medically necessary.")
    assert "open" in save(second, "Not medically necessary.")
    assert [finding.rationale for finding in findings.all()] == ["Not medically necessary."] * 2
