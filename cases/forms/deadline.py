"""Forms about due dates: what if, pause, more time, the manner of service, the queue's filters."""

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from cases.enums import AlertLevel, ServiceMethod, ServicePlace
from cases.forms.staff import ReasonForm
from cases.selectors.deadline import DUTIES, IMR_DUTY
from cases.services.deadlines import LONGEST_EXTENSION
from imr.core.calendar import NonexistentTimeError, pacific_instant
from imr.core.forms import PacificDateField

FIRST_DAY = date(2013, 1, 1)
LAST_DAY = date(2040, 12, 31)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?:\s*([AaPp])\.?[Mm]\.?)?", re.ASCII)
PARTIES_READ = "The parties read this reason beside the date."


class PacificTimeField(forms.Field):
    """A time of the day: `3:00 PM` or `15:00`."""

    default_error_messages = {"required": "Enter the time, like 3:00 PM."}

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is None:
            raise ValidationError("Enter a time like 3:00 PM or 15:00.", code="format")
        hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValidationError("Enter a time like 3:00 PM or 15:00.", code="format")
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        try:
            return time(hour, minute)
        except ValueError as error:
            raise ValidationError("There is no such time of the day.", code="time") from error


class WhatIfForm(forms.Form):
    """The start that a due date might have had. Read by GET; nothing is stored."""

    mark_optional = False

    started_on = PacificDateField(
        label="Start",
        earliest=FIRST_DAY,
        latest=LAST_DAY,
        error_messages={"required": "Enter the day to try."},
    )
    started_time = PacificTimeField(
        label="Time", required=False, widget=forms.TextInput(attrs={"class": "input--short"})
    )
    fold = forms.ChoiceField(
        label="If the clocks showed this hour twice",
        choices=[("0", "The first time"), ("1", "The second time")],
        required=False,
    )
    method = forms.ChoiceField(label="Served by", choices=[("", "As it was"), *ServiceMethod.choices], required=False)
    place = forms.ChoiceField(label="Served to an address", choices=ServicePlace.choices, required=False)

    def __init__(self, *args: Any, is_in_hours: bool, is_served: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_in_hours:
            self.fields["started_time"].required = True
        else:
            del self.fields["started_time"], self.fields["fold"]
        if not is_served:
            del self.fields["method"], self.fields["place"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("started_on") and not self.errors:
            try:
                cleaned["start"] = self._instant(cleaned)
            except NonexistentTimeError as error:
                self.add_error("started_time", str(error))
        return cleaned

    @staticmethod
    def _instant(cleaned: dict[str, Any]) -> datetime:
        clock_time = cleaned.get("started_time") or time(12)
        return pacific_instant(cleaned["started_on"], clock_time, fold=int(cleaned.get("fold") or 0))


class PauseForm(ReasonForm):
    """Why a clock stands still, or runs again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = PARTIES_READ


class ExtendForm(PauseForm):
    """More days, and why."""

    days = forms.IntegerField(
        label="Days to add",
        min_value=1,
        max_value=LONGEST_EXTENSION,
        help_text="Calendar days.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short", "autocomplete": "off"}),
        error_messages={"required": "Enter how many days to add."},
    )
    field_order = ["days", "reason"]


class ServiceForm(PauseForm):
    """How the paper was served from which the clock counts."""

    method = forms.ChoiceField(
        label="How it was served",
        choices=ServiceMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was served."},
    )
    place = forms.ChoiceField(
        label="Where it was mailed to",
        choices=ServicePlace.choices,
        required=False,
        help_text="Matters for mail only.",
    )
    field_order = ["method", "place", "reason"]


class DueQueueForm(forms.Form):
    """The filters of the queue of due dates."""

    mark_optional = False

    level = forms.ChoiceField(
        label="How urgent",
        choices=[("", "Overdue and due soon"), *AlertLevel.choices],
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    duty = forms.ChoiceField(
        label="Who has to act",
        choices=[("", "Anybody"), *((name, capfirst(name)) for name in sorted({*DUTIES.values(), IMR_DUTY}))],
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
