"""Facts for the checklist of records."""

from datetime import date
from typing import Any

from cases.enums import DocumentKind
from cases.rules.records.facts import PageOwner, RecordPaper, RecordsFacts

REQUESTED = date(2026, 3, 10)


def paper(pk: int = 1, kind: str = DocumentKind.MEDICAL_REPORT, **fields: Any) -> RecordPaper:
    """A read document of two pages with text."""
    values: dict[str, Any] = {"title": f"Report {pk}", "dated_on": None, "page_count": 2, "readable_pages": 2}
    return RecordPaper(**{"pk": pk, "kind": kind, "is_read": True, **values, **fields})


def owner(name: str = "", born: date | None = None, page: int = 1) -> PageOwner:
    return PageOwner(page, name, born)


def facts(*papers: RecordPaper, **fields: Any) -> RecordsFacts:
    """A case of Maria Sandoval, the request of which is of `REQUESTED`."""
    values: dict[str, Any] = {
        "requested_on": REQUESTED,
        "requested_words": "date of the request for authorization",
        "months": 6,
        "span_citation": "8 CCR 9792.10.5(a)(1)(A)",
        "is_span_confirmed": True,
        "last_name": "Sandoval",
        "born": date(1972, 5, 17),
        "has_letter": True,
        "is_letter_read": True,
    }
    return RecordsFacts(papers=papers, **{**values, **fields})
