"""The period of scorecards."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms

from imr.core import clock
from imr.core.forms import PacificDateField

USUAL: Final = timedelta(days=90)


class PeriodForm(forms.Form):
    """Between two days of signature; without any, the last 90 days."""

    mark_optional = False

    since = PacificDateField(label="Signed on or after", required=False)
    until = PacificDateField(label="Signed on or before", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "Enter the first day or a later one.")
        return data

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the valid or empty form."""
        data = self.cleaned_data if self.is_bound else {}
        until = data.get("until") or clock.today()
        return data.get("since") or until - USUAL, until
