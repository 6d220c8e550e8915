"""Fields: what they accept, how it is stored, and the sentence for what they refuse."""

from datetime import date, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError

from imr.core import clock
from imr.core.forms import (
    CleanCharField,
    CleanEmailField,
    PacificDateField,
    PhoneField,
    StateField,
    ZipField,
    lower_first,
)


def refusal(field: forms.Field, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize("blank", ["", "   ", "\u00a0", "\u200b", "\n\t", None])
def test_text_of_blanks_only_is_missing(blank: str | None) -> None:
    assert refusal(CleanCharField(label="Claim number", max_length=20), blank) == "Enter the claim number."


def test_text_is_cleaned_and_measured_after_cleaning() -> None:
    field = CleanCharField(label="Claim number", max_length=5)
    assert field.clean("  a \u00a0 b\u200b ") == "a b"
    assert field.clean("12345   ") == "12345"
    assert refusal(field, "123456") == "Claim number must have 5 characters or fewer. It has 6."
    assert refusal(field, "abc\x00") == "Remove the invisible character after “abc”."
    assert CleanCharField(label="Reason", max_length=9, multiline=True).clean("a\r\nb\r\n\r\n\r\nc") == "a\nb\n\nc"


def test_text_markup_does_not_cut_off_a_paste() -> None:
    assert "maxlength" not in CleanCharField(max_length=5).widget.attrs


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Claim number", "claim number"),
        ("UR decision", "UR decision"),
        ("ZIP code", "ZIP code"),
        ("U.S. state", "U.S. state"),
    ],
)
def test_labels_inside_a_sentence_keep_abbreviations(label: str, inside: str) -> None:
    assert lower_first(label) == inside


def test_required_message_of_the_form_wins() -> None:
    field = CleanCharField(label="Who signed?", max_length=9, error_messages={"required": "Say who signed."})
    assert refusal(field, "") == "Say who signed."


@pytest.mark.parametrize("typed", ["03/07/2014", "3/7/2014", "2014-03-07", " 3-7-2014 ", "3.7.2014"])
def test_date_is_read_as_americans_write_it(typed: str) -> None:
    assert PacificDateField().clean(typed) == date(2014, 3, 7)


ASKED = "Enter a date between 01/01/1940 and today."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("02/30/2015", f"There is no such day. {ASKED}"),
        ("13/01/2015", f"There is no such day. {ASKED}"),
        ("0000-01-01", f"There is no such day. {ASKED}"),
        ("0001-01-01", ASKED),
        ("12/31/1939", ASKED),
        ("12/31/9999", ASKED),
        ("3/7/14", f"Write the year with four digits. {ASKED}"),
        ("3/7/20145", f"Write the year with four digits. {ASKED}"),
        ("March 7", f"{ASKED} Write it as mm/dd/yyyy."),
        ("\u0663/\u0667/\u0662\u0660\u0661\u0664", f"{ASKED} Write it as mm/dd/yyyy."),
        ("9" * 5000, f"{ASKED} Write it as mm/dd/yyyy."),
    ],
)
def test_date_that_cannot_be_is_refused_with_the_range(typed: str, words: str) -> None:
    assert refusal(PacificDateField(), typed) == words


def test_date_range_holds_at_its_boundaries() -> None:
    field = PacificDateField()
    today = clock.today()
    assert field.clean("01/01/1940") == date(1940, 1, 1)
    assert field.clean(f"{today:%m/%d/%Y}") == today
    assert refusal(field, f"{today + timedelta(days=1):%m/%d/%Y}") == ASKED
    later = PacificDateField(earliest=date(2020, 1, 1), latest=lambda: date(2020, 12, 31))
    assert refusal(later, "01/01/2021") == "Enter a date between 01/01/2020 and 12/31/2020."
    assert PacificDateField(latest=None).clean("12/31/2999") == date(2999, 12, 31)
    assert refusal(PacificDateField(label="Date of injury"), "") == "Enter the date of injury."


class _DateForm(forms.Form):
    day = PacificDateField()


def test_date_is_shown_as_it_is_typed() -> None:
    assert 'value="03/07/2014"' in str(_DateForm(initial={"day": date(2014, 3, 7)})["day"])
    assert 'value="2/30/15"' in str(_DateForm({"day": "2/30/15"})["day"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9165550134", "(916) 555-0134"),
        ("+1 916.555.0134", "(916) 555-0134"),
        ("(916) 555-0134 ext. 12", "(916) 555-0134 x12"),
        ("916-555-0134x9", "(916) 555-0134 x9"),
    ],
)
def test_phone_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert PhoneField().clean(typed) == kept


def test_phone_zip_state_and_email_say_what_is_expected() -> None:
    assert refusal(PhoneField(), "555-0134") == "Enter a 10-digit number, such as (916) 555-0134."
    assert refusal(PacificDateField(label="In force from"), "") == "Enter “In force from”."
    assert refusal(PhoneField(label="Phone"), "") == "Enter the phone number."
    assert ZipField().clean("95814 1234") == "95814-1234"
    assert refusal(ZipField(), "9581") == "Enter a ZIP code of 5 or 9 digits, such as 95814 or 95814-1234."
    assert StateField().clean("CA") == "CA"
    assert refusal(StateField(), "") == "Select the state."
    assert CleanEmailField().clean(" a.b@example.com ") == "a.b@example.com"
    for bad in ("a@b", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com"):
        assert refusal(CleanEmailField(), bad) == "Enter one e-mail address, such as name@example.com."
    assert "254 characters or fewer" in refusal(CleanEmailField(), f"{'a' * 60}@{'b' * 200}.com")
