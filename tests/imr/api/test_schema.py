"""The description of the interface: up to date, complete, free of people, and kept by the server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from imr.accounts.models import User
from imr.wsgi import application
from tests.factories.accounts import Cast, make_cast
from tests.factories.api import make_program
from tests.factories.cases import make_case, make_draft

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(path))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_committed_description_is_up_to_date(schema: dict[str, Any]) -> None:
    words = "Run: python manage.py spectacular --format openapi-json --file docs/openapi.json"
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == schema, words


def test_every_operation_is_described_and_says_its_errors(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), (path, method)
            assert {"token": []} in operation["security"]


def test_description_has_no_field_for_a_reviewer(schema: dict[str, Any]) -> None:
    of_no_person = {"filed_by", "amended_by", "attested_by", "reviewer_guideline"}
    names: set[str] = set()
    for component in schema["components"]["schemas"].values():
        names |= set(component.get("properties", {}))
    assert not [name for name in names if ("reviewer" in name or name.endswith("_by")) and name not in of_no_person]
    parameters = {
        one["name"] for path in schema["paths"].values() for op in path.values() for one in op.get("parameters", [])
    }
    assert "reviewer" not in " ".join(parameters)


def test_description_and_its_page_are_for_accounts(cast: Cast, client_of: Callable[[User], Client]) -> None:
    assert Client().get("/api/schema/").status_code == 401
    assert Client().get("/api/docs/")["Location"].startswith("/sign-in/")
    browser = client_of(cast.manager)
    assert browser.get("/api/schema/").json()["openapi"].startswith("3.")
    page = browser.get("/api/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert "javascript" in browser.get("/api/docs/?script=")["Content-Type"]


def test_server_keeps_to_the_description_whatever_is_sent(transactional_db: None, settings: Any) -> None:
    """Random requests by the description, with a program's token."""
    settings.IMR_API_REQUESTS_PER_MINUTE = 1_000_000
    cast = make_cast()
    program = make_program(cast.manager)
    draft, filed = make_draft(cast.claims), make_case(user=cast.claims)
    description = json.loads(COMMITTED.read_text(encoding="utf-8"))
    loaded = schemathesis.openapi.from_dict(description)
    loaded.app = _closing
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    sent = 0
    for result in loaded.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]

        @hypothesis_settings(
            max_examples=12,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            nonlocal sent
            sent += 1
            if case.path_parameters and "case_id" in case.path_parameters:
                # Ids of the air find nothing; two of three requests are about a case that is there.
                case.path_parameters["case_id"] = [case.path_parameters["case_id"], draft.pk, filed.pk][sent % 3]
            case.call_and_validate(headers=program.headers, checks=checks)

        check()
    assert sent > 100


def _closing(environ: Any, start_response: Any) -> list[bytes]:
    """The application, with every response closed as a server does it; the tool leaves them open."""
    response = application(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()
