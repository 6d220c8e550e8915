"""Reading UR decision letters by rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.ur_letter import LetterReading, read_ur_letter

LETTER = """Harbor Review Services
Utilization Review Determination

Date of Determination: 03/06/2026
Mailing Date: March 9, 2026
Date RFA received: 2-27-26
Injured Worker: Rosa M. Delgado
Claim Number: WC-2024-00815    Date of Injury: 11/01/2024
Requesting Physician: Noah Bell, MD
UR Reference No: UR-99812
Diagnosis: Lumbar radiculopathy (M54.16)
This notice was served by U.S. mail.

1. MRI of the lumbar spine without contrast - DENIED
2. Physical therapy, 12 sessions, for the lumbar spine,
three times a week for four weeks: Modified to 6 sessions
3. Ibuprofen 600 mg, quantity 60 - Approved
"""


def read(text: str) -> LetterReading:
    return read_ur_letter([(1, text)])


def values(reading: LetterReading, field: str) -> list[str]:
    return [one.value for one in reading.candidates if one.field == field]


def test_facts_of_a_letter_are_found_with_their_place() -> None:
    reading = read(LETTER)
    assert values(reading, "decided_on") == ["03/06/2026"]
    assert values(reading, "served_on") == ["03/09/2026"]
    assert values(reading, "request_received_on") == ["02/27/2026"]
    assert values(reading, "date_of_injury") == ["11/01/2024"]
    assert values(reading, "claim_number") == ["WC-2024-00815"]
    assert values(reading, "reference") == ["UR-99812"]
    assert values(reading, "service_method") == ["mail"]
    assert values(reading, "icd_code") == ["M54.16"]
    assert values(reading, "last_name") == ["Delgado", "Bell"]
    (decided,) = [one for one in reading.candidates if one.field == "decided_on"]
    assert decided.page == 1
    assert "Date of Determination" in decided.snippet


def test_items_are_found_with_what_was_done_to_them() -> None:
    mri, therapy, drug = read(LETTER).items
    assert (mri.description, mri.outcome, mri.is_disputable) == (
        "MRI of the lumbar spine without contrast",
        "denied",
        True,
    )
    assert therapy.description == (
        "Physical therapy, 12 sessions, for the lumbar spine, three times a week for four weeks"
    )
    assert (therapy.outcome, therapy.authorized) == ("modified", "6 sessions")
    assert (drug.description, drug.is_disputable) == ("Ibuprofen 600 mg, quantity 60", False)


@pytest.mark.parametrize(
    ("line", "what", "outcome"),
    [
        ("Denied: 6 sessions of aquatic therapy.", "6 sessions of aquatic therapy", "denied"),
        ("The request for a TENS unit is not medically necessary.", "a TENS unit", "denied"),
        ("Item 4) Cervical epidural injection: Non-certified", "Cervical epidural injection", "denied"),
        ("The request for home health aide was hereby modified to 4 hours a day.", "home health aide", "modified"),
        ("Omeprazole 20 mg - certified with modification", "Omeprazole 20 mg", "modified"),
    ],
)
def test_ways_of_telling_an_outcome(line: str, what: str, outcome: str) -> None:
    (item,) = read(line).items
    assert (item.description, item.outcome) == (what, outcome)


@pytest.mark.parametrize("line", ["Determination: Denied", "UR Decision - modified", "Overall outcome: denied"])
def test_decision_as_a_whole_is_no_item(line: str) -> None:
    assert read(line).items == ()


def test_two_dates_of_one_fact_are_both_told() -> None:
    reading = read("Decision date: 03/06/2026\n\nDetermination dated 03/07/2026")
    assert values(reading, "decided_on") == ["03/06/2026", "03/07/2026"]


@pytest.mark.parametrize("day", ["02/30/2026", "13/01/2026", "00/00/0000"])
def test_day_that_is_not_in_the_calendar_is_no_candidate(day: str) -> None:
    assert values(read(f"Decision date: {day}"), "decided_on") == []


def test_denial_for_lack_of_information_is_seen() -> None:
    reading = read("The request was denied because the information asked for was not received by the reviewer.")
    assert values(reading, "is_conditional") == ["yes"]
    assert values(read("The request was denied as not supported by guidelines."), "is_conditional") == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = read(text)
    assert all(one.value for one in reading.candidates)


def test_long_lines_do_not_take_long() -> None:
    assert read("the request for " + "a" * 40_000 + " is").items == ()
    assert read("request for " * 4_000).candidates == ()
