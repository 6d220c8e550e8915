"""The exchange form: exact keys, folded texts, and words for what is wrong."""

import json
from typing import Any

import pytest

from reviews.letters import ExchangedDetermination, ExchangeError

DATA: dict[str, Any] = {
    "case_number": "CM16-0000001",
    "priority": "Standard",
    "date_assigned": "01/02/2017",
    "date_of_injury": "02/29/2016",
    "decision_date": "01/30/2017",
    "ur_denial_date": "12/01/2016",
    "application_received": "12/20/2016",
    "states_of_licensure": ["California", "New York"],
    "certifications": ["Public Health & General Preventive Medicine"],
    "clinical_case_summary": "First paragraph.\n\nSecond   paragraph.",
    "items": [
        {
            "item": "Pre-op labs: CBC",
            "decision": "Overturned",
            "claims_administrator_guideline": "Decision based on MTUS Knee Complaints 2004.",
            "reviewer_guideline": "Decision based on MTUS Knee Complaints 2004.",
            "decision_rationale": "The request is medically necessary.",
        }
    ],
}


def test_export_folds_white_space_and_reads_back_as_itself() -> None:
    determination = ExchangedDetermination.from_data(DATA)
    exported = determination.to_data()
    assert exported == DATA | {"clinical_case_summary": "First paragraph. Second paragraph."}
    assert list(exported) == [
        *("case_number", "priority", "date_assigned", "date_of_injury", "decision_date", "ur_denial_date"),
        *("application_received", "states_of_licensure", "certifications", "clinical_case_summary", "items"),
    ]
    assert ExchangedDetermination.from_data(json.loads(json.dumps(exported))).to_data() == exported
    assert determination.folded().to_data() == exported
    assert determination.outcome == "overturn"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision_date": "2017-01-30"}, "“decision_date” must be a date as MM/DD/YYYY."),
        ({"decision_date": "02/30/2017"}, "“decision_date”: there is no day 02/30/2017."),
        ({"decision_date": None}, "“decision_date” must be a date as MM/DD/YYYY."),
        ({"items": []}, "“items” must be a list with at least one item."),
        ({"items": [{}]}, "“claims_administrator_guideline” is missing in item 1."),
        ({"items": ["x"]}, "Expected an object for item 1."),
        ({"items": [DATA["items"][0] | {"decision": "Modified"}]}, "Item 1: “decision” must be Upheld or Overturned."),
        ({"states_of_licensure": "California"}, "“states_of_licensure” must be a list of texts."),
        ({"priority": 1}, "“priority” must be a text."),
        ({"reviewer": "x"}, "“reviewer” is not a key of the determination."),
    ],
)
def test_what_is_not_the_exchange_form_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        ExchangedDetermination.from_data(DATA | change)
    assert str(caught.value) == words


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_what_is_no_object_is_named(data: Any) -> None:
    with pytest.raises(ExchangeError, match="Expected an object for the determination"):
        ExchangedDetermination.from_data(data)
