"""The checks from the command line."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.enums import CaseOutcome, Outcome
from imr.audit.models import Event
from reviews.enums import SourceFormat
from reviews.models import ArchivedDetermination, ArchivedItem
from tests.factories.checks import INVENTED
from tests.factories.letters import make_signable

KEYS = {"case_number", "item", "code", "severity", "message", "quote"}


def run(*arguments: str, **options: Any) -> tuple[str, str]:
    """What the command writes to its output and to its errors."""
    out, err = io.StringIO(), io.StringIO()
    call_command("check_determinations", *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def make_archived(number: str, **changes: Any) -> ArchivedDetermination:
    archived = ArchivedDetermination.objects.create(
        **{
            "case_number": number,
            "priority": "Standard",
            "date_assigned": date(2016, 12, 1),
            "date_of_injury": date(2015, 3, 14),
            "decision_date": date(2017, 1, 4),
            "ur_denial_date": date(2016, 11, 2),
            "application_received": date(2016, 11, 20),
            "states_of_licensure": ["California"],
            "certifications": ["Occupational Medicine"],
            "clinical_case_summary": "A woman of 40 was injured on 3/14/2014.",
            "outcome": CaseOutcome.UPHOLD,
            "format": SourceFormat.values[0],
            "source_name": "letter.pdf",
            "source_sha256": "0" * 64,
            "content_sha256": "1" * 64,
            **changes,
        }
    )
    ArchivedItem.objects.create(
        determination=archived,
        position=1,
        text="Acupuncture, 6 visits",
        outcome=Outcome.UPHELD,
        claims_guideline="",
        reviewer_guideline="",
        rationale="The trial of acupuncture is within the guideline. The request is medically necessary.",
    )
    return archived


@pytest.mark.django_db
def test_command_checks_signed_and_archived_determinations() -> None:
    case = make_signable(items=[{"description": "MRI of the right knee [...]"}])
    determination = case.sign()
    make_archived("CM16-0012345")
    out, err = run("--all", "--json")
    found = json.loads(out)
    assert all(row.keys() >= KEYS for row in found)
    assert {(row["case_number"], row["item"], row["code"]) for row in found} == {
        (case.case.number, 1, "template_remains"),
        ("CM16-0012345", None, "date_of_injury"),
        ("CM16-0012345", 1, "outcome"),
    }
    assert "2 determinations, 2 items: 3 alarms (150.0 per 100 items)" in err
    assert Event.objects.filter(action="determination.checked", object_id=determination.pk).count() == 1
    out, _ = run("cm16-0012345 ")
    assert "advice outcome, item 1: Acupuncture, 6 visits" in out
    assert "1 determinations, 1 items: 2 alarms" in out


@pytest.mark.django_db
def test_command_names_what_it_cannot_find() -> None:
    with pytest.raises(CommandError, match="CM26-7654321"):
        run("CM26-7654321")
    with pytest.raises(CommandError, match="Name case numbers"):
        run()
    with pytest.raises(CommandError, match="no determination"):
        run("--all")


def test_command_reads_a_file_and_measures_planted_mistakes(tmp_path: Path) -> None:
    entries = json.loads(INVENTED.read_text())[:6]
    file = tmp_path / "letters.json"
    file.write_text(json.dumps(entries))
    out, _ = run("--notes", plant=1, file=file)
    assert "0 alarms (0.0 per 100 items)" in out
    assert "note not_in_record, item" in out
    assert "planted swap_side:" in out
    assert "planted foreign_number:" in out

    for text, words in (
        ("{", "cannot be read as JSON"),
        ("{}", "JSON list"),
        (json.dumps([{**entries[0], "priority": 3}]), "determination 1"),
        ("[]", "no determination"),
    ):
        file.write_text(text)
        with pytest.raises(CommandError, match=words):
            run(file=file)
