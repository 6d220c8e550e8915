"""The filters of the audit record."""

from datetime import date, timedelta
from typing import Any

from django import forms

from imr.audit.selectors.event import EventFilter, actions_on_record
from imr.audit.words import action_words
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField

FIRST_DAY = date(2013, 1, 1)


class EventFilterForm(forms.Form):
    mark_optional = False

    person = CleanCharField(label="Person", max_length=100, required=False, help_text="Part of a name or e-mail")
    case_number = CleanCharField(label="Case number", max_length=13, required=False)
    action = forms.ChoiceField(label="Action", required=False)
    first_day = PacificDateField(label="From", earliest=FIRST_DAY, required=False)
    last_day = PacificDateField(
        label="To", earliest=FIRST_DAY, latest=lambda: clock.today() + timedelta(days=1), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Any"), *((action, action_words(action)) for action in actions_on_record())]
        self.fields["action"] = forms.ChoiceField(label="Action", required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", "The last day is before the first.")
        return data

    def wanted(self) -> EventFilter:
        """What to look for; nothing in particular when the filters are not right."""
        return EventFilter(**self.cleaned_data) if self.is_valid() else EventFilter()
