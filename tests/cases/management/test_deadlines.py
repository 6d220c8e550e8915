"""`manage.py deadlines`: one answer a line, whatever the line."""

import io
import json
import sys
import time
from typing import Any

import pytest
from django.core.management import call_command

from cases.models import Holiday, LegalParameter


def ask(lines: bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[list[dict[str, Any]], int]:
    """The answers of the command to `lines`, and its exit status."""
    told = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), encoding="utf-8"))
    monkeypatch.setattr(sys, "stdout", told)
    status = 0
    try:
        call_command("deadlines", *options)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return [json.loads(line) for line in told.getvalue().splitlines()], status


def test_deadlines_answers_every_line_and_says_when_one_had_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    good = b'{"rule": "D1", "start": "2026-03-06", "service": "mail", "place": "california"}\n'
    bad = [
        b"{bad\n",
        b"\n",
        b"\xff\xfe\n",
        b"[" * 60_000 + b"\n",
        b'{"rule": "' + b"D" * 70_000 + b'"}\n',
        b'{"rule": "D1"}\n',
        b'{"rule": "D1", "start": 1' + b"0" * 5_000 + b"}",
    ]
    answers, status = ask(good, monkeypatch, "--fixture")
    assert status == 0
    assert answers[0]["due"] == "2026-04-10"
    assert set(answers[0]) >= {"rule", "due", "citation", "steps"}
    answers, status = ask(good + b"".join(bad) + b"\n" + good, monkeypatch, "--fixture")
    assert status == 1
    assert ["error" in answer for answer in answers] == [False, *[True] * len(bad), False]
    assert all(set(answer) == {"error"} for answer in answers[1:-1])


@pytest.mark.django_db
def test_deadlines_uses_the_rows_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    LegalParameter.objects.filter(name="filing_period").update(value=31, label="Thirty-one")
    Holiday.objects.create(day="2026-04-07", name="A day the Governor appointed", basis="test")
    question = b'{"rule": "D1", "start": "2026-03-07", "service": "personal"}\n'
    stored, _ = ask(question, monkeypatch)
    fixed, _ = ask(question, monkeypatch, "--fixture")
    assert (stored[0]["due"], fixed[0]["due"]) == ("2026-04-08", "2026-04-06")


@pytest.mark.django_db
def test_deadlines_falls_back_to_the_reviewed_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    LegalParameter.objects.all().delete()
    answers, status = ask(b'{"rule": "D7", "start": "2026-03-06"}\n', monkeypatch)
    assert (answers[0]["due"], status) == ("2026-03-09", 0)
    assert "reviewed rows" in capsys.readouterr().err


def test_deadlines_answers_thousands_of_lines_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    question = b'{"rule": "D15", "start": "2026-10-27", "service": "mail", "place": "abroad"}\n'
    began = time.perf_counter()
    answers, status = ask(question * 3_000, monkeypatch, "--fixture")
    assert (len(answers), status) == (3_000, 0)
    assert time.perf_counter() - began < 60
