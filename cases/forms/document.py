"""Forms about one document of a case that was filed: a newer version, and what to do with a late one."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from cases.enums import LateDecision
from imr.core.forms import CleanCharField

MAX_REASON = 1_000


class ReplaceForm(forms.Form):
    """One file that takes the place of another."""

    file = forms.FileField(
        label="New version",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text="PDF, at most 200 MB and 5,000 pages, without a password.",
        error_messages={"required": "Choose the new version.", "empty": "The file is empty. Choose it again."},
        max_length=None,
    )
    is_name_confirmed = forms.BooleanField(
        label="The file belongs to this case, whatever number its name holds",
        required=False,
        widget=forms.HiddenInput,
    )


class LateForm(forms.Form):
    """What becomes of a late document, and why."""

    decision = forms.ChoiceField(
        label="What becomes of it",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of it."},
    )
    reason = CleanCharField(
        label="Reason",
        max_length=MAX_REASON,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input--long"}),
        help_text="Stays on record with your name. Example: Names the same MRI that is on file already.",
        error_messages={"required": "Enter the reason; it stays on record."},
    )

    def __init__(self, *args: Any, possible: Iterable[LateDecision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ChoiceField", self.fields["decision"])
        choice.choices = [(one.value, one.label) for one in possible]
