"""What the checklist of records knows of a case, filed or not, and its lines."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from cases.enums import DocumentKind, PartyRole, RecognitionState
from cases.models import (
    Application,
    Case,
    Document,
    DocumentPage,
    DocumentReading,
    DocumentRecognition,
    NoticeService,
    Party,
    RecordRequirement,
    URDecision,
)
from cases.rules.records.engine import check_records
from cases.rules.records.facts import NamedRecord, RecordPaper, RecordsFacts, Requirement
from cases.rules.records.letter_records import named_records
from cases.rules.records.page_facts import PageFacts
from cases.rules.records.result import ChecklistLine
from cases.selectors.document import current_documents
from cases.selectors.law import legal_parameter
from imr.core.clock import pacific_date

SPAN = "physician_reports_span"
MOST_LETTER_PAGES = 40


def record_checklist(case: Case, *, today: date) -> list[ChecklistLine]:
    """Which records the case needs, which are on file, and what is worth a look; nothing of it holds anything up.

    The law of the day on which the notice of assignment was served holds, before that of `today`.
    """
    served = NoticeService.objects.filter(case=case).order_by("pk").values_list("served_at", flat=True).first()
    on = pacific_date(served) if served else today
    return check_records(records_facts(case, on=on), record_requirements(on))


def record_requirements(on: date) -> list[Requirement]:
    """What has to be sent under the law of `on`, in the order of the section."""
    rows = RecordRequirement.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), in_force_from__lte=on
    )
    return [
        Requirement(
            code=row.code,
            title=row.title,
            kinds=tuple(row.kinds),
            to_do=row.to_do,
            citation=row.citation,
            is_confirmed=row.is_confirmed,
            asks=row.asks,
        )
        for row in rows
    ]


def records_facts(case: Case, *, on: date) -> RecordsFacts:
    """The records of the case as the rules take them."""
    documents = list(current_documents(case.pk))
    readings = {one.document_id: one for one in DocumentReading.objects.filter(document__in=documents)}
    running = set(
        DocumentRecognition.objects.filter(document__in=documents, state=RecognitionState.RUNNING).values_list(
            "document_id", flat=True
        )
    )
    papers = tuple(_paper(one, readings.get(one.pk), is_running=one.pk in running) for one in documents)
    letters = [paper for paper in papers if paper.kind == DocumentKind.UR_DECISION]
    employee = Party.objects.filter(case=case, role=PartyRole.EMPLOYEE).first()
    span = legal_parameter(SPAN, on=on)
    requested_on, requested_words = _requested(case, papers)
    return RecordsFacts(
        requested_on=requested_on,
        requested_words=requested_words,
        months=span.value,
        span_citation=span.citation,
        is_span_confirmed=span.is_confirmed,
        last_name=employee.last_name if employee else "",
        born=Application.objects.filter(case=case).values_list("employee_birth_date", flat=True).first(),
        papers=papers,
        has_letter=bool(letters),
        is_letter_read=all(letter.is_read for letter in letters),
        named=_named(letters),
    )


def _paper(document: Document, reading: DocumentReading | None, *, is_running: bool) -> RecordPaper:
    found = PageFacts.from_json(reading.facts) if reading else PageFacts()
    return RecordPaper(
        pk=document.pk,
        title=document.title,
        kind=document.kind,
        dated_on=document.dated_on,
        page_count=document.page_count,
        readable_pages=reading.text_pages if reading else document.text_page_count,
        is_read=reading is not None and not is_running,
        dates=found.dates,
        people=found.people,
    )


def _requested(case: Case, papers: Sequence[RecordPaper]) -> tuple[date | None, str]:
    """The day of the request for authorization as well as it is known, and which day that is."""
    days = [
        paper.dated_on
        for paper in papers
        if paper.kind == DocumentKind.REQUEST_FOR_AUTHORIZATION and paper.dated_on is not None
    ]
    if days:
        return max(days), "date of the request for authorization"
    decision = URDecision.objects.filter(case=case).first()
    if decision and decision.request_received_on:
        return decision.request_received_on, "request for authorization received"
    if decision and decision.decided_on:
        return decision.decided_on, "UR decision, for the date of the request is not known"
    return None, ""


def _named(letters: Sequence[RecordPaper]) -> tuple[NamedRecord, ...]:
    pages = DocumentPage.objects.filter(
        document__in=[letter.pk for letter in letters], number__lte=MOST_LETTER_PAGES
    ).order_by("document", "number")
    return named_records(list(pages.values_list("number", "text")))
