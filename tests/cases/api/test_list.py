"""The list of cases: filters, order, pages, and a number of queries that does not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.enums import CaseStatus
from cases.models import Application
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.api import Program, make_program
from tests.factories.cases import make_case, make_draft


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.manager)


def ids(program: Program, **query: object) -> list[int]:
    response = program.get("cases/", **query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_filters_and_orders(cast: Cast, program: Program) -> None:
    first = make_case(user=cast.claims)
    second = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims)
    draft = make_draft(cast.claims)
    make_case(user=cast.away_claims)
    claim = Application.objects.get(case=second).claim_number
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    assert ids(program) == [draft.pk, second.pk, first.pk]
    assert ids(program, ordering="received_at") == [first.pk, second.pk, draft.pk]
    assert ids(program, ordering="number") == [draft.pk, first.pk, second.pk]
    assert ids(program, status="received") == [first.pk]
    assert ids(program, status="draft") == [draft.pk]
    assert ids(program, priority="expedited") == []
    assert ids(program, claim_number=claim.lower()) == [second.pk]
    assert ids(program, q=f"{first.number} sandoval") == [first.pk]
    assert ids(program, received_from=today.isoformat(), received_until=today.isoformat()) == [second.pk, first.pk]
    assert ids(program, received_until=(today - timedelta(days=1)).isoformat()) == []
    assert ids(program, received_from=today.isoformat(), received_until=tomorrow.isoformat()) != []


@pytest.mark.parametrize("ordering", ["received_at", "-received_at", "number", "-number", "due_at", "-due_at"])
def test_pages_follow_each_other_without_gap_or_repeat(cast: Cast, program: Program, ordering: str) -> None:
    made = {make_case(user=cast.claims).pk for _ in range(3)} | {make_draft(cast.claims).pk for _ in range(2)}
    seen: list[int] = []
    page = program.get("cases/", ordering=ordering, page_size=2).json()
    assert (page["total"], page["total_is_more"], page["previous"]) == (5, False, None)
    while True:
        seen += [row["id"] for row in page["results"]]
        if page["next"] is None:
            break
        page = program.client.get(page["next"], headers=program.headers).json()
    assert len(seen) == len(made) == 5
    assert set(seen) == made
    back = program.client.get(page["previous"], headers=program.headers).json()
    assert [row["id"] for row in back["results"]] == seen[2:4]


def test_longer_lists_and_larger_cases_cost_no_more_queries(cast: Cast, program: Program) -> None:
    counts: dict[str, set[int]] = {"list": set(), "case": set()}
    program.get("cases/")
    for _ in range(2):
        case = make_case(user=cast.claims, items=3 * len(counts["list"]) + 1)
        make_case(user=cast.claims)
        for name, path in (("list", "cases/"), ("case", f"cases/{case.pk}/")):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert program.get(path).status_code == 200
            counts[name].add(len(queries))
    assert [len(found) for found in counts.values()] == [1, 1], counts
