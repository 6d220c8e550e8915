"""What staff fill in about letters: filters, a choice of letters, a reason for returning."""

from collections.abc import Sequence

from django import forms

from imr.core.forms import CleanCharField, PacificDateField

MOST_LETTERS = 500


class IssuedFilterForm(forms.Form):
    """Narrows the issued letters; everything is remembered in the address."""

    number = CleanCharField(label="Case number, or part of it", max_length=20, required=False)
    since = PacificDateField(label="Released on or after", required=False)
    until = PacificDateField(label="Released on or before", required=False)


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
    """The tick without which letters that have not passed the quality check stay; `numbers` are their cases'."""

    without_check = forms.BooleanField(
        error_messages={"required": "Tick this box, or go back and leave these letters out."}
    )

    def __init__(self, data: object = None, *, numbers: Sequence[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
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
