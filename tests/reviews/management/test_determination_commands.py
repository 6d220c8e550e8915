"""The commands on many determinations, and the circle: letter, export, letter of ours, and back, all equal."""

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from imr.audit.models import Event
from reviews.letters.exchange_schema import EXCHANGE_SCHEMA
from reviews.management.commands.export_exchange_schema import document
from reviews.models import ArchivedDetermination
from reviews.selectors.exchange import exchange_of
from tests.factories.letters import make_signable
from tests.reviews.letters.reader.published import published_pdf
from tests.reviews.letters.reader.random_letters import random_letter
from tests.reviews.letters.test_exchange import DATA

pytestmark = pytest.mark.django_db

NASTY = DATA | {
    "case_number": "CM16-0000777",
    "certifications": ["Public Health & General Preventive Medicine", "Sports Medicinea"],
    "clinical_case_summary": "Motor strength 4/5 — “normal” at 45°, 3 × 4 mm, non-\ncertified ®; lo9w back é ß Ω μ ≥.",
    "items": [
        DATA["items"][0]
        | {
            "item": "Hydrocodone/APAP 320.5/30/16mg: QTY: 2, DOS: 11/11/2016",
            "claims_administrator_guideline": (
                "Decision based on Non-MTUS Citation https://guides.example/a/very/long/address/that/goes/on/"
                + "and/on/" * 20
                + " and www.drugs.example/pro/x.html."
            ),
            "decision_rationale": "First <b>paragraph</b> & more.\n\nDecision rationale: again, a label. "
            + "Word " * 900,
        },
        DATA["items"][0] | {"decision": "Upheld", "item": "Associated surgical service: Sling"},
    ],
}
# It shows as another word than it says.
HIDDEN = DATA | {
    "case_number": "CM16-0000778",
    "clinical_case_summary": "The request is \u202eyrassecen\u202c necessary.",
}


class Ran:
    """A command that was run: its two outputs, and whether it failed."""

    def __init__(self, *arguments: Any) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.problem = ""
        try:
            call_command(*(str(argument) for argument in arguments), stdout=out, stderr=err)
        except CommandError as error:
            self.problem = str(error)
        self.out, self.lines = out.getvalue(), err.getvalue().splitlines()

    @property
    def data(self) -> Any:
        return json.loads(self.out)


def test_letters_go_the_whole_circle_and_come_back_equal(tmp_path: Path) -> None:
    letters, pdfs = tmp_path / "letters", tmp_path / "pdfs"
    letters.mkdir()
    for seed in range(3):
        letter, look = random_letter(seed)
        (letters / f"{seed}.pdf").write_bytes(published_pdf(letter, look))
    (letters / "nasty.json").write_text(json.dumps([NASTY]), encoding="utf-8")
    (letters / "broken\n.pdf").write_bytes(b"%PDF-1.7 nothing")

    first = Ran("import_determinations", letters, "--json", "--jobs", "2")
    assert first.problem == "1 of 5 files failed."
    assert [line.rpartition(": ")[2] for line in first.lines[:3]] == ["stored"] * 3
    assert first.lines[3].endswith("broken\\n.pdf: failed: The file is damaged or not a PDF.")
    assert first.lines[4].endswith("nasty.json: 1 determination, 2 items: stored")
    assert first.lines[5].startswith("5 files: 4 stored, 0 unchanged, 1 failed; ")

    exported = Ran("export_determinations", "--all")
    assert sorted(first.data, key=lambda one: str(one["case_number"])) == exported.data
    jsonschema.validate(exported.data, EXCHANGE_SCHEMA)

    rendered = Ran("render_letters", "--all", "--out", pdfs, "--jobs", "1", "--check")
    assert rendered.problem == ""
    assert rendered.out.startswith("4 letters, ")
    assert sorted(path.name for path in pdfs.iterdir()) == [f"{one['case_number']}.pdf" for one in exported.data]

    number = exported.data[0]["case_number"]
    assert Ran("render_letters", number, "--out", tmp_path / "public", "--public", "--jobs", "1").problem == ""
    assert (tmp_path / "public" / f"{number}.pdf").read_bytes() == (pdfs / f"{number}.pdf").read_bytes()

    back = Ran("import_determinations", pdfs, "--json", "--strict")
    assert back.problem == ""
    assert back.data == exported.data
    again = Ran("import_determinations", letters / "nasty.json", pdfs / "CM16-0000777.pdf")
    assert again.lines[-1].startswith("2 files: 0 stored, 2 unchanged, 0 failed")
    (tmp_path / "export.json").write_text(exported.out, encoding="utf-8")
    assert Ran("import_determinations", tmp_path / "export.json", "--dry-run", "--json").data == exported.data
    assert ArchivedDetermination.objects.count() == 4
    assert list(Event.objects.filter(action="archive.export").values_list("detail__how", "detail__count")) == [
        ("json", 4),
        ("pdf", 4),
        ("public pdf", 1),
    ]


def test_letter_that_would_say_something_else_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps([HIDDEN, DATA]))
    assert Ran("import_determinations", tmp_path / "x.json").problem == ""
    assert "hidden direction marks" in ArchivedDetermination.objects.get(case_number="CM16-0000778").problems[0]
    (tmp_path / "CM16-0000001.pdf").write_text("an older file")
    rendered = Ran("render_letters", "CM16-0000778", "CM16-0000001", "CM16-0000009", "--out", tmp_path, "--jobs", "1")
    assert rendered.problem == "2 letters could not be written."
    assert rendered.lines[0].startswith("CM16-0000778: The finished letter reads otherwise in: clinical case summary.")
    assert rendered.lines[1] == "CM16-0000009: there is no determination of this case."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CM16-0000001.pdf", "x.json"]
    assert (tmp_path / "CM16-0000001.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_own_cases_are_exported_and_rendered_as_signed(tmp_path: Path) -> None:
    signed = make_signable(items=[{}, {"is_retrospective": True}]).sign()
    number = str(signed.case.number)
    exported = Ran("export_determinations", number, "CM16-0000009")
    assert exported.data == [exchange_of(signed).to_data()]
    assert exported.lines == ["CM16-0000009: there is no determination of this case."]
    assert exported.problem == "1 of 2 cases could not be exported."
    jsonschema.validate(exported.data, EXCHANGE_SCHEMA)
    assert Ran("render_letters", number, "--out", tmp_path / "new" / "folder", "--jobs", "1").problem == ""
    public = Ran("render_letters", number, "--out", tmp_path / "public", "--jobs", "1", "--public")
    assert public.lines == [f"{number}: No public copy of this letter is approved."]
    assert list((tmp_path / "public").iterdir()) == []
    back = Ran("import_determinations", tmp_path / "new", "--json", "--dry-run")
    assert (back.data, back.problem) == (exported.data, "")


def test_commands_say_what_they_need(tmp_path: Path) -> None:
    assert Ran("export_determinations").problem == "Name the cases, or say --all."
    assert Ran("export_determinations", "CM16-0000001", "--all").problem == "Name cases or say --all, not both."
    assert Ran("export_determinations", "--all").data == []
    assert "give a number from 1 to 256" in Ran("import_determinations", tmp_path, "--jobs", "0").problem
    (tmp_path / "file").write_text("")
    assert Ran("render_letters", "--all", "--out", tmp_path / "file").problem.endswith("is not a folder.")


def test_schema_is_valid_published_and_refuses_what_the_import_refuses() -> None:
    jsonschema.Draft202012Validator.check_schema(EXCHANGE_SCHEMA)
    assert (Path(settings.BASE_DIR) / "docs" / "exchange.schema.json").read_text(encoding="utf-8") == document()
    validator = jsonschema.Draft202012Validator(EXCHANGE_SCHEMA)
    assert validator.is_valid([DATA])
    changes: list[dict[str, Any]] = [
        {"decision_date": "2017-01-30"},
        {"decision_date": "13/01/2017"},
        {"items": []},
        {"certifications": []},
        {"case_number": "../x"},
        {"reviewer": "x"},
        {"clinical_case_summary": "  "},
        {"items": [DATA["items"][0] | {"decision": "Modified"}]},
    ]
    for change in changes:
        assert not validator.is_valid([DATA | change]), change
