"""Invented letters in the grammar of the published ones, from text in every extraction order and from PDF."""

import pytest

from cases.enums import GuidelineBasis
from reviews.letters.reader import LetterFormat, ProblemKind, ReadLetter, UnreadableLetterError, read_letter
from tests.reviews.letters.reader.published import (
    LETTERS,
    ORDERS,
    Look,
    as_table,
    invented_letters,
    joined,
    loosely,
    published_pdf,
    restricted,
)

NAMES = sorted(invented_letters())


def _text(name: str, order: str = "table") -> str:
    return (LETTERS / f"{name}.{order}.txt").read_text(encoding="utf-8")


def _read(name: str, order: str = "table") -> ReadLetter:
    return read_letter(_text(name, order))


@pytest.mark.parametrize("name", NAMES)
def test_letter_reads_the_same_from_every_order_of_text(name: str) -> None:
    letter, _ = invented_letters()[name]
    for order in ORDERS:
        # The default extraction drops hyphens at line ends; what it dropped cannot be told.
        same = loosely if order == "columns" else joined
        read = _read(name, order)
        assert read.determination is not None
        assert same(repr(read.determination.to_data())) == same(repr(letter.to_data())), order
        assert read.is_certain
        assert read.format is LetterFormat.F1


@pytest.mark.parametrize("name", NAMES)
def test_letter_reads_from_pdf_with_copying_forbidden(name: str) -> None:
    letter, look = invented_letters()[name]
    read = read_letter(published_pdf(letter, look, is_restricted=True))

    assert read.determination is not None
    assert joined(repr(read.determination.to_data())) == joined(repr(letter.to_data()))
    assert read.is_certain


def test_wording_tells_the_era_and_the_first_paragraph_the_organization() -> None:
    assert (_read("wording-2015").era, _read("plain").era) == ("2015", "2016")
    assert _read("plain").organization_name == "MAXIMUS Federal Services"
    assert _read("plain").reviewer_guideline_label == "MAXIMUS guideline"


def test_facts_stand_beside_the_texts() -> None:
    first, second = _read("remaining", "layout").facts

    assert first.shape == "remaining_portion"
    assert first.original_request == "Physical therapy for the lumbar spine, 2 times a week for 6 weeks"
    assert first.authorized == "Physical therapy for the lumbar spine, 2 times a week for 3 weeks"
    assert first.disputed == "physical therapy for the lumbar spine, six further visits"
    assert second.disputed == "Norco 10/325mg #45"
    assert (first.reviewer.basis, first.claims_administrator.basis) == (GuidelineBasis.MTUS, GuidelineBasis.MTUS)
    assert [facts.is_retrospective for facts in _read("retrospective").facts] == [True, True]
    assert [facts.shape for facts in _read("colons").facts] == ["plain", "associated_service", "plain"]
    assert _read("no-evidence").facts[0].reviewer.basis == GuidelineBasis.NONE
    assert _read("wording-2015").facts[0].reviewer.mtus[0].pages == "22 of 127"


def test_item_may_also_be_original_request_after_all() -> None:
    facts = _read("original").facts[0]

    assert facts.shape == "original_request"
    assert facts.authorized == "acupuncture, 6 visits"
    assert facts.disputed == "acupuncture, 12 visits, neck and upper back"
    assert facts.reviewer.basis == GuidelineBasis.BOTH


def test_dates_of_a_rationale_keep_their_shape_and_place() -> None:
    facts = _read("signs-and-dates").facts[0]
    texts = [fact.text for fact in facts.dates if fact.place == "decision_rationale"]

    assert texts[:10] == [
        "10-13-16", "10-13-2016", "1/9/2017", "2/27/14", "2016-10-13", "3.4.2015", "July 18, 2009", "18 July 2009",
        "Jul 2014", "11/2015",
    ]  # fmt: skip
    assert len({fact.day for fact in facts.dates if fact.text in {"10-13-16", "10-13-2016", "2016-10-13"}}) == 1
    assert facts.codes == ("M23.51", "717.83")


def test_gap_that_may_be_a_redaction_is_noted() -> None:
    letter, look = invented_letters()["redacted"]
    for source in (_text("redacted"), _text("redacted", "layout"), published_pdf(letter, look)):
        read = read_letter(source)
        assert [problem.kind for problem in read.problems] == [ProblemKind.NOTE, ProblemKind.NOTE]
        assert [problem.item for problem in read.problems] == [None, 1]


@pytest.mark.parametrize(
    ("old", "new", "reason", "place"),
    [
        ("Date of Injury:\t02/03/2012", "", "Expected “Date of Injury:” and its value in the header", "line 1"),
        ("02/03/2012", "02/30/2012", "there is no day 02/30/2012", "line 1"),
        ("CLINICAL CASE SUMMARY", "SUMMARY", "Expected the heading “CLINICAL CASE SUMMARY”", "line 6"),
        ("State(s) of Licensure:", "Licensed in", "Expected “State(s) of Licensure:”", "line 8"),
        (": Upheld", ": Denied", "Expected an item", "line 26"),
        ("MAXIMUS guideline:", "They:", "Item 1: expected the reviewer's label", "line 28"),
        ("Decision rationale:", "Why:", "Item 1: expected “Decision rationale:”", "line 28"),
        ("IMR ISSUES, DECISIONS AND RATIONALES", "", "or one of another known form of letter", "line 1"),
    ],
)
def test_unreadable_letter_says_what_was_expected_and_where(old: str, new: str, reason: str, place: str) -> None:
    text = _text("plain")
    assert old in text
    with pytest.raises(UnreadableLetterError) as refused:
        read_letter(text.replace(old, new))

    assert reason in refused.value.reason
    assert refused.value.place == place


def test_letter_without_words_is_unreadable() -> None:
    letter, look = invented_letters()["plain"]
    for source, reason in ((b"", "damaged"), ("", "empty"), (" \f\n ", "empty")):
        with pytest.raises(UnreadableLetterError, match=reason):
            read_letter(source)
    with pytest.raises(UnreadableLetterError, match="password"):
        read_letter(restricted(published_pdf(letter, look), password="secret"))


def test_outcome_may_stand_alone_and_carriage_returns_do_not_matter() -> None:
    text = _text("plain").replace(": Upheld", ":\nUpheld").replace("\n", "\r\n")
    letter, _ = invented_letters()["plain"]

    read = read_letter("\ufeff" + text)
    assert read.determination is not None
    assert read.determination.to_data() == letter.to_data()


def test_item_whose_outcome_cannot_be_read_is_not_swallowed() -> None:
    text = as_table(invented_letters()["colons"][0]).replace("surgeon: Overturned", "surgeon: Overtuned")

    with pytest.raises(UnreadableLetterError, match="before “Claims Administrator guideline:”"):
        read_letter(text)


def test_first_item_whose_outcome_stands_apart_is_not_swallowed() -> None:
    text = as_table(invented_letters()["colons"][0])
    first = text.index("Claims Administrator guideline:")

    with pytest.raises(UnreadableLetterError, match="before “Claims Administrator guideline:”"):
        read_letter(text[:first] + "see above\n\n" + text[first:])


FOOT = "Final Determination Letter for IMR Case Number CM16-0100002"


@pytest.mark.parametrize(
    ("foot", "form_feed"),
    [("{page}", "\f"), ("- {page} -", "\f"), (f"{FOOT} {{page}}", "\f"), (f"{FOOT}\n{{page}}", "\f"), ("{page}", "")],
)
def test_page_numbers_and_feet_of_other_letters_stay_out(foot: str, form_feed: str) -> None:
    letter, _ = invented_letters()["colons"]
    lines = as_table(letter).rstrip().split("\n")
    cuts = [lines.index(line) for line in lines if line.startswith(("Claims Administrator guideline:", "CLINICAL"))]
    pages = [lines[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    text = "".join(
        "\n".join(page) + "\n\n" + foot.format(page=number) + "\n" + form_feed
        for number, page in enumerate(pages, start=1)
    )

    read = read_letter(text)
    assert read.determination is not None
    assert joined(repr(read.determination.to_data())) == joined(repr(letter.to_data()))


@pytest.mark.parametrize("foot", ["1", "Page 1", FOOT, f"{FOOT} 1", f"{FOOT}\n1"])
def test_foot_of_a_single_page_stays_out(foot: str) -> None:
    letter, _ = invented_letters()["colons"]

    read = read_letter(f"{as_table(letter).rstrip()}\n{foot}\n\f")
    assert read.determination is not None
    assert joined(repr(read.determination.to_data())) == joined(repr(letter.to_data()))


def test_sentence_that_ends_every_page_stays() -> None:
    letter, _ = invented_letters()["colons"]
    text = as_table(letter).replace(
        "\nClaims Administrator guideline:", "\nClaims Administrator guideline: Ends alike.\f\n"
    )

    read = read_letter(text)
    assert read.determination is not None
    assert all(item.claims_administrator_guideline.startswith("Ends alike.") for item in read.determination.items)


def test_label_of_another_organization_is_read_as_it_is() -> None:
    letter, _ = invented_letters()["colons"]
    read = read_letter(published_pdf(letter, Look(label="Cedar & Pine Review guideline")))

    assert read.reviewer_guideline_label == "Cedar & Pine Review guideline"
    assert read.era == "own"
    assert read.determination is not None
    assert joined(repr(read.determination.to_data())) == joined(repr(letter.to_data()))
