"""The checklist of records as a person sees it (B9, N10)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind, RecordState
from cases.models import DocumentReading, LegalParameter, RecordRequirement, URDecision
from cases.selectors.checklist import record_checklist
from cases.services.page import read_pages
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_draft, make_pdf
from tests.factories.pages import write_pages

type ClientOf = Callable[..., Client]


def test_page_says_what_is_missing_and_what_to_do_before_and_after_filing(cast: Cast, client_of: ClientOf) -> None:
    for case in (make_draft(cast.claims), make_case(user=cast.claims)):
        URDecision.objects.filter(case=case).update(request_received_on=date(2026, 3, 10))
        text = client_of(cast.claims).get(reverse("cases:records-checklist", args=[case.pk])).content.decode()
        assert "Physician reports on the current condition" in text
        assert "Add the request for authorization (DWC Form RFA)" in text
        assert "09/10/2025 to 10/09/2025: no report" in text
        assert "to be confirmed" in text
        assert Event.objects.filter(action="checklist.viewed", case_id=case.pk).count() == 1


def test_lines_come_from_the_text_of_the_pages(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    report = make_document(case, data=make_pdf(text="Patient: Calvin Moore, visit of 01/05/2026"), title="Visit")
    read_pages(document_id=report.pk)
    write_pages(case, "Records reviewed:\n1. Progress note 01/05/2026\n2. MRI report 12/01/2025", kind="ur_decision")
    facts = DocumentReading.objects.get(document=report).facts
    assert facts == {"dates": ["2026-01-05"], "people": [[1, "Calvin Moore", ""]]}

    answer = client_of(cast.administrator).get(reverse("cases:records-checklist", args=[case.pk]))

    text = answer.content.decode()
    assert "names the patient Calvin Moore" in text
    # Of the two UR letters one was never read, so nothing is said of the list yet.
    assert "still being read" in text


def test_records_named_by_the_letter_are_looked_for(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    for document in case.documents.all():
        read_pages(document_id=document.pk)
    write_pages(case, "Records reviewed:\n1. Progress note 01/05/2026\n2. MRI report 12/01/2025", kind="ur_decision")
    make_document(case, DocumentKind.DIAGNOSTIC_REPORT, dated_on=date(2025, 12, 1))
    (line,) = [one for one in record_checklist(case, today=clock.today()) if one.code == "named"]
    assert (line.state, len(line.details)) == (RecordState.QUESTION, 1)
    assert "Progress note" in line.details[0]


def test_law_of_the_day_holds(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    RecordRequirement.objects.filter(code="response").update(in_force_until=date(2020, 1, 1))
    (span,) = LegalParameter.objects.filter(name="physician_reports_span", value=12)
    earlier = span.in_force_until - timedelta(days=1) if span.in_force_until else date(2014, 1, 1)
    codes = [line.code for line in record_checklist(case, today=earlier)]
    assert "response" in codes
    (months,) = [line for line in record_checklist(case, today=earlier) if line.code == "months"]
    assert len(months.details) == 12
    assert "response" not in [line.code for line in record_checklist(case, today=clock.today())]


@pytest.mark.parametrize("number", [1, 3])
def test_number_of_queries_does_not_grow_with_the_documents(
    cast: Cast, number: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    case = make_case(user=cast.claims)
    for _ in range(number):
        write_pages(case, "Visit of 01/05/2026")
    with django_assert_num_queries(10):  # type: ignore[attr-defined]
        record_checklist(case, today=clock.today())
