"""Forms of the mail room: cover sheets, scans, and what becomes of each part of one."""

from datetime import datetime
from typing import Any

from django import forms

from cases.enums import RECORD_KINDS, DocumentKind, DocumentSource, FilingChannel
from cases.forms.filing_fields import NameField
from cases.forms.paper import ArrivalForm
from cases.rules.documents import MAX_TITLE
from cases.selectors.scan import case_numbered
from imr.core.forms import CleanCharField, PacificDateField

_KINDS = [("", "Select the kind of document"), *((kind.value, kind.label) for kind in RECORD_KINDS)]
_PAPER = (FilingChannel.MAIL, FilingChannel.FAX, FilingChannel.PERSONAL)


class CoverSheetForm(forms.Form):
    """For what kind of paper the sheet is."""

    kind = forms.ChoiceField(
        label="What the paper is", choices=_KINDS, error_messages={"required": "Select the kind of document."}
    )


class ScanForm(ArrivalForm):
    """A scan, and how and when its paper arrived."""

    channel = forms.ChoiceField(
        label="How it arrived",
        choices=[(one.value, one.label) for one in _PAPER],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it arrived."},
    )
    arrived_on = PacificDateField(
        label="Day it arrived",
        help_text="mm/dd/yyyy. The date stamp. Everything in this scan counts as received then.",
        error_messages={"required": "Enter the day on which it arrived."},
    )
    file = forms.FileField(
        label="Scan",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text="One PDF, at most 200 MB and 5,000 pages, with as many cover sheets in it as you like.",
        error_messages={"required": "Choose the scan.", "empty": "The file is empty. Choose it again."},
        max_length=None,
    )

    field_order = ("file", "channel", "arrived_on", "arrived_time", "taken_by")


class ScanPartForm(forms.Form):
    """Where the pages belong and what they are."""

    case_number = CleanCharField(
        label="Case number",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the case number."},
    )
    kind = forms.ChoiceField(label="Kind", choices=_KINDS, error_messages={"required": "Select the kind of document."})
    source = forms.ChoiceField(
        label="Who sent it",
        choices=[("", "Select who sent it"), *DocumentSource.choices],
        error_messages={"required": "Select who sent it."},
    )
    title = CleanCharField(
        label="Title",
        max_length=MAX_TITLE,
        error_messages={"required": "Enter a title."},
    )
    author = NameField(label="Author", max_length=200, required=False)
    dated_on = PacificDateField(label="Date of the document", required=False)

    def clean_case_number(self) -> str:
        number: str = self.cleaned_data["case_number"]
        case = case_numbered(number)
        if case is None:
            raise forms.ValidationError("There is no case with this number. Compare it with the paper.")
        self.case = case
        return number

    def answers(self) -> dict[str, Any]:
        """What the service takes. Only after the form was found valid."""
        data = self.cleaned_data
        return {
            "case": self.case,
            "kind": DocumentKind(data["kind"]),
            "source": DocumentSource(data["source"]),
            "title": data["title"],
            "author": data["author"],
            "dated_on": data["dated_on"],
        }


class SetAsideForm(forms.Form):
    """Why pages are not filed."""

    reason = CleanCharField(
        label="Why they are not filed",
        max_length=500,
        help_text="Example: Advertising. Or: Scanned once more as pages 12 to 15.",
        error_messages={"required": "Write why these pages are not filed."},
    )


def arrival_moment(form: ScanForm) -> datetime:
    """When the paper arrived. Only after the form was found valid."""
    moment: datetime = form.arrival()["arrived_at"]
    return moment
