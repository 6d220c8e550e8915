"""What staff fill in about public copies: words to take out, reasons to keep or withdraw."""

from collections.abc import Iterable

from django import forms

from imr.core.forms import CleanCharField


class RedactionForm(forms.Form):
    """Words that the public copy is not to show."""

    text = CleanCharField(
        label="Words to take out",
        help_text="As they stand in the public copy. Capital letters and line breaks do not matter.",
        max_length=500,
        error_messages={"required": "Enter the words to take out."},
    )
    place = forms.ChoiceField(label="Where", required=False)

    def __init__(self, data: object = None, *, places: Iterable[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [("", "Everywhere"), *((place, place) for place in places)]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


class KeepForm(forms.Form):
    """Why words that the leak test found may stay."""

    key = forms.CharField(max_length=700, widget=forms.HiddenInput)
    reason = CleanCharField(
        label="Why they may stay",
        max_length=300,
        error_messages={"required": "Write why these words name nobody."},
    )


class WithdrawForm(forms.Form):
    """Why a public copy is not, or no longer, published."""

    reason = CleanCharField(
        label="Why the public copy is withdrawn",
        max_length=500,
        multiline=True,
        error_messages={"required": "Write why the public copy is withdrawn."},
    )
