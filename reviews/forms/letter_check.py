"""The code that a holder of a letter types on the public check page."""

from django import forms

from imr.core.forms import CleanCharField
from reviews.selectors.letter_check import CODE_LENGTH, normal_code


class CheckCodeForm(forms.Form):
    """`code` comes out as it is stored: capitals without blanks and hyphens."""

    code = CleanCharField(
        label="Check code",
        help_text="20 letters and digits, printed on the first page of the letter.",
        max_length=60,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the check code."},
    )

    def clean_code(self) -> str:
        code = normal_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(f"A check code has {CODE_LENGTH} letters and digits; this one has {len(code)}.")
        return code
