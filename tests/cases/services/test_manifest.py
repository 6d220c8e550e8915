"""Signed manifests, and that the verifier refuses whatever was changed (B14, N4)."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.enums import CaseStatus, ServiceMethod
from cases.models import Case, Document, SubmissionManifest
from cases.services.manifest import render_manifest, sign_first, sign_submission
from cases.services.receipt import render_receipt
from cases.services.records import record_notice_served
from imr.audit.models import Event
from imr.core import clock, manifest_verifier, signing, storage
from imr.core.errors import ConflictError, UnavailableError
from imr.core.manifest_verifier import verify
from imr.core.signing import SignatureState
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_draft

type ClientOf = Callable[..., Client]


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody has who wants to check: manifest, certificate, files."""

    manifest: Path
    certificate: Path
    folder: Path

    def problems(self, *, needs_all: bool = True) -> list[str]:
        return verify(self.manifest, self.certificate, [self.folder], needs_all=needs_all)[1]

    def change(self, act: Callable[[dict[str, Any]], object]) -> None:
        told = json.loads(self.manifest.read_text(encoding="utf-8"))
        act(told)
        self.manifest.write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture
def case(cast: Cast) -> Case:
    """One record came in time, one three hours late."""
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    early, late = make_document(case, title="In time"), make_document(case, title="Too late")
    record_notice_served(
        case_id=case.pk, actor=cast.administrator, method=ServiceMethod.ELECTRONIC, served_at=clock.now()
    )
    due = case.deadlines.get(kind="records").due_at
    Document.objects.filter(pk=early.pk).update(received_at=due - timedelta(days=2))
    Document.objects.filter(pk=late.pk).update(received_at=due + timedelta(hours=3))
    return case


@pytest.fixture
def proof(case: Case, cast: Cast, client_of: ClientOf, tmp_path: Path) -> Proof:
    """All of it as it is downloaded from the page."""
    client = client_of(cast.claims)
    assert client.post(reverse("cases:manifest-sign", args=[case.pk])).status_code == 302
    manifest = SubmissionManifest.objects.get(case=case)
    told = client.get(reverse("cases:manifest-download", args=[case.pk, manifest.pk, "json"])).content
    pem = Client().get(reverse("cases:manifest-certificate")).content
    folder = tmp_path / "files"
    folder.mkdir()
    for document in Document.objects.filter(case=case):
        (folder / document.original_name).write_bytes(storage.local_path(document.sha256).read_bytes())
    (tmp_path / "manifest.json").write_bytes(told)
    (tmp_path / "certificate.pem").write_bytes(pem)
    return Proof(tmp_path / "manifest.json", tmp_path / "certificate.pem", folder)


def test_what_was_downloaded_holds_without_the_product(proof: Proof, tmp_path: Path) -> None:
    program = tmp_path / "manifest_verifier.py"
    program.write_bytes(Client().get(reverse("cases:manifest-verifier")).content)
    done = subprocess.run(
        [sys.executable, "-I", program, proof.manifest, proof.certificate, proof.folder],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Records due" in done.stdout
    assert "missed by 3 hours" in done.stdout
    assert done.stdout.endswith("All of it holds.\n")


def test_a_changed_byte_of_a_file_is_refused(proof: Proof) -> None:
    path = next(iter(sorted(proof.folder.iterdir())))
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    problems = proof.problems()
    assert len(problems) == 2
    assert any("It was changed, or is another" in line for line in problems)
    assert any("not among your files" in line for line in problems)


def test_a_missing_file_is_refused_unless_some_are_enough(proof: Proof) -> None:
    next(iter(sorted(proof.folder.iterdir()))).unlink()
    assert len(proof.problems()) == 1
    assert proof.problems(needs_all=False) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda told: told["manifest"]["files"][-1].update(received_at="2026-01-01T00:00:00+00:00"),
        lambda told: told["manifest"].update(signed_at="2026-01-01T00:00:00+00:00"),
        lambda told: told["manifest"]["files"][-1]["deadline"].update(kept=True),
        lambda told: told["manifest"]["files"][0].update(sha256="0" * 64),
        lambda told: told["manifest"].update(note="added"),
        lambda told: told["manifest"]["files"].pop(),
    ],
    ids=["time of a file", "time of the signature", "deadline", "digest", "added", "taken out"],
)
def test_a_changed_word_of_the_manifest_is_refused(proof: Proof, act: Callable[[dict[str, Any]], None]) -> None:
    proof.change(act)
    assert proof.problems() == ["The signature does not fit: the manifest was changed after it was signed."]


def test_another_layout_of_the_same_words_holds(proof: Proof) -> None:
    proof.change(lambda told: told)
    assert proof.problems() == []


def test_a_foreign_signature_is_refused_whatever_certificate_it_names(
    proof: Proof, tmp_path: Path, settings: Settings
) -> None:
    own = json.loads(proof.manifest.read_text(encoding="utf-8"))
    settings.IMR_SIGNING_FOLDER = tmp_path / "foreign"
    at = datetime.fromisoformat(own["manifest"]["signed_at"])
    forged = signing.sign_bytes(manifest_verifier.canonical(own["manifest"]), at=at)
    value = base64.b64encode(forged).decode()
    proof.change(lambda told: told["signature"].update(value=value))
    assert proof.problems() == ["The signature does not fit: the manifest was changed after it was signed."]
    proof.change(lambda told: told["signature"].update(certificate_sha256=signing.certificate_fingerprint()))
    assert proof.problems() == ["The manifest was signed with another certificate than the one that you trust."]


@pytest.mark.parametrize("text", ["", "[]", '{"manifest": {}}', "\ud800", '{"manifest": 1, "manifest": 2}'])
def test_what_is_no_manifest_is_refused_in_words(proof: Proof, text: str) -> None:
    proof.manifest.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert "not a signed manifest" in proof.problems()[0]
    proof.certificate.write_text("no certificate", encoding="utf-8")
    assert proof.problems() == ["The certificate is not in PEM form."]


def test_what_is_said_of_due_dates_must_follow_from_the_times() -> None:
    told = {
        "received_at": "2026-03-01T00:00:00+00:00",
        "filing": {"due_at": "2026-02-01T00:00:00+00:00", "kept": True, "seconds_left": 5},
        "files": [],
    }
    assert manifest_verifier.due_problems(told) == [
        "The filing: what is said of the due date does not follow from the times."
    ]


def test_nothing_new_makes_no_new_manifest_and_a_new_file_does(case: Case, cast: Cast) -> None:
    first = sign_submission(case_id=case.pk, actor=cast.claims)
    assert sign_submission(case_id=case.pk, actor=cast.administrator) == first
    make_document(case)
    assert sign_submission(case_id=case.pk, actor=cast.claims).number == 2
    assert Event.objects.filter(action="manifest.sign", case_id=case.pk).count() == 2


def test_what_was_signed_cannot_be_changed_or_deleted(case: Case, cast: Cast) -> None:
    manifest = sign_submission(case_id=case.pk, actor=cast.claims)
    with pytest.raises(DatabaseError), transaction.atomic():
        SubmissionManifest.objects.filter(pk=manifest.pk).update(signature="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        manifest.delete()


def test_pdf_is_made_once_and_carries_a_digital_signature(case: Case, cast: Cast, client_of: ClientOf) -> None:
    manifest = sign_submission(case_id=case.pk, actor=cast.claims)
    client = client_of(cast.claims)
    download = reverse("cases:manifest-download", args=[case.pk, manifest.pk, "pdf"])
    assert client.get(download).status_code == 302
    made = render_manifest(manifest_id=manifest.pk)
    assert render_manifest(manifest_id=manifest.pk).pdf_sha256 == made.pdf_sha256
    answer: Any = client.get(download)
    data = b"".join(answer.streaming_content)
    assert signing.verify_pdf(data).state == SignatureState.VALID
    assert client.get(download.replace("pdf", "docx")).status_code == 404


def test_first_manifest_comes_with_the_receipt(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    render_receipt(case_id=case.pk)
    manifest = SubmissionManifest.objects.get(case=case)
    assert (manifest.number, manifest.signed_for) == (1, None)
    assert len(manifest.content["files"]) == 2
    assert sign_first(case_id=case.pk) is None


def test_without_a_key_nothing_is_held_up_and_the_page_says_so(
    cast: Cast, client_of: ClientOf, settings: Settings, tmp_path: Path
) -> None:
    case = make_case(user=cast.claims)
    settings.IMR_SIGNING_KEY = tmp_path / "gone.pem"
    assert sign_first(case_id=case.pk) is None
    with pytest.raises(UnavailableError):
        sign_submission(case_id=case.pk, actor=cast.claims)
    assert Client().get(reverse("cases:manifest-certificate")).status_code == 503
    settings.IMR_SIGN_LETTERS = False
    with pytest.raises(ConflictError):
        sign_submission(case_id=case.pk, actor=cast.claims)
    client = client_of(cast.claims)
    assert "signs nothing" in client.get(reverse("cases:manifest-list", args=[case.pk])).content.decode()
    assert client.post(reverse("cases:manifest-sign", args=[case.pk])).status_code == 409
    assert Client().get(reverse("cases:manifest-certificate")).status_code == 404


def test_nothing_was_received_of_a_draft(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims)
    assert client_of(cast.claims).get(reverse("cases:manifest-list", args=[case.pk])).status_code == 404
    with pytest.raises(ConflictError):
        sign_submission(case_id=case.pk, actor=cast.claims)


def test_page_says_what_came_late_and_by_how_much(case: Case, cast: Cast, client_of: ClientOf) -> None:
    text = client_of(cast.claims).get(reverse("cases:manifest-list", args=[case.pk])).content.decode()
    assert "missed by 3 hours" in text
    assert "kept, 2 days before the end" in text
    assert "No manifest yet" in text
