"""The printed body of the letter: order, labels, structure, completeness."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cases.enums import GuidelineBasis
from imr.core import pdf, pdf_engine
from reviews.enums import CitationSide
from reviews.letters import GuidelineBlock
from tests.factories.letters_text import flat, in_order, pages_of, squeezed, text_of, words_of
from tests.factories.pdf_structure import bookmarks_of, structure_problems, tags_of
from tests.factories.seed_letter import make_item, make_letter, render_letter_pdf

HEADINGS = [
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
]
SENTENCE = "The file shows no measured gain, so the request is not medically necessary. "


def test_letter_says_everything_in_the_order_of_the_published_form() -> None:
    letter = make_letter()
    item = letter.items[0]
    in_order(
        words_of(render_letter_pdf(letter).data),
        [
            "Case Number:", "CM14-0046246",
            "Date Assigned:", "06/27/2014", "Date of Injury:", "11/01/2011",
            "Decision Date:", "04/20/2015", "UR Denial Date:", "03/17/2014",
            "Priority:", "Standard", "Application Received:", "04/01/2014",
            HEADINGS[0], "Alder Creek Independent Medical Review", "no affiliation", "more than five years",
            "24 hours a week", "same or similar specialties", "laws and regulations",
            "The Expert Reviewer has the following credentials:",
            "State(s) of Licensure:", "California",
            "Certification(s)/Specialty:", "Physical Medicine & Rehabilitation, Pain Management",
            HEADINGS[1], letter.clinical_case_summary,
            HEADINGS[2], f"{item.text}: Upheld",
            "Claims Administrator guideline:", item.claims_administrator.text,
            "IMRO guideline:", item.reviewer.text,
            "Decision rationale:", *item.rationale_paragraphs,
        ],
    )  # fmt: skip


def test_document_is_tagged_titled_and_carries_nothing_else() -> None:
    data = render_letter_pdf(make_letter()).data
    assert structure_problems(data) == []
    tags = tags_of(data)
    assert tags.count("/TH") == 7
    assert {"/H1", "/H2", "/H3", "/Table", "/TD", "/P", "/Link"} <= set(tags)
    assert bookmarks_of(data) == [
        "Independent Medical Review Final Determination",
        *(f" {heading}" for heading in HEADINGS),
        f"  {make_item().text}: Upheld",
    ]


@pytest.mark.parametrize("name", pdf_engine.style_sheets())
def test_style_sheet_has_no_rule_that_is_ignored(name: str, caplog: pytest.LogCaptureFixture) -> None:
    pdf_engine._style_sheet.__wrapped__(name)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_headings_are_never_alone_at_the_foot_of_a_page() -> None:
    for length in range(0, 1500, 300):
        items = tuple(make_item(position=number, rationale=(SENTENCE * 60)[: 600 + length]) for number in range(1, 4))
        for lines in pages_of(render_letter_pdf(make_letter(items=items)).data)[:-1]:
            assert lines[-1] not in HEADINGS
            assert not lines[-1].endswith(": Upheld")


def test_every_page_says_which_case_and_which_page_it_is() -> None:
    items = tuple(make_item(position=number, rationale=SENTENCE * 12) for number in range(1, 7))
    rendered = render_letter_pdf(make_letter(items=items))
    pages = text_of(rendered.data).split("\f")[:-1]
    assert len(pages) == rendered.page_count > 2
    for number, page in enumerate(pages, start=1):
        assert page.count(f"CM14-0046246 · page {number} of {len(pages)}") == 1


def test_paragraphs_and_line_breaks_are_kept() -> None:
    letter = make_letter(clinical_case_summary="First paragraph.\n\nSecond paragraph,\nwith a second line.")
    lines = text_of(render_letter_pdf(letter).data, "-layout").splitlines()
    stripped = [line.strip() for line in lines]
    assert "Second paragraph," in stripped
    assert "with a second line." in stripped


def test_many_states_and_specialties_are_listed() -> None:
    states = ("California", "Arizona", "Florida", "Nevada", "New York", "North Carolina", "Ohio", "Oregon", "Texas")
    found = words_of(
        render_letter_pdf(
            make_letter(states_of_licensure=states, certifications=("Public Health & General Preventive Medicine",))
        ).data
    )
    assert flat("State(s) of Licensure: " + ", ".join(states)) in found
    assert "Public Health & General Preventive Medicine" in found


def test_draft_says_that_it_is_one() -> None:
    letter = make_letter(items=(make_item(outcome=None, rationale=""),))
    text = text_of(render_letter_pdf(letter, is_draft=True).data)
    assert "Draft for preview" in text
    assert "(not decided yet)" in text
    assert "Draft for preview" not in words_of(render_letter_pdf(make_letter()).data)


def test_two_processes_render_the_same_bytes() -> None:
    """C6: the stored digest proves a letter years later."""
    script = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'imr.settings.test'; django.setup();"
        "from tests.factories.letters_text import make_served, render_served_pdf;"
        "import hashlib; print(hashlib.sha256(render_served_pdf(make_served()).data).hexdigest())"
    )
    from tests.factories.letters_text import make_served, render_served_pdf

    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    here = hashlib.sha256(render_served_pdf(make_served()).data).hexdigest()
    assert result.stdout.split()[-1] == here


def test_squeezed_text_of_a_letter_holds_each_paragraph_once() -> None:
    """B90."""
    letter = make_letter()
    found = squeezed(words_of(render_letter_pdf(letter).data))
    for paragraph in (*letter.summary_paragraphs, *letter.items[0].rationale_paragraphs):
        assert found.count(squeezed(paragraph)) == 1


LAYOUTS = {"2026-1": "1eb8e75955333bcb252df9fd10a1e2addce8f5e0fb453fddee0b5a07f301e8eb"}


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_layout_of_issued_letters_is_never_changed(layout: str) -> None:
    """A letter is rendered again to prove what was signed: a change of the look is a layout of another name."""
    root = Path(__file__).parents[2]
    files = sorted(
        [
            *(root / "templates" / "letters").rglob(f"*{layout}.html"),
            *(root / "templates" / "letters").rglob(f"{layout}/*.html"),
            *(root / "static" / "letters").glob(f"*{layout}*.css"),
        ]
    )
    assert len(files) == 12
    assert hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest() == LAYOUTS[layout]


def test_only_a_letter_with_a_long_word_pays_for_breaking_words(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets: list[tuple[str, ...]] = []
    render_pdf = pdf.render_pdf

    def noting(html: str, *, style_sheet: str, more_sheets: tuple[str, ...] = ()) -> pdf.RenderedPdf:
        sheets.append((style_sheet, *more_sheets))
        return render_pdf(html, style_sheet=style_sheet, more_sheets=more_sheets)

    monkeypatch.setattr(pdf, "render_pdf", noting)
    plain = GuidelineBlock(CitationSide.CLAIMS_ADMINISTRATOR, GuidelineBasis.NONE)
    letters = [
        make_letter(items=(make_item(claims_administrator=plain, rationale=f"It is {word} here."),))
        for word in ("W" * 30, "W" * 31, "W" * 400)
    ]
    for letter in letters:
        boxes = text_of(render_letter_pdf(letter).data, "-bbox")
        assert max(map(float, re.findall(r'xMax="([\d.]+)"', boxes))) < 541
    breaking = [any("long-words" in name for name in names) for names in sheets]
    assert breaking == [False, True, True]


@pytest.mark.parametrize("length", [40, 41, 100])
def test_long_label_stays_between_the_margins(length: int) -> None:
    label = ("W" * 12 + " ") * 8
    letter = make_letter(reviewer_guideline_label=label[: length - 1] + "W")
    boxes = text_of(render_letter_pdf(letter).data, "-bbox")
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', boxes))) < 541


def test_label_does_not_stand_alone_on_its_line() -> None:
    """Where label and text just do not fit into a line, the text is broken and not the label."""
    items = tuple(
        make_item(position=length, text=f"Item {length}", rationale="x" * (length % 7) + " word" * (length // 2))
        for length in range(20, 60)
    )
    lines = [line.strip() for page in pages_of(render_letter_pdf(make_letter(items=items)).data) for line in page]
    assert not {"Decision", "Decision rationale:", "rationale:"} & set(lines)
