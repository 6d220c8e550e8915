"""The case list, the case page, the intake queue and the pages that decide eligibility."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.enums import CaseEvent, CaseStatus
from cases.models import Case
from cases.selectors.detail import EVENT_PAGES
from cases.workflow import OFFERED_EVENTS
from imr.accounts.models import User
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_draft

type ClientOf = Callable[[User], Client]


def _without_secrets(body: bytes) -> bytes:
    """A page without its CSRF token and nonce, which differ on every request."""
    return re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]*', b"", body)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_case_list_shows_each_side_its_own(cast: Cast, client_of: ClientOf) -> None:
    mine, theirs, draft = make_case(user=cast.claims), make_case(user=cast.away_claims), make_draft(cast.claims)
    claims = page(client_of(cast.claims), "cases:case-list")
    assert str(mine) in claims
    assert str(theirs) not in claims
    assert str(draft) in claims
    staff = page(client_of(cast.administrator), "cases:case-list")
    assert str(mine) in staff
    assert str(theirs) in staff
    assert str(draft) not in staff


@pytest.mark.parametrize("rows", [1, 3])
def test_case_list_asks_the_same_number_of_queries(
    cast: Cast, client_of: ClientOf, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_case(user=cast.claims, items=2)
    client = client_of(cast.claims)
    page(client, "cases:case-list")
    with django_assert_max_num_queries(12):
        page(client, "cases:case-list")


def test_case_list_filters_sorts_and_pages(cast: Cast, client_of: ClientOf) -> None:
    cases = [make_case(user=cast.claims) for _ in range(28)]
    client = client_of(cast.claims)
    first = page(client, "cases:case-list", sort="number")
    assert str(cases[0]) in first
    assert str(cases[27]) not in first
    response = client.get(reverse("cases:case-list"), {"sort": "number"})
    after = response.context["page"].after
    second = page(client, "cases:case-list", sort="number", after=after)
    assert str(cases[27]) in second
    assert str(cases[0]) not in second
    before = client.get(reverse("cases:case-list"), {"sort": "number", "after": after}).context["page"].before
    assert page(client, "cases:case-list", sort="number", before=before).count('data-label="Case"') == 25
    found = page(client, "cases:case-list", q=str(cases[13]))
    assert found.count('data-label="Case"') == 1
    assert "No case matches" in page(client, "cases:case-list", status="in_review")


@pytest.mark.parametrize("query", ["100%", "_", "\\", "'\"", "(.*)", "no such"])
def test_case_list_searches_literally(cast: Cast, client_of: ClientOf, query: str) -> None:  # B30
    make_case(user=cast.claims)
    assert "No case matches" in page(client_of(cast.claims), "cases:case-list", q=query)


@pytest.mark.parametrize("query", ["x" * 201, "a\x00b", "\u202e"])
def test_case_list_refuses_a_bad_search_with_words(cast: Cast, client_of: ClientOf, query: str) -> None:
    response = client_of(cast.claims).get(reverse("cases:case-list"), {"q": query})
    assert response.status_code == 400
    text = response.content.decode()
    assert "There is a problem" in text
    assert ("at most 200 characters" in text) == (len(query) > 200)
    assert "No case matches" not in text
    assert "0 cases" not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("status", "Choose a status from the list."),
        ("priority", "Choose a priority from the list."),
        ("due", "Choose a due date from the list."),
        ("sort", "Choose an order from the list."),
    ],
)
def test_case_list_refuses_an_unknown_choice_with_words(cast: Cast, client_of: ClientOf, name: str, words: str) -> None:
    response = client_of(cast.claims).get(reverse("cases:case-list"), {name: "pigeon"})
    assert response.status_code == 400
    assert words in response.content.decode()


def test_statuses_that_read_the_same_are_one_to_claims_people(cast: Cast, client_of: ClientOf) -> None:
    checked, determined = (make_case(status, user=cast.claims) for status in (CaseStatus.QA, CaseStatus.DETERMINED))
    client = client_of(cast.claims)
    assert page(client, "cases:case-list").count("Decision being finished (2)</option>") == 1
    found = page(client, "cases:case-list", status="qa")
    assert str(checked) in found
    assert str(determined) in found
    staff = page(client_of(cast.administrator), "cases:case-list", status="qa")
    assert str(checked) in staff
    assert str(determined) not in staff


def test_case_list_says_what_is_due_and_to_claims_people_from_whom(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    shown = page(client_of(cast.claims), "cases:case-list")
    assert "Check eligibility (IMR organization):" in shown
    assert reverse("cases:deadline-detail", args=[case.pk, "screen"]) in shown
    make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    assert "Records due (claims administrator):" in page(client_of(cast.claims), "cases:case-list")
    assert "Records due:" in page(client_of(cast.administrator), "cases:case-list")


@pytest.mark.parametrize("cursor", ["!!!!", "W10", "x" * 600, "WyJcdTAwMDAiLCAxXQ", "WzEsIDFd", "WyJ4IiwgMV0"])
@pytest.mark.parametrize("sort", ["due", "number"])
def test_case_list_survives_a_damaged_cursor(cast: Cast, client_of: ClientOf, cursor: str, sort: str) -> None:
    assert client_of(cast.claims).get(reverse("cases:case-list"), {"after": cursor, "sort": sort}).status_code == 200


def test_case_page_is_read_once_on_the_record(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    shown = page(client_of(cast.claims), "cases:case-detail", case.pk)
    assert "Application received" in shown
    assert Event.objects.filter(action="case.viewed", case_id=case.pk, actor=cast.claims).count() == 1


def test_case_page_of_a_stranger_is_like_a_missing_one(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    client = client_of(cast.away_claims)
    foreign, missing = (client.get(reverse("cases:case-detail", args=[pk])) for pk in (case.pk, 999_999))
    assert foreign.status_code == missing.status_code == 404
    assert _without_secrets(foreign.content) == _without_secrets(missing.content)


def test_case_page_hides_staff_notes_from_claims(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims)
    staff = client_of(cast.administrator)
    answer = staff.post(
        reverse("cases:eligibility-refuse", args=[case.pk]),
        {"reason": "INE-LATE", "note": "internal canary", "shown": "INE-LATE"},
    )
    assert answer.status_code == 302
    assert "internal canary" in page(staff, "cases:case-detail", case.pk)
    assert "internal canary" not in page(client_of(cast.claims), "cases:case-detail", case.pk)


def test_intake_take_next_then_find_eligible(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims, items=2)
    client = client_of(cast.administrator)
    assert str(case) in page(client, "cases:intake-queue")
    assert client.post(reverse("cases:case-take-next")).status_code == 302
    assert "The intake queue is empty" in page(client, "cases:intake-queue")
    text = page(client, "cases:case-detail", case.pk)
    labels = [">Find eligible<", ">Find ineligible<", ">Give back to the intake queue<"]
    assert [text.index(label) for label in labels] == sorted(text.index(label) for label in labels)
    url = reverse("cases:eligibility-find", args=[case.pk])
    first, second = case.items.all()
    bad = client.post(url, {f"item-{first.pk}": "eligible", f"item-{second.pk}": "ineligible", "note": "kept words"})
    assert bad.status_code == 422
    assert f"Choose why item {second.position} is ineligible." in bad.content.decode()
    assert "kept words" in bad.content.decode()
    good = client.post(
        url,
        {
            f"item-{first.pk}": "eligible",
            f"item-{second.pk}": "ineligible",
            f"reason-{second.pk}": "INE-CNC",
            "note": "n",
        },
    )
    assert good.status_code == 302
    assert Case.objects.get(pk=case.pk).status == CaseStatus.ELIGIBLE


def test_state_skip_is_refused_with_what_is_possible(cast: Cast, client_of: ClientOf) -> None:  # B25
    case = make_case(CaseStatus.RECEIVED)
    response = client_of(cast.administrator).post(reverse("cases:records-complete", args=[case.pk]), {"reason": ""})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Possible now: Merge into an earlier case, Start eligibility review, Withdraw. Open the case" in text


def test_refusal_without_a_form_leads_back_to_the_case(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    response = client_of(cast.administrator).post(reverse("cases:case-take", args=[case.pk]))
    assert response.status_code == 409
    url = reverse("cases:case-detail", args=[case.pk])
    assert f'<a class="usa-button" href="{url}">Open the case as it is now</a>' in response.content.decode()


def test_every_button_of_the_case_page_is_an_offered_event() -> None:
    assert set(EVENT_PAGES) < OFFERED_EVENTS < set(CaseEvent)


def test_unknown_choice_is_refused_beside_its_field(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    response = client_of(cast.administrator).post(
        reverse("cases:notice-record", args=[case.pk]), {"method": "pigeon", "served_on": "02/30/2026"}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert 'value="02/30/2026"' in text
    assert text.count('<span class="usa-sr-only">Error:</span>') == 2
