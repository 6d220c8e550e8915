"""Text on its way into a letter, at the reviewer's forms: refused beside its field, and kept as it was typed."""

import pytest

from reviews.forms.review import FindingForm, SummaryForm

REFUSED = {
    "B67-too-long": ("x " * 20_000, "characters or fewer. It has 39,999."),
    "B71-long-word": ("Before it. " + "w" * 10_000, "the word that starts “wwwwwwwwwwwwwwwwwwwwwwwwwwwwww…”"),
    "B71-line": ("_" * 100_000, "it has 100,000 characters without a break"),
    "B73-nul": ("MRI\x00", "Remove the invisible character after “MRI”."),
    "B73-escape": ("\x1b[31mred", "Remove the invisible character at the start."),
    "B73-c1": ("Low back\x85pain", "Remove the invisible character after “Low back”."),
    "B73-noncharacter": ("MRI\ufffe", "Remove the invalid character after “MRI”."),
    "B74-reversed": ("\u202eyrassecen yllacidem ton", "Remove the hidden direction marks at the start."),
    "B74-isolate": ("is \u2067not\u2069 necessary", "Remove the hidden direction marks after “is”."),
    "B75-joiners": ("Pain" + "\u200d" * 10_000 + " of the knee", "Remove the invisible characters after “Pain”."),
    "B75-accents": ("Pain o" + "\u0338" * 5_000, "Remove the stacked accents after “Pain"),
}


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_text_that_would_spoil_the_letter_is_refused_beside_its_field_and_kept(typed: str, words: str) -> None:
    finding = FindingForm({"version": 1, "rationale": typed}, item_id=1)
    summary = SummaryForm({"version": 1, "clinical_case_summary": typed})
    for form, name in ((finding, "rationale"), (summary, "clinical_case_summary")):
        assert set(form.errors) == {name}
        assert words in form.errors[name][0]
        assert form[name].value() == typed
        assert form[name].errors


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One." + "\n" * 20_000 + "Two.", "One.\n\nTwo."),
        ("One." + "\t" * 50_000 + "Two.", "One. Two."),
        ("One." + " " * 200_000 + "Two.", "One. Two."),
        ("One.\u200d\u200b Two.", "One. Two."),
        ("See https://example.org/" + "a" * 1_900, "See https://example.org/" + "a" * 1_900),
    ],
    ids=["B72-lines", "B72-tabs", "B72-blanks", "3.7-joiner", "B87-link"],
)
def test_text_that_only_takes_room_is_folded_before_it_is_measured(typed: str, kept: str) -> None:
    form = FindingForm({"version": 1, "rationale": typed}, item_id=1)
    assert form.is_valid(), form.errors
    assert form.words().rationale == kept
