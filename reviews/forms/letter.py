"""What staff fill in about letters: filters, a choice of letters, the day of service, reasons, returned mail."""

from collections.abc import Sequence
from datetime import date

from django import forms

from imr.core.forms import CleanCharField, PacificDateField, StateField, ZipField
from imr.core.words import mmddyyyy
from reviews.rules.service_day import ServiceDays

MOST_LETTERS = 500


class IssuedFilterForm(forms.Form):
    """Narrows the issued letters; everything is remembered in the address."""

    mark_optional = False

    number = CleanCharField(label="Case number, or part of it", max_length=20, required=False)
    since = PacificDateField(label="Served on or after", required=False)
    until = PacificDateField(label="Served on or before", required=False)


class LetterChoiceForm(forms.Form):
    """The letters that were ticked. `confirmed` is the count that the person was asked about."""

    letter = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    confirmed = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: object, ids: Sequence[int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["letter"]
        field.choices = [(pk, str(pk)) for pk in ids]  # type: ignore[attr-defined]
        field.error_messages |= {
            "required": "Tick at least one letter.",
            "invalid_choice": "A letter that you ticked is no longer in this list. Look through it and tick again.",
        }


class ReleaseForm(forms.Form):
    """The day that the letters bear, and the tick without which those that have not passed the quality check stay.

    `numbers` are the cases of the latter. The days are those of the moment at which the page is shown; they are sent
    back as days, so that a page left open over the cut-off does not change its mind.
    """

    service_on = forms.TypedChoiceField(
        label="Date on the letters",
        coerce=date.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the date that the letters bear.",
            "invalid_choice": "The day has changed since you opened this page. Choose the date again.",
        },
    )
    without_check = forms.BooleanField(
        error_messages={"required": "Tick this box, or go back and leave these letters out."}
    )

    def __init__(self, data: object = None, *, numbers: Sequence[str], days: ServiceDays) -> None:
        super().__init__(data, initial={"service_on": days.usual.isoformat()})  # type: ignore[arg-type]
        self.fields["service_on"].choices = [  # type: ignore[attr-defined]
            (days.today.isoformat(), _today_words(days)),
            (days.following.isoformat(), f"{mmddyyyy(days.following)}, the next business day, in the morning"),
        ]
        if not numbers:
            del self.fields["without_check"]
            return
        count = "1 letter" if len(numbers) == 1 else f"{len(numbers)} letters"
        self.fields["without_check"].label = f"I release {count} without the quality check: {', '.join(numbers)}"


class ReturnForm(forms.Form):
    """Why a determination goes back; the reviewer reads it."""

    reason = CleanCharField(
        label="What has to be corrected",
        help_text="The reviewer reads these words. Do not write who signed.",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write what has to be corrected."},
    )


class TakeBackForm(forms.Form):
    """Why a released letter does not leave."""

    reason = CleanCharField(
        label="Why the letter is taken back",
        max_length=400,
        error_messages={"required": "Write why the letter is taken back."},
    )


class FailedDeliveryForm(forms.Form):
    """Mail that came back."""

    failed_on = PacificDateField(label="Day on which the mail came back")
    note = CleanCharField(
        label="What the envelope says",
        help_text="For example: moved, no forwarding address.",
        max_length=500,
        error_messages={"required": "Write what the envelope says."},
    )


class ServiceAddressForm(forms.Form):
    """Where a party's mail goes."""

    address_line_1 = CleanCharField(label="Street address", max_length=200)
    address_line_2 = CleanCharField(label="Street address, line 2", max_length=200, required=False)
    city = CleanCharField(label="City", max_length=100)
    state = StateField()
    zip_code = ZipField(label="ZIP code")


def _today_words(days: ServiceDays) -> str:
    if days.is_today_usual:
        return f"{mmddyyyy(days.today)}, today: they leave now"
    collected = mmddyyyy(days.following)
    return f"{mmddyyyy(days.today)}, today: sent electronically now, mailed copies leave on {collected}"
