"""Positioned text of PDFs: lines, rows, bold type, line ends, gaps; and files that give no text."""

import io

import pikepdf
import pytest
import weasyprint

from imr.core.pdf_text import PdfTextError, PdfTextProblem, page_texts, read_pdf
from tests.reviews.letters.reader.published import restricted

PAGE = """
<style>
  @page { size: letter; margin: 1in }
  body { font: 12pt/1.2 'Liberation Serif'; white-space: pre-wrap }
  p, table { margin: 0 0 14pt }
  td { padding: 0 6pt; vertical-align: top; white-space: normal; width: 2in }
</style>
"""
TABLE = (
    "<table><tr><td><b>Priority:</b></td><td>Standard</td><td><b>Application<br>Received:</b></td>"
    "<td>10/24/2016</td></tr></table>"
)


def _pdf(body: str) -> bytes:
    data = weasyprint.HTML(string=PAGE + body).write_pdf()
    assert isinstance(data, bytes)
    return data


def test_pdf_is_read_as_lines_with_rows_places_and_bold_runs() -> None:
    page = read_pdf(_pdf(f"{TABLE}<p><b>MRI of the “knee”:</b> Upheld</p><p>Next.</p>")).pages[0]

    assert [line.text for line in page.lines] == [
        "Priority: Standard Application 10/24/2016", "Received:", "MRI of the “knee”: Upheld", "Next.",
    ]  # fmt: skip
    row, heading = page.lines[0], page.lines[2]
    assert [run.text for run in row.runs] == ["Priority:", "Standard", "Application", "10/24/2016"]
    assert [run.x0 for run in row.runs] == sorted(run.x0 for run in row.runs)
    assert [heading.text[start:end].strip() for start, end in heading.bold] == ["MRI of the “knee”:"]
    assert heading.size == pytest.approx(12, abs=0.2)
    assert page.lines[3].bold == ()
    assert (page.number, page.width, page.height) == (1, 612, 792)
    assert 72 < page.lines[0].top < page.lines[0].bottom < page.lines[2].top < 300


def test_line_end_keeps_its_hyphen_and_tells_whether_a_blank_follows() -> None:
    words = "The request was non-certified and the Guide- lines apply to self-directed home-based exercise. "
    ends = set()
    for width in range(200, 420, 20):
        lines = read_pdf(_pdf(f"<p style='width: {width}pt'>{words * 4}</p>")).pages[0].lines
        assert "".join(line.text + (" " if line.ends_with_blank else "") for line in lines) == words * 4
        ends |= {(line.text.split()[-1], line.ends_with_blank) for line in lines if line.text.endswith("-")}

    assert {("Guide-", True), ("non-", False), ("self-", False)} <= ends


def test_wide_gap_is_seen_though_its_blanks_are_folded() -> None:
    gap = "&nbsp;" * 12
    lines = read_pdf(_pdf(f"<p>The report of Dr. {gap} is short.</p><p>The report of Dr. Example is short.</p>"))

    assert [(line.text, line.has_wide_gap) for line in lines.pages[0].lines] == [
        ("The report of Dr. is short.", True),
        ("The report of Dr. Example is short.", False),
    ]


def test_restricted_pdf_is_read_and_locked_one_refused() -> None:
    data = _pdf("<p>Plain words.</p>")

    assert read_pdf(restricted(data)).pages[0].lines[0].text == "Plain words."
    with pytest.raises(PdfTextError, match="only with a password") as refused:
        read_pdf(restricted(data, password="secret"))
    assert refused.value.problem is PdfTextProblem.PASSWORD


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 and no more", b"a letter"])
def test_damaged_file_is_refused(data: bytes) -> None:
    for read in (read_pdf, page_texts):
        with pytest.raises(PdfTextError, match="damaged or not a PDF") as refused:
            read(data)
        assert refused.value.problem is PdfTextProblem.DAMAGED


def test_pdf_without_text_is_refused_but_has_pages() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.add_blank_page()
        pdf.save(out)

    with pytest.raises(PdfTextError, match="no text") as refused:
        read_pdf(out.getvalue())
    assert refused.value.problem is PdfTextProblem.NO_TEXT
    assert page_texts(out.getvalue()) == ["", ""]


def test_page_texts_give_each_page_its_words() -> None:
    first, second = page_texts(_pdf("<p>One café.</p><p style='break-before: page'>Two 😀 three.</p>"))

    assert first.split() == ["One", "café."]
    assert second.split()[0] == "Two"
    assert second.split()[-1] == "three."


def test_pdf_with_too_many_pages_is_refused() -> None:
    data = _pdf("<p>One.</p><p style='break-before: page'>Two.</p>")

    with pytest.raises(PdfTextError, match="2 pages; the most is 1") as refused:
        read_pdf(data, max_pages=1)
    assert refused.value.problem is PdfTextProblem.TOO_LONG
