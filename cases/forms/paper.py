"""Forms about the moment at which an application arrived."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, cast

from django import forms

from cases.enums import FilingChannel
from cases.forms.filing_fields import NameField
from cases.forms.filing_items import StartForm
from imr.accounts.models import Organization
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField

_TIME_FORMATS = ["%H:%M", "%I:%M %p", "%I:%M%p"]


def _time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=_TIME_FORMATS,
        widget=forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}),
        help_text="Pacific time. Example: 3:05 PM, or 15:05",
        error_messages={"required": "Enter the time.", "invalid": "Enter a time, such as 3:05 PM or 15:05."},
    )


def _moment(day: Any, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.PACIFIC)


class ArrivalForm(forms.Form):
    """How and when an application on paper or by phone arrived, and who took it."""

    channel = forms.ChoiceField(
        label="How it arrived",
        choices=[(one.value, one.label) for one in FilingChannel if one != FilingChannel.ONLINE],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it arrived."},
    )
    arrived_on = PacificDateField(
        label="Day it arrived",
        help_text="mm/dd/yyyy. The date stamp, or the head line of the fax. The time to decide counts from it.",
        error_messages={"required": "Enter the day on which it arrived."},
    )
    arrived_time = _time_field("Time it arrived")
    taken_by = NameField(
        label="Who took it",
        max_length=150,
        help_text="The person at the desk, the fax or the phone. Example: Lena Ortiz, mail room",
        error_messages={"required": "Enter who took it."},
    )

    def arrival(self) -> dict[str, Any]:
        """What the services take. Only after the form was found valid."""
        data = self.cleaned_data
        return {
            "channel": FilingChannel(data["channel"]),
            "arrived_at": _moment(data["arrived_on"], data["arrived_time"]),
            "taken_by": data["taken_by"],
        }


class KeyInForm(ArrivalForm):
    """Beginning to key an application in."""

    organization = StartForm.base_fields["organization"]

    field_order = ("organization", "channel", "arrived_on", "arrived_time", "taken_by")

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choice = cast("forms.ModelChoiceField[Organization]", self.fields["organization"])
        choice.queryset = Organization.objects.filter(kind="claims_administrator", is_active=True)


class ReceiptForm(forms.Form):
    """The right moment of receipt, and why."""

    received_on = PacificDateField(
        label="Day it was received",
        help_text="mm/dd/yyyy",
        error_messages={"required": "Enter the day on which it was received."},
    )
    received_time = _time_field("Time it was received")
    reason = CleanCharField(
        label="Reason",
        max_length=500,
        multiline=True,
        help_text="What shows it. Example: The fax journal has 11/20/2026, 4:58 PM; the date of printing was keyed in.",
        error_messages={"required": "Write what shows the right moment."},
    )

    def received_at(self) -> datetime:
        """The corrected moment. Only after the form was found valid."""
        return _moment(self.cleaned_data["received_on"], self.cleaned_data["received_time"])
