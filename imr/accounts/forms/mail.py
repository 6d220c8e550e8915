"""Choosing mails, and narrowing the queue."""

from collections.abc import Sequence
from typing import Any

from django import forms

from imr.accounts.enums import MailEvent, MailMode, MailState
from imr.accounts.models import MailHabit, User
from imr.accounts.selectors.mail import MailFilter, Wish
from imr.core.forms import CleanCharField

HOURS = [(hour, f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'} PT") for hour in range(24)]


class MailChoicesForm(forms.Form):
    """One field an event that can be chosen, named as the event, and the habits."""

    digest_hour = forms.TypedChoiceField(
        label="Hour of the daily digest",
        coerce=int,
        choices=HOURS,
        widget=forms.Select(attrs={"class": "input--medium"}),
    )
    is_for_all_cases = forms.BooleanField(
        label="Tell me about every case of my organization",
        help_text="Otherwise only about cases that you filed.",
        required=False,
    )

    mark_optional = False

    def __init__(self, user: User, wishes: Sequence[Wish], habit: MailHabit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = [wish.event for wish in wishes if not wish.why_fixed]
        self.fixed = [wish for wish in wishes if wish.why_fixed]
        self.initial.update({"digest_hour": habit.digest_hour, "is_for_all_cases": habit.is_for_all_cases})
        if not user.is_claims:
            del self.fields["is_for_all_cases"]
        for wish in wishes:
            if wish.why_fixed:
                continue
            self.fields[wish.event.value] = forms.ChoiceField(
                label=wish.event.label,
                choices=MailMode.choices,
                initial=wish.mode,
                widget=forms.Select(attrs={"class": "input--medium"}),
            )

    @property
    def event_fields(self) -> list[forms.BoundField]:
        """The fields of the events, in the order of the list of mails."""
        return [self[event.value] for event in self.events]

    @property
    def habit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("digest_hour", "is_for_all_cases") if name in self.fields]

    @property
    def modes(self) -> dict[MailEvent, MailMode]:
        """What was chosen, by event."""
        return {event: MailMode(self.cleaned_data[event.value]) for event in self.events}


class MailFilterForm(forms.Form):
    """The filters of the queue, kept in the address."""

    mark_optional = False

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *MailState.choices])
    event = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *MailEvent.choices])
    number = CleanCharField(label="Case number", max_length=13, required=False)

    def wanted(self) -> MailFilter:
        """What to look for; nothing in particular when the filters are not right."""
        if not self.is_valid():
            return MailFilter()
        data = self.cleaned_data
        return MailFilter(state=data["state"], event=data["event"], number=data["number"])
