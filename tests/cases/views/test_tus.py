"""Uploads in pieces: the protocol, whose they are, and what becomes of them."""

import base64
import hashlib
import io
import typing
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from cases.enums import CaseStatus
from cases.models import Case, Document, Upload
from cases.services.upload import drop_expired_uploads
from cases.views.tus import PIECE_TYPE, _body
from imr.accounts.models import User
from imr.accounts.permissions import AuthenticatedRequest
from imr.audit.models import Event
from imr.core import arriving, clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_draft, make_pdf, make_upload

type ClientOf = Callable[..., Client]

PDF = make_pdf(2, mark="tus")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.IMR_DOCUMENT_ROOT = str(tmp_path)
    return tmp_path


class Tus:
    """A client of the protocol for one case."""

    def __init__(self, client: Client, case: Case) -> None:
        self.client, self.case = client, case

    def send(self, method: str, url: str, data: bytes = b"", **headers: str) -> Any:
        told = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.generic(method, url, data, content_type=PIECE_TYPE, headers=told)

    def begin(self, size: int = len(PDF), name: str = "scan.pdf", kind: str = "medical_report", **more: str) -> Any:
        told = {"filename": name, "kind": kind, **more}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        url = reverse("cases:upload-begin", args=[self.case.pk])
        return self.send("POST", url, Upload_Length=str(size), Upload_Metadata=metadata)

    def piece(self, url: str, data: bytes, offset: int = 0, **headers: str) -> Any:
        return self.send("PATCH", url, data, Upload_Offset=str(offset), **headers)

    def finish(self, url: str, **data: str) -> Any:
        return self.client.post(f"{url}finish/", data, headers={"Accept": "application/json"})


@pytest.fixture
def tus(cast: Cast, client_of: ClientOf) -> Tus:
    return Tus(client_of(cast.claims), make_draft(cast.claims, is_complete=False))


def test_file_goes_up_in_pieces_and_is_on_record(tus: Tus, cast: Cast) -> None:
    begun = tus.begin(kind="rfa")
    url = begun["Location"]
    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in begun

    first = tus.piece(url, PDF[:500])
    asked = tus.send("HEAD", url)
    assert (first.status_code, first["Upload-Offset"]) == (204, "500")
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("500", str(len(PDF)))
    assert asked["Cache-Control"] == "no-store"
    early = tus.finish(url)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")

    tus.piece(url, PDF[500:], 500)
    answer = tus.finish(url)

    document = Document.objects.get(case=tus.case)
    assert answer.json()["message"] == "Uploaded, 2 pages."
    assert document.title in answer.json()["list"]
    assert (document.sha256, document.kind) == (hashlib.sha256(PDF).hexdigest(), "rfa")
    assert document.uploaded_by == cast.claims
    upload = Upload.objects.get()
    assert (upload.document, arriving.received(upload.token)) == (document, 0)
    assert Event.objects.filter(action="document.upload", case_id=tus.case.pk).exists()
    # The answer may have been lost on its way: asked again it is the same, and nothing is added.
    assert tus.finish(url).json()["message"] == "Uploaded, 2 pages."
    assert Document.objects.filter(case=tus.case).count() == 1
    assert tus.send("HEAD", url)["Upload-Offset"] == str(len(PDF))
    assert tus.piece(url, b"x", len(PDF) - 1).status_code == 409


def test_cut_line_keeps_what_came(rf: RequestFactory) -> None:
    """The body ends in an error; what was read before is given to the disk."""

    class Cut(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if data := super().read(7):
                return data
            raise OSError("connection reset")

    request = rf.generic("PATCH", "/", b"x" * 1_000)
    vars(request)["_stream"] = Cut(b"abcdefghij")

    assert list(_body(typing.cast("AuthenticatedRequest", request))) == [b"abcdefg", b"hij"]


def test_wrong_piece_is_refused_and_nothing_of_it_kept(tus: Tus) -> None:
    """C19: pieces in the wrong order; a checksum that does not fit; more than was announced."""
    url = tus.begin(size=10)["Location"]
    digest = base64.b64encode(hashlib.sha1(b"abcd", usedforsecurity=False).digest()).decode()

    assert tus.piece(url, b"efgh", 4).status_code == 409
    assert tus.piece(url, b"abcX", Upload_Checksum=f"sha1 {digest}").status_code == 460
    assert tus.piece(url, b"abcd", Upload_Checksum="md5 AAAA").status_code == 400
    assert tus.piece(url, b"x" * 11).status_code == 413
    assert tus.piece(url, b"abcd", Upload_Checksum=f"sha1 {digest}")["Upload-Offset"] == "4"
    assert tus.piece(url, b"abcd").status_code == 409
    assert tus.send("HEAD", url)["Upload-Offset"] == "4"


def test_protocol_is_spoken_as_it_should_be(tus: Tus) -> None:
    url = tus.begin()["Location"]
    place = reverse("cases:upload-begin", args=[tus.case.pk])

    told = tus.client.options(place)
    assert (told["Tus-Version"], told["Tus-Max-Size"]) == ("1.0.0", str(200 * 1024 * 1024))
    assert told["Tus-Extension"] == "creation,termination,checksum,expiration"
    old = tus.client.head(url, headers={"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")
    wrong = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    assert tus.client.patch(url, b"x", content_type="text/plain", headers=wrong).status_code == 415
    assert tus.send("PATCH", url, b"x", Upload_Offset="-1").status_code == 400
    assert tus.send("POST", place, Upload_Length="many").status_code == 400
    assert tus.send("POST", place, Upload_Length="10", Upload_Metadata="filename ???").status_code == 400
    assert tus.send("POST", place, Upload_Length="10", Upload_Metadata="x " * 5_000).status_code == 400
    assert tus.send("POST", place, Upload_Defer_Length="1").status_code == 400
    assert (tus.client.get(url).status_code, tus.client.get(url)["Allow"]) == (405, "HEAD, PATCH, DELETE, OPTIONS")
    assert tus.client.patch(reverse("cases:case-list")).status_code == 405


def test_what_is_wrong_is_said_before_anything_is_sent(tus: Tus, settings: Settings) -> None:
    """B59, B61, B63: size, quota of the case and of the person, name of another case, kind."""
    too_large = tus.begin(size=200 * 1024 * 1024 + 1)
    assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")
    assert tus.begin(size=0).json()["code"] == "empty"
    assert tus.begin(kind="").json()["message"] == "Select the kind of document."
    other = tus.begin(name="CM16-0001234 report.pdf")
    assert (other.status_code, other.json()["code"]) == (400, "names_other_case")
    assert tus.begin(name="CM16-0001234 report.pdf", is_name_confirmed="on").status_code == 201

    settings.IMR_MAX_OPEN_UPLOADS = 1
    assert tus.begin().json()["code"] == "too_many_uploads"
    settings.IMR_MAX_OPEN_UPLOADS, settings.IMR_MAX_OPEN_UPLOAD_BYTES = 9, 1_000
    assert "1,000 bytes" in tus.begin(size=500).json()["message"] or tus.begin(size=500).status_code == 400
    settings.IMR_MAX_OPEN_UPLOAD_BYTES, settings.IMR_MAX_CASE_FILES = 10**10, 1
    assert tus.begin().json()["code"] == "too_many_files"
    settings.IMR_MAX_CASE_FILES, settings.IMR_MAX_CASE_BYTES = 200, len(PDF) + 10
    assert tus.begin(size=11).json()["code"] == "quota"
    assert Upload.objects.count() == 1


def test_nearly_full_disk_takes_no_new_upload(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    """F10: said before the person has sent anything."""
    monkeypatch.setattr("imr.core.storage.free_bytes", lambda: 256 * 1024 * 1024)

    answer = tus.begin()

    assert (answer.status_code, Upload.objects.count()) == (503, 0)


def test_refused_file_is_destroyed_and_its_words_are_kept(tus: Tus) -> None:
    url = tus.begin(size=100)["Location"]
    tus.piece(url, b"<!doctype html>".ljust(100))

    first, second = tus.finish(url), tus.finish(url)

    assert (first.status_code, first.json()["code"]) == (400, "not_pdf")
    assert first.json()["message"] == second.json()["message"]
    assert arriving.received(Upload.objects.get().token) == 0
    assert not Document.objects.filter(case=tus.case).exists()


def test_upload_exists_for_the_person_who_began_it_alone(tus: Tus, cast: Cast, client_of: ClientOf) -> None:
    """Same organization, other organization, staff, another case of the same person: 404 to every method."""
    upload = make_upload(tus.case, cast.claims, b"abc")
    url = reverse("cases:upload-piece", args=[tus.case.pk, upload.token])
    mine_elsewhere = make_draft(cast.claims, is_complete=False)
    elsewhere = reverse("cases:upload-piece", args=[mine_elsewhere.pk, upload.token])

    def asked(user: User, address: str) -> set[int]:
        theirs = Tus(client_of(user), tus.case)
        return {
            theirs.send("HEAD", address).status_code,
            theirs.piece(address, b"x", 3).status_code,
            theirs.finish(address).status_code,
            theirs.client.post(f"{address}discard/").status_code,
            theirs.send("DELETE", address).status_code,
        }

    for user in (cast.colleague, cast.manager, cast.away_claims, cast.administrator):
        assert asked(user, url) == {404}
    assert asked(cast.claims, elsewhere) == {404}
    assert asked(cast.reviewer, url) == {403}
    assert arriving.received(upload.token) == 3
    nobody = Tus(Client(), tus.case).send("HEAD", url)
    assert nobody.status_code == 401
    assert tus.send("HEAD", reverse("cases:upload-piece", args=[tus.case.pk, UUID(int=1)])).status_code == 404


def test_requests_from_another_site_are_refused(tus: Tus, cast: Cast) -> None:
    url = tus.begin()["Location"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.claims, backend="django.contrib.auth.backends.ModelBackend")
    foreign = Tus(client, tus.case)

    assert foreign.piece(url, PDF).status_code == 403
    assert foreign.begin().status_code == 403
    assert foreign.finish(url).status_code == 403
    assert foreign.send("DELETE", url).status_code == 403
    client.get(reverse("cases:filing-documents", args=[tus.case.pk]))
    assert foreign.piece(url, PDF, X_CSRFToken=client.cookies["csrftoken"].value).status_code == 204


def test_page_lists_what_is_not_finished_and_ends_it_without_scripts(tus: Tus, cast: Cast) -> None:
    page = reverse("cases:filing-documents", args=[tus.case.pk])
    half = make_upload(tus.case, cast.claims, PDF[:500], size=len(PDF), name="half.pdf")
    whole = make_upload(tus.case, cast.claims, PDF, size=len(PDF), name="whole.pdf")
    make_upload(tus.case, cast.colleague, PDF, size=len(PDF), name="colleagues.pdf")

    shown = tus.client.get(page).content.decode()
    assert f"{500 * 100 // len(PDF)}%" in shown
    assert "it is not checked yet" in shown
    assert "colleagues.pdf" not in shown
    finished = tus.client.post(reverse("cases:upload-finish", args=[tus.case.pk, whole.token]), follow=True)
    assert "whole.pdf: Uploaded, 2 pages." in finished.content.decode()
    dropped = tus.client.post(reverse("cases:upload-discard", args=[tus.case.pk, half.token]), follow=True)
    assert "half.pdf was discarded" in dropped.content.decode()
    assert "Not finished" not in dropped.content.decode()
    assert arriving.received(half.token) == 0


def test_termination_and_expiry_leave_no_bytes(tus: Tus, cast: Cast, store: Path) -> None:
    ended, old, fresh = (make_upload(tus.case, cast.claims, b"abc") for _ in range(3))
    assert tus.send("DELETE", reverse("cases:upload-piece", args=[tus.case.pk, ended.token])).status_code == 204
    Upload.objects.filter(pk=old.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert tus.send("HEAD", reverse("cases:upload-piece", args=[tus.case.pk, old.token])).status_code == 404

    assert (drop_expired_uploads(), drop_expired_uploads()) == (1, 0)

    assert [path.name for path in (store / "arriving").iterdir()] == [fresh.token.hex]
    assert Event.objects.filter(action="upload.drop").count() == 1
    assert Event.objects.filter(action="upload.expire", actor_id=None).count() == 1


def test_case_that_takes_no_records_takes_no_uploads(cast: Cast, client_of: ClientOf) -> None:
    signed = Tus(client_of(cast.claims), make_case(CaseStatus.CLOSED, user=cast.claims))

    assert signed.begin().status_code == 409


def test_records_page_takes_pieces_and_answers_a_script(cast: Cast, client_of: ClientOf) -> None:
    """A case that was filed; staff say who sent the file."""
    tus = Tus(client_of(cast.administrator), make_case(user=cast.claims))
    assert tus.begin().json()["message"] == "Select who sent it."

    url = tus.begin(source="physician", author="Noah Bell, MD")["Location"]
    tus.piece(url, PDF)
    answer = tus.finish(url)

    assert answer.status_code == 200, answer.content
    assert "scan" in answer.json()["list"]
    document = Document.objects.get(original_name="scan.pdf")
    assert (document.source, document.author) == ("physician", "Noah Bell, MD")
