"""Amending over the API, and where a joined case goes on."""

import pytest

from cases.enums import CaseStatus
from cases.models import Application, DisputedItem
from cases.services.consolidation import consolidate_cases
from cases.services.duplicate import merge_duplicate
from tests.factories.accounts import Cast
from tests.factories.amendments import amend
from tests.factories.api import Program, make_program, problems
from tests.factories.cases import make_case
from tests.factories.together import siblings


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.manager)


def test_program_amends_and_reads_the_versions(cast: Cast, program: Program) -> None:
    case = make_case(user=cast.claims)
    found = program.get(f"cases/{case.pk}/").json()
    path = found["links"]["amendments"].split("/api/v1/")[1]
    item = found["items"][0]["id"]
    body = {
        "version": found["application_version"],
        "reason": "Two digits were reversed.",
        "claim": {"claim_number": "WC-77"},
        "items": {
            "change": [{"id": item, "quantity": "12 sessions"}],
            "add": [
                {"description": "MRI of the knee", "category": found["items"][0]["category"], "ur_outcome": "denied"}
            ],
        },
    }

    made = program.post(path, body)

    assert made.status_code == 201, made.content
    changes = {(one["section"], one["label"]): one["new"] for one in made.json()["changes"]}
    assert changes["Employer and claim", "Claim number"] == "WC-77"
    assert changes["Disputed item 1", "Quantity"] == "12 sessions"
    assert changes["Disputed item 2", "Requested treatment"] == "MRI of the knee"
    assert Application.objects.get(case=case).claim_number == "WC-77"
    listed = program.get(path).json()
    assert [row["number"] for row in listed["results"]] == [2, 1]
    assert listed["complete_at"] is None
    assert len(listed["added_items"]) == 1
    after = program.get(f"cases/{case.pk}/").json()
    assert after["application_version"] > found["application_version"]
    removal = {"version": after["application_version"], "reason": "Filed twice.", "items": {"remove": [item]}}
    assert program.post(path, removal).status_code == 201


def test_refusals_name_the_place_and_nothing_is_kept(cast: Cast, program: Program) -> None:
    case = make_case(user=cast.claims)
    path, version = f"cases/{case.pk}/amendments/", program.get(f"cases/{case.pk}/").json()["application_version"]
    complete = {"version": version, "reason": "x", "claim": {"claim_number": "WC-77"}}
    item = case.items.get().pk
    for change, status, attr in (
        ({"version": None}, 400, "version"),
        ({"reason": " "}, 400, "reason"),
        ({"claim": {"date_of_injury": "2011-02-30"}}, 400, "claim.date_of_injury"),
        ({"claim": {"nonsense": "1"}}, 400, "claim.nonsense"),
        ({"items": {"add": [{"description": "MRI"}]}}, 400, "items.add.0.category"),
        ({"items": {"change": [{"id": item, "description": ""}]}}, 400, "items.change.0.description"),
        ({"items": {"change": [{"id": item + 99, "code": "1"}]}}, 400, "items.change.0.id"),
        ({"items": {"remove": [item + 99]}}, 409, None),
        ({"review_type": "expedited"}, 400, "review_type"),
    ):
        answer = program.post(path, {**complete, **change})
        assert answer.status_code == status, (change, answer.content)
        assert attr in {one["attr"] for one in answer.json()["errors"]}, (change, answer.content)
    for left_out in ("version", "reason"):
        body = {name: value for name, value in complete.items() if name != left_out}
        assert problems(program.post(path, body))
    assert "WC-77" not in Application.objects.get(case=case).claim_number


def test_amended_meanwhile_answers_409_with_both(cast: Cast, program: Program) -> None:
    case = make_case(user=cast.claims)
    version = program.get(f"cases/{case.pk}/").json()["application_version"]
    amend(case, cast.colleague, claim_number="THEIRS")
    body = {"version": version, "reason": "x", "claim": {"claim_number": "MINE"}}
    answer = program.post(f"cases/{case.pk}/amendments/", body)
    assert answer.status_code == 409
    (error,) = answer.json()["errors"]
    assert (error["code"], error["attr"]) == ("stale_version", "claim")
    assert "on file now “THEIRS”, you sent “MINE”" in error["detail"]


def test_case_that_no_longer_allows_it_answers_409(cast: Cast, program: Program) -> None:
    for status, code in ((CaseStatus.IN_REVIEW, "not_amendable"), (CaseStatus.DRAFT, "draft")):
        case = make_case(status, user=cast.claims)
        body = {"version": 99, "reason": "x", "claim": {"claim_number": "MINE"}}
        answer = program.post(f"cases/{case.pk}/amendments/", body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, code)


def test_merged_duplicate_names_the_surviving_one(cast: Cast, program: Program) -> None:
    lead, other = siblings(cast.claims, CaseStatus.RECEIVED, CaseStatus.RECEIVED)
    words = DisputedItem.objects.get(case=lead).description
    DisputedItem.objects.filter(case=other).update(description=words)
    merge_duplicate(case_id=other.pk, into_id=lead.pk, actor=cast.administrator, reason="The same form by fax.")
    merged = program.get(f"cases/{other.pk}/").json()
    assert (merged["status"], merged["joined_into"]["number"]) == ("merged", lead.number)
    assert program.get(f"cases/{lead.pk}/").json()["joined_into"] is None


def test_joined_case_names_the_surviving_one(cast: Cast, program: Program) -> None:
    lead, other = siblings(cast.claims, CaseStatus.ELIGIBLE, CaseStatus.ELIGIBLE)
    consolidate_cases(case_ids=[lead.pk, other.pk], actor=cast.administrator, reason="One worker, one injury.")
    joined = program.get(f"cases/{other.pk}/").json()
    assert joined["status"] == "consolidated"
    assert (joined["joined_into"]["id"], joined["joined_into"]["number"]) == (lead.pk, lead.number)
    assert program.get(joined["joined_into"]["url"].split("/api/v1/")[1]).json()["id"] == lead.pk
    assert program.get(f"cases/{lead.pk}/").json()["joined_into"] is None
