"""Searching the records of a case."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Case, DocumentPage
from cases.selectors.document import current_documents
from cases.selectors.page import page_hits, page_matches, search_query
from imr.accounts.models import User
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document
from tests.factories.pages import write_pages

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

PAGE = "Office visit of the injured worker. {} No red flags. Straight leg raise is negative on both sides."


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(CaseStatus.IN_REVIEW, user=cast.claims)


def test_hits_open_the_page_with_the_words_marked_and_nothing_believed(
    case: Case, cast: Cast, client_of: SignIn
) -> None:
    write_pages(
        case, PAGE.format("Therapy failed."), "", PAGE.format("He completed six visits of <script>therapy</script>.")
    )
    write_pages(case, PAGE.format("No word of it."), title="Consultation")
    other = make_case(CaseStatus.IN_REVIEW, user=cast.away_claims)
    write_pages(other, PAGE.format("Therapy of somebody else."), title="Another case")
    removed = make_document(
        case, title="Removed", removed_at=case.created_at, removed_by=cast.claims, removal="withdrawn"
    )
    DocumentPage.objects.create(document=removed, number=1, text="therapy")
    client = client_of(cast.claims)
    address = reverse("cases:page-search", args=[case.pk])

    page = client.get(address, {"q": "therapies"})

    found = page.context["found"]
    assert [(shown.hit.document.title, shown.hit.number) for shown in found.hits] == [
        ("Progress report", 1),
        ("Progress report", 3),
    ]
    text = page.content.decode()
    assert "<strong>2 pages</strong> found" in text
    assert "<mark>Therapy</mark> failed" in text
    assert "visits of &lt; script&gt;<mark>therapy</mark>" in text
    document = found.hits[0].hit.document
    view = reverse("cases:document-view", args=[case.pk, document.pk])
    assert f'href="{view}?page=3#page=3' in text
    assert "2 of 3 pages have text" in text
    opened = client.get(f"{view}?page=3")
    b"".join(opened.streaming_content)  # type: ignore[attr-defined]
    assert opened.status_code == 200
    event = Event.objects.get(action="document.search")
    assert (event.detail, event.case_id) == ({"pages": 2, "screen": 1}, case.pk)


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ('"leg raise is positive"', [2]),
        ("“leg raise” positive", [2]),
        ("positive or Lasegue", [2, 3]),
        ("raise -positive", [1]),
        ("l4-5 100%_\\", [3]),
        ("radiculopathies", [2, 3]),
        ("'; DROP TABLE x --", []),
        ("the of", []),
    ],
)
def test_words_phrases_and_signs_are_taken_literally(
    query: str, pages: list[int], case: Case, cast: Cast, client_of: SignIn
) -> None:
    write_pages(
        case,
        "Straight leg raise is negative.",
        "The leg raise is positive: a radiculopathy.",
        "Lasegue at L4-5 100%, no radiculopathy.",
    )
    page = client_of(cast.administrator).get(reverse("cases:page-search", args=[case.pk]), {"q": query})
    assert [shown.hit.number for shown in page.context["found"].hits] == pages
    assert page.status_code == 200


def test_empty_and_wrong_questions_are_answered_in_words(case: Case, cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.auditor)
    address = reverse("cases:page-search", args=[case.pk])
    first = client.get(address)
    assert (first.status_code, first.context["found"].waiting) == (200, 2)
    assert "The text of 2 documents is still being read" in first.content.decode()
    nothing = client.get(address, {"q": "scoliosis"})
    assert "<strong>No page</strong> was found for “scoliosis”" in nothing.content.decode()
    for wrong, words in {
        " ": "Enter what to look for.",
        "x" * 201: "Search for at most 200 characters.",
        "a\x00b": "Remove the invisible character",
    }.items():
        answer = client.get(address, {"q": wrong})
        assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert "x" * 201 in client.get(address, {"q": "x" * 201}).content.decode()
    assert Event.objects.filter(action="document.search").count() == 1


def test_thousand_pages_are_searched_and_shown_in_parts(case: Case, cast: Cast, client_of: SignIn) -> None:
    body = " ".join(PAGE.format(f"Visit {at}.") for at in range(30))
    write_pages(case, *(f"Page {at} of the file. {body}" for at in range(1_000)), title="The whole file")
    client = client_of(cast.claims)
    address = reverse("cases:page-search", args=[case.pk])
    page = client.get(address, {"q": '"straight leg raise"', "page": "50"})
    found = page.context["found"]
    assert (found.total, found.page.number, len(found.hits), found.is_cut) == (1_000, 50, 20, False)
    assert "page=49" in page.content.decode()
    assert client.get(address, {"q": "leg", "page": "x"}).context["found"].page.number == 1
    write_pages(case, PAGE.format("One more."))
    cut = client.get(address, {"q": "leg"}).context["found"]
    assert (cut.is_cut, cut.total_words) == (True, "more than 1,000 pages")
    query = search_query("leg")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page_hits(page_matches(current_documents(case.pk), query)[:20], query)
    assert len(few) == 2
