"""What the pages around the body say, without rendering them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.letters import LetterChange
from reviews.letters.pages import changed_passage, document_page, served_texts, shown_changes
from tests.factories.letters_text import DOCUMENTS, make_served
from tests.factories.wording import reviewed_wording

LONG = "The file shows no measured gain in function after the first course of therapy. " * 20


def test_short_change_is_shown_whole_and_nothing_is_said_in_words() -> None:
    assert changed_passage("a b", "a c") == ("a b", "a c")
    assert changed_passage("", "new") == ("(nothing)", "new")


def test_long_change_is_shown_with_the_words_around_it() -> None:
    before, now = changed_passage(f"{LONG}one {LONG}", f"{LONG}two three {LONG}")
    assert before.startswith("… ")
    assert before.endswith(" …")
    assert " one " in before
    assert " two three " in now
    assert len(before) < 300


def test_change_at_the_end_or_by_removal_is_shown() -> None:
    before, now = changed_passage(LONG, f"{LONG}More.")
    assert not now.endswith("…")
    assert now.endswith("More.")
    assert before.endswith("therapy.")
    assert changed_passage(LONG, "")[1] == "(nothing)"


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30), st.lists(st.sampled_from(["a", "b", "c"]), max_size=30))
def test_changed_words_are_never_cut_away(old: list[str], new: list[str]) -> None:
    filler = ["word"] * 120
    before, now = changed_passage(" ".join([*filler, *old, *filler]), " ".join([*filler, *new, *filler]))
    if old != new:
        assert before != now
    assert set(old) <= set(before.split()) or set(old) & set(new)


def test_documents_are_counted_by_use_in_words() -> None:
    page = document_page(make_served(), reviewed_wording())
    assert page.count == "4 documents, 51 pages. Considered: 2; Read, not relevant: 1; Received too late: 1."
    assert [row.date for row in page.rows] == ["02/27/2014", "03/06/2014", "Undated", "04/17/2015"]
    one = document_page(make_served(documents=(DOCUMENTS[3],)), reviewed_wording())
    assert one.count == "1 document, 1 page. Received too late: 1."
    assert document_page(make_served(documents=()), reviewed_wording()).count == ""


@pytest.mark.parametrize(("use", "words"), [("unread", "Not considered"), ("set_aside", "Set aside")])
def test_use_without_a_text_of_its_own_is_still_said(use: str, words: str) -> None:
    paper = DOCUMENTS[0].from_data(DOCUMENTS[0].to_data() | {"use": use, "title": "", "sender": ""})
    (row,) = document_page(make_served(documents=(paper,)), reviewed_wording()).rows
    assert (row.use, row.title, row.sender) == (words, "Untitled document", "Not on file")


def test_every_text_of_people_has_a_place() -> None:
    served = make_served(changes=(LetterChange("Date of injury", "old", "new"),), correction_reason="why")
    places = dict(served_texts(served))
    assert places["Name of the employee"] == "Mateo Ibarra"
    assert places["Document 3, author"] == "Valley Imaging"
    assert "1420 Willow Bend Road" in places["Recipient 1, name and address"]
    assert places["Change at “Date of injury”"] == "old\nnew"
    assert places["Clinical case summary"] == served.letter.clinical_case_summary
    assert shown_changes(served) == served.changes
