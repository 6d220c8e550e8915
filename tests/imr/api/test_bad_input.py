"""Bad requests and the answer that each gets: the rows of the table of bad input, and never a 500."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.api.examples import ITEM
from cases.models import Case
from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.api import Program, application, make_program, problems
from tests.factories.cases import make_draft, upload_file


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.manager)


def body(**parts: Any) -> str:
    return json.dumps(application(**parts))


def many(number: int) -> dict[str, Any]:
    return {**ITEM, "description": f"Treatment {number}"}


def with_word(word: str) -> str:
    """A whole application in which the JSON text `word` stands for the worker's last name."""
    return body().replace('"Sandoval"', word, 1)


BODIES = [
    pytest.param(lambda: with_word('"a\\u0000b"'), 400, "employee.last_name", "invisible character", id="B3-nul"),
    pytest.param(lambda: with_word('"\\ud800"'), 400, "employee.last_name", "surrogate", id="B4-surrogate"),
    pytest.param(lambda: '{"\\ud800": 1}', 400, None, "does not print", id="B4-surrogate-in-key"),
    pytest.param(lambda: "[" * 100_000, 400, None, "nested too deeply", id="B5-deep-body"),
    pytest.param(lambda: with_word("[" * 40 + "]" * 40), 400, None, "nested too deeply", id="B5-deep-field"),
    pytest.param(lambda: '"' + '\\"' * 400_000, 400, None, "not JSON", id="B5-scan-is-linear"),
    pytest.param(lambda: with_word('"' + "x" * 1_100_000 + '"'), 413, None, "1 MB", id="B6-large"),
    pytest.param(lambda: body()[:-20], 400, None, "not JSON", id="B8-truncated"),
    pytest.param(lambda: "", 400, None, "empty", id="B8-empty"),
    pytest.param(lambda: "   ", 400, None, "empty", id="B8-blank"),
    pytest.param(lambda: "null", 400, "non_field_errors", "", id="B8-null"),
    pytest.param(lambda: "[]", 400, "non_field_errors", "JSON object", id="B8-list"),
    pytest.param(lambda: '"text"', 400, "non_field_errors", "JSON object", id="B8-text"),
    pytest.param(lambda: "{}", 400, None, "at least one part", id="B8-nothing"),
    pytest.param(lambda: body(employee=[1]), 400, "employee.non_field_errors", "JSON object", id="B8-list-for-part"),
    pytest.param(lambda: body(items={}), 400, "items", "list", id="B8-object-for-list"),
    pytest.param(lambda: b'{"review_type": "\xff"}', 400, None, "UTF-8", id="B9-utf8"),
    pytest.param(lambda: '{"submit": true, "submit": false}', 400, None, "twice", id="B10-duplicate"),
    pytest.param(lambda: body(statsu="draft"), 400, "statsu", "Unknown field", id="B11-unknown"),
    pytest.param(lambda: body(status="issued"), 400, "status", "Unknown field", id="B11-status"),
    pytest.param(lambda: body(organization=1), 400, "organization", "read only", id="B11-organization"),
    pytest.param(lambda: with_word("NaN"), 400, None, "NaN", id="B12-nan"),
    pytest.param(lambda: with_word("-Infinity"), 400, None, "Infinity", id="B12-infinity"),
    pytest.param(lambda: with_word("1e400"), 400, None, "too large", id="B12-1e400"),
    pytest.param(lambda: with_word("9" * 5_000), 400, None, "digits", id="B12-digits"),
    pytest.param(lambda: with_word("7"), 400, "employee.last_name", "text", id="B12-number-for-text"),
    pytest.param(lambda: with_word("true"), 400, "employee.last_name", "text", id="B12-true-for-text"),
    pytest.param(lambda: with_word('""'), 400, "employee.last_name", "Enter the last name", id="B1-empty"),
    pytest.param(lambda: with_word("null"), 400, "employee.last_name", "Enter the last name", id="B1-null"),
    pytest.param(lambda: with_word('"\\u00a0"'), 400, "employee.last_name", "Enter the last name", id="B1-nbsp"),
    pytest.param(lambda: with_word('"\\u200b"'), 400, "employee.last_name", "Enter the last name", id="B1-zwsp"),
    pytest.param(lambda: with_word('"a\\u0001b"'), 400, "employee.last_name", "after “a”", id="B2-control"),
    pytest.param(lambda: with_word('"a\\u202eb"'), 400, "employee.last_name", "direction marks", id="B74-bidi"),
    pytest.param(lambda: body(items=[many(n) for n in range(61)]), 400, "items", "at most 60", id="B18-61-items"),
    pytest.param(
        lambda: body(items=application()["items"] * 2), 400, "items.1.description", "same description", id="B18-twice"
    ),
    pytest.param(lambda: body(review_type="x"), 400, "review_type.non_field_errors", "", id="choice"),
    pytest.param(lambda: body(review_type={"a": 1}), 400, "review_type", "text", id="object-for-choice"),
]


@pytest.mark.parametrize(("make", "status", "place", "words"), BODIES)
def test_bad_bodies_are_refused_where_they_are_bad(
    program: Program, make: Callable[[], Any], status: int, place: str | None, words: str
) -> None:
    response = program.send("POST", "cases/", make())
    told = problems(response)
    assert response.status_code == status, told
    assert place in told, told
    assert words in told[place]
    assert Case.objects.count() == 0


DATES = ["02/30/2015", "0000-01-01", "0001-01-01", "12/31/9999", "01/02/15", "31/12/2014", "soon"]


@pytest.mark.parametrize("typed", DATES)
def test_impossible_dates_are_refused_b14(program: Program, typed: str) -> None:
    parts = application()
    parts["claim"]["date_of_injury"] = typed
    assert list(problems(program.post("cases/", parts))) == ["claim.date_of_injury"]


def test_names_and_hostile_text_are_kept_as_written_b31_b32_b36(program: Program) -> None:
    for name in ["O'Brien-Peña Jr.", "Nguyễn", "Null", "' OR 1=1--", "{{7*7}}", "<script>alert(1)</script>", "Łukasz"]:
        parts = application()
        parts["employee"]["last_name"] = name
        created = program.post("cases/", parts)
        assert created.status_code == 201
        assert created.json()["application"]["employee"]["last_name"] == name


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        pytest.param("text/plain", b"{}", 415, id="B8-text"),
        pytest.param("application/x-www-form-urlencoded", b"review_type=regular", 415, id="B8-form"),
        pytest.param("application/json; charset=utf-16", "{}".encode("utf-16"), 400, id="B8-utf16"),
        pytest.param("nonsense", b"{}", 415, id="B8-nonsense"),
        pytest.param("", b"{}", 415, id="B8-none"),
    ],
)
def test_other_kinds_of_body_are_not_taken(program: Program, kind: str, data: bytes, status: int) -> None:
    response = program.send("POST", "cases/", data, content_type=kind)
    assert (response.status_code, bool(problems(response))) == (status, True)


def test_bad_forms_are_refused_b7_b9(cast: Cast, program: Program) -> None:
    path = f"cases/{make_draft(cast.claims).pk}/documents/"
    many = program.upload(path, kind="other", file=upload_file(), **{f"x{number}": "1" for number in range(300)})
    assert (many.status_code, problems(many)[None]) == (400, "The form has more than 200 fields.")
    above = program.upload(path, kind="other", **{f"x{number}": "1" for number in range(5_100)})
    assert (above.status_code, problems(above)[None]) == (400, "The form has more than 200 fields.")
    assert problems(program.upload(path, kind="other", file=upload_file(), uploaded_by="1")) == {
        "uploaded_by": "Unknown field."
    }
    assert problems(program.upload(path, kind=["other", "rfa"], file=upload_file())) == {"kind": "Give this once."}
    two = program.upload(path, kind="other", file=[upload_file(), upload_file()])
    assert problems(two) == {"file": "Send one file at a time."}
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="\xff.pdf"\r\n\r\nx\r\n--b--\r\n'
    name = program.send("POST", path, head, content_type="multipart/form-data; boundary=b")
    assert (name.status_code, "file" in problems(name)) == (400, True)
    for broken in ["multipart/form-data", "multipart/form-data; boundary=b; charset=nonsense", "application/json"]:
        assert program.send("POST", path, b"--b\r\n", content_type=broken).status_code in {400, 415}
    assert program.send("POST", path, b"", content_type="multipart/form-data; boundary=b").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "reviewer=1",
        "fields=*",
        "expand=reviewer",
        "ordering=reviewer__last_name",
        "ordering=",
        "status=nonsense",
        "status=draft&status=issued",
        "page=-1",
        "page_size=0",
        "page_size=100000",
        "page_size=" + "9" * 5_000,
        "page_size=x",
        "after=x",
        "before=" + "x" * 600,
        "received_from=02/30/2015",
        "received_from=%00",
        "q=%00",
        "q=" + "x" * 201,
        "q=%ff%EF%BF%BF",
        "claim_number=" + "x" * 60,
    ],
)
def test_unknown_and_bad_queries_are_refused_b28_b29(program: Program, query: str) -> None:
    response = program.client.get(f"/api/v1/cases/?{query}", headers=program.headers)
    told = problems(response)
    assert response.status_code == 400, told
    assert list(told) == [query.partition("=")[0]]
    assert "reviewer__" not in "".join(told.values()).replace('"reviewer__last_name"', "")


@pytest.mark.parametrize("path", ["cases/", "guidelines/"])
@pytest.mark.parametrize("words", ["%", "_", "\\", "'\"", "(a+)+$", "a b c " * 30, "\ufeff"])
def test_search_takes_signs_literally_b30(cast: Cast, program: Program, path: str, words: str) -> None:
    make_draft(cast.claims)
    response = program.get(path, q=words)
    assert response.status_code == 200
    if path == "cases/":
        # A mark without width is no word, so it narrows nothing.
        assert len(response.json()["results"]) == (1 if words == "\ufeff" else 0)


@pytest.mark.parametrize(
    "number", ["9" * 40, "-1", "%00", "1.5", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "..%2f1", "x"]
)
def test_impossible_ids_read_like_missing_ones_b27_b40(program: Program, number: str) -> None:
    missing = program.get("cases/9999999/")
    response = program.get(f"cases/{number}/")
    assert (response.status_code, response.content) == (404, missing.content)
    assert response["Content-Type"] == missing["Content-Type"]


def test_methods_that_an_address_does_not_know_are_refused_b37(cast: Cast, program: Program) -> None:
    path = f"cases/{make_draft(cast.claims).pk}/"
    for method, address in [
        ("PUT", path),
        ("POST", path),
        ("TRACE", "cases/"),
        ("OPTIONS", "cases/"),
        ("DELETE", "cases/"),
        ("GET", f"{path}submit/"),
        ("PATCH", f"{path}documents/"),
        ("LINK", "cases/"),
    ]:
        response = program.send(method, address, {})
        assert (response.status_code, bool(problems(response))) == (405, True), (method, address)
    overridden = program.client.post(f"/api/v1/{path}", headers={**program.headers, "X-HTTP-Method-Override": "DELETE"})
    assert overridden.status_code == 405
    assert program.send("HEAD", path).status_code == 200
    assert program.send("HEAD", "cases/9999999/").status_code == 404


def test_sessions_need_the_csrf_token_and_tokens_do_not_b38(
    cast: Cast, client_of: Callable[[User], Client], program: Program
) -> None:
    browser = client_of(cast.claims, enforce_csrf_checks=True)  # type: ignore[call-arg]
    refused = browser.post("/api/v1/cases/", body(), content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "permission_denied")
    assert browser.get("/api/v1/cases/").status_code == 200
    assert Case.objects.count() == 0
    assert program.send("POST", "cases/", body()).status_code == 201
