"""Every stored letter is compared with what is on record; one flipped byte is found."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from imr.audit.models import Event
from imr.core import jobs, storage
from imr.core.models import JobState, OutboxJob
from reviews.enums import LetterKind
from reviews.models import Determination, Dispatch, Letter
from reviews.services import verification
from reviews.services.verification import Fault, promise_verification, stored_letters, verify_letters
from tests.factories.letters import make_signable


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_letters", *arguments, stdout=out, stderr=err)
    except SystemExit as error:
        return int(error.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def flip(letter: Letter, position: int = 100) -> None:
    path = storage.local_path(letter.sha256)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


def test_letters_are_checked_and_every_fault_is_found(db: None, settings: Settings) -> None:
    letter = make_signable().served()
    final = Letter.objects.get(case=letter.case, kind=LetterKind.FINAL)
    status, out, err = run("--all")
    assert (status, err) == (0, "")
    assert out.startswith("2 letters, 2 ok, 1 signed, no fault; ")

    flip(letter)
    status, out, err = run(str(letter.case.number))
    assert status == 1
    assert err == f"{letter.case.number}, served letter, version 1: The file is not the one that was stored.\n"
    assert "1 changed" in out
    flip(letter)

    # A file that was made anew under a name of its own, and a row that follows it: the signature tells.
    path = storage.local_path(final.sha256)
    data = storage.local_path(letter.sha256).read_bytes()
    start = data.rindex(b"/Reason")
    forged = storage.store_bytes(data[: start + 12] + bytes([data[start + 12] ^ 1]) + data[start + 13 :])
    letter.sha256, letter.size = forged.sha256, forged.size
    assert verification.verify_letter(letter).faults == (Fault.SIGNATURE,)
    letter.refresh_from_db()
    letter.size += 1
    letter.determination.snapshot["letter"]["priority"] = "Other"
    letter.dispatch.context = {"version": 9}
    assert verification.verify_letter(letter).faults == (Fault.WORDS, Fault.CONTEXT, Fault.CHANGED)

    path.unlink()
    status, out, err = run("--all", "--json")
    assert status == 1
    assert json.loads(out) == {
        "checked": 2,
        "ok": 1,
        "signed": 1,
        "faults": [
            {
                "case_number": letter.case.number,
                "letter": final.pk,
                "kind": "final",
                "version": 1,
                "faults": ["missing"],
            }
        ],
    }
    assert "The file is not in the store." in err

    # The night's round says the same in the record, and goes on where its time ends.
    promise_verification()
    promise_verification()
    (job,) = OutboxJob.objects.filter(name=verification.VERIFY_LETTERS)
    settings_span, verification.SPAN = verification.SPAN, -verification.SPAN
    try:
        assert jobs.run(job.pk) == JobState.DONE
    finally:
        verification.SPAN = settings_span
    following = OutboxJob.objects.exclude(pk=job.pk).get(name=verification.VERIFY_LETTERS)
    assert following.args == {"after": final.pk, "checked": 1, "faulty": 1}
    assert jobs.run(following.pk) == JobState.DONE
    events = list(Event.objects.filter(action="letters.verified").order_by("pk"))
    assert [(event.outcome, event.detail) for event in events] == [
        ("failed", {"faults": ["missing"]}),
        ("failed", {"checked": 2, "faulty": 1}),
    ]
    assert events[0].case_id == letter.case_id


def test_command_names_what_it_does_not_know(db: None) -> None:
    for arguments, words in (
        (("CM26-9999999",), "No letter is on record"),
        ((), "Name one or more"),
        (("x", "--all"), "Name one or more"),
    ):
        with pytest.raises(CommandError, match=words):
            run(*arguments)


def test_empty_archive_is_no_fault(db: None) -> None:
    assert list(verify_letters(stored_letters())) == []
    assert run("--all")[0] == 0
    assert not Dispatch.objects.exists()
    assert not Determination.objects.exists()
