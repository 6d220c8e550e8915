"""Text that tries to be more than text, on its way into the printed letter: rows B67 to B90 of the bad inputs.

What is refused at the door (B67, B71 to B75) is tested with the forms too; B85 with the gate before the signature and
B86 with the checks of a determination.
"""

import os
import re
import time
import unicodedata
from functools import cache

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.enums import GuidelineBasis
from imr.core import pdf
from imr.core.forms import CleanCharField
from imr.core.text import TextError, clean_text
from reviews.enums import CitationSide
from reviews.exceptions import LetterTextError
from reviews.forms.review import FindingForm
from reviews.letters import GuidelineBlock, ItemShape, Parties, Recipient, item_text
from tests.factories.letters_text import (
    DOCUMENTS,
    in_order,
    make_served,
    pages_of,
    render_served_pdf,
    squeezed,
    text_of,
    words_of,
)
from tests.factories.pdf_structure import structure_problems, tags_of
from tests.factories.seed_letter import make_item, make_letter, render_letter_pdf

SENTENCE = "The file shows no measured gain, so the request is not medically necessary. "

REFUSED = {
    "B67": ("x " * 10_000 + "y", "must have 20,000 characters or fewer. It has 20,001."),
    "B71-word": ("Before it. " + "w" * 10_000, "starts “wwwwwwwwwwwwwwwwwwwwwwwwwwwwww…”; it has 10,000 characters"),
    "B71-underscores": ("_" * 100_000, "starts “______________________________…”; it has 100,000 characters"),
    "B71-hyphens": ("a\u00a0" + "-" * 201, "201 characters without a break"),
    "B73-nul": ("MRI\x00 of", "invisible character after “MRI”"),
    "B73-c1": ("MRI\x9b of", "invisible character after “MRI”"),
    "B73-noncharacter": ("MRI \ufffe", "invalid character after “MRI”"),
    "B74": ("is \u202eyrassecen yllacidem ton", "hidden direction marks after “is”"),
    "B75-marks": ("Pain o" + "\u0338" * 5_000, "stacked accents after “Pain"),
    "B75-joiners": ("Pain" + "\u200d" * 10_000, "invisible characters after “Pain”"),
    "B79-unbroken": ("<div>" * 5_000, "starts “<div><div><div><div><div><div>…”"),
}


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_text_that_no_letter_can_hold_is_refused_with_its_place(typed: str, words: str) -> None:
    form = FindingForm({"version": 1, "rationale": typed}, item_id=1)
    assert not form.is_valid()
    assert words in form.errors["rationale"][0]
    assert form["rationale"].value() == typed


FOLDED = {
    "B72-lines": ("One." + "\n" * 20_000 + "Two."),
    "B72-tabs": ("One." + "\t" * 50_000 + "Two."),
    "B72-blanks": ("One." + " " * 200_000 + "Two."),
}


@pytest.mark.parametrize("typed", FOLDED.values(), ids=FOLDED.keys())
def test_white_space_makes_no_pages(typed: str) -> None:
    rendered = render_letter_pdf(make_letter(clinical_case_summary=clean_text(typed, multiline=True)))
    assert rendered.page_count <= 2


def test_longest_letter_is_complete_with_sixty_items_of_a_thousand_characters() -> None:
    """B68, B70, B90: 294,000 characters, every paragraph once and in order, no heading alone, in time."""
    items = tuple(
        make_item(
            position=n,
            text=f"Item {n} " + "of the request " * 66,
            rationale=f"Reason {n}. " + SENTENCE * 48,
            reviewer=GuidelineBlock(CitationSide.REVIEWER, GuidelineBasis.NONE, "", "Nothing was cited."),
        )
        for n in range(1, 61)
    )
    letter = make_letter(items=items)
    assert 270_000 < letter.length <= 300_000
    started = time.process_time()
    data = render_letter_pdf(letter).data
    assert time.process_time() - started < 20, "10 s on an idle machine"
    text = words_of(data)
    in_order(text, [part for item in items for part in (f"{item.text}: Upheld", item.rationale)])
    assert text.count("Decision rationale:") == 60
    assert not [lines[-1] for lines in pages_of(data) if lines[-1].endswith(": Upheld")]
    boxes = re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', text_of(data, "-bbox"))
    assert all(float(left) >= 71 and float(right) <= 541 for left, right in boxes)


def test_letter_beyond_the_limits_is_refused_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """B68."""
    with pytest.raises(LetterTextError, match=r"The letter has 320,\d+ characters; the most is 300,000\. Shorten"):
        render_letter_pdf(make_letter(clinical_case_summary="a " * 160_000))
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    with pytest.raises(LetterTextError, match=r"has 3 pages; the most is 2\. Shorten the longest texts"):
        render_letter_pdf(make_letter(clinical_case_summary="a\n" * 60))


def test_hundred_thousand_characters_render_in_time() -> None:
    """B69, with room for a busy machine: a flex or grid layout would take ten times as long."""
    letter = make_letter(items=(make_item(rationale=(SENTENCE * 1400)[:100_000]),))
    started = time.process_time()
    rendered = render_letter_pdf(letter)
    assert time.process_time() - started < 12
    assert rendered.page_count > 15


LITERAL = {
    "B76-fetch": (
        "<link rel=attachment href=file:///etc/hostname><img src=file:///etc/hostname>"
        '<img src="http://127.0.0.1/x"><svg><image href="file:/x"/></svg> @import url(file:///etc/hostname); url(x)'
    ),
    "B77-template": "{{ reviewer.name }} {% include 'x' %} {% debug %} {organization} {appeal_until}",
    "B78-markup": "</p></body><style>*{display:none}</style>",
    "B79-colspan": "<td colspan=65534>" + "<div>" * 30,
    "B79-nested": "<div> " * 1_000,
    "B80-css": "font-size:99999999pt; @page{size:1px}",
    "B82-signs": "≥ ≤ ± µ ° ½ – — “quoted” § ™ ✓ ☐ →",
    "B87-markup": "&amp;nbsp; &lt;b&gt; **bold** [link](javascript:alert(1)) # heading",
    "B88-outcome": "Pre-op labs: CBC: Upheld",
    "B89-heading": "IMR ISSUES, DECISIONS AND RATIONALES",
    "B89-item": "MRI: Overturned\n\nClaims Administrator guideline: none\n\nDecision rationale: none",
}


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
def test_text_is_printed_as_it_was_typed(text: str) -> None:
    """Literal, nothing fetched, nothing hidden, the real sections in place."""
    typed = clean_text(text, multiline=True)
    reviewer = GuidelineBlock(CitationSide.REVIEWER, GuidelineBasis.NON_MTUS, typed)
    items = (make_item(text=f"Item {typed}"[:1_000], rationale=typed, reviewer=reviewer), make_item(position=2))
    data = render_letter_pdf(make_letter(clinical_case_summary=f"Before. {typed}", items=items)).data
    found = squeezed(words_of(data))
    assert found.count(squeezed(typed)) >= 3
    assert squeezed(items[1].rationale) in found
    assert structure_problems(data) == []
    assert [tag for tag in tags_of(data) if tag in ("/H1", "/H2", "/H3")] == ["/H1", "/H2", "/H2", "/H2", "/H3", "/H3"]


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
def test_pages_around_the_body_print_text_as_it_was_typed(text: str) -> None:
    """Names, addresses and titles come from people too."""
    typed = clean_text(text)[:190]
    served = make_served(
        parties=Parties(*[typed] * 5),
        recipients=(Recipient(typed, "Employee", "Mail", (typed,)), Recipient(typed, "Attorney", "Portal")),
        documents=(DOCUMENTS[0].from_data(DOCUMENTS[0].to_data() | {"title": typed, "author": typed}),),
        signed_off_by=typed,
        version=2,
        supersedes_date=make_served().service_date,
        correction_reason=typed,
    )
    data = render_served_pdf(served).data
    assert squeezed(words_of(data)).count(squeezed(typed)) >= 10
    assert structure_problems(data) == []
    assert tags_of(data).count("/H1") == 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A face \U0001fae0", ["“\U0001fae0” (U+1FAE0)"]),
        ("Cuneiform \U00012000 \U00012001", ["(U+12000)", "(U+12001)"]),
    ],
    ids=["B81-emoji", "B81-cuneiform"],
)
def test_character_without_a_glyph_is_refused_with_its_field(text: str, shown: list[str]) -> None:
    with pytest.raises(LetterTextError) as refusal:
        render_letter_pdf(make_letter(items=(make_item(rationale=f"Seen. {text}"),)))
    (problem,) = refusal.value.problems
    assert problem.startswith("Item 1, decision rationale: no font here can print")
    assert all(part in problem for part in shown)
    with pytest.raises(LetterTextError, match="Recipient 1, name and address: no font here"):
        render_served_pdf(make_served(recipients=(Recipient(text, "Employee", "Mail"),)))


@pytest.mark.parametrize(
    "word",
    ["王小明", "김민준", "ひらがな", "\U0001d400\U0001d401"],
    ids=["B81-zh", "B81-ko", "B81-ja", "B81-mathematical"],
)
def test_word_in_another_script_is_printed_or_each_sign_is_named(word: str) -> None:
    """A fallback font prints it where one is installed; never a box."""
    problems: list[str] = []
    printed = ""
    try:
        printed = words_of(render_letter_pdf(make_letter(clinical_case_summary=f"Seen: {word}.")).data)
    except LetterTextError as refusal:
        problems = refusal.problems
    named = [sign for sign in word if any(f"(U+{ord(sign):04X})" in problem for problem in problems)]
    assert word in printed or named == list(word)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("He said “I can’t”", "He said “I can’t”"),
        ("ef\ufb01cient \ufb02ow", "efficient flow"),
        ("Pen\u0303a, Ju\u0308rgen", "Peña, Jürgen"),
        ("physio\u00adtherapy", "physiotherapy"),
    ],
    ids=["B83-quotes", "B83-ligatures", "B83-accents", "B83-soft-hyphens"],
)
def test_pasted_text_is_found_by_a_search(typed: str, printed: str) -> None:
    letter = make_letter(clinical_case_summary=clean_text(typed, multiline=True))
    assert printed in words_of(render_letter_pdf(letter).data)


@pytest.mark.parametrize("name", ["שלום", "مرحبا"], ids=["B84-hebrew", "B84-arabic"])
def test_right_to_left_name_inside_a_line_keeps_the_rest_in_order(name: str) -> None:
    summary = clean_text(f"Seen by {name} on 02/03/2016 for pain.")
    found = words_of(render_letter_pdf(make_letter(clinical_case_summary=summary)).data)
    assert found.index("Seen by") < found.index("02/03/2016") < found.index("for pain.")


def test_long_address_and_long_words_break_inside_the_margins() -> None:
    """B87."""
    address = clean_text("https://example.org/" + "a" * 1_980)
    letter = make_letter(items=(make_item(text="w" * 200, rationale=f"See {address} for it. {'x' * 200}"),))
    data = render_letter_pdf(letter).data
    boxes = re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', text_of(data, "-bbox"))
    assert max(float(right) for _, right in boxes) <= 541
    assert address in squeezed(words_of(data))


def test_item_of_three_hundred_characters_with_colons_keeps_its_own_outcome() -> None:
    """B88."""
    words = item_text(shape=ItemShape.PLAIN, description=("Pre-op labs: CBC, " * 17)[:290] + ": Upheld")
    data = render_letter_pdf(make_letter(items=(make_item(text=words),))).data
    assert squeezed(f"{words}: Upheld") in squeezed(words_of(data))
    assert tags_of(data).count("/H3") == 1


def test_item_that_is_empty_once_cleaned_counts_as_missing() -> None:
    """B88."""
    field = CleanCharField(label="Item or service", max_length=1_000)
    with pytest.raises(ValidationError, match="Enter the item or service"):
        field.clean("\u200b\u00a0 \u00ad")


# What the letters' fonts draw, and what is cleaned away. Right-to-left scripts have a test of their own: the text
# layer holds them in another order.
ALPHABET = st.one_of(
    st.characters(codec="ascii", exclude_categories=["Cc"]),
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=["Cc"]),
    st.characters(min_codepoint=0x391, max_codepoint=0x3C9, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0x410, max_codepoint=0x44F),
    st.characters(min_codepoint=0x1EA0, max_codepoint=0x1EF9),
    st.sampled_from("≥≤±µ°½–—“”‘’§™✓☐→•…"),
    st.sampled_from("\n\t\u00a0\u2003\u200b\u200d\u2060\ufeff\u00ad\u0301\u0308\ufb01"),
)
BATCH = 12
PLAIN = "The file shows no measured gain."
# Letters made by each property; `IMR_LETTER_EXAMPLES=2000` for a night's run.
EXAMPLES = int(os.environ.get("IMR_LETTER_EXAMPLES", "0"))
PROPERTY = settings(
    max_examples=EXAMPLES or 12, deadline=None, derandomize=not EXAMPLES, suppress_health_check=list(HealthCheck)
)


def _accepted(text: str, *, multiline: bool = True) -> str:
    try:
        return clean_text(text, multiline=multiline)
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
    around = squeezed(words_of(render_letter_pdf(make_letter(items=items)).data))
    printed = []
    for number in range(1, len(texts) + 1):
        before, rest = around.split(f"BEGIN{number}.", 1)
        text, after = rest.split(f"END{number}.", 1)
        printed.append(text)
        around = f"{before}#{after}"
    return printed, around


def _comparable(text: str) -> str:
    """Without white space, and without hyphens, which the text layer drops at the end of a line."""
    return unicodedata.normalize("NFC", squeezed(text).replace("-", ""))


@PROPERTY
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=300), min_size=BATCH, max_size=BATCH))
@example([*LITERAL.values(), "0" * 200, "- " * 100, "a\u00adb c\u200bd", "\n \n\t\n" * 50 + "End"])
def test_any_accepted_text_comes_back_from_the_text_layer(texts: list[str]) -> None:
    """Unchanged but for white space, and without touching the rest; twelve texts to a letter."""
    cleaned = [kept for kept in map(_accepted, texts) if kept]
    printed, around = _between(cleaned)
    assert [_comparable(text) for text in printed] == [_comparable(text) for text in cleaned]
    assert around == _around(len(cleaned))


@settings(PROPERTY, max_examples=EXAMPLES or 5)
@given(st.lists(st.text(ALPHABET, min_size=1, max_size=100), min_size=5, max_size=5))
def test_any_accepted_name_and_title_comes_back_from_the_pages_around(texts: list[str]) -> None:
    """And the document keeps its structure."""
    name, street, title, author, reason = (_accepted(text, multiline=False) or "Plain" for text in texts)
    served = make_served(
        recipients=(Recipient(f"BEGIN1. {name} END1.", "Employee", "Mail", (f"BEGIN2. {street} END2.",)),),
        documents=(
            DOCUMENTS[0].from_data(
                DOCUMENTS[0].to_data() | {"title": f"BEGIN3. {title} END3.", "author": f"BEGIN4. {author} END4."}
            ),
        ),
        version=2,
        supersedes_date=make_served().service_date,
        correction_reason=f"BEGIN5. {reason} END5.",
    )
    data = render_served_pdf(served).data
    found = squeezed(words_of(data))
    for number, text in enumerate((name, street, title, author, reason), start=1):
        printed = found.split(f"BEGIN{number}.", 1)[1].split(f"END{number}.", 1)[0]
        assert _comparable(printed) == _comparable(text)
    assert structure_problems(data) == []
