"""The pages of the mail room, and cover sheets."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases.enums import DocumentKind, ScanPartState
from cases.models import CoverSheet, ScanBatch
from cases.services.cover_sheet import render_cover_sheet
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, upload_file
from tests.factories.scans import add_scan, make_scan, make_sheet, make_split_scan

type ClientOf = Callable[[User], Client]


def test_claims_staff_make_and_download_a_sheet(cast: Cast, client_of: ClientOf) -> None:
    case, client = make_case(user=cast.claims), client_of(cast.claims)
    url = reverse("cases:cover-sheet-list", args=[case.pk])
    assert url in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Select the kind of document." in client.post(url).content.decode()
    assert client.post(url, {"kind": "medical_report"}).status_code == 302
    sheet = CoverSheet.objects.get(case=case)
    pdf = reverse("cases:cover-sheet-pdf", args=[case.pk, sheet.pk])
    assert client.get(pdf).status_code == 409
    render_cover_sheet(sheet_id=sheet.pk)
    assert pdf in client.get(url).content.decode()
    assert b"".join(client.get(pdf)).startswith(b"%PDF-")


def test_scan_is_added_with_its_moment_of_arrival(cast: Cast, client_of: ClientOf) -> None:
    client, url = client_of(cast.administrator), reverse("cases:scan-list")
    asked = {
        "file": upload_file("monday.pdf", make_scan(["=Letter"])),
        "channel": "mail",
        "arrived_on": clock.today().strftime("%m/%d/%Y"),
        "arrived_time": "12:00 AM",
        "taken_by": "Lena Ortiz",
    }
    bad = client.post(url, {**asked, "file": upload_file("x.pdf", b"PK\x03\x04 not a pdf")})
    assert bad.status_code == 422
    assert "This is not a PDF" in bad.content.decode()
    assert "the browser forgets" not in bad.content.decode()
    assert 'value="Lena Ortiz"' in bad.content.decode()
    chosen = upload_file("monday.pdf", make_scan(["=Letter"]))
    again = client.post(url, {**asked, "file": chosen, "taken_by": ""})
    assert "the browser forgets the file: choose it again" in again.content.decode()
    assert "the browser forgets" not in client.post(url, {"taken_by": "Lena Ortiz"}).content.decode()
    assert not ScanBatch.objects.exists()
    answer = client.post(url, asked)
    batch = ScanBatch.objects.get()
    assert answer.headers["Location"] == reverse("cases:scan-detail", args=[batch.pk])
    assert "0 of 1 page looked through" in client.get(answer.headers["Location"]).content.decode()
    # What nobody has looked through for viruses and sheets is not opened.
    assert client.get(reverse("cases:scan-view", args=[batch.pk])).status_code == 409


def test_proposal_is_confirmed_by_a_person(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    batch = make_split_scan(cast.administrator, make_sheet(case))
    part, client = batch.parts.get(), client_of(cast.administrator)
    page = client.get(reverse("cases:scan-detail", args=[batch.pk])).content.decode()
    assert f'value="{case.number}"' in page
    assert f'value="{DocumentKind.MEDICAL_REPORT.label}"' in page
    url = reverse("cases:scan-file", args=[batch.pk, part.pk])
    prefix = f"part{part.pk}-"
    given = {f"{prefix}kind": "medical_report", f"{prefix}source": "physician", f"{prefix}title": "Kept words"}
    wrong = client.post(url, {**given, f"{prefix}case_number": "CM26-9999999"})
    assert wrong.status_code == 422
    assert "There is no case with this number." in wrong.content.decode()
    assert 'value="Kept words"' in wrong.content.decode()
    assert client.post(url, {**given, f"{prefix}case_number": str(case.number).lower()}).status_code == 302
    part.refresh_from_db()
    assert part.document is not None
    assert (part.state, part.document.case, part.document.title) == (ScanPartState.FILED, case, "Kept words")
    assert client.post(url, {**given, f"{prefix}case_number": str(case.number)}).status_code == 409


def test_pages_are_set_aside_with_a_reason(cast: Cast, client_of: ClientOf) -> None:
    batch = make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims)))
    part, client = batch.parts.get(), client_of(cast.administrator)
    url = reverse("cases:scan-set-aside", args=[batch.pk, part.pk])
    assert "Write why these pages are not filed." in client.post(url).content.decode()
    assert client.post(url, {f"aside{part.pk}-reason": "Advertising."}).status_code == 302
    assert "Advertising." in client.get(reverse("cases:scan-detail", args=[batch.pk])).content.decode()


def test_looking_at_a_scan_goes_on_record(cast: Cast, client_of: ClientOf) -> None:
    batch = make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims)))
    answer = client_of(cast.administrator).get(reverse("cases:scan-view", args=[batch.pk]))
    assert b"".join(answer).startswith(b"%PDF-")
    assert Event.objects.get(action="scan_batch.viewed").object_id == batch.pk


def test_status_reloads_the_page_when_the_scan_was_read(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    waiting = add_scan(cast.administrator, make_scan(["=Letter"]))
    done = make_split_scan(cast.administrator, make_sheet(make_case(user=cast.claims)))
    answers = [client.get(reverse("cases:scan-status", args=[one.pk])) for one in (waiting, done)]
    assert ["HX-Refresh" in answer.headers for answer in answers] == [False, True]
