"""Every address of the API that takes ids, asked as every role and as nobody: own, foreign, and not there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import DisputedItem
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.accounts.roles import GRANTS
from tests.factories.accounts import Cast
from tests.factories.batches import make_batch
from tests.factories.cases import make_case, make_document
from tests.factories.letters import make_signable
from tests.routes import Route, all_routes

NOBODY = 9_999_999
ROUTES = [route for route in all_routes() if route.is_api and route.arguments]
LETTER = {"api:letter", "api:letter-pdf", "api:determination"}


@pytest.fixture
def worlds(cast: Cast) -> dict[str, dict[str, dict[str, int]]]:
    """For filed cases and for cases with a released letter: ids of one's own, somebody else's, and nobody's."""

    def filed(user: User) -> dict[str, int]:
        case = make_case(user=user)
        return {
            "case_id": case.pk,
            "item_id": DisputedItem.objects.filter(case=case)[0].pk,
            "document_id": make_document(case).pk,
            "batch_id": make_batch(user).pk,
        }

    def decided(user: User) -> dict[str, int]:
        letter = make_signable(organization=user.organization).served(cast.administrator)
        return {"case_id": letter.case_id, "item_id": NOBODY, "document_id": NOBODY, "batch_id": NOBODY}

    mine, theirs = filed(cast.claims), filed(cast.away_claims)
    nobody = dict.fromkeys(mine, NOBODY)
    # Nested: an own case with somebody else's part, and with none.
    nested = {**theirs, "case_id": mine["case_id"], "batch_id": mine["batch_id"]}
    return {
        "filed": {"own": mine, "foreign": theirs, "missing": nobody, "nested": nested},
        "decided": {"own": decided(cast.claims), "foreign": decided(cast.away_claims), "missing": nobody},
    }


def _ask(client: Client, route: Route, ids: dict[str, int]) -> Any:
    return client.get(reverse(route.name, kwargs={name: ids[name] for name in route.arguments}))


def _expected(role: Role, route: Route, which: str) -> set[int]:
    actions = route.view.cls.permission_classes[0].actions  # type: ignore[attr-defined]
    if "GET" not in actions:
        return {405, 403}
    if role == Role.REVIEWER or role not in GRANTS[actions["GET"]]:
        return {403}
    in_imr = role in {Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR, Role.AUDITOR}
    # A receipt's PDF that the worker has not made yet is promised, not missing.
    found = {200, 202, 204, 409, 503}
    if which == "nested" and not {"item_id", "document_id"} & route.arguments:
        return found
    return found if which == "own" or (which == "foreign" and in_imr) else {404}


def test_api_answers_each_role_for_own_foreign_and_missing_ids(
    cast: Cast, worlds: dict[str, dict[str, dict[str, int]]], client_of: Callable[..., Client]
) -> None:
    surprises: list[tuple[object, ...]] = []
    for role, person in cast.people.items():
        client = client_of(person, raise_request_exception=False)
        for route in ROUTES:
            sets = worlds["decided" if route.name in LETTER else "filed"]
            answers = {which: _ask(client, route, ids) for which, ids in sets.items()}
            for which, answer in answers.items():
                if answer.status_code not in _expected(role, route, which):
                    surprises.append((role.value, route.name, which, answer.status_code))
                if answer.headers["Cache-Control"] != "no-store":
                    surprises.append((role.value, route.name, which, answer.headers["Cache-Control"]))
            if answers["foreign"].status_code == 404 and answers["foreign"].content != answers["missing"].content:
                surprises.append((role.value, route.name, "foreign and missing differ"))
            for answer in answers.values():
                b"".join(answer)
    assert surprises == []


def test_api_tells_a_stranger_nothing(worlds: dict[str, dict[str, dict[str, int]]]) -> None:
    client, with_bad_key = Client(), Client(headers={"Authorization": "Bearer imr_not-a-key"})
    for route in ROUTES:
        sets = worlds["decided" if route.name in LETTER else "filed"]
        for asking in (client, with_bad_key):
            answers = [_ask(asking, route, ids) for ids in sets.values()]
            assert {answer.status_code for answer in answers} == {401}, route.name
            assert len({answer.content for answer in answers}) == 1, route.name
