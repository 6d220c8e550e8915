"""Forms of fees, invoices and penalties."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from cases.enums import PenaltyDecisionKind
from cases.models import FeeEntry, InvoiceLine, LegalParameter
from cases.selectors.fee import FeeFilter, FeeState
from imr.accounts.enums import Action, Scope
from imr.accounts.models import Organization, User
from imr.accounts.selectors.person import claims_administrators
from imr.core.forms import CleanCharField
from imr.core.words import money


class MonthField(CleanCharField):
    """A month, typed as MM/YYYY (or YYYY-MM); its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "mm/yyyy")
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}))
        super().__init__(max_length=7, **kwargs)

    def clean(self, value: Any) -> Any:
        text: str = super().clean(value)
        if not text:
            return None
        year, _, month = text.partition("-") if "-" in text else reversed(text.partition("/"))
        if not (year.isascii() and year.isdecimal() and len(year) == 4 and month.isascii() and month.isdecimal()):
            raise forms.ValidationError("Write the month as mm/yyyy, such as 03/2026.", code="format")
        if not 2013 <= int(year) <= 2100 or not 1 <= int(month) <= 12:
            raise forms.ValidationError("Enter a month from 01/2013 on.", code="range")
        return date(int(year), int(month), 1)


class FeeFilterForm(forms.Form):
    """The filters of the list of fees, kept in the address."""

    mark_optional = False

    state = forms.ChoiceField(label="State", required=False, choices=[("", "Any"), *FeeState.CHOICES])
    month = MonthField(label="Fell due in", required=False)
    number = CleanCharField(label="Case number", max_length=13, required=False)
    organization = forms.ModelChoiceField(
        label="Claims administrator", queryset=Organization.objects.none(), required=False, empty_label="Any"
    )

    def __init__(self, viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if viewer.scope(Action.FEE_VIEW) == Scope.ANY:
            self.fields["organization"].queryset = claims_administrators()  # type: ignore[attr-defined]
        else:
            del self.fields["organization"]

    def wanted(self) -> FeeFilter:
        """What to look for; nothing in particular when the filters are not right."""
        if not self.is_valid():
            return FeeFilter()
        data = self.cleaned_data
        organization = data.get("organization")
        return FeeFilter(data["state"], data["month"], data["number"], organization.pk if organization else None)


class AmountForm(forms.Form):
    """The amount of one fee, from a figure of the law or typed, and where it comes from."""

    figure = forms.TypedChoiceField(
        label="Figure",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Those in force when the application was received. Or enter an amount.",
    )
    amount = forms.DecimalField(
        label="Amount in dollars",
        max_digits=8,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        help_text="Such as 345.00. Enter 0 where nothing is owed.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
        error_messages={"invalid": "Enter an amount such as 345.00."},
    )
    reason = CleanCharField(
        label="Where it comes from", max_length=500, error_messages={"required": "Write where the amount comes from."}
    )

    def __init__(self, entry: FeeEntry, figures: Iterable[LegalParameter], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figures = {row.pk: row for row in figures}
        if self.figures:
            self.fields["figure"].choices = [  # type: ignore[attr-defined]
                ("", "None of them"),
                *((str(key), f"{row.label}: {money(Decimal(row.value))}") for key, row in self.figures.items()),
            ]
        else:
            del self.fields["figure"]
        self.initial.setdefault("amount", entry.amount)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        row = self.figures.get(data.get("figure") or 0)
        if row is not None:
            data["amount"] = Decimal(row.value)
        elif data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Choose a figure or enter an amount.")
        return data


class CreditForm(forms.Form):
    """Which lines of an invoice are taken back, and why."""

    lines = forms.TypedMultipleChoiceField(
        label="Lines to take back",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one line."},
    )
    reason = CleanCharField(
        label="Why",
        help_text="It is printed on the credit note.",
        max_length=500,
        error_messages={"required": "Write why these lines are taken back."},
    )

    def __init__(self, lines: Iterable[InvoiceLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(line.pk), f"{line.case_number}, {line.words}: {money(line.amount)}") for line in lines]
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]


class PenaltyForm(forms.Form):
    """What is decided about a penalty; `shown` is the amount that the page showed."""

    kind = forms.ChoiceField(
        label="Decision",
        choices=PenaltyDecisionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do."},
    )
    reason = CleanCharField(
        label="Reason", help_text="Needed to waive or close.", max_length=500, multiline=True, required=False
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)
