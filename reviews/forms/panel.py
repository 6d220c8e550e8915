"""The approval of more than one reviewer."""

from typing import Any, Final

from django import forms

from imr.core.forms import CleanCharField, PacificDateField
from reviews.rules.panel import FEWEST_SEATS, MOST_SEATS

MAX_APPROVAL_BYTES: Final = 20 * 1024 * 1024


class PanelForm(forms.Form):
    """How many reviewers, and the Administrative Director's written approval of it."""

    seats = forms.TypedChoiceField(
        label="Reviewers",
        coerce=int,
        choices=[(number, str(number)) for number in range(FEWEST_SEATS, MOST_SEATS + 1)],
        error_messages={"invalid_choice": f"Choose {FEWEST_SEATS} to {MOST_SEATS}."},
    )
    approved_on = PacificDateField(label="Approved on", error_messages={"required": "Enter the day of the approval."})
    approved_by_name = CleanCharField(
        label="Approved by",
        help_text="Who signed for the Administrative Director.",
        max_length=200,
        error_messages={"required": "Write who signed the approval."},
    )
    reason = CleanCharField(
        label="Why one reviewer is not enough",
        help_text="As the approval says it. Do not write clinical details.",
        max_length=1000,
        multiline=True,
        error_messages={"required": "Write why one reviewer is not enough."},
    )
    approval = forms.FileField(
        label="Written approval",
        help_text=f"A PDF of at most {MAX_APPROVAL_BYTES // 1024 // 1024} MB, kept apart from the records of the case.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Choose the PDF.", "empty": "The file is empty. Choose another one."},
    )

    def clean_approval(self) -> Any:
        upload = self.cleaned_data["approval"]
        if upload.size > MAX_APPROVAL_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_APPROVAL_BYTES // 1024 // 1024} MB.")
        return upload


class DissolveForm(forms.Form):
    """Why a case has one reviewer again."""

    reason = CleanCharField(
        label="Why the panel is dissolved", max_length=500, error_messages={"required": "Write why."}
    )
