"""Bad inputs of the application's forms: each is answered beside its field, and what was typed is shown again."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.forms import BooleanField
from django.http import QueryDict

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_items import ItemForm
from cases.models import TreatmentCategory
from cases.selectors.draft import read_draft
from tests.factories.accounts import Cast
from tests.factories.cases import SEED_ITEM, make_draft

pytestmark = pytest.mark.django_db

ADDRESS = {"address_line_1": "1 Elm", "address_line_2": "", "city": "Fresno", "state": "CA", "zip_code": "93701"}
GOOD: dict[DraftStep, dict[str, str]] = {
    DraftStep.REVIEW_TYPE: {"review_type": "regular"},
    DraftStep.EMPLOYEE: {
        "first_name": "Maria",
        "last_name": "Sandoval",
        "employee_birth_date": "05/17/1972",
        **ADDRESS,
    },
    DraftStep.CLAIM: {"claim_number": "WC-1", "date_of_injury": "11/01/2011", "employer_firm_name": "Delta Orchards"},
    DraftStep.PHYSICIAN: {"last_name": "Bell", "specialty": "Pain Management", "phone": "916 555 0177", **ADDRESS},
    DraftStep.CLAIMS_ADMINISTRATOR: {
        "firm_name": "Alder Mutual",
        "last_name": "Kovac",
        "phone": "9165550100",
        "email": "ines@example.org",
        **ADDRESS,
    },
    DraftStep.UR_DECISION: {
        "decided_on": "03/17/2014",
        "served_on": "03/17/2014",
        "service_method": "mail",
        "is_conditional": "no",
        "primary_diagnosis": "Lumbago",
        "icd_code": "724.2",
        "is_liability_disputed": "no",
    },
    DraftStep.REPRESENTATIVE: {"has_attorney": "no", "has_designee": "no"},
    DraftStep.SIGNATURE: {
        "signer": "employee",
        "signer_name": "Maria Sandoval",
        "signed_on": "03/28/2014",
        "consent_signed_on": "03/28/2014",
    },
}


def posted(values: Mapping[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(dict(values))
    return data


@pytest.mark.parametrize("step", STEP_FORMS)
def test_good_answers_of_every_step_are_taken(step: DraftStep) -> None:
    form = STEP_FORMS[step](posted(GOOD[step]))

    assert form.is_valid(), form.errors


@pytest.mark.parametrize("step", STEP_FORMS)
def test_every_step_shows_again_what_was_typed(step: DraftStep) -> None:
    """After an error every value is in the page as it was typed, right or wrong."""
    typed = {
        name: (GOOD[step].get(name) or "not <right> & 'quoted'")
        for name, field in STEP_FORMS[step]().fields.items()
        if not hasattr(field, "choices")
    }
    form = STEP_FORMS[step](posted({**typed, "claim_number": "\u202e", "last_name": ""}))
    form.is_valid()

    for name, value in typed.items():
        if name in {"claim_number", "last_name"} or isinstance(form.fields[name], BooleanField):
            continue
        assert form[name].value() == value


BAD: list[tuple[str, DraftStep, dict[str, str], str, str]] = [
    ("B1-empty", DraftStep.CLAIM, {"claim_number": ""}, "claim_number", "Enter the claim number."),
    ("B1-blanks", DraftStep.CLAIM, {"claim_number": "  "}, "claim_number", "Enter the claim number."),
    ("B1-nbsp", DraftStep.CLAIM, {"claim_number": "\u00a0"}, "claim_number", "Enter the claim number."),
    ("B1-zero-width", DraftStep.CLAIM, {"claim_number": "\u200b"}, "claim_number", "Enter the claim number."),
    ("B2-nul", DraftStep.CLAIM, {"claim_number": "abc\x00d"}, "claim_number", "Remove the invisible character after"),
    ("B4-surrogate", DraftStep.EMPLOYEE, {"last_name": "a\ud800"}, "last_name", "broken character"),
    ("B14-feb-30", DraftStep.CLAIM, {"date_of_injury": "02/30/2015"}, "date_of_injury", "There is no such day."),
    ("B14-year-0", DraftStep.CLAIM, {"date_of_injury": "0000-01-01"}, "date_of_injury", "between 01/01/1940 and today"),
    ("B14-year-1", DraftStep.CLAIM, {"date_of_injury": "0001-01-01"}, "date_of_injury", "between 01/01/1940 and today"),
    ("B14-9999", DraftStep.CLAIM, {"date_of_injury": "12/31/9999"}, "date_of_injury", "between 01/01/1940 and today"),
    ("B14-short", DraftStep.CLAIM, {"date_of_injury": "11/01/11"}, "date_of_injury", "four digits"),
    ("B14-order", DraftStep.CLAIM, {"date_of_injury": "31/12/2011"}, "date_of_injury", "There is no such day."),
    (
        "B15-service",
        DraftStep.UR_DECISION,
        {"served_on": "03/16/2014"},
        "served_on",
        "before it was made on 03/17/2014",
    ),
    ("B15-request", DraftStep.UR_DECISION, {"request_received_on": "03/18/2014"}, "request_received_on", "03/17/2014"),
    (
        "B16-end-first",
        DraftStep.CLAIM,
        {"is_cumulative_injury": "on", "date_of_injury_end": "10/31/2011"},
        "date_of_injury_end",
        "before it began on 11/01/2011",
    ),
    ("B16-end-missing", DraftStep.CLAIM, {"is_cumulative_injury": "on"}, "date_of_injury_end", "last day"),
    ("B17-child", DraftStep.EMPLOYEE, {"employee_birth_date": "01/01/2020"}, "employee_birth_date", "from 14 to 110"),
    ("B17-old", DraftStep.EMPLOYEE, {"employee_birth_date": "01/01/1831"}, "employee_birth_date", "from 14 to 110"),
    ("B34-name", DraftStep.EMPLOYEE, {"last_name": "San\r\ndoval"}, "last_name", "on one line"),
    ("B34-firm", DraftStep.CLAIM, {"employer_firm_name": "Delta\nOrchards"}, "employer_firm_name", "on one line"),
    (
        "B34-attorney",
        DraftStep.REPRESENTATIVE,
        {"has_attorney": "yes", "attorney_last_name": "a\u2028b"},
        "attorney_last_name",
        "on one line",
    ),
    ("initial", DraftStep.EMPLOYEE, {"middle_initial": "Q7!"}, "middle_initial", "Enter letters only"),
    ("B34-newline", DraftStep.CLAIMS_ADMINISTRATOR, {"email": "a@b.org\nBcc: c@d.org"}, "email", "one e-mail"),
    ("B35-host", DraftStep.CLAIMS_ADMINISTRATOR, {"email": "a@b"}, "email", "one e-mail address"),
    ("B35-two", DraftStep.CLAIMS_ADMINISTRATOR, {"email": "a@b.org, c@d.org"}, "email", "one e-mail address"),
    ("B35-long", DraftStep.CLAIMS_ADMINISTRATOR, {"email": "a" * 250 + "@b.org"}, "email", "254 characters"),
    ("choice", DraftStep.REVIEW_TYPE, {"review_type": "urgent"}, "review_type", "Select a valid choice"),
    ("phone", DraftStep.PHYSICIAN, {"phone": "12"}, "phone", "10-digit number"),
    ("zip", DraftStep.PHYSICIAN, {"zip_code": "9581"}, "zip_code", "5 or 9 digits"),
    ("icd", DraftStep.UR_DECISION, {"icd_code": "lumbago"}, "icd_code", "M54.50"),
    ("liability", DraftStep.UR_DECISION, {"is_liability_disputed": "yes"}, "liability_reason", "why liability"),
    ("attorney", DraftStep.REPRESENTATIVE, {"has_attorney": "yes"}, "attorney_last_name", "name of the attorney"),
    ("designee", DraftStep.REPRESENTATIVE, {"has_designee": "yes"}, "designation_signed_on", "signed the designation"),
    ("signature", DraftStep.SIGNATURE, {"signed_on": ""}, "signed_on", "Enter the date of the signature."),
    ("B74-direction", DraftStep.EMPLOYEE, {"last_name": "San\u202edoval"}, "last_name", "hidden direction marks"),
    ("too-long", DraftStep.CLAIM, {"claim_number": "1 " * 26}, "claim_number", "It has 51."),
]


@pytest.mark.parametrize(("step", "change", "field", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_is_answered_beside_its_field(
    step: DraftStep, change: dict[str, str], field: str, words: str
) -> None:
    form = STEP_FORMS[step](posted({**GOOD[step], **change}))

    assert not form.is_valid()
    assert words in " ".join(str(message) for message in form.errors.get(field, [])), form.errors


@pytest.mark.parametrize(
    "name",
    ["O'Brien-Peña Jr.", "Łukasz", "Nguyễn", "Null", "A" * 120, "' OR 1=1--", "{{7*7}}", "<script>alert(1)</script>"],
)
def test_name_is_taken_exactly(name: str) -> None:
    """B31, B32, B36."""
    form = STEP_FORMS[DraftStep.EMPLOYEE](posted({**GOOD[DraftStep.EMPLOYEE], "first_name": "", "last_name": name}))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["last_name"] == name


@pytest.mark.parametrize("initial", ["L", "M. J.", "É", "D'", "A-B"])
def test_initial_and_birth_before_1940_are_taken(initial: str) -> None:
    answers = {**GOOD[DraftStep.EMPLOYEE], "middle_initial": initial, "employee_birth_date": "12/31/1931"}
    form = STEP_FORMS[DraftStep.EMPLOYEE](posted(answers))

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["middle_initial"], form.cleaned_data["employee_birth_date"].year) == (initial, 1931)


def test_end_of_an_injury_that_is_not_cumulative_is_dropped() -> None:
    """B16: the field is hidden then, whatever is in it."""
    for end in ("11/02/2011", "99/99/9999"):
        form = STEP_FORMS[DraftStep.CLAIM](posted({**GOOD[DraftStep.CLAIM], "date_of_injury_end": end}))

        assert form.is_valid(), form.errors
        assert form.cleaned_data["date_of_injury_end"] is None


def test_everything_wrong_with_an_item_is_said_at_once() -> None:
    form = ItemForm(posted({"ur_outcome": "modified", "is_retrospective": "on", "service_date": "99"}))

    assert set(form.errors) == {"description", "category", "authorized", "remaining", "service_date"}
    assert [len(words) for words in form.errors.values()] == [1] * 5


def test_dates_of_other_steps_are_compared_and_both_are_named(cast: Cast) -> None:
    """B15: the second of the two pages names the first one's date."""
    draft = read_draft(make_draft(cast.claims))
    injured, decided = draft.application.date_of_injury, draft.ur_decision.decided_on
    assert injured is not None
    assert decided is not None
    early = {**GOOD[DraftStep.UR_DECISION], "decided_on": "01/01/1990", "served_on": "01/01/1990"}
    form = STEP_FORMS[DraftStep.UR_DECISION](posted(early), draft=draft)
    assert "01/01/1990" in str(form.errors["decided_on"])
    assert f"{injured:%m/%d/%Y}" in str(form.errors["decided_on"])

    late = {**GOOD[DraftStep.REPRESENTATIVE], "has_designee": "yes", "designee_last_name": "Ruiz"}
    form = STEP_FORMS[DraftStep.REPRESENTATIVE](posted({**late, "designation_signed_on": "01/01/1990"}), draft=draft)
    assert f"{decided:%m/%d/%Y}" in str(form.errors["designation_signed_on"])

    form = STEP_FORMS[DraftStep.SIGNATURE](posted({**GOOD[DraftStep.SIGNATURE], "signer": "attorney"}), draft=draft)
    assert "does not have an attorney" in str(form.errors["signer"])


def item(**change: str) -> dict[str, str]:
    category = TreatmentCategory.objects.filter(parent__isnull=False).first()
    assert category is not None
    return {"description": SEED_ITEM, "category": str(category.pk), "ur_outcome": "denied", **change}


def test_item_keeps_the_words_of_the_request() -> None:
    """The published letter's own item: odd blanks are part of it; runs of blanks and line ends are not."""
    form = ItemForm(posted(item(description=f"  {SEED_ITEM.replace(', as', ',\r\n  as')} ")))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["description"] == SEED_ITEM
    assert "Spine , 3" in form.cleaned_data["description"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"description": " "}, "description", "Enter the requested treatment."),
        ({"description": "x " * 500 + "yz"}, "description", "It has 1,002."),
        ({"category": "999999999"}, "category", "Select a kind from the list."),
        ({"category": ""}, "category", "Select the kind of treatment."),
        ({"ur_outcome": ""}, "ur_outcome", "denied or modified"),
        ({"ur_outcome": "modified", "remaining": "3"}, "authorized", "Enter what was authorized."),
        ({"ur_outcome": "modified", "authorized": "3"}, "remaining", "Enter what is left in dispute."),
        ({"is_retrospective": "on"}, "service_date", "Enter the date of service."),
        ({"claims_guideline_text": "x " * 2_001}, "claims_guideline_text", "4,000 characters"),
    ],
)
def test_bad_item_is_answered_beside_its_field(change: dict[str, str], field: str, words: str) -> None:
    form = ItemForm(posted(item(**change)))

    assert words in str(form.errors[field])


def test_item_drops_what_does_not_apply() -> None:
    form = ItemForm(posted(item(authorized="3", remaining="3", service_date="99/99/9999")))

    assert form.is_valid(), form.errors
    cleaned: dict[str, Any] = form.cleaned_data
    assert (cleaned["authorized"], cleaned["remaining"], cleaned["service_date"]) == ("", "", None)
