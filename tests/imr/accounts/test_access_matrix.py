"""Every page of the site, asked as every role and as nobody, against the table of roles."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Action, Role
from imr.accounts.models import User
from imr.accounts.roles import GRANTS
from tests.access.objects import REGISTRY, Builder, Objects
from tests.factories.accounts import Cast
from tests.routes import Route, all_routes

for module in sorted((Path(__file__).parents[2] / "access").glob("*.py")):
    if not module.stem.startswith("test_"):
        importlib.import_module(f"tests.access.{module.stem}")

PAGES = [route for route in all_routes() if route.actions and not route.is_api]
PLAIN = [route for route in PAGES if not route.arguments]
WITH_IDS = [route for route in PAGES if route.arguments]


def _may(role: Role, route: Route) -> bool:
    return any(role in GRANTS[action] for action in route.actions)


def _leads_to_sign_in(response: object) -> bool:
    return str(getattr(response, "headers", {}).get("Location", "")).startswith("/sign-in/")


def _says(body: bytes) -> bytes:
    """The page without what differs from one request to the next."""
    text = re.sub(rb'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|nonce="[^"]+"', b"", body)
    return re.sub(rb'"/[^"]*"', b"", text)


@pytest.mark.parametrize("role", list(Role))
def test_pages_answer_the_roles_that_the_table_names(
    cast: Cast, client_of: Callable[[User], Client], role: Role
) -> None:
    client = client_of(cast.people[role])
    surprises = []
    for route in PLAIN:
        response = client.get(reverse(route.name))
        if _may(role, route):
            expected = response.status_code < 400 or response.status_code == 405
            expected = expected and not _leads_to_sign_in(response)
        else:
            if response.status_code == 405:
                response = client.post(reverse(route.name))
            expected = response.status_code == 403
        if not expected:
            surprises.append((route.name, response.status_code))
    assert surprises == []


def test_pages_send_a_stranger_to_sign_in(db: None) -> None:
    client = Client()
    surprises = []
    for route in [*PLAIN, *WITH_IDS]:
        arguments = dict.fromkeys(route.arguments, 1)
        answers = [
            client.get(reverse(route.name, kwargs=arguments)),
            client.post(reverse(route.name, kwargs=arguments)),
        ]
        # A method that the page does not know may be refused first.
        told = [answer for answer in answers if answer.status_code != 405]
        if not told or not all(_leads_to_sign_in(answer) for answer in told):
            surprises.append((route.name, [answer.status_code for answer in answers]))
    assert surprises == []


def test_every_page_with_ids_has_its_objects() -> None:
    missing = sorted(route.name for route in WITH_IDS if route.name not in REGISTRY)
    assert missing == [], "Name their objects in tests/access/<app>.py (see tests/access/objects.py)."


def test_objects_out_of_reach_do_not_exist(cast: Cast, client_of: Callable[[User], Client]) -> None:
    """One set of objects for all roles: what is refused changes nothing, and what is allowed is not posted."""
    built: dict[Builder, Objects] = {}
    for route in WITH_IDS:
        if (builder := REGISTRY.get(route.name)) and builder not in built:
            built[builder] = builder(cast)
    surprises: list[tuple[object, ...]] = []
    for role in Role:
        client = client_of(cast.people[role])
        for route in WITH_IDS:
            if builder := REGISTRY.get(route.name):
                found = _surprises(client, role, route, built[builder])
                surprises += [(role.value, route.name, *surprise) for surprise in found]
    assert surprises == []


def _surprises(client: Client, role: Role, route: Route, objects: Objects) -> list[tuple[object, ...]]:
    """Where the answers differ from the table: which object, method, status."""
    reach, may = objects.reach.get(role), _may(role, route)
    surprises: list[tuple[object, ...]] = []
    bodies = {}
    for which in ("kwargs", "foreign", "missing"):
        exists = (which == "kwargs" and reach is not None) or (which == "foreign" and reach == "any")
        address = reverse(route.name, kwargs=getattr(objects, which))
        response = client.get(address)
        # A page that takes POST alone says so before it looks for the object.
        expected = {403, 405} if not may else {200, 204, 302, 303, 304, 403, 405, 409} if exists else {404, 405}
        if response.status_code not in expected or (exists and may and _leads_to_sign_in(response)):
            surprises.append((which, "get", response.status_code))
        bodies[which] = _says(b"".join(response) if response.streaming else response.content)
        if not (exists and may):
            posted = client.post(address)
            if posted.status_code not in ({404, 405} if may else {403, 405}):
                surprises.append((which, "post", posted.status_code))
    if reach != "any" and bodies["foreign"] != bodies["missing"]:
        surprises.append(("foreign and missing differ",))
    return surprises


def test_revocation_counts_from_the_next_request(cast: Cast, client_of: Callable[[User], Client]) -> None:
    client = client_of(cast.administrator)
    address = reverse("accounts:organization-list")
    assert client.get(address).status_code == 200
    User.objects.filter(pk=cast.administrator.pk).update(role=Role.AUDITOR)
    assert client.get(address).status_code == 403


def test_every_action_is_granted_to_somebody_and_known_to_the_table() -> None:
    assert set(GRANTS) == set(Action)
    assert [action for action in Action if not GRANTS[action]] == []
