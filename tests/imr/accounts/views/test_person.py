"""The pages of people and organizations."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.audit.models import Event
from tests.factories.accounts import Cast, make_user

type SignIn = Callable[[User], Client]
LIST = "/people/"


def _names(client: Client, **query: str) -> str:
    response = client.get(LIST, query)
    assert response.status_code == 200
    body = response.content.decode()
    return body[body.index("<main") :]


def test_list_shows_managers_their_own_organization_without_programs(cast: Cast, client_of: SignIn) -> None:
    body = _names(client_of(cast.manager))
    assert cast.claims.email in body
    assert cast.away_claims.email not in body
    assert cast.reviewer.email not in body
    assert cast.api_client.email not in body


def test_reviewers_are_nameless_for_operators_in_list_search_and_sort(cast: Cast, client_of: SignIn) -> None:
    User.objects.filter(pk=cast.reviewer.pk).update(email="aaa.canary@example.org")
    operator, administrator = client_of(cast.operator), client_of(cast.administrator)
    body = _names(operator)
    assert "canary" not in body
    assert f"Expert reviewer #{cast.reviewer.pk}" in body
    assert body.index(cast.administrator.full_name) < body.index(f"Expert reviewer #{cast.reviewer.pk}")
    assert f"/people/{cast.reviewer.pk}/" not in _names(operator, q="canary")
    assert "canary" not in operator.get(f"/people/{cast.reviewer.pk}/").content.decode()
    assert "aaa.canary@example.org" in _names(administrator, q="CANARY")


def test_list_filters_by_role_organization_and_state(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.administrator)
    body = _names(client, role=Role.CLAIMS_MANAGER, organization=str(cast.away.pk))
    assert cast.away_manager.email in body
    assert cast.manager.email not in body
    assert cast.away_claims.email not in body
    assert "Nobody found" in _names(client, state="closed")


@pytest.mark.parametrize(
    "query", [{"role": "king"}, {"organization": "x"}, {"sort": "password"}, {"q": "a" * 101}, {"q": "\x00"}]
)
def test_list_refuses_bad_filters_with_words(cast: Cast, client_of: SignIn, query: dict[str, str]) -> None:
    assert client_of(cast.administrator).get(LIST, query).status_code == 422


def test_list_pages_through_everybody_once(cast: Cast, client_of: SignIn) -> None:
    for _ in range(30):
        make_user(organization=cast.home)
    client, seen, address = client_of(cast.manager), [], LIST
    while address:
        response = client.get(address)
        seen += [row["person"].pk for row in response.context["people"]]
        after = response.context["page"].after
        address = f"{LIST}?after={after}" if after else ""
    assert len(seen) == len(set(seen)) == 33


def test_list_asks_as_often_for_many_as_for_few(
    cast: Cast, client_of: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(cast.administrator)
    client.get(LIST)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(5):
        make_user()
    with django_assert_num_queries(len(few)):
        client.get(LIST)


def test_closing_an_account_ends_its_sessions_for_good(cast: Cast, client_of: SignIn) -> None:
    theirs, manager = client_of(cast.claims), client_of(cast.manager)
    assert theirs.get("/account/").status_code == 200
    assert manager.post(f"/people/{cast.claims.pk}/close/").status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert manager.post(f"/people/{cast.claims.pk}/close/").status_code == 409
    assert manager.post(f"/people/{cast.claims.pk}/reopen/").status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert client_of(User.objects.get(pk=cast.claims.pk)).get("/account/").status_code == 200
    assert list(Event.objects.filter(object_id=cast.claims.pk).values_list("action", flat=True)) == [
        "person_deactivated",
        "person_reactivated",
    ]


def test_changing_a_role_ends_the_sessions(cast: Cast, client_of: SignIn) -> None:
    theirs, manager = client_of(cast.claims), client_of(cast.manager)
    theirs.get("/account/")
    response = manager.post(f"/people/{cast.claims.pk}/role/", {"role": Role.CLAIMS_MANAGER})
    assert response.status_code == 302
    assert theirs.get("/account/").status_code == 302
    event = Event.objects.get(action="role_changed", outcome="done")
    assert event.detail == {"from": "claims_staff", "to": "claims_manager"}


def test_roles_that_are_not_theirs_to_give_are_refused_and_recorded(cast: Cast, client_of: SignIn) -> None:
    tries: list[tuple[User, User, Role]] = [
        (cast.manager, cast.manager, Role.CLAIMS_STAFF),
        (cast.manager, cast.claims, Role.ADMINISTRATOR),
        (cast.administrator, cast.administrator, Role.MEDICAL_DIRECTOR),
        (cast.administrator, cast.auditor, Role.ADMINISTRATOR),
        (cast.administrator, cast.reviewer, Role.ADMINISTRATOR),
        (cast.administrator, cast.claims, Role.ADMINISTRATOR),
        (cast.operator, cast.operator, Role.ADMINISTRATOR),
        (cast.operator, cast.reviewer, Role.ADMINISTRATOR),
    ]
    for actor, person, role in tries:
        before = person.role
        response = client_of(actor).post(f"/people/{person.pk}/role/", {"role": role})
        assert response.status_code == 403, (actor.role, person.role, role)
        person.refresh_from_db()
        assert person.role == before
    assert Event.objects.filter(action="role_changed", outcome="refused").count() == len(tries)
    allowed = client_of(cast.operator).post(f"/people/{cast.auditor.pk}/role/", {"role": Role.ADMINISTRATOR})
    assert allowed.status_code == 302


def test_nobody_closes_their_own_account_and_administrators_not_their_staff(cast: Cast, client_of: SignIn) -> None:
    for actor, person in [
        (cast.manager, cast.manager),
        (cast.operator, cast.operator),
        (cast.administrator, cast.other_administrator),
    ]:
        assert client_of(actor).post(f"/people/{person.pk}/close/").status_code == 403
    assert not User.objects.filter(is_active=False).exists()


def test_unknown_role_is_a_mistake_beside_the_field(cast: Cast, client_of: SignIn) -> None:
    response = client_of(cast.manager).post(f"/people/{cast.claims.pk}/role/", {"role": "king"})
    assert response.status_code == 422


def test_organization_is_added_and_edited_with_a_record(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.administrator)
    fields: dict[str, Any] = {"name": "Sequoia Claims", "city": "Fresno", "state": "CA", "zip_code": "93650"}
    assert client.post("/organizations/new/", fields).status_code == 302
    added = Organization.objects.get(name="Sequoia Claims")
    again = client.post("/organizations/new/", {**fields, "name": "SEQUOIA CLAIMS"})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    assert client.post(f"/organizations/{added.pk}/", {**fields, "city": "Clovis"}).status_code == 302
    assert Event.objects.get(action="organization_edited").detail == {"fields": ["city"]}
    bad = client.post(f"/organizations/{added.pk}/", {**fields, "zip_code": "9", "phone": "1"})
    assert bad.status_code == 422
    assert 'value="9"' in bad.content.decode()


def test_admin_site_is_for_operators_and_names_no_reviewer(cast: Cast, client_of: SignIn) -> None:
    operator = client_of(cast.operator)
    for page in ("/admin/", "/admin/accounts/user/", f"/admin/accounts/user/{cast.reviewer.pk}/change/"):
        response = operator.get(page)
        assert response.status_code == 200
        body = response.content.decode()
        assert cast.reviewer.email not in body
        assert "md5$" not in body
    assert operator.get("/admin/accounts/user/add/").status_code == 403
    assert operator.get("/admin/accounts/organization/").status_code == 200
    assert operator.get("/admin/password_change/")["Location"] == "/account/password/"
    assert operator.post("/admin/logout/")["Clear-Site-Data"]
    assert operator.get("/account/").status_code == 302
    assert client_of(cast.administrator).get("/admin/", follow=True).status_code == 403
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith(reverse("accounts:sign-in"))
