"""The printed letter: order, labels, completeness, and text that tries to be more than text."""

import io
import re
import subprocess
import time
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.enums import GuidelineBasis
from imr.core.text import TextError, clean_text
from reviews.enums import CitationSide
from reviews.exceptions import LetterTextError
from reviews.letters import FinalDeterminationLetter, GuidelineBlock, ItemShape, item_text
from tests.factories.seed_letter import make_item, make_letter, render_letter_pdf

HEADINGS = [
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
]
SENTENCE = "The file shows no measured gain, so the request is not medically necessary. "


def _run(program: str, data: bytes, *options: str) -> str:
    result = subprocess.run([program, *options, "-", "-"], input=data, capture_output=True, check=True)
    return result.stdout.decode()


def _text(letter: FinalDeterminationLetter) -> str:
    """The text layer in reading order, white space made one blank, page footers taken out."""
    text = _run("pdftotext", render_letter_pdf(letter).data, "-raw")
    text = re.sub(rf"{letter.case_number} · page \d+ of \d+", " ", text)
    return _flat(text)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _in_order(text: str, parts: list[str]) -> None:
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, f"{part!r} is missing after {text[max(0, position - 60) : position]!r}"
        position = found + len(part)


def test_letter_says_everything_in_the_order_of_the_published_form() -> None:
    letter = make_letter()
    item = letter.items[0]
    _in_order(
        _squeezed(_text(letter)),
        [
            _squeezed(part)
            for part in [
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
            ]
        ],
    )  # fmt: skip


def test_document_is_tagged_titled_and_carries_nothing_else() -> None:
    with pikepdf.open(io.BytesIO(render_letter_pdf(make_letter()).data)) as document:
        assert str(document.docinfo["/Title"]) == "CM14-0046246 Final Determination"
        assert "/Author" not in document.docinfo
        assert len(document.attachments) == 0
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "en-US"
        assert [float(edge) for edge in document.pages[0].MediaBox] == [0, 0, 612, 792]
        tags = [str(tag) for tag in _tags(document.Root.StructTreeRoot)]
        assert tags.count("/TH") == 7
        assert {"/H1", "/H2", "/H3", "/Table", "/TD", "/P", "/Link"} <= set(tags)
        for item in document.objects:
            assert not (isinstance(item, pikepdf.Dictionary) and "/JS" in item)


def _tags(node: pikepdf.Object) -> list[pikepdf.Object]:
    found = []
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid["/S"], *_tags(kid)]
    return found


def test_headings_are_never_alone_at_the_foot_of_a_page() -> None:
    for length in range(0, 1500, 300):
        items = tuple(make_item(position=number, rationale=(SENTENCE * 60)[: 600 + length]) for number in range(1, 4))
        pages = _run("pdftotext", render_letter_pdf(make_letter(items=items)).data, "-raw").split("\f")
        for page in pages[:-1]:
            lines = [line for line in page.strip().splitlines() if " · page " not in line]
            assert lines[-1] not in HEADINGS
            assert not lines[-1].endswith(": Upheld")


def test_sixty_long_items_are_complete() -> None:
    """B70, B90: every paragraph once, in order, none outside the page."""
    items = tuple(
        make_item(position=n, text=f"Item {n} " + "of the request " * 60, rationale=f"Reason {n}. " + SENTENCE * 4)
        for n in range(1, 61)
    )
    letter = make_letter(items=items)
    data = render_letter_pdf(letter).data
    text = _squeezed(re.sub(r"CM14-0046246 · page \d+ of \d+", "", _run("pdftotext", data, "-raw")))
    _in_order(text, [_squeezed(part) for item in items for part in (item.text, item.rationale)])
    assert text.count("Decisionrationale:") == 60
    boxes = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', _run("pdftotext", data, "-bbox")
    )
    assert all(float(x0) >= 71 and float(x1) <= 541 and float(y0) > 0 and float(y1) < 792 for x0, y0, x1, y1 in boxes)


def test_hundred_thousand_characters_render_in_time() -> None:
    """B68, B69, with room for a busy machine: a flex or grid layout would take ten times as long."""
    letter = make_letter(items=(make_item(rationale=(SENTENCE * 1400)[:100_000]),))
    started = time.process_time()
    rendered = render_letter_pdf(letter)
    assert time.process_time() - started < 6
    assert rendered.page_count > 15
    with pytest.raises(LetterTextError, match="300,000"):
        render_letter_pdf(make_letter(clinical_case_summary="a " * 160_000))


HOSTILE = [
    '<link rel=attachment href=file:///etc/hostname><img src="http://127.0.0.1/x"><svg><image href="file:/x"/></svg>',
    "{{ reviewer.name }} {% include 'x' %} {% debug %}",
    "</p></body><style>*{display:none}</style>",
    "<td colspan=65534>" + "<div>" * 40,
    "font-size:99999999pt; @import url(file:///etc/hostname)",
    "&amp;nbsp; **bold** [link](javascript:alert(1))",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "≥ ≤ ± µ ° ½ – — “quoted” § ™ ✓ ☐ →",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printed_as_it_was_typed(text: str) -> None:
    """B76-B80, B82, B87, B89: literal, nothing fetched, nothing hidden, the real sections in place."""
    plain = make_item()
    letter = make_letter(
        clinical_case_summary=f"Before. {text}",
        items=(
            make_item(
                text=f"Item {text}",
                rationale=text,
                reviewer=GuidelineBlock(CitationSide.REVIEWER, GuidelineBasis.NON_MTUS, text),
            ),
            make_item(position=2),
        ),
    )
    found = _squeezed(_text(letter))
    assert found.count(_squeezed(text)) >= 4
    assert _squeezed(plain.rationale) in found
    with pikepdf.open(io.BytesIO(render_letter_pdf(letter).data)) as document:
        assert len(document.attachments) == 0
        tags = _tags(document.Root.StructTreeRoot)
        assert [str(tag) for tag in tags].count("/H2") == 3


def test_long_address_and_long_words_stay_inside_the_margins() -> None:
    address = "https://example.org/" + "a" * 1980
    letter = make_letter(items=(make_item(text="w" * 200, rationale=f"See {address} for it. {'x' * 200}"),))
    data = render_letter_pdf(letter).data
    boxes = re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', _run("pdftotext", data, "-bbox"))
    assert max(float(right) for _, right in boxes) <= 541


def test_item_text_with_colons_and_a_trailing_outcome_is_printed_before_its_own() -> None:
    """B88."""
    words = item_text(shape=ItemShape.PLAIN, description="Pre-op labs: CBC: Upheld")
    assert "Pre-op labs: CBC: Upheld: Upheld" in _text(make_letter(items=(make_item(text=words),)))


def test_right_to_left_name_inside_a_line_keeps_the_rest_in_order() -> None:
    """B84."""
    found = _text(make_letter(clinical_case_summary="Seen by שלום on 02/03/2016 for pain."))
    assert "Seen by" in found
    assert found.index("Seen by") < found.index("for pain.")


def test_paragraphs_and_line_breaks_are_kept() -> None:
    letter = make_letter(clinical_case_summary="First paragraph.\n\nSecond paragraph,\nwith a second line.")
    lines = _run("pdftotext", render_letter_pdf(letter).data, "-layout").splitlines()
    stripped = [line.strip() for line in lines]
    assert "Second paragraph," in stripped
    assert "with a second line." in stripped


def test_many_states_and_specialties_are_listed() -> None:
    states = ("California", "Arizona", "Florida", "Nevada", "New York", "North Carolina", "Ohio", "Oregon", "Texas")
    found = _text(
        make_letter(states_of_licensure=states, certifications=("Public Health & General Preventive Medicine",))
    )
    assert "State(s) of Licensure: " + ", ".join(states) in found
    assert "Public Health & General Preventive Medicine" in found


def test_draft_says_that_it_is_one() -> None:
    letter = make_letter(items=(make_item(outcome=None, rationale=""),))
    text = _run("pdftotext", render_letter_pdf(letter, is_draft=True).data, "-raw")
    assert "Draft for preview" in text
    assert "(not decided yet)" in text
    assert "Draft for preview" not in _text(make_letter())


def test_two_processes_render_the_same_bytes(tmp_path: Path) -> None:
    """C6: the stored digest proves a letter years later."""
    script = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'imr.settings.test'; django.setup();"
        "from tests.factories.seed_letter import make_letter, render_letter_pdf;"
        "import hashlib; print(hashlib.sha256(render_letter_pdf(make_letter()).data).hexdigest())"
    )
    import hashlib
    import sys

    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == hashlib.sha256(render_letter_pdf(make_letter()).data).hexdigest()


# What the letters' fonts draw, and what is cleaned away. Right-to-left scripts have a test of their own: the text
# layer holds them in another order.
ALPHABET = st.one_of(
    st.characters(codec="ascii", exclude_categories=["Cc"]),
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=["Cc"]),
    st.characters(min_codepoint=0x391, max_codepoint=0x3C9, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0x410, max_codepoint=0x44F),
    st.characters(min_codepoint=0x1EA0, max_codepoint=0x1EF9),
    st.sampled_from("≥≤±µ°½–—“”‘’§™✓☐→•…"),
    st.sampled_from("\n\t\u00a0\u2003\u200b\u200d\u2060\ufeff\u00ad\u0301\u0308"),
)
BATCH = 12
PLAIN = "The file shows no measured gain."


def _accepted(text: str) -> str:
    try:
        return clean_text(text, multiline=True)
    except TextError:
        return ""


@cache
def _around(quantity: int) -> str:
    """All of the letter that is not one of the texts."""
    return _between([PLAIN] * quantity)[1]


def _between(texts: list[str]) -> tuple[list[str], str]:
    """The printed texts, and what is printed around them, both without white space."""
    items = tuple(
        make_item(position=number, text=f"Item {number}", rationale=f"BEGIN{number}. {text} END{number}.")
        for number, text in enumerate(texts, start=1)
    )
    around = _squeezed(_text(make_letter(items=items)))
    printed = []
    for number in range(1, len(texts) + 1):
        before, rest = around.split(f"BEGIN{number}.", 1)
        text, after = rest.split(f"END{number}.", 1)
        printed.append(text)
        around = f"{before}#{after}"
    return printed, around


def _comparable(text: str) -> str:
    """Without white space, and without hyphens, which the text layer drops at the end of a line."""
    return unicodedata.normalize("NFC", _squeezed(text).replace("-", ""))


@settings(max_examples=17, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=300), min_size=BATCH, max_size=BATCH))
@example([*HOSTILE, "0" * 200, "- " * 100, "a\u00adb c\u200bd", "\n \n\t\n" * 50 + "End"])
def test_any_accepted_text_comes_back_from_the_text_layer(texts: list[str]) -> None:
    """Unchanged but for white space, and without touching the rest; two hundred texts, twelve to a letter."""
    cleaned = [kept for kept in map(_accepted, texts) if kept]
    printed, around = _between(cleaned)
    assert [_comparable(text) for text in printed] == [_comparable(text) for text in cleaned]
    assert around == _around(len(cleaned))
