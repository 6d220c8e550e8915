"""Every operation, asked as every role and as nobody, about own, foreign and missing objects."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Case
from imr.accounts.enums import CLAIMS_ROLES, Action, Role
from imr.accounts.models import Organization, User
from imr.accounts.roles import GRANTS
from imr.accounts.services.api_token import issue_token, revoke_token
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.api import Program, application, make_program
from tests.factories.batches import make_batch
from tests.factories.cases import make_case, make_draft
from tests.routes import all_routes

OPERATIONS: list[tuple[str, str, Action]] = sorted(
    (route.name, method, action)
    for route in all_routes()
    if route.is_api
    for permission in route.view.cls.permission_classes  # type: ignore[attr-defined]
    for method, action in getattr(permission, "actions", {}).items()
)
FOR_REVIEWERS = {"api:guideline-search"}
# Operations that change something take drafts, and those of administrators are their own alone.
ON_DRAFTS = {Action.CASE_EDIT_DRAFT, Action.DOCUMENT_REMOVE}


def _objects(user: User) -> dict[str, int]:
    """A submitted case without a letter, with the ids that operations take."""
    case = make_case(user=user)
    document = case.documents.first()
    assert document is not None
    return {
        "case_id": case.pk,
        "item_id": case.items.get().pk,
        "document_id": document.pk,
        "batch_id": make_batch(user).pk,
    }


def _ask(client: Client, name: str, method: str, ids: dict[str, int]) -> Any:
    route = next(route for route in all_routes() if route.name == name)
    address = reverse(name, kwargs={key: ids[key] for key in route.arguments})
    return client.generic(method, address, b"{}", content_type="application/json")


def _says(response: Any) -> bytes:
    # The test client closes a download with its last piece.
    return b"".join(response) if response.streaming else response.content


def test_every_operation_names_its_act() -> None:
    routes = {route.name for route in all_routes() if route.is_api}
    assert routes - {name for name, _, _ in OPERATIONS} == {"api:schema", "api:docs", "api:exchange-schema"}
    assert len(OPERATIONS) >= 20


@pytest.mark.parametrize("role", list(Role))
def test_operations_answer_the_roles_of_the_table_and_hide_what_is_out_of_reach(
    cast: Cast, client_of: Callable[[User], Client], role: Role
) -> None:
    client = client_of(cast.people[role])
    own, foreign = _objects(cast.claims), _objects(cast.away_claims)
    missing = dict.fromkeys(own, 9_999_999)
    nested = {**foreign, "case_id": own["case_id"]}
    surprises = []
    for name, method, action in OPERATIONS:
        may = role in GRANTS[action] and (role != Role.REVIEWER or name in FOR_REVIEWERS)
        answers = {
            which: _ask(client, name, method, ids)
            for which, ids in {"own": own, "foreign": foreign, "missing": missing, "nested": nested}.items()
        }
        bodies = {which: _says(response) for which, response in answers.items()}
        arguments = next(route for route in all_routes() if route.name == name).arguments
        takes_ids = bool({"case_id", "batch_id"} & set(arguments))
        for which, response in answers.items():
            code = response.status_code
            if "batch_id" in arguments and which == "nested":
                # A file is under no case, so there is nothing to nest.
                continue
            if not may:
                expected = {403}
            elif not takes_ids:
                expected = {200, 400, 415}
            elif (
                which == "missing"
                or (which == "foreign" and (role in CLAIMS_ROLES or action in ON_DRAFTS))
                or (action in ON_DRAFTS and role not in CLAIMS_ROLES)
                or name.startswith("api:letter")
                or name == "api:determination"
            ):
                expected = {404}
            elif which == "nested" and name in {"api:item-detail", "api:document-detail", "api:document-content"}:
                # Submitted cases refuse a change before they look for the item.
                expected = {404, 409}
            else:
                expected = {200, 400, 409, 415}
            if code not in expected:
                surprises.append((name, method, which, code, sorted(expected)))
        if may and takes_ids and role in CLAIMS_ROLES:
            same = bodies["foreign"] == bodies["missing"]
            heads = [
                {key: value for key, value in answers[which].headers.items() if key != "X-Request-ID"}
                for which in ("foreign", "missing")
            ]
            if not same or heads[0] != heads[1]:
                surprises.append((name, method, "foreign and missing differ", 0, []))
    assert surprises == []
    assert Case.objects.count() == 2


def test_nobody_gets_401_everywhere(db: None) -> None:
    ids = {"case_id": 1, "item_id": 1, "document_id": 1, "batch_id": 1}
    for name, method, _ in OPERATIONS:
        response = _ask(Client(), name, method, ids)
        assert response.status_code == 401, (name, method)
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert response.json()["errors"][0]["code"] == "not_authenticated"


def _broken_keys(cast: Cast) -> Iterator[str]:
    issued = issue_token(actor=cast.manager, name="Old")
    revoke_token(actor=cast.manager, token=issued.token)
    yield issued.key
    closed = issue_token(actor=cast.manager, name="Closed")
    User.objects.filter(pk=closed.token.principal_id).update(is_active=False, deactivated_at=clock.now())
    yield closed.key
    yield from ["imr_nonsense", "é" * 500, "x" * 7_000]


def test_tokens_that_are_not_in_force_get_401_even_beside_a_session(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(cast.claims)
    for key in [*_broken_keys(cast), ""]:
        headers = {"Authorization": f"Bearer {key}"}
        response = browser.get("/api/v1/cases/", headers=headers)
        assert response.status_code == 401, key[:20]
        assert response["WWW-Authenticate"].startswith("Bearer")
    issued = issue_token(actor=cast.manager, name="Short", days=30)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert Program(issued.key).get("cases/").status_code == 401
    assert Program(issued.key).get("cases/").status_code == 200
    Organization.objects.filter(pk=cast.home.pk).update(is_active=False)
    assert Program(issued.key).get("cases/").status_code == 401


def test_programs_see_and_change_their_own_organization_alone(cast: Cast) -> None:
    home, away = make_program(cast.manager), make_program(cast.away_manager)
    theirs = make_draft(cast.away_claims)
    for method, path in [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "submit/"),
        ("POST", "items/"),
        ("POST", "documents/"),
        ("GET", "documents/"),
    ]:
        assert home.send(method, f"cases/{theirs.pk}/{path}", {"version": 1}).status_code == 404, (method, path)
    assert home.get("cases/").json()["results"] == []
    assert [row["id"] for row in away.get("cases/").json()["results"]] == [theirs.pk]


def test_administrators_file_for_an_organization_and_say_for_which(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(cast.administrator)
    refused = browser.post("/api/v1/cases/", application(), content_type="application/json")
    assert [one["attr"] for one in refused.json()["errors"]] == ["organization"]
    wrong = browser.post("/api/v1/cases/", application(organization=cast.imr.pk), content_type="application/json")
    assert wrong.status_code == 400
    made = browser.post("/api/v1/cases/", application(organization=cast.home.pk), content_type="application/json")
    assert (made.status_code, made.json()["organization"]) == (201, cast.home.name)


def test_outcomes_and_people_stay_inside(cast: Cast, client_of: Callable[[User], Client]) -> None:
    """Claims people read the words for the parties, and no answer has a field for a person of the staff."""
    case = make_case(CaseStatus.QA, user=cast.claims)
    told = client_of(cast.claims).get(f"/api/v1/cases/{case.pk}/").json()
    assert (told["status_label"], told["outcome"], told["letter"]["state"]) == ("Decision being finished", "", "none")
    assert {"analyst", "created_by", "received_by", "reviewer"}.isdisjoint(told)


def test_too_many_requests_are_told_to_wait(cast: Cast, settings: Any) -> None:
    settings.IMR_API_REQUESTS_PER_MINUTE = 3
    program, other = make_program(cast.manager), make_program(cast.away_manager)
    with time_machine.travel(clock.now().replace(second=20), tick=False):
        answers = [program.get("guidelines/", q="pain") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert answers[-1]["Retry-After"] == "40"
        assert answers[-1].json()["errors"][0]["code"] == "throttled"
        assert other.get("guidelines/", q="pain").status_code == 200
