"""The page of the audit record."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.selectors.event import actions_on_record, case_history, history
from imr.audit.services import record
from tests.factories.accounts import Cast

type SignIn = Callable[[User], Client]


def _rows(client: Client, **query: str) -> list[Event]:
    response = client.get("/audit/", query)
    assert response.status_code == 200
    return [row["event"] for row in response.context["rows"]]


def test_filters_narrow_by_person_action_and_pacific_day(cast: Cast, client_of: SignIn) -> None:
    client = client_of(cast.auditor)
    # Eight in the evening of November 22 in California.
    late = Event.objects.create(action="sign_in", actor=cast.claims, at=datetime(2026, 11, 23, 4, tzinfo=UTC))
    about = record(action="role_changed", actor=cast.operator, object_type="user", object_id=cast.claims.pk)
    theirs = Event.objects.create(
        action="sign_in", actor=cast.away_claims, at=datetime(2026, 11, 24, 7, 59, 59, tzinfo=UTC)
    )
    assert set(_rows(client, person=cast.claims.email)) == {late, about}
    assert _rows(client, person=cast.claims.email, action="sign_in") == [late]
    with time_machine.travel(datetime(2026, 11, 24, 20, tzinfo=UTC)):
        client = client_of(cast.auditor)
        assert _rows(client, first_day="11/22/2026", last_day="11/22/2026") == [late]
        assert _rows(client, action="sign_in", first_day="2026-11-23", last_day="2026-11-23") == [theirs]
    # The session of that day is over on any other.
    client = client_of(cast.auditor)
    assert _rows(client, person="nobody at all") == []
    assert _rows(client, case_number="CM26-9999999") == []


def test_reading_is_recorded_without_what_was_looked_for(cast: Cast, client_of: SignIn) -> None:
    client_of(cast.medical_director).get("/audit/", {"person": "secret name"})
    event = Event.objects.get(action="audit_read")
    assert event.actor == cast.medical_director
    assert event.detail == {"filters": ["person"]}


@pytest.mark.parametrize(
    "query",
    [{"action": "x"}, {"first_day": "13/45/2026"}, {"first_day": "11/22/2026", "last_day": "11/21/2026"}],
)
def test_bad_filters_are_named(cast: Cast, client_of: SignIn, query: dict[str, str]) -> None:
    assert client_of(cast.auditor).get("/audit/", query).status_code == 422


def test_pages_run_from_the_newest_to_the_oldest(cast: Cast, client_of: SignIn) -> None:
    made = [record(action="sign_out", actor=cast.claims).pk for _ in range(60)]
    client, seen, after = client_of(cast.auditor), [], ""
    while True:
        response = client.get("/audit/", {"action": "sign_out", "after": after})
        seen += [row["event"].pk for row in response.context["rows"]]
        after = response.context["page"].after
        if not after:
            break
    assert seen == made[::-1]
    assert client.get("/audit/", {"after": "garbage"}).status_code == 200


def test_history_is_that_of_one_object_or_case(cast: Cast) -> None:
    first = record(action="a", actor=cast.claims, object_type="user", object_id=1, case_id=7)
    record(action="b", actor=cast.claims, object_type="case", object_id=1)
    second = record(action="c", actor=None, object_type="user", object_id=1)
    assert list(history("user", 1)) == [first, second]
    assert list(case_history(7)) == [first]
    assert actions_on_record() == ["a", "b", "c"]


def test_user_agent_and_names_do_not_break_the_record(cast: Cast, client_of: SignIn) -> None:
    record(action="sign_in", actor=None, reason="line\r\nanother \x1b[31m {{ 1 }} <script>")
    body = client_of(cast.auditor).get("/audit/").content.decode()
    assert "<script>" not in body[body.index("<main") :]
