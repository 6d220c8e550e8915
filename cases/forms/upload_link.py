"""Forms about one-time links: making one, and sending through one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.enums import RECORD_KINDS, DocumentKind, UploadLinkRole
from cases.forms.filing_fields import NameField
from cases.models import UploadLink
from cases.rules.upload_link import LONGEST_DAYS, MAX_FILES, USUAL_FILES
from cases.services.upload_link import SentFile
from imr.core import clock
from imr.core.forms import CleanEmailField, PacificDateField

# What offices are asked for day by day stands before the rest.
_ASKED_FIRST = (
    DocumentKind.MEDICAL_REPORT,
    DocumentKind.DIAGNOSTIC_REPORT,
    DocumentKind.REQUEST_FOR_AUTHORIZATION,
    DocumentKind.OTHER,
)
_KINDS = (*_ASKED_FIRST, *(kind for kind in RECORD_KINDS if kind not in _ASKED_FIRST))
_ROLE_ERRORS = {"required": "Choose the role."}


class UploadLinkForm(forms.Form):
    """Who is asked, what for, and until when."""

    recipient_name = NameField(
        label="Who is asked",
        max_length=150,
        help_text="A person or an office. Example: Noah Bell, MD, or Valley Spine Clinic",
        error_messages={"required": "Enter who is asked."},
    )
    recipient_role = forms.ChoiceField(
        label="Role", choices=UploadLinkRole.choices, widget=forms.RadioSelect, error_messages=_ROLE_ERRORS
    )
    kinds = forms.MultipleChoiceField(
        label="What is asked for",
        choices=[(kind.value, kind.label) for kind in _KINDS],
        widget=forms.CheckboxSelectMultiple,
        help_text="The page behind the link names these kinds and the case number, and nothing about the worker.",
        error_messages={"required": "Choose what is asked for."},
    )
    last_day = PacificDateField(
        label="Last day",
        earliest=clock.today,
        latest=None,
        help_text=f"mm/dd/yyyy, at most {LONGEST_DAYS} days from today. The link works through the end of that day.",
        error_messages={"required": "Enter the last day."},
    )
    max_files = forms.TypedChoiceField(
        label="Files at most",
        choices=[(number, str(number)) for number in range(1, MAX_FILES + 1)],
        coerce=int,
        initial=USUAL_FILES,
        widget=forms.Select(attrs={"class": "input--short"}),
    )
    email = CleanEmailField(
        label="Mail the link to",
        required=False,
        help_text="Left empty, nothing is mailed: you copy the link, which is shown once.",
    )

    def answers(self) -> dict[str, Any]:
        """What the service takes. Only after the form was found valid."""
        data = self.cleaned_data
        return {
            **data,
            "recipient_role": UploadLinkRole(data["recipient_role"]),
            "kinds": [DocumentKind(kind) for kind in data["kinds"]],
        }


class SendForm(forms.Form):
    """Who sends, and as many places for a file and its kind as the link allows."""

    # That not every place has to be filled is said once, above them.
    mark_optional = False

    sender_name = NameField(label="Your name", max_length=150, error_messages={"required": "Enter your name."})
    sender_role = forms.ChoiceField(
        label="You are", choices=UploadLinkRole.choices, widget=forms.RadioSelect, error_messages=_ROLE_ERRORS
    )
    is_name_confirmed = forms.BooleanField(
        label="The files belong to this case, whatever number their names hold",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, link: UploadLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.positions: Sequence[int] = range(1, link.max_files + 1)
        self.fields["sender_role"].initial = link.recipient_role
        asked = [kind for kind in DocumentKind if kind in link.kinds or kind == DocumentKind.OTHER]
        choices = [("", "Select the kind"), *((kind.value, kind.label) for kind in asked)]
        for number in self.positions:
            self.fields[f"file_{number}"] = forms.FileField(
                label=f"File {number}",
                required=False,
                widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
                error_messages={"empty": "The file is empty. Choose it again."},
                max_length=None,
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"Kind of file {number}",
                choices=choices,
                required=False,
                initial=link.kinds[0] if len(link.kinds) == 1 else "",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [number for number in self.positions if data.get(f"file_{number}")]
        for number in chosen:
            if not data.get(f"kind_{number}"):
                self.add_error(f"kind_{number}", f"Select what file {number} is.")
        if not chosen and not any(f"file_{number}" in self.errors for number in self.positions):
            self.add_error("file_1", ValidationError("Choose at least one file.", code="required"))
        return data

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The places: a file and its kind."""
        return [(self[f"file_{number}"], self[f"kind_{number}"]) for number in self.positions]

    def sent_files(self) -> list[SentFile]:
        """The chosen files. Only after the form was found valid."""
        data = self.cleaned_data
        return [
            SentFile(number, file, file.name or "document.pdf", DocumentKind(data[f"kind_{number}"]))
            for number in self.positions
            if (file := data.get(f"file_{number}"))
        ]
