"""What programs that we did not write make of a finished letter: a reader of codes, qpdf, and poppler's tools."""

import io

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from imr.core.pdf import RenderedPdf
from reviews.letters import ServedLetter
from tests.factories.letters_text import flat, make_served, render_served_pdf, words_of
from tests.factories.pdf_structure import alternatives_of
from tests.factories.seed_letter import make_letter, render_letter_pdf
from tests.poppler import pdfinfo


@pytest.fixture(scope="module")
def served() -> ServedLetter:
    return make_served()


@pytest.fixture(scope="module")
def rendered(served: ServedLetter) -> RenderedPdf:
    return render_served_pdf(served)


@pytest.mark.parametrize("scale", [2, 4])
def test_square_on_the_cover_is_read_back_as_the_address_of_the_check_page(
    served: ServedLetter, rendered: RenderedPdf, scale: int
) -> None:
    """From the page as it looks, at 144 and 288 dots an inch: a screen and a cheap scan of the print."""
    document = pypdfium2.PdfDocument(rendered.data)
    try:
        cover = document[0].render(scale=scale).to_pil()
    finally:
        document.close()
    found = zxingcpp.read_barcodes(cover)
    assert [code.text for code in found] == [served.check_url]
    assert alternatives_of(rendered.data) == [f"QR code of the address {served.check_url}"]


def test_qpdf_finds_nothing_wrong(rendered: RenderedPdf) -> None:
    for data in (rendered.data, render_letter_pdf(make_letter()).data):
        with pikepdf.open(io.BytesIO(data)) as document:
            assert document.check_pdf_syntax() == []


def test_pdfinfo_says_tagged_titled_and_no_author(rendered: RenderedPdf) -> None:
    said = pdfinfo(rendered.data)
    facts = {name: value.strip() for name, _, value in (line.partition(":") for line in said.splitlines())}
    assert facts["Tagged"] == "yes"
    assert facts["Title"] == "CM14-0046246 Final Determination"
    assert facts["Pages"] == str(rendered.page_count)
    assert facts["JavaScript"] == "no"
    assert "612 x 792" in facts["Page size"]
    assert not {"Author", "Creator", "CreationDate"} & facts.keys()


def test_pdfium_and_poppler_read_each_paragraph_once_and_the_same() -> None:
    paragraphs = [f"Paragraph number {number} of the rationale says {number * 7919}." for number in range(1, 40)]
    letter = make_letter(clinical_case_summary="\n\n".join(paragraphs))
    data = render_letter_pdf(letter).data
    document = pypdfium2.PdfDocument(data)
    try:
        others = flat(" ".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()
    ours = words_of(data)
    for paragraph in paragraphs:
        assert ours.count(paragraph) == 1
        assert others.count(paragraph) == 1
