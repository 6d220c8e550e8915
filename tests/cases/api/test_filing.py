"""A case from the program's side: filed, followed, downloaded."""

import pytest

from cases.models import Case, DisputedItem, Document
from cases.services.receipt import render_receipt
from imr.audit.models import Event
from tests.factories.accounts import Cast
from tests.factories.api import ATTESTATION, Program, application, make_program, problems
from tests.factories.cases import make_case, make_draft, upload_file


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.manager)


def test_application_goes_from_draft_to_receipt(cast: Cast, program: Program) -> None:
    created = program.post("cases/", application())
    assert created.status_code == 201, created.content
    case = created.json()
    assert created["Location"] == case["url"]
    assert (case["status"], case["number"], case["organization"]) == ("draft", None, cast.home.name)
    assert case["application"]["employee"]["birth_date"] == "1972-05-17"
    assert case["application"]["attorney"] is None
    assert case["application"]["ur_decision"]["is_conditional"] is False
    path = f"cases/{case['id']}/"

    first = program.upload(f"{path}documents/", kind="ur_decision", file=upload_file(), title="UR decision")
    assert first.status_code == 201, first.content
    again = program.upload(f"{path}documents/", kind="ur_decision", file=upload_file())
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])

    refused = program.post(f"{path}submit/", {**ATTESTATION, "confirmed": []})
    assert refused.status_code == 400
    assert [(one["code"], one["attr"]) for one in refused.json()["errors"]] == [("INE-SIG", "confirmed")]

    submitted = program.post(f"{path}submit/", {**ATTESTATION, "confirmed": ["INE-SIG"]})
    assert submitted.status_code == 200, submitted.content
    assert submitted.json()["number"].startswith("CM")
    assert submitted.json()["draft_version"] is None
    assert {row["kind"] for row in submitted.json()["deadlines"]}
    twice = program.post(f"{path}submit/", ATTESTATION)
    assert (twice.status_code, twice.json()["number"]) == (200, submitted.json()["number"])

    receipt = program.get(f"{path}receipt/").json()
    assert receipt["case_number"] == submitted.json()["number"]
    assert receipt["files"][0]["sha256"] == first.json()["sha256"]
    assert receipt["pdf_url"] is None
    waiting = program.get(f"{path}receipt/pdf/")
    assert (waiting.status_code, waiting.json()["errors"][0]["code"]) == (409, "preparing")
    render_receipt(case_id=case["id"])
    pdf = program.get(
        f"{path}receipt/pdf/",
    )
    assert b"".join(pdf).startswith(b"%PDF-")
    assert pdf["Content-Disposition"].startswith("attachment")

    content = program.get(f"{path}documents/{first.json()['id']}/content/")
    assert b"".join(content).startswith(b"%PDF-")
    acts = set(Event.objects.filter(case_id=case["id"], actor__role="api_client").values_list("action", flat=True))
    assert {"draft.create", "document.upload", "case.submit", "receipt.view", "receipt.download"} <= acts
    assert "document.download" in acts


def test_application_submitted_at_once_needs_its_confirmations_and_keeps_nothing_otherwise(program: Program) -> None:
    body = application(submit=True, attestation={**ATTESTATION, "confirmed": []})
    refused = program.post("cases/", body)
    assert refused.status_code == 400
    assert {one["code"] for one in refused.json()["errors"]} == {"INE-UR", "INE-SIG"}
    assert Case.objects.count() == 0
    body["attestation"] = ATTESTATION
    created = program.post("cases/", body)
    assert created.status_code == 201, created.content
    assert created.json()["status"] == "received"
    missing = program.post("cases/", {**body, "attestation": {"is_attested": False}})
    assert set(problems(missing)) == {"attestation.is_attested", "attestation.attested_name"}


def test_wrong_answers_are_told_at_their_places_with_the_words_of_the_pages(program: Program) -> None:
    body = application()
    body["employee"]["last_name"] = "\u00a0 \u200b"
    body["claim"]["date_of_injury"] = "02/30/2015"
    body["requesting_physician"]["phone"] = "12"
    body["ur_decision"]["icd_code"] = "nonsense"
    body["signature"]["signed_on"] = "2999-01-01"
    body["designee"] = {"last_name": "Ortega"}
    body["items"] = [body["items"][0], {**body["items"][0], "description": "word " * 201, "category": "no-such"}]
    told = problems(program.post("cases/", body))
    assert told["employee.last_name"] == "Enter the last name."
    assert told["claim.date_of_injury"].startswith("There is no such day.")
    assert told["requesting_physician.phone"].startswith("Enter a 10-digit number")
    assert told["ur_decision.icd_code"].startswith("Enter an ICD code")
    assert told["signature.signed_on"].startswith("Enter a date between 01/01/1940 and today")
    assert told["designee.designation_signed_on"].startswith("Enter the date on which the worker signed")
    assert told["items.1.description"].endswith("It has 1,004.")
    assert told["items.1.category"] == "Select a kind from the list."
    assert len(told) == 8
    assert Case.objects.count() == 0


def test_dates_of_different_parts_are_compared(program: Program) -> None:
    body = application()
    body["claim"]["date_of_injury"] = body["signature"]["signed_on"]
    told = problems(program.post("cases/", body))
    assert list(told) == ["ur_decision.decided_on"]
    assert "cannot be" in told["ur_decision.decided_on"]


def test_parts_may_come_one_after_another(program: Program) -> None:
    body = application()
    created = program.post("cases/", {"review_type": "regular", "claim": body["claim"], "employer": body["employer"]})
    assert created.status_code == 201, created.content
    case = created.json()
    path = f"cases/{case['id']}/"
    early = problems(program.post(f"{path}submit/", ATTESTATION))
    assert {"employee.last_name", "requesting_physician.specialty", "items", "attorney", "signature.signer"} <= set(
        early
    )

    rest = {name: body[name] for name in body if name not in {"items", "review_type", "claim", "employer"}}
    changed = program.patch(path, {"version": case["draft_version"], **rest})
    assert changed.status_code == 200, changed.content
    assert changed.json()["application"]["employee"]["last_name"] == "Sandoval"
    only = program.patch(path, {"version": changed.json()["draft_version"], "employee": {"first_name": "Mara"}})
    assert only.json()["application"]["employee"] == {**changed.json()["application"]["employee"], "first_name": "Mara"}
    late = program.patch(path, {"version": case["draft_version"], "employee": {"first_name": "Lost"}})
    assert (late.status_code, late.json()["errors"][0]["code"]) == (409, "stale_version")
    assert problems(program.patch(path, {"employee": {"first_name": "Lost"}})).keys() == {"version"}

    added = program.post(f"{path}items/", body["items"][0])
    assert added.status_code == 201, added.content
    item = added.json()
    repeated = program.post(f"{path}items/", body["items"][0])
    assert (repeated.status_code, set(problems(repeated))) == (400, {"description"})
    listed = program.get(f"{path}items/").json()
    edited = program.patch(
        f"{path}items/{item['id']}/",
        {"version": listed["draft_version"], "ur_outcome": "modified", "authorized": "3 sessions", "remaining": "3"},
    )
    assert edited.status_code == 200, edited.content
    assert (edited.json()["remaining"], edited.json()["description"]) == ("3", item["description"])
    assert program.patch(f"{path}items/{item['id']}/", {"version": 1, "code": "1"}).status_code == 409
    assert program.delete(f"{path}items/{item['id']}/").status_code == 204
    assert DisputedItem.objects.filter(case_id=case["id"]).count() == 0
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404


def test_submitted_application_stays_as_it_was_filed(cast: Cast, program: Program) -> None:
    case = make_case(user=cast.claims, documents=["medical_report"])
    item, document = case.items.get(), case.documents.first()
    assert document is not None
    path = f"cases/{case.pk}/"
    answers = [
        program.patch(path, {"version": 1, "review_type": "regular"}),
        program.delete(path),
        program.post(f"{path}items/", application()["items"][0]),
        program.patch(f"{path}items/{item.pk}/", {"version": 1, "code": "1"}),
        program.delete(f"{path}items/{item.pk}/"),
        program.delete(f"{path}documents/{document.pk}/"),
        program.post(f"{path}submit/", ATTESTATION),
    ]
    assert [answer.status_code for answer in answers] == [409] * 7
    # Records still come in after the submission.
    assert program.upload(f"{path}documents/", kind="medical_report", file=upload_file()).status_code == 201


def test_documents_are_refused_with_reasons_and_removed_while_a_draft(cast: Cast, program: Program) -> None:
    case = make_draft(cast.claims)
    path = f"cases/{case.pk}/documents/"
    held = Document.objects.filter(case=case, removed_at__isnull=True).count()
    assert problems(program.upload(path, kind="ur_decision")) == {"file": "Send the PDF as the field “file”."}
    assert problems(program.upload(path, kind="nonsense", file=upload_file())).keys() == {"kind"}
    web_page = program.upload(path, kind="other", file=upload_file("a.pdf", b"<html>no</html>"))
    assert (web_page.status_code, web_page.json()["errors"][0]["code"]) == (400, "not_pdf")
    empty = program.upload(path, kind="other", file=upload_file("a.pdf", b""))
    assert (empty.status_code, empty.json()["errors"][0]["code"]) == (400, "empty")
    foreign = {"kind": "other", "file": upload_file("CM16-0001234 report.pdf")}
    assert problems(program.upload(path, **foreign)).keys() == {"is_name_confirmed"}
    again = {**foreign, "file": upload_file("CM16-0001234 report.pdf")}
    added = program.upload(path, **again, is_name_confirmed="true")
    assert added.status_code == 201, added.content
    assert program.get(path).json()["results"][-1]["file_name"] == "CM16-0001234 report.pdf"
    assert program.delete(f"{path}{added.json()['id']}/").status_code == 204
    assert program.get(f"{path}{added.json()['id']}/").status_code == 404
    assert Document.objects.filter(case=case, removed_at__isnull=True).count() == held
