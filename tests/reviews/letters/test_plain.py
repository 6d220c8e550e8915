"""The plain-language sentences: one meaning for every shape of item, and words that most people read easily."""

import re
from dataclasses import replace
from datetime import date

import pytest

from cases.enums import Outcome
from reviews.letters import ItemShape, TextKey, item_text
from reviews.letters.plain import plain_decision, plain_summary, shortened
from tests.factories.letters_text import make_served, make_wording
from tests.factories.seed_letter import make_item, make_letter
from tests.factories.wording import reviewed_wording

WORDING = reviewed_wording()


UPHELD = "The reviewer agreed with the claims administrator: it will not be provided under this decision."
OVERTURNED = (
    "The reviewer did not agree with the claims administrator: you need this care, and the claims administrator must "
    "approve it."
)
ASSOCIATED = item_text(shape=ItemShape.ASSOCIATED_SERVICE, description="Cold therapy unit")
REST = item_text(
    shape=ItemShape.REMAINING_PORTION, description="12 sessions.", authorized="6 sessions", remaining="6 sessions more"
)
INSTEAD = item_text(
    shape=ItemShape.ORIGINAL_REQUEST, description="Percocet 10/325 mg #90", authorized="Norco 5/325 mg #60"
)
ASKED_REST = (
    "You asked for 12 sessions. The claims administrator approved 6 sessions. The question was the rest: 6 sessions "
    "more."
)
ASKED_INSTEAD = (
    "You asked for Percocet 10/325 mg #90. The claims administrator approved Norco 5/325 mg #60 in its place. The "
    "question was whether you need what you first asked for."
)


@pytest.mark.parametrize(
    ("shape", "text", "outcome", "asked", "decided"),
    [
        (ItemShape.PLAIN, "MRI of the knee", Outcome.UPHELD, "You asked for MRI of the knee.", UPHELD),
        (ItemShape.PLAIN, "MRI of the knee.", Outcome.OVERTURNED, "You asked for MRI of the knee.", OVERTURNED),
        (ItemShape.ASSOCIATED_SERVICE, ASSOCIATED, Outcome.UPHELD, "You asked for Cold therapy unit.", UPHELD),
        (ItemShape.REMAINING_PORTION, REST, Outcome.UPHELD, ASKED_REST, UPHELD),
        (ItemShape.ORIGINAL_REQUEST, INSTEAD, Outcome.OVERTURNED, ASKED_INSTEAD, OVERTURNED),
    ],
    ids=["plain-upheld", "plain-overturned", "associated", "rest", "instead"],
)
def test_decision_says_what_was_asked_and_what_was_decided(
    shape: ItemShape, text: str, outcome: Outcome, asked: str, decided: str
) -> None:
    assert plain_decision(make_item(shape=shape, text=text, outcome=outcome), WORDING) == f"{asked} {decided}"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Retrospective MRI of the knee (DOS: 11/11/2016)", "MRI of the knee (DOS: 11/11/2016)"),
        ("Retrospective request for Norco #60", "Norco #60"),
        ("Retrospective Associated surgical service: Sling", "Sling"),
        ("MRI of the knee, retrospective", "MRI of the knee, retrospective"),
        ("Retrospective", "Retrospective"),
    ],
)
def test_care_already_given_is_paid_for_or_not(text: str, named: str) -> None:
    item = make_item(text=text, is_retrospective=True, outcome=Outcome.OVERTURNED)
    assert plain_decision(item, WORDING).startswith(f"You already had {named}, and asked that it be paid for. ")
    assert "must pay for it" in plain_decision(item, WORDING)
    assert "will not be paid for" in plain_decision(replace(item, outcome=Outcome.UPHELD), WORDING)


def test_item_of_another_form_is_quoted_whole() -> None:
    item = make_item(shape=ItemShape.REMAINING_PORTION, text="The remaining 6 sessions")
    assert plain_decision(item, WORDING).startswith("You asked for The remaining 6 sessions. ")
    assert plain_decision(replace(item, outcome=None), WORDING) == "You asked for The remaining 6 sessions."


def test_braces_in_a_request_are_not_filled() -> None:
    item = make_item(text="{organization} {rest} {request}")
    assert plain_decision(item, WORDING).startswith("You asked for {organization} {rest} {request}. ")


def test_long_request_is_cut_after_a_word_and_more_so_among_many() -> None:
    text = "word " * 100
    assert shortened(text, 20) == "word word word word…"
    assert shortened("word, word, word", 11) == "word, word…"
    assert shortened("short text.", 20) == "short text"
    few, many = (
        plain_summary(make_served(make_letter(items=tuple(make_item(text=text) for _ in range(count)))), WORDING)
        for count in (5, 6)
    )
    assert len(few.decisions[0]) > len(many.decisions[0]) + 100
    assert (few.is_long, many.is_long) == (False, True)


@pytest.mark.parametrize(
    ("items", "steps"),
    [
        ([(Outcome.UPHELD, False)], [TextKey.PLAIN_NEXT_UPHELD]),
        ([(Outcome.OVERTURNED, False)], [TextKey.PLAIN_NEXT_OVERTURNED]),
        ([(Outcome.OVERTURNED, True)], [TextKey.PLAIN_NEXT_OVERTURNED_HAD]),
        (
            [(Outcome.UPHELD, True), (Outcome.OVERTURNED, True), (Outcome.OVERTURNED, False)],
            [TextKey.PLAIN_NEXT_OVERTURNED, TextKey.PLAIN_NEXT_OVERTURNED_HAD, TextKey.PLAIN_NEXT_UPHELD],
        ),
    ],
)
def test_next_steps_are_those_of_the_outcomes(items: list[tuple[Outcome, bool]], steps: list[TextKey]) -> None:
    letter = make_letter(items=tuple(make_item(outcome=outcome, is_retrospective=had) for outcome, had in items))
    assert plain_summary(make_served(letter), WORDING).next_steps == tuple(WORDING.say(key) for key in steps)


def test_summary_says_until_when_to_appeal_and_whom_to_call() -> None:
    summary = plain_summary(make_served(appeal_until=date(2026, 12, 28)), make_wording(phone="(916) 555-0142"))
    assert "the last day to file is 12/28/2026." in summary.appeal
    assert "CM14-0046246" in summary.help
    assert "at (916) 555-0142." in summary.call
    unknown = plain_summary(make_served(appeal_until=None), WORDING)
    assert "The last day" not in unknown.appeal
    assert unknown.call == ""


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1
    return max(1, groups - silent)


def _grade(text: str) -> float:
    """The Flesch-Kincaid grade: years of school that it takes to read `text` easily."""
    sentences = [part for part in re.split(r"[.!?:]\s", f"{text} ") if part.strip()]
    words = re.findall(r"[A-Za-z’]+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_summary_is_read_with_eight_years_of_school() -> None:
    """Names of offices aside, which cannot be said in shorter words."""
    names = (
        r"claims administrator|Workers’ Compensation Appeals Board|Division of Workers’ Compensation|Information and "
    )
    names += r"Assistance Unit|\{\w+\}"
    for key in TextKey:
        if key.startswith("plain_") and not key.endswith("_heading"):
            assert _grade(re.sub(names, "office", WORDING.texts[key])) <= 8, key
    assert _grade("Utilization review determinations necessitate authoritative methodological justification.") > 12
