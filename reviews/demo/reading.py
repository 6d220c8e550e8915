"""The records of the demo case with the longest file, and what its reviewer noted on them."""

from collections.abc import Sequence
from datetime import date, timedelta

from cases.models import Document
from imr.accounts.models import User
from imr.core.words import mmddyyyy
from reviews.models import Assignment
from reviews.selectors.records import numbered_records
from reviews.selectors.workspace import records_of
from reviews.services.note import add_note
from reviews.services.reading import begin_visit, keep_pages_seen, open_document

VISITS_TITLE = "Visits to the treating physician"
VISITS = 24
# The visit on which the reviewer relies, by its page.
PAIN_PAGE = 20
# A visit that the reviewer has not read, and that says otherwise than the draft: the check before signing finds it.
ULCER_PAGE = 11
_PAIN = "Pain is 8/10 without and 7/10 with the drug; function is as it was six months ago."
# Page, own words, words of the page, tags.
_NOTES = (
    (PAIN_PAGE, "One point of difference only.", _PAIN, ("pain", "function")),
    (16, "No urine drug test ordered here either.", "", ("drug test",)),
)


def visits(today: date) -> list[tuple[str, Sequence[str]]]:
    """One page a visit, a month apart, the last one shortly before the decision."""
    return [
        (f"Visit of {mmddyyyy(today - timedelta(days=30 * (VISITS - number) + 45))}", _visit(number))
        for number in range(1, VISITS + 1)
    ]


def referring(summary: str, records: Sequence[Document]) -> str:
    """The summary with a reference to the page it rests on, where the case has that record."""
    numbers = {record.title: number for number, record in enumerate(sorted(records, key=lambda one: one.pk), 1)}
    if VISITS_TITLE not in numbers:
        return summary
    return summary.replace(
        "no change in function in six months",
        f"no change in function in six months [R{numbers[VISITS_TITLE]}, page {PAIN_PAGE}]",
    )


def read_records(assignment: Assignment, actor: User) -> None:
    """The reviewer has opened the UR decision and read a part of the visits, with two notes on them."""
    begin_visit(assignment_id=assignment.pk, actor=actor)
    papers = {record.pk: record for record in records_of(assignment.case_id)}
    for record in numbered_records(assignment):
        paper = papers[record.document_id]
        if record.number > 1 and paper.title != VISITS_TITLE:
            continue
        pages = range(1, 2) if record.number == 1 else range(15, PAIN_PAGE + 1)
        open_document(assignment_id=assignment.pk, document=paper, actor=actor)
        keep_pages_seen(assignment_id=assignment.pk, document=paper, actor=actor, pages=list(pages))
        if paper.title == VISITS_TITLE:
            for page, text, quote, tags in _NOTES:
                add_note(
                    assignment_id=assignment.pk,
                    actor=actor,
                    document=paper,
                    page=page,
                    text=text,
                    quote=quote,
                    tags=tags,
                )


def _visit(number: int) -> list[str]:
    paragraphs = [
        f"Visit {number} of {VISITS}. The patient returns for a refill. Sleep is broken by pain three nights a week.",
        "Gait is slow and even. Lumbar flexion is limited to half. Straight leg raising is negative on both sides.",
        "Hydrocodone-acetaminophen 10/325 mg is continued, four tablets a day. Home exercises were reviewed.",
    ]
    if number % 6 == 2:
        paragraphs.append("Omeprazole 20 mg is added for an upset stomach. There is no history of ulcer or bleeding.")
    if number == ULCER_PAGE:
        paragraphs.append("He tells of a stomach ulcer that was treated in another state some years ago.")
    if number == PAIN_PAGE:
        paragraphs.insert(1, _PAIN)
    return paragraphs
