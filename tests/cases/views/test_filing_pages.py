"""The pages of the application without a script: the whole way, errors, conflicts, and who may see what."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind, DraftStep
from cases.models import Application, Case, DisputedItem, Document, FilingReceipt
from cases.services.receipt import render_receipt
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import storage
from tests.cases.forms.test_filing_forms import GOOD, item
from tests.factories.accounts import Cast
from tests.factories.cases import SEED_ITEM, make_case, make_draft, make_pdf

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def at(name: str, *args: object) -> str:
    return reverse(f"cases:{name}", args=args)


def version(case: Case) -> str:
    return str(Application.objects.get(case=case).version)


def pdf(name: str, mark: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(2, mark=mark), content_type="text/html")


def test_whole_application_is_filed_without_a_script(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.claims)
    answer = client.post(at("filing-start"))
    case = Case.objects.get()
    assert answer["Location"] == at("filing-tasks", case.pk)
    for step, values in GOOD.items():
        page = at("filing-step", case.pk, step)
        assert client.get(page).status_code == 200
        answer = client.post(page, {**values, "version": version(case), "editor": "e"})
        assert answer.status_code == 302, answer.content.decode()
    add = at("filing-item-add", case.pk)
    assert client.post(add, {**item(), "version": version(case), "another": "yes"})["Location"] == add
    assert client.post(add, {**item(description="MRI"), "version": version(case)}).status_code == 302
    documents = at("filing-documents", case.pk)
    for kind, files in (("ur_decision", [pdf("ur.pdf", "1")]), ("signed_form", [pdf("form.pdf", "2")])):
        assert client.post(documents, {"kind": kind, "file": files}).status_code == 302
    check = at("filing-check", case.pk)
    shown = client.get(check).content.decode()
    assert "Not ready" not in shown
    assert SEED_ITEM in shown

    attested = {"is_attested": "on", "attested_name": cast.claims.full_name.upper()}
    answer = client.post(check, {"version": version(case), **attested})

    assert answer["Location"] == at("filing-receipt", case.pk)
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED
    receipt = client.get(at("filing-receipt", case.pk)).content.decode()
    assert str(case.number) in receipt
    assert "being prepared" in receipt
    assert all(document.sha256 in receipt for document in Document.objects.filter(case=case))
    # The same button again, and the old pages, lead to the receipt.
    again = client.post(check, {"version": "1", **attested})
    assert again["Location"] == at("filing-receipt", case.pk)
    assert client.get(at("filing-tasks", case.pk))["Location"] == at("filing-receipt", case.pk)
    assert client.post(at("filing-step", case.pk, "claim"), {"version": "1"}).status_code == 409


def test_receipt_turns_into_the_download(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_case(user=cast.claims)
    assert client.get(at("filing-receipt-status", case.pk)).status_code == 204
    assert client.get(at("filing-receipt-download", case.pk))["Location"] == at("filing-receipt", case.pk)
    render_receipt(case_id=case.pk)

    assert at("filing-receipt-download", case.pk) in client.get(at("filing-receipt-status", case.pk)).content.decode()
    answer = client.get(at("filing-receipt-download", case.pk))
    body = answer.getvalue()
    assert body.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}_filing-receipt.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert Event.objects.filter(case_id=case.pk, action="receipt.download", actor=cast.claims).count() == 1


def test_error_keeps_what_was_typed_on_the_page_and_for_another_machine(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims, is_complete=False)
    typed = {**GOOD[DraftStep.CLAIM], "claim_number": "<b>77</b>", "date_of_injury": "02/30/2011", "version": "1"}

    answer = client_of(cast.claims).post(at("filing-step", case.pk, "claim"), typed)

    assert answer.status_code == 422
    for page in (answer, client_of(cast.colleague).get(at("filing-step", case.pk, "claim"))):
        shown = page.content.decode()
        assert 'value="02/30/2011"' in shown
        assert "&lt;b&gt;77&lt;/b&gt;" in shown
    tasks = client_of(cast.claims).get(at("filing-tasks", case.pk)).content.decode()
    assert "In progress" in tasks


@pytest.mark.parametrize(("status", "is_told"), [(CaseStatus.RECEIVED, True), (CaseStatus.IN_REVIEW, False)])
def test_receipt_says_what_comes_next_while_it_is_to_come(
    cast: Cast, client_of: ClientOf, status: CaseStatus, is_told: bool
) -> None:
    case = make_case(status, user=cast.claims)
    page = client_of(cast.claims).get(at("filing-receipt", case.pk))
    assert (page.status_code, "What happens next" in page.content.decode()) == (200, is_told)


def test_text_without_measure_stays_on_the_page_and_is_not_kept(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims)
    client, words = client_of(cast.claims), "lorem " * 15_000
    for page, field in (
        (at("filing-step", case.pk, DraftStep.EMPLOYEE), "address_line_1"),
        (at("filing-item-add", case.pk), "description"),
    ):
        answer = client.post(page, {field: words, "version": version(case), "editor": "e"})
        shown = answer.content.decode()
        assert (answer.status_code, words.strip() in shown) == (422, True)
        assert "more text than the application can hold" in shown
        assert "characters or fewer. It has 89,999." in shown  # beside the field
        saved = client.post(f"{page}save/", {field: words, "version": version(case), "editor": "e"})
        assert (saved.status_code, saved.content.decode()[:9]) == (422, "Not saved")
    assert "typed" not in str(Application.objects.get(case=case).steps)


def test_autosave_keeps_a_half_date_and_answers_with_the_time(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims, is_complete=False)
    save = at("filing-step-save", case.pk, "claim")

    answer = client.post(save, {"date_of_injury": "11/0", "version": "1", "editor": "e", "typed_at": "5"})

    assert answer.status_code == 200
    words = answer.content.decode()
    assert words.startswith("Saved at ")
    assert 'value="2"' in words
    assert 'value="11/0"' in client.get(at("filing-step", case.pk, "claim")).content.decode()
    stale = client.post(save, {"date_of_injury": "12", "version": "1", "editor": "other"})
    assert stale.status_code == 409
    assert client.post(save, {"date_of_injury": "12"}).status_code == 400
    later = client.post(at("filing-step", case.pk, "claim"), {"claim_number": "7", "version": "9", "later": "yes"})
    assert later["Location"] == at("filing-tasks", case.pk)
    assert 'value="7"' in client.get(at("filing-step", case.pk, "claim")).content.decode()


@pytest.mark.parametrize("editor", ["\x00", "a\x00b", "\ud7ff<b>", "x" * 5000])
def test_odd_page_token_does_no_harm(cast: Cast, client_of: ClientOf, editor: str) -> None:
    case = make_draft(cast.claims, is_complete=False)

    answer = client_of(cast.claims).post(
        at("filing-step", case.pk, "claim"), {**GOOD[DraftStep.CLAIM], "version": "1", "editor": editor}
    )

    assert answer.status_code == 302


def test_item_that_was_begun_can_be_discarded(cast: Cast, client_of: ClientOf) -> None:
    case, client = make_draft(cast.claims, is_complete=False), client_of(cast.claims)
    add, items = at("filing-item-add", case.pk), at("filing-items", case.pk)
    assert "Discard what was typed" not in client.get(add).content.decode()
    assert client.post(add, {"description": "MRI", "version": version(case)}).status_code == 422
    assert "One item is begun" in client.get(items).content.decode()
    assert "Discard what was typed" in client.get(add).content.decode()

    answer = client.post(add, {"description": "MRI", "version": version(case), "discard": "yes"})

    assert answer["Location"] == items
    assert "One item is begun" not in client.get(items).content.decode()
    assert "Discard what was typed" not in client.get(add).content.decode()


def test_conflict_shows_both_and_saving_again_takes_what_was_typed(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims, is_complete=False)
    page, client = at("filing-step", case.pk, "claim"), client_of(cast.claims)
    client_of(cast.colleague).post(page, {**GOOD[DraftStep.CLAIM], "claim_number": "THEIRS", "version": "1"})

    answer = client.post(page, {**GOOD[DraftStep.CLAIM], "claim_number": "MINE", "version": "1"})

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "THEIRS" in shown
    assert 'value="MINE"' in shown
    assert Application.objects.get(case=case).claim_number == "THEIRS"
    client.post(page, {**GOOD[DraftStep.CLAIM], "claim_number": "MINE", "version": answer.context["editing"].version})
    assert Application.objects.get(case=case).claim_number == "MINE"


def test_missing_papers_need_their_tick(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims)
    Document.objects.filter(case=case, kind=DocumentKind.UR_DECISION).delete()
    check = at("filing-check", case.pk)
    given = {"version": version(case), "is_attested": "on", "attested_name": cast.claims.full_name.upper()}

    refused = client.post(check, given)
    assert refused.status_code == 422
    assert "INE-UR" in refused.content.decode()
    assert f'value="{cast.claims.full_name.upper()}"' in refused.content.decode()
    assert client.post(check, {**given, "confirm_INE-UR": "on"}).status_code == 302

    assert FilingReceipt.objects.get(case=case).manifest["notes"][0].startswith("INE-UR")


def test_uploads_are_answered_one_by_one(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims, is_complete=False)
    documents = at("filing-documents", case.pk)
    word = SimpleUploadedFile("<i>letter.pdf", b"MZ" + b"\x00" * 500)

    answer = client.post(documents, {"kind": "other", "file": [pdf("good.PDF"), word]})

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "&lt;i&gt;letter.pdf: This is not a PDF (it looks like a Windows program)" in shown
    assert "good.PDF: Uploaded, 2 pages." in shown
    for kind, files in (("", [pdf("a.pdf")]), ("other", [])):
        assert client.post(documents, {"kind": kind, "file": files}).status_code == 422
    # A script sends files alone and gets JSON.
    script = client.post(documents, {"kind": "other", "file": pdf("again.pdf")}, headers={"Accept": "application/json"})
    found = json.loads(script.content)
    assert (found["ok"], "already on file" in found["message"]) == (True, True)
    named = {"kind": "other", "file": pdf("CM16-0001234.pdf", "3")}
    script = client.post(documents, named, headers={"Accept": "application/json"})
    assert (script.status_code, json.loads(script.content)["code"]) == (400, "names_other_case")


def test_file_over_the_limit_gets_413_and_leaves_nothing(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B59, with a smaller limit than 200 MB."""
    monkeypatch.setattr("imr.core.uploads.MAX_BYTES", 100_000)
    client, case = client_of(cast.claims), make_draft(cast.claims, is_complete=False)
    large = SimpleUploadedFile("large.pdf", make_pdf() + b" " * 100_000)

    answer = client.post(at("filing-documents", case.pk), {"kind": "other", "file": [large]})

    assert answer.status_code == 413
    assert "large.pdf: The file is larger than 200 MB." in answer.content.decode()
    assert not Document.objects.filter(case=case).exists()
    whole = client.post(at("filing-documents", case.pk), {"kind": "other"}, CONTENT_LENGTH=str(3 * 1024**3))
    assert whole.status_code == 413


def test_upload_without_the_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.claims, backend="django.contrib.auth.backends.ModelBackend")
    case = make_draft(cast.claims, is_complete=False)

    answer = client.post(at("filing-documents", case.pk), {"kind": "other", "file": [pdf("a.pdf")]})

    assert answer.status_code == 403
    assert not Document.objects.filter(case=case).exists()


def test_document_is_sent_safely_and_each_time_on_record(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = Document.objects.filter(case=case)[0]
    Document.objects.filter(pk=document.pk).update(original_name='a "b" ñ.pdf')

    for name, action in (("document-download", "document.download"), ("document-view", "document.view")):
        answer = client_of(cast.administrator).get(at(name, case.pk, document.pk))
        body = answer.getvalue()
        assert len(body) == document.size
        assert answer["Content-Type"] == "application/pdf"
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
        assert Event.objects.filter(case_id=case.pk, action=action, actor=cast.administrator).count() == 1
        is_inline = name == "document-view"
        assert answer["Content-Disposition"].startswith("inline" if is_inline else "attachment")
        assert answer["X-Frame-Options"] == ("SAMEORIGIN" if is_inline else "DENY")
        assert ("frame-ancestors 'self'" in answer["Content-Security-Policy"]) is is_inline


def test_changed_bytes_are_not_sent(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = Document.objects.filter(case=case)[0]
    path = storage.local_path(document.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"%PDF", b"%PDG"))

    answer = client_of(cast.claims).get(at("document-download", case.pk, document.pk))

    assert answer.status_code == 500
    assert "integrity" in answer.content.decode()


def test_pages_exist_for_those_who_may_edit_the_draft_alone(cast: Cast, client_of: ClientOf) -> None:
    case = make_draft(cast.claims)
    found = DisputedItem.objects.get(case=case)
    document = Document.objects.filter(case=case)[0]
    pages = [
        at("filing-tasks", case.pk),
        at("filing-step", case.pk, "claim"),
        at("filing-items", case.pk),
        at("filing-item", case.pk, found.pk),
        at("filing-item-remove", case.pk, found.pk),
        at("filing-documents", case.pk),
        at("filing-document", case.pk, document.pk),
        at("filing-document-remove", case.pk, document.pk),
        at("filing-check", case.pk),
        at("filing-delete", case.pk),
    ]
    expected = {
        cast.claims: 200,
        cast.colleague: 200,
        cast.manager: 200,
        cast.away_claims: 404,
        cast.administrator: 404,
        cast.reviewer: 403,
        cast.auditor: 403,
        cast.operator: 403,
    }
    for user, status in expected.items():
        client = client_of(user)
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, status), user.role
    away = client_of(cast.away_claims)
    submitted = make_case(user=cast.claims)
    other = Document.objects.filter(case=submitted)[0]
    for page in (
        at("filing-receipt", submitted.pk),
        at("filing-receipt-download", submitted.pk),
        at("document-download", submitted.pk, other.pk),
        # An own case with another one's document.
        at("document-download", make_case(user=cast.away_claims).pk, other.pk),
        at("filing-tasks", 10**39),
    ):
        assert away.get(page).status_code == 404, page
    assert Client().get(pages[0]).status_code == 302


def test_administrator_files_for_a_claims_administrator(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.administrator)
    assert client.post(at("filing-start"), {}).status_code == 422

    answer = client.post(at("filing-start"), {"organization": cast.away.pk})

    case = Case.objects.get()
    assert (case.organization, case.created_by) == (cast.away, cast.administrator)
    assert client.get(answer["Location"]).status_code == 200


def test_task_list_reads_as_often_with_many_items(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = client_of(cast.claims)
    few, many = make_draft(cast.claims, items=1), make_draft(cast.claims, items=20)
    for case in (few, many):
        with django_assert_max_num_queries(25):
            assert client.get(at("filing-check", case.pk)).status_code == 200


def test_upload_cut_off_leaves_nothing(cast: Cast, client_of: ClientOf) -> None:
    """B59: half of a request."""
    client, case = client_of(cast.claims), make_draft(cast.claims, is_complete=False)
    boundary = "----b"
    body = io.BytesIO()
    body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nother\r\n'.encode())
    body.write(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode())
    body.write(make_pdf(5)[:500])

    answer = client.post(
        at("filing-documents", case.pk), body.getvalue(), content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == 422
    assert not Document.objects.filter(case=case).exists()


def test_attestation_is_in_the_name_of_the_account(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims)
    given = {"version": version(case), "is_attested": "on", "attested_name": "Somebody Else"}

    refused = client.post(at("filing-check", case.pk), given)

    assert refused.status_code == 422
    assert f"as it stands in your account: {cast.claims.full_name}." in refused.content.decode()
    case.refresh_from_db()
    assert case.status == CaseStatus.DRAFT


def test_check_lists_missing_papers_at_its_top(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims)
    Document.objects.filter(case=case).delete()
    Application.objects.filter(case=case).update(claim_number="")

    shown = client.get(at("filing-check", case.pk)).content.decode()

    top, rest = shown.split('<section class="answers">', 1)
    assert "The UR decision letter is not attached." in top
    assert "The signed form is not attached." in top
    assert "can be added, or accepted with a tick" in rest


def test_same_file_again_is_named_as_on_file(cast: Cast, client_of: ClientOf) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims, is_complete=False)
    documents = at("filing-documents", case.pk)
    client.post(documents, {"kind": "other", "file": pdf("first.pdf", "7")})
    words = "second.pdf: This file is already on file as “first”. Nothing was added."

    plain = client.post(documents, {"kind": "other", "file": pdf("second.pdf", "7")}, follow=True).content.decode()
    assert words in plain
    assert "usa-alert--warning" in plain
    script = client.post(
        documents, {"kind": "other", "file": pdf("second.pdf", "7")}, headers={"Accept": "application/json"}
    )
    assert words in json.loads(script.content)["list"]
    assert Document.objects.filter(case=case).count() == 1


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("a.pdf.exe", "a.pdf.exe.pdf"),
        ("invoice\u202fdp.exe", "invoice dp.exe.pdf"),
        ('\U0001f600".pdf', "document.pdf"),
    ],
)
def test_download_is_named_as_a_pdf(cast: Cast, client_of: ClientOf, name: str, saved: str) -> None:
    """B45, B62."""
    case = make_case(user=cast.claims)
    document = case.documents.first()
    assert document is not None
    Document.objects.filter(pk=document.pk).update(original_name=name)

    answer = client_of(cast.claims).get(at("document-download", case.pk, document.pk))

    answer.close()
    assert answer["Content-Disposition"] == f'attachment; filename="{saved}"'


def test_error_summary_follows_the_page_and_typed_words_do_not_point_at_themselves(
    cast: Cast, client_of: ClientOf
) -> None:
    client, case = client_of(cast.claims), make_draft(cast.claims)
    claim = at("filing-step", case.pk, "claim")
    page = client.post(claim, {"version": version(case), "wcis_number": "x" * 60, "employer_zip_code": "1"}).content
    summary = page.decode().split("data-error-summary", 1)[1].split("<form", 1)[0]
    places = [summary.index(f"#id_{name}") for name in ("claim_number", "employer_zip_code", "wcis_number")]
    assert places == sorted(places)
    client.post(at("filing-item-add-save", case.pk), {"version": version(case), "description": "Half"})
    assert "Open the step" not in client.get(at("filing-items", case.pk)).content.decode()
    assert 'aria-current="true">File an application' in client.get(claim).content.decode()
