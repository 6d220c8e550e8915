"""The pages that send a notice, those that end items, and the download."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, NoticeKind
from cases.models import Case, DisputedItem, EndingReport, InformationRequest, Notice
from cases.services.notice import issue_notice, render_notice
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

type ClientOf = Callable[[User], Client]


def post(client: Client, name: str, *args: object, **data: object) -> int:
    return client.post(reverse(f"cases:{name}", args=args), data).status_code


def test_notice_is_shown_for_the_chosen_reason_before_it_goes(cast: Cast, client_of: ClientOf) -> None:  # W12
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    client, url = client_of(cast.administrator), reverse("cases:eligibility-refuse", args=[case.pk])
    typed = {"reason": "INE-CNC", "note": "kept note", "free_text": "kept words", "shown": ""}
    first = client.post(url, typed)
    text = first.content.decode()
    assert first.status_code == 422
    assert "only because information that had been requested was not received" in text
    assert "Read it, then send it." in text
    assert "kept words" in text
    assert 'name="shown" value="INE-CNC"' in text
    assert not Notice.objects.exists()
    assert client.post(url, {**typed, "shown": "INE-CNC"}).status_code == 302
    notice = Notice.objects.get(case=case)
    assert notice.letter["free_text"] == "kept words"
    assert "kept note" not in str(notice.letter)


def test_claims_people_download_their_notice_and_the_look_is_on_record(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    notice = issue_notice(case=case, kind=NoticeKind.DEFERRED, actor=cast.administrator)
    url, client = reverse("cases:notice-download", args=[case.pk, notice.pk]), client_of(cast.claims)
    assert client.get(url).status_code == 302
    render_notice(notice_id=notice.pk)
    answer = client.get(url)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert "CM" in answer["Content-Disposition"]
    assert Event.objects.filter(action="notice.download", case_id=case.pk, actor=cast.claims).count() == 1
    assert url in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()


def test_whole_way_of_a_request_for_information(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    client = client_of(cast.administrator)
    assert post(client, "information-request", case.pk, question="") == 422
    assert post(client, "information-request", case.pk, question="Page 2, please.") == 302
    url = reverse("cases:information-receive", args=[case.pk])
    assert "Page 2, please." in client.get(url).content.decode()
    assert client.post(url, {"answer": "By fax."}).status_code == 302
    assert InformationRequest.objects.get(case=case).answer == "By fax."


def test_deferral_consent_and_reversal_have_their_pages(cast: Cast, client_of: ClientOf) -> None:
    case, other = make_case(CaseStatus.ELIGIBILITY_REVIEW), make_case(CaseStatus.ELIGIBILITY_REVIEW)
    client = client_of(cast.administrator)
    assert "is deferred" in client.get(reverse("cases:eligibility-defer", args=[case.pk])).content.decode()
    refuse = {"note": "n", "free_text": ""}
    assert post(client, "eligibility-defer", case.pk, reason="INE-LIAB", shown="INE-LIAB", **refuse) == 302
    assert post(client, "eligibility-consent", case.pk, reason="By e-mail of the adjuster.") == 302
    assert post(client, "eligibility-refuse", other.pk, reason="INE-LATE", shown="INE-LATE", **refuse) == 302
    assert post(client, "eligibility-reverse", other.pk, reason="Served later than stated.") == 302
    assert set(Case.objects.values_list("status", flat=True)) == {CaseStatus.ELIGIBLE}


def test_claims_administrator_reports_and_an_administrator_decides(cast: Cast, client_of: ClientOf) -> None:  # A17
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    claims, staff = client_of(cast.claims), client_of(cast.administrator)
    item = DisputedItem.objects.get(case=case)
    told = {
        "reason_code": "authorized",
        "items": [str(item.pk)],
        "happened_on": (clock.today() - timedelta(days=9)).strftime("%m/%d/%Y"),
        "note": "kept explanation",
    }
    bad = claims.post(reverse("cases:ending-report", args=[case.pk]), {**told, "items": []})
    assert bad.status_code == 422
    assert "kept explanation" in bad.content.decode()
    assert post(claims, "ending-report", case.pk, **told) == 302
    report = EndingReport.objects.get(case=case)
    assert report.days_late == 4
    again = claims.get(reverse("cases:ending-report", args=[case.pk]))
    assert again.status_code == 409
    assert "A report about every item that is left waits" in again.content.decode()
    case_page = claims.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert reverse("cases:ending-report", args=[case.pk]) not in case_page
    assert (
        "waits for an administrator already"
        in claims.post(reverse("cases:ending-report", args=[case.pk]), told).content.decode()
    )
    queue = staff.get(reverse("cases:ending-queue")).content.decode()
    assert case.number
    assert case.number in queue
    assert "Late" in queue
    page = claims.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "by 4 days: to be reported by" in page
    assert "LC 4610.5(g)), to be confirmed" in page
    due = claims.get(reverse("cases:ending-due", args=[case.pk, report.pk])).content.decode()
    assert "5 calendar days lead to" in due
    assert "was due" in due
    assert post(claims, "ending-decide", case.pk, report.pk, decision="confirm") == 403
    page = staff.get(reverse("cases:ending-decide", args=[case.pk, report.pk])).content.decode()
    assert "is terminated without a determination" in page
    assert "Needed to refuse the report" in page
    assert post(staff, "ending-decide", case.pk, report.pk, decision="refuse", note="") == 400
    assert post(staff, "ending-decide", case.pk, report.pk, decision="confirm", note="", free_text="") == 302
    assert post(staff, "ending-decide", case.pk, report.pk, decision="confirm", note="", free_text="") == 409
    decided = staff.get(reverse("cases:ending-decide", args=[case.pk, report.pk]))
    assert decided.status_code == 409
    assert "The report was confirmed on" in decided.content.decode()
    case.refresh_from_db()
    assert case.status == CaseStatus.TERMINATED


@pytest.mark.parametrize("name", ["case-end", "case-dismiss"])
def test_staff_ends_a_case(cast: Cast, client_of: ClientOf, name: str) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW)
    client = client_of(cast.administrator)
    assert client.get(reverse(f"cases:{name}", args=[case.pk])).status_code == 200
    told = {
        "told_by": "employee",
        "received_on": clock.today().strftime("%m/%d/%Y"),
        "reason_code": "employee_withdrew",
        "items": [str(item.pk) for item in case.items.all()],
        "happened_on": clock.today().strftime("%m/%d/%Y"),
        "note": "By phone.",
        "reason": "INE-DUP",
        "shown": "INE-DUP",
    }
    assert post(client, name, case.pk, **told) == 302
    case.refresh_from_db()
    assert case.status == (CaseStatus.WITHDRAWN if name == "case-end" else CaseStatus.DISMISSED)
    assert post(client, name, case.pk, **told) in {409, 422}


def test_what_others_told_waits_on_both_sides_with_its_clock(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    staff, claims = client_of(cast.administrator), client_of(cast.claims)
    url, day = reverse("cases:ending-report", args=[case.pk]), clock.today().strftime("%m/%d/%Y")
    assert "Who told it" in staff.get(url).content.decode()
    told = {"reason_code": "settled", "items": [case.items.get().pk], "happened_on": day, "note": "A settlement."}
    assert staff.post(url, {**told, "received_on": day}).status_code == 422
    assert staff.post(url, {**told, "received_on": day, "told_by": "employee"}).status_code == 302
    page = claims.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "The claims administrator’s report is awaited" in page
    assert "Told by: injured worker, attorney or representative" in page
    form = claims.get(url).content.decode()
    assert "Who told it" not in form
    assert f'value="{day}"' in form
    assert form.count("checked") == 2
    queue = staff.get(reverse("cases:ending-queue")).content.decode()
    assert "Its own report:" in queue
    report = EndingReport.objects.get(case=case)
    decide = staff.get(reverse("cases:ending-decide", args=[case.pk, report.pk])).content.decode()
    assert "The claims administrator has not reported this yet" in decide
    assert claims.get(reverse("cases:ending-due", args=[case.pk, report.pk])).status_code == 404
    assert claims.post(url, told).status_code == 302
    assert EndingReport.objects.filter(case=case).count() == 2
