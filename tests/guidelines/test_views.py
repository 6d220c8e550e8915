from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guidelines.models import GuidelineSection, GuidelineSource
from guidelines.services.catalog import load_catalog
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    load_catalog()


@pytest.fixture
def reviewer(cast: Cast, client_of: Callable[[User], Client]) -> Client:
    return client_of(cast.reviewer)


def test_search_page_lists_sources_then_places_then_pages(reviewer: Client) -> None:
    address = reverse("guidelines:search")
    assert "Low Back Complaints" in reviewer.get(address).content.decode()
    found = reviewer.get(address, {"q": "gym"}).content.decode()
    assert "Official Disability Guidelines (ODG), Low Back Chapter, Gym Memberships" in found
    first, second = (reviewer.get(address, {"q": "complaints", "page": page}).content.decode() for page in (1, 2))
    assert "Next" in first
    assert "Previous" in second
    assert first != second


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"q": "zzzz"}, "Nothing in the catalog matches."),
        ({"on": "01/01/1991"}, "No guideline was in force then."),
        ({"q": "gym", "page": "99"}, "Gym Memberships"),
        ({"q": "<b>&%"}, "&lt;b&gt;&amp;%"),
    ],
)
def test_search_page_says_what_it_found(reviewer: Client, fields: dict[str, str], words: str) -> None:
    response = reviewer.get(reverse("guidelines:search"), fields)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_search_page_says_when_the_catalog_is_empty(reviewer: Client) -> None:
    GuidelineSource.objects.update(is_active=False)
    assert "The catalog is empty." in reviewer.get(reverse("guidelines:search")).content.decode()


@pytest.mark.parametrize(
    ("fields", "kept"),
    [({"q": "x" * 201}, "x" * 201), ({"on": "02/30/2015"}, "02/30/2015"), ({"body": "koran"}, "There is a problem")],
)
def test_search_page_answers_bad_input_with_422_and_keeps_it(
    reviewer: Client, fields: dict[str, str], kept: str
) -> None:
    response = reviewer.get(reverse("guidelines:search"), fields)
    assert response.status_code == 422
    assert kept in response.content.decode()


def test_source_page_shows_editions_and_sections(reviewer: Client) -> None:
    page = reviewer.get(reverse("guidelines:source", args=["mtus-chronic-pain-medical-treatment"])).content.decode()
    assert page.index("2016 edition") < page.index("2009 edition")
    assert "46-47" in page
    assert "8 C.C.R. 9792.20-9792.26" in page
    assert "(to be confirmed)" in page


def test_source_page_of_an_unknown_or_inactive_source_is_not_found(reviewer: Client) -> None:
    GuidelineSource.objects.filter(code="odg").update(is_active=False)
    for code in ("odg", "nothing"):
        assert reviewer.get(reverse("guidelines:source", args=[code])).status_code == 404


def test_catalog_is_open_to_those_who_decide_and_file(cast: Cast, client_of: Callable[[User], Client]) -> None:
    closed = {Role.OPERATOR}
    for role, person in cast.people.items():
        if role == Role.API_CLIENT:
            continue
        response = client_of(person).get(reverse("guidelines:search"))
        assert response.status_code == (403 if role in closed else 200), role


ADMIN_PAGES = [
    "guidelines_guidelinesource",
    "guidelines_guidelineedition",
    "guidelines_guidelinesection",
    "cases_treatmentcategory",
    "reviews_servicehours",
]
# These change by a proposal and a second person's approval, in pages of their own.
LOOKED_AT = ["cases_legalparameter", "cases_holiday"]


@pytest.mark.parametrize("page", [*ADMIN_PAGES, *LOOKED_AT])
def test_admin_lists_searches_and_adds_for_operators_only(
    cast: Cast, client_of: Callable[[User], Client], page: str
) -> None:
    operator = client_of(cast.operator)
    assert operator.get(reverse(f"admin:{page}_changelist"), {"q": "50%_\\"}).status_code == 200
    assert operator.get(reverse(f"admin:{page}_add")).status_code == (403 if page in LOOKED_AT else 200)
    for person in (cast.administrator, cast.reviewer, cast.claims, cast.auditor):
        assert client_of(person).get(reverse(f"admin:{page}_changelist")).status_code in {302, 403, 404}


def test_admin_edit_is_recorded_and_survives_the_next_load(cast: Cast, client_of: Callable[[User], Client]) -> None:
    section = GuidelineSection.objects.get(title="Exercise", edition__year=2009)
    operator = client_of(cast.operator)
    fields = {"edition": section.edition_id, "chapter": "", "title": "Exercise", "pages": "46-48", "position": 18}
    response = operator.post(reverse("admin:guidelines_guidelinesection_change", args=[section.pk]), fields)
    assert response.status_code == 302
    event = Event.objects.get(action="reference.edit")
    assert (event.actor, event.object_type) == (cast.operator, "guidelines.guidelinesection")
    assert "pages" in event.detail["fields"]
    load_catalog()
    section.refresh_from_db()
    assert section.pages == "46-48"
    deletion = operator.post(reverse("admin:guidelines_guidelinesection_delete", args=[section.pk]), {"post": "yes"})
    assert deletion.status_code == 403


def test_admin_edits_sections_inside_their_edition(cast: Cast, client_of: Callable[[User], Client]) -> None:
    edition = GuidelineSection.objects.get(title="Exercise", edition__year=2009).edition
    operator = client_of(cast.operator)
    address = reverse("admin:guidelines_guidelineedition_change", args=[edition.pk])
    assert operator.get(address).status_code == 200
    overlap = {
        "source": edition.source_id,
        "year": 2009,
        "label": "",
        "regulation": "",
        "effective_on": "2009-07-18",
        "in_force_from": "2009-07-18",
        "in_force_until": "",
        "page_total": "",
        "url": "",
        "sections-TOTAL_FORMS": "0",
        "sections-INITIAL_FORMS": "0",
    }
    response = operator.post(address, overlap)
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
