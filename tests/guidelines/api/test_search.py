"""Search in the catalog over the programs' interface."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

from django.conf import settings
from django.test import Client

from imr.accounts.models import User
from tests.factories.accounts import Cast
from tests.factories.api import make_program, problems


def test_search_finds_citable_places(cast: Cast, client_of: Callable[[User], Client]) -> None:
    program = make_program(cast.manager)
    found = program.get("guidelines/", q="chron exer", page_size=5).json()["results"]
    assert found
    assert len(found) <= 5
    assert all(row["citation"] for row in found)
    mtus = program.get("guidelines/", q="chron", body="mtus", on="2012-06-01").json()["results"]
    assert {row["body"] for row in mtus} == {"mtus"}
    assert all(row["in_force_from"] <= "2012-06-01" for row in mtus)
    assert client_of(cast.reviewer).get("/api/v1/guidelines/?q=pain").status_code == 200
    assert client_of(cast.operator).get("/api/v1/guidelines/?q=pain").status_code == 403


def test_search_of_the_manual_finds_something(cast: Cast) -> None:
    manual = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
    example = re.search(r"`/(guidelines/)\?([^`]+)`", manual)
    assert example is not None
    assert make_program(cast.manager).get(example[1], **dict(parse_qsl(example[2]))).json()["results"]


def test_search_says_what_it_cannot_read(cast: Cast) -> None:
    program = make_program(cast.manager)
    assert problems(program.get("guidelines/")) == {"q": "Say what to look for (q)."}
    assert problems(program.get("guidelines/", q="pain", body="x")).keys() == {"body"}
    assert problems(program.get("guidelines/", q="pain", on="02/30/2015")).keys() == {"on"}
    assert problems(program.get("guidelines/", q="x" * 201)).keys() == {"q"}
    assert problems(program.get("guidelines/", q="pain", page_size=101)).keys() == {"page_size"}
