"""The whole private letter of the published case, with invented people, and the text of a PDF."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from imr.core.pdf import RenderedPdf
from reviews.letters import (
    FinalDeterminationLetter,
    LetterWording,
    Parties,
    Recipient,
    ReviewedDocument,
    ServedLetter,
)
from reviews.services import rendering
from tests.factories.seed_letter import make_letter
from tests.factories.wording import reviewed_wording
from tests.poppler import pdftotext

RECIPIENTS = (
    Recipient("Mateo Ibarra", "Employee", "First-class mail", ("1420 Willow Bend Road", "Fresno, CA 93722")),
    Recipient("Sierra Claims Services", "Claims administrator", "Electronic (portal)"),
    Recipient("Lena Ostrow, Attorney", "Employee’s attorney", "First-class mail", ("88 Court St", "Fresno, CA 93721")),
    Recipient("Priya Raman, M.D.", "Requesting physician", "Fax", ("fax (559) 555-0117",)),
)
DOCUMENTS = (
    ReviewedDocument(
        1, "a" * 64, 6, "considered", "Progress report, primary treating physician", "Priya Raman, M.D.",
        date(2014, 2, 27), "Requesting physician",
    ),
    ReviewedDocument(2, "b" * 64, 3, "considered", "Request for authorization", "", date(2014, 3, 6), "Employee"),
    ReviewedDocument(3, "c" * 64, 41, "not_relevant", "Billing records", "Valley Imaging", None, "Claims staff"),
    ReviewedDocument(4, "d" * 64, 1, "late", "Letter of the employer", "", date(2015, 4, 17), "Employer"),
)  # fmt: skip

SERVED = ServedLetter(
    letter=make_letter(),
    documents=DOCUMENTS,
    parties=Parties(
        employee="Mateo Ibarra",
        claim_number="SCS-2011-004417",
        employer="Redwood Freight Lines",
        claims_administrator="Sierra Claims Services",
        requesting_physician="Priya Raman, M.D.",
    ),
    recipients=RECIPIENTS,
    service_date=date(2015, 4, 22),
    version=1,
    check_code="7QK4-M2XR-9TDW",
    check_url="https://imr.example.org/check/7QK4M2XR9TDW",
    signed_off_by="Ada Lindqvist, M.D.",
    appeal_until=date(2015, 5, 27),
    appeal_citation="Labor Code section 4610.6(h); 8 CCR 10575",
)


def make_served(letter: FinalDeterminationLetter | None = None, **changes: Any) -> ServedLetter:
    """The served letter of the published case, changed."""
    return replace(SERVED, letter=letter or SERVED.letter, **changes)


def make_wording(**texts: str) -> LetterWording:
    """The wording in force with some of its texts changed."""
    wording = reviewed_wording()
    return replace(wording, texts={**wording.texts, **texts})


def render_served_pdf(served: ServedLetter, *, wording: LetterWording | None = None) -> RenderedPdf:
    """The whole private letter in the reviewed wording, without a database."""
    return rendering.render_served_pdf(served, wording=wording or reviewed_wording())


def text_of(data: bytes, *options: str) -> str:
    """The text layer by pdftotext, in raw order unless `options` say otherwise."""
    return pdftotext(data, *(options or ("-raw",))).decode()


_FOOTER = re.compile(r"CM\d\d-\d{7} · page \d+ of \d+")


def words_of(data: bytes) -> str:
    """The text layer in reading order, white space made one blank, page footers taken out."""
    return flat(_FOOTER.sub(" ", text_of(data)))


def pages_of(data: bytes) -> list[list[str]]:
    """The lines of each page without its footer."""
    pages = _FOOTER.sub("", text_of(data)).split("\f")[:-1]
    return [[line.strip() for line in page.splitlines() if line.strip()] for page in pages]


def flat(text: str) -> str:
    """`text` with one blank for any white space."""
    return " ".join(text.split())


def squeezed(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())


def in_order(text: str, parts: Iterable[str]) -> None:
    """Fails unless `parts` stand in `text` one after the other, white space aside."""
    text, position = squeezed(text), 0
    for part in map(squeezed, parts):
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is missing after {text[max(0, position - 60) : position]!r}"
        position = found + len(part)
