"""All records of a case as one file (B18, W10)."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases.enums import LeftOut, PackageForm, PackageState
from cases.exceptions import IncompleteError
from cases.models import Case, CasePackage, Document
from cases.services.package import drop_expired_packages, file_of, folder_of, request_package, work_package
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, storage
from imr.core.errors import DomainError, UnavailableError
from imr.core.models import JobState, OutboxJob
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_pdf

type ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Path:
    settings.IMR_DOCUMENT_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def case(cast: Cast) -> Case:
    """With a UR decision, a signed form, and three medical reports of one, two and three pages."""
    case = make_case(user=cast.claims)
    for pages in (1, 2, 3):
        make_document(
            case,
            title=f"Progress report {pages}",
            author="Noah Bell, MD",
            dated_on=date(2026, pages, 1),
            data=make_pdf(pages, text=f"Report {pages}"),
            page_count=pages,
        )
    return case


def make(case: Case, actor: User, form: PackageForm, *, times: int = 2) -> CasePackage:
    """Ask for it and do the jobs, each twice: a doubled message changes nothing."""
    package = request_package(case_id=case.pk, actor=actor, form=form)
    for part in range(1, package.parts + 2):
        job = OutboxJob.objects.get(unique_key=f"package:{package.pk}:{part}")
        for _ in range(times):
            work_package(**job.args)
    package.refresh_from_db()
    assert package.state == PackageState.READY
    return package


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.rules.package.PART_FILES", 2)


def test_pdf_holds_index_and_every_document_under_its_bookmark(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    package = make(case, cast.claims, PackageForm.PDF)
    assert package.parts == 3
    with pikepdf.open(file_of(package)) as pdf, pdf.open_outline() as outline:
        assert len(pdf.pages) == package.page_count == 1 + 2 + 6
        titles = [(item.title, [kid.title for kid in item.children]) for item in outline.root]
        assert titles[0] == ("Index of the records", [])
        assert titles[3] == (
            "Medical report",
            [
                "3. Progress report 1, 01/01/2026",
                "4. Progress report 2, 02/01/2026",
                "5. Progress report 3, 03/01/2026",
            ],
        )
        assert b"Report 3" in pdf.pages[8].Contents.read_bytes()
    assert [path.name for path in folder_of(package.pk).iterdir()] == ["whole.pdf"]
    assert package.sha256 == hashlib.sha256(file_of(package).read_bytes()).hexdigest()


def test_index_names_author_date_pages_sender_and_digest(case: Case, cast: Cast) -> None:
    package = make(case, cast.claims, PackageForm.ZIP)
    with zipfile.ZipFile(file_of(package)) as archive:
        table = archive.read("00 Index.csv").decode("utf-8-sig")
        page = archive.read("00 Index.html").decode()
    document = Document.objects.get(case=case, title="Progress report 2")
    for text in (table, page):
        assert "Noah Bell, MD" in text
        assert "02/01/2026" in text
        assert "Claims administrator" in text
        assert document.sha256 in text
        assert cast.claims.full_name not in text


def test_zip_holds_the_very_bytes_by_kind(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts(monkeypatch)
    package = make(case, cast.claims, PackageForm.ZIP)
    with zipfile.ZipFile(file_of(package)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names)) == 5 + 2
        assert "Medical report/004 Progress report 2 2026-02-01.pdf" in names
        held = {hashlib.sha256(archive.read(name)).hexdigest() for name in names if name.endswith(".pdf")}
    assert held == set(Document.objects.filter(case=case).values_list("sha256", flat=True))


def test_a_worker_that_dies_in_the_middle_of_a_zip_leaves_no_trace(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_parts(monkeypatch)
    package = request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)
    work_package(package_id=package.pk, part=1)
    copy = shutil.copyfileobj
    asked: list[int] = []

    def dies(source: io.BufferedReader, member: io.BufferedWriter, length: int) -> None:
        asked.append(1)
        if len(asked) == 2:
            member.write(b"half of it")
            raise KeyboardInterrupt
        copy(source, member, length)

    monkeypatch.setattr(shutil, "copyfileobj", dies)
    with pytest.raises(KeyboardInterrupt):
        work_package(package_id=package.pk, part=2)
    monkeypatch.undo()
    for part in (2, 3, 4):
        work_package(package_id=package.pk, part=part)
    package.refresh_from_db()
    with zipfile.ZipFile(file_of(package)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 7


def test_nothing_is_missing_silently(case: Case, cast: Cast) -> None:
    waiting = make_document(case, title="Big scan", scan="waiting")
    gone = make_document(case, title="Lost on the disk")
    damaged = make_document(case, title="Does not open", data=b"%PDF-1.7 nothing")
    storage.local_path(gone.sha256).write_bytes(b"something else")

    package = make(case, cast.claims, PackageForm.PDF)

    reasons = {entry.document_id: entry.left_out for entry in package.entries.exclude(left_out="")}
    assert reasons == {
        waiting.pk: LeftOut.SCANNING,
        gone.pk: LeftOut.UNREADABLE,
        damaged.pk: LeftOut.UNREADABLE,
    }
    with pikepdf.open(file_of(package)) as pdf:
        assert len(pdf.pages) == 1 + 2 + 6
    zipped = make(case, cast.claims, PackageForm.ZIP)
    with zipfile.ZipFile(file_of(zipped)) as archive:
        table = archive.read("00 Index.csv").decode()
        # What no reader of PDF opens is still what was received.
        assert any("Does not open" in name for name in archive.namelist())
    for title, words in (("Big scan", "Still being checked"), ("Lost on the disk", "Could not be read")):
        (line,) = [line for line in table.splitlines() if title in line]
        assert words in line


def test_a_case_without_anything_to_put_in_is_told_so(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    Document.objects.filter(case=case).update(scan="waiting")
    with pytest.raises(IncompleteError):
        request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)


def test_one_person_keeps_a_few_and_the_disk_keeps_room(
    case: Case, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMR_MAX_PACKAGES = 1
    first = request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)
    again = request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)
    first.refresh_from_db()
    assert (first.state, again.state) == (PackageState.EXPIRED, PackageState.WORKING)
    with pytest.raises(DomainError, match="Remove one of them"):
        request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.PDF)
    monkeypatch.setattr(storage, "free_bytes", lambda: 1_000)
    with pytest.raises(UnavailableError):
        request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)


def test_file_is_removed_when_its_time_is_over(case: Case, cast: Cast, store: Path) -> None:
    package = make(case, cast.claims, PackageForm.ZIP)
    assert drop_expired_packages() == 0
    CasePackage.objects.filter(pk=package.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    (store / "packages" / "987654").mkdir()

    # Within the test nothing is committed, so the folder of the expired one counts as left behind too.
    assert drop_expired_packages() == 3

    package.refresh_from_db()
    assert package.state == PackageState.EXPIRED
    assert list((store / "packages").iterdir()) == []
    assert Event.objects.filter(action="package.expire", object_id=package.pk).exists()


def test_person_asks_follows_and_downloads(case: Case, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.claims)
    page = reverse("cases:package-list", args=[case.pk])
    assert "No file yet" in client.get(page).content.decode()
    assert client.post(page, {"form": "floppy"}).status_code == 422
    assert client.post(page, {"form": "zip"}).status_code == 302
    package = CasePackage.objects.get(case=case)
    arguments = [case.pk, package.pk]
    status, download = (
        reverse("cases:package-status", args=arguments),
        reverse("cases:package-download", args=arguments),
    )
    assert "Step 0 of 2 done" in client.get(status).content.decode()
    assert client.get(download).status_code == 409
    for part in (1, 2):
        work_package(package_id=package.pk, part=part)
    assert "Download" in client.get(status).content.decode()

    answer = client.get(download)
    data = sent(answer)

    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}_records.zip"'
    assert hashlib.sha256(data).hexdigest() == answer["ETag"].strip('"')
    rest = client.get(download, headers={"Range": "bytes=100-", "If-Range": answer["ETag"]})
    assert (rest.status_code, sent(rest)) == (206, data[100:])
    whole = client.get(download, headers={"Range": "bytes=100-", "If-Range": '"old"'})
    assert (whole.status_code, sent(whole)) == (200, data)
    assert Event.objects.filter(action="package.download", object_id=package.pk).count() == 2

    make_document(case)
    assert "1 document came after" in client.get(page).content.decode()
    assert client.post(reverse("cases:package-remove", args=arguments)).status_code == 302
    assert client.get(download).status_code == 404


def test_a_file_with_a_virus_found_later_is_not_sent(case: Case, cast: Cast, client_of: ClientOf) -> None:
    package = make(case, cast.claims, PackageForm.ZIP)
    Document.objects.filter(case=case, title="Progress report 2").update(
        scan="refused", removed_at=clock.now(), removal="virus"
    )
    answer = client_of(cast.claims).get(reverse("cases:package-download", args=[case.pk, package.pk]))
    assert answer.status_code == 409
    assert "virus check" in answer.content.decode()


def test_work_that_was_given_up_says_so(case: Case, cast: Cast, client_of: ClientOf) -> None:
    package = request_package(case_id=case.pk, actor=cast.claims, form=PackageForm.ZIP)
    OutboxJob.objects.filter(unique_key=f"package:{package.pk}:1").update(
        state=JobState.FAILED, finished_at=clock.now()
    )
    answer = client_of(cast.claims).get(reverse("cases:package-status", args=[case.pk, package.pk]))
    assert "could not be made" in answer.content.decode()
    assert "hx-get" not in answer.content.decode()
