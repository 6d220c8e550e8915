"""Forms of what reviewers earn."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from cases.forms.fee import MonthField
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField
from reviews.enums import PAID_REVIEWS


def amount_field(**kwargs: Any) -> forms.DecimalField:
    """Dollars and whole cents."""
    kwargs.setdefault("label", "Amount in dollars")
    return forms.DecimalField(
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
        error_messages={"required": "Enter the amount.", "invalid": "Enter an amount such as 350.00."},
        **kwargs,
    )


class LedgerMonthForm(forms.Form):
    """The month of the list; without one, the last that is over."""

    mark_optional = False

    month = MonthField(label="Month", required=False)

    def chosen(self) -> date:
        """The first day of the month that was asked for, else of the last one that is over."""
        if self.is_valid() and self.cleaned_data["month"]:
            month: date = self.cleaned_data["month"]
            return month
        today = clock.today()
        return date(today.year - (today.month == 1), today.month - 1 or 12, 1)


class RateForm(forms.Form):
    """A rate from a day on."""

    kind = forms.ChoiceField(
        label="For",
        choices=[("", "Select a kind"), *((kind.value, kind.label) for kind in PAID_REVIEWS)],
        error_messages={"required": "Select the kind."},
    )
    amount = amount_field(min_value=Decimal("0.01"))
    in_force_from = PacificDateField(
        label="For letters served from",
        latest=None,
        error_messages={"required": "Enter the day from which the rate holds."},
    )
    citation = CleanCharField(
        label="What it rests on",
        help_text="Such as the agreement with the reviewers and its day.",
        max_length=200,
        error_messages={"required": "Enter what the rate rests on."},
    )
    note = CleanCharField(label="Note", max_length=500, required=False)


class ReasonForm(forms.Form):
    reason = CleanCharField(
        label="Reason", help_text="The reviewer reads it.", max_length=500, error_messages={"required": "Say why."}
    )


class AdjustmentForm(ReasonForm):
    """Money that is owed or taken back beside the reviews."""

    amount = amount_field(help_text="With a minus in front where it is taken back.")
    field_order = ["amount", "reason"]
