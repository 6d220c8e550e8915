"""The pages of due dates: how one is found, what if, changes, the queue, and the calendar of a person."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DeadlineKind, PartyRole, Priority, ServiceMethod
from cases.models import CalendarFeed, Case, Deadline, Party, URDecision
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.deadlines import pause_deadline, recount_deadlines
from cases.services.records import record_notice_served
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_draft

type ClientOf = Callable[[User], Client]

FRIDAY = datetime(2026, 10, 2, 17, tzinfo=UTC)


def served_case(cast: Cast, method: ServiceMethod = ServiceMethod.MAIL) -> Case:
    with time_machine.travel(FRIDAY, tick=False):
        case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
        record_notice_served(case_id=case.pk, actor=cast.administrator, method=method, served_at=clock.now())
    return case


def page_of(case: Case, kind: str = "records") -> str:
    return reverse("cases:deadline-detail", args=[case.pk, kind])


def words(response: Any) -> str:
    """The page without markup, its spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_page_says_rule_citation_start_days_and_version(cast: Cast, client_of: ClientOf) -> None:
    case = served_case(cast)
    for user in (cast.claims, cast.administrator, cast.auditor):
        response = client_of(user).get(page_of(case))
        assert response.status_code == 200
        shown = words(response)
        assert "mailing of the notice of assignment" in shown
        assert "8 CCR 9792.10.5(a)(1)" in shown
        assert "15 calendar days lead to Saturday 10/17/2026" in shown
        assert "in force from 01/01/2013, because the notice of assignment was served on 10/02/2026" in shown
        assert "Sat 10/17/2026 15 last day" in shown
        assert ("Pause this clock" in shown) is False, "its date has passed"
        assert ("Give more time" in shown) is (user == cast.administrator)


def test_unknown_kind_and_kind_that_never_ran_are_missing(cast: Cast, client_of: ClientOf) -> None:
    case = served_case(cast)
    for kind in ("nonsense", "appeal"):
        assert client_of(cast.administrator).get(page_of(case, kind)).status_code == 404


def test_what_if_counts_another_start_and_writes_nothing(cast: Cast, client_of: ClientOf) -> None:
    case = served_case(cast)
    before = list(Deadline.objects.order_by("pk").values())
    client = client_of(cast.claims)
    asked = client.get(page_of(case), {"started_on": "10/05/2026", "method": "electronic"})
    assert "12 calendar days lead to Saturday 10/17/2026" in words(asked)
    asked = client.get(page_of(case), {"started_on": "10/05/2026"})
    assert "15 calendar days lead to Tuesday 10/20/2026" in words(asked)
    assert list(Deadline.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"started_on": ""}, "Enter the day to try."),
        ({"started_on": "02/30/2026"}, "There is no such day."),
        ({"started_on": "01/01/2012"}, "between 01/01/2013 and 12/31/2040"),
        ({"started_on": "10/05/2026", "method": "pigeon"}, "pigeon"),
    ],
)
def test_what_if_refuses_bad_input_beside_the_field(
    cast: Cast, client_of: ClientOf, query: dict[str, str], message: str
) -> None:
    response = client_of(cast.claims).get(page_of(served_case(cast)), query)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_what_if_in_hours_refuses_a_time_that_did_not_exist(cast: Cast, client_of: ClientOf) -> None:  # T3, T4
    case = served_case(cast)
    Case.objects.filter(pk=case.pk).update(priority=Priority.EXPEDITED)
    case.refresh_from_db()
    recount_deadlines(case=case, actor=cast.administrator, reason="Threat certified")
    client, url = client_of(cast.claims), page_of(case, "determine")
    gone = client.get(url, {"started_on": "03/08/2026", "started_time": "2:30 AM"})
    assert gone.status_code == 422
    assert "02:30 did not exist on 03/08/2026" in gone.content.decode()
    for typed, fold, expected in (
        ("3:00 PM", "", "Monday 11/02/2026, 2:00 PM PST"),
        ("15:00", "0", "Monday 11/02/2026, 2:00 PM PST"),
    ):
        asked = client.get(url, {"started_on": "10/30/2026", "started_time": typed, "fold": fold})
        assert expected in words(asked)
    first, second = (
        words(client.get(url, {"started_on": "11/01/2026", "started_time": "1:30 AM", "fold": fold})) for fold in "01"
    )
    assert "1:30 AM PDT" in first
    assert "1:30 AM PST" in second
    for typed in ("", "25:00", "13:00 PM", "noon"):
        assert client.get(url, {"started_on": "10/30/2026", "started_time": typed}).status_code == 422


def test_staff_pauses_resumes_and_lengthens_with_a_reason(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    client = client_of(cast.administrator)

    def change(name: str, **data: str) -> Any:
        return client.post(reverse("cases:deadline-change", args=[case.pk, "records", name]), data)

    assert change("pause").status_code == 422
    assert change("pause", reason="Office closed by a storm").status_code == 302
    assert change("pause", reason="Once more").status_code == 409
    shown = words(client_of(cast.claims).get(page_of(case)))
    assert "Paused since" in shown
    assert "by IMR organization: Office closed by a storm" in shown
    assert cast.administrator.display_name in words(client.get(page_of(case)))
    assert change("resume", reason="Open again").status_code == 302
    refused = change("extend", reason="More", days="999")
    assert refused.status_code == 422
    assert change("extend", reason="The provider was away", days="4").status_code == 302
    assert change("service", reason="Mailed after all", method="mail", place="california").status_code == 302
    assert change("nonsense", reason="x").status_code == 404
    rows = Deadline.objects.filter(case=case, kind=DeadlineKind.RECORDS)
    assert rows.count() == 5
    last = rows.get(ended_at__isnull=True)
    assert last.due_at.astimezone(clock.PACIFIC).date() == clock.pacific_date(last.started_at) + timedelta(days=19)
    assert Event.objects.filter(case_id=case.pk, action__startswith="deadline.").count() == 4
    assert "What this clock showed before ( 4 )" in words(client.get(page_of(case))).replace("(4)", "( 4 )")


def test_queue_shows_what_is_overdue_and_filters(cast: Cast, client_of: ClientOf) -> None:
    case = served_case(cast)
    client, url = client_of(cast.auditor), reverse("cases:deadline-queue")
    with time_machine.travel(FRIDAY + timedelta(days=20)):
        raise_deadline_alerts()
        shown = words(client.get(url))
        assert str(case) in shown
        assert "Escalated" in shown
        assert str(case) in words(client.get(url, {"level": "escalated", "duty": "claims administrator"}))
        assert str(case) not in words(client.get(url, {"level": "soon"}))
        assert client.get(url, {"level": "never"}).status_code == 400
        assert client.get(url, {"after": "!!!!"}).status_code == 200
    assert client_of(cast.claims).get(url).status_code == 403


def test_case_page_and_lists_lead_to_how_a_date_is_found(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    link = f'href="{page_of(case, "screen")}"'
    for user, url in (
        (cast.claims, reverse("cases:case-detail", args=[case.pk])),
        (cast.claims, reverse("cases:case-list")),
        (cast.administrator, reverse("cases:intake-queue")),
    ):
        assert link in client_of(user).get(url).content.decode()


def test_last_day_to_file_is_explained_and_follows_service(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims)
    client, url = client_of(cast.claims), reverse("cases:filing-last-day", args=[case.pk])
    assert f'href="{url}"' in client.get(reverse("cases:filing-tasks", args=[case.pk])).content.decode()
    decision = URDecision.objects.filter(case=case)
    employee = Party.objects.filter(case=case, role=PartyRole.EMPLOYEE)
    for method, state, last_day in (
        ("mail", "CA", "04/10/2026"),
        ("mail", "NV", "04/15/2026"),
        ("electronic", "NV", "04/07/2026"),
        ("personal", "CA", "04/06/2026"),
    ):
        decision.update(served_on="2026-03-06", service_method=method)
        employee.update(state=state)
        shown = words(client.get(url))
        assert f"Last moment in time: {last_day}, 11:59 PM PT" in shown, method
        assert "LC 4610.5(h)(1)" in shown
    decision.update(served_on=None)
    assert client.get(url).status_code == 404


def test_calendar_of_a_person_is_by_secret_and_revocable(cast: Cast, client_of: ClientOf) -> None:
    mine = served_case(cast, ServiceMethod.ELECTRONIC)
    theirs = make_case(user=cast.away_claims)
    pause_deadline(case_id=theirs.pk, kind=DeadlineKind.SCREEN, actor=cast.administrator, reason="On hold")
    client, stranger = client_of(cast.claims), Client()
    page = reverse("cases:calendar-page")

    def made() -> str:
        found = re.search(r'value="(http[^"]+key=[^"]+)"', client.post(page).content.decode())
        assert found is not None
        return found[1].replace("&amp;", "&")

    with time_machine.travel(FRIDAY):
        first = made()
        answer = stranger.get(first)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/calendar")
        text = answer.content.decode()
        assert f"SUMMARY:{mine.number}: Records due" in text
        assert "DTSTART;VALUE=DATE:20261014" in text
        assert str(theirs.number) not in text
        assert "Sandoval" not in text
        assert "Lumbago" not in text
        assert stranger.post(first).status_code == 405
        second = made()
        assert stranger.get(first).status_code == 404
        assert stranger.get(second).status_code == 200
        assert "Last read" in client.get(page).content.decode()
        client.post(reverse("cases:calendar-revoke"))
        assert stranger.get(second).status_code == 404
        third = made()
    User.objects.filter(pk=cast.claims.pk).update(is_active=False, deactivated_at=clock.now())
    assert stranger.get(third).status_code == 404
    for key in ("", "x" * 500, "é\x00"):
        assert stranger.get(reverse("cases:calendar-feed"), {"key": key}).status_code == 404
    secret = third.split("key=")[1]
    assert not CalendarFeed.objects.filter(token_hash=secret).exists()
    assert Event.objects.filter(action="calendar_feed.issue", actor=cast.claims).count() == 3


def test_program_reads_the_arithmetic(cast: Cast, client_of: ClientOf) -> None:
    case = served_case(cast)
    response = client_of(cast.claims).get(reverse("api:deadline-list", args=[case.pk]))
    assert response.status_code == 200
    (records,) = [row for row in response.json()["results"] if row["kind"] == "records"]
    assert records["rule_id"] == "D8"
    assert records["days"][-1] == {"day": "2026-10-17", "count": 15, "note": ""}
    assert records["steps"]
    assert records["duty"] == "claims administrator"
