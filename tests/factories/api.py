"""Programs for tests: clients with a token, and whole applications as JSON."""

import copy
import json
from datetime import timedelta
from typing import Any

from django.test import Client

from cases.api.examples import APPLICATION, ITEM
from imr.accounts.models import User
from imr.accounts.services.api_token import issue_token
from imr.core import clock

ATTESTATION = {"is_attested": True, "attested_name": "Ines Kovac", "confirmed": ["INE-UR", "INE-SIG"]}


class Program:
    """Sends JSON with a token, or without one."""

    def __init__(self, key: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def send(self, method: str, path: str, data: Any = None, **options: Any) -> Any:
        """The answer; `data` that is not bytes or text is sent as JSON."""
        body = data if isinstance(data, bytes | str) else b"" if data is None else json.dumps(data)
        options.setdefault("content_type", "application/json")
        return self.client.generic(method, f"/api/v1/{path}", body, headers=self.headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, data: Any = None) -> Any:
        return self.send("POST", path, data)

    def patch(self, path: str, data: Any = None) -> Any:
        return self.send("PATCH", path, data)

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)

    def upload(self, path: str, **fields: Any) -> Any:
        return self.client.post(f"/api/v1/{path}", fields, headers=self.headers)


def make_program(manager: User) -> Program:
    """A program with a token that this manager issued."""
    return Program(issue_token(actor=manager, name="Claims system").key)


def application(**parts: Any) -> dict[str, Any]:
    """A whole application with one item and dates of this month; `parts` replace its parts, None as null."""
    decided_on = clock.today() - timedelta(days=10)
    found = copy.deepcopy({**APPLICATION, "items": [ITEM]})
    found["claim"]["date_of_injury"] = (decided_on - timedelta(days=200)).isoformat()
    found["ur_decision"] |= {"decided_on": decided_on.isoformat(), "served_on": decided_on.isoformat()}
    signed_on = (decided_on + timedelta(days=5)).isoformat()
    found["signature"] |= {"signed_on": signed_on, "consent_signed_on": signed_on}
    return {**found, **parts}


def problems(response: Any) -> dict[str | None, str]:
    """The sentences of an error by the place that they speak of; checks the shape."""
    body = response.json()
    assert set(body) == {"type", "errors"}, body
    assert body["type"] in {"validation_error", "client_error", "server_error"}
    for error in body["errors"]:
        assert set(error) == {"code", "detail", "attr"}
    return {error["attr"]: error["detail"] for error in body["errors"]}
