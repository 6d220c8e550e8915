"""How many determinations are read a second time."""

from django import forms

from imr.core.forms import CleanCharField, PacificDateField


class SamplingForm(forms.Form):
    """A rule from a day on."""

    in_force_from = PacificDateField(
        label="For determinations signed from",
        error_messages={"required": "Enter the day from which the rule holds."},
    )
    rate = forms.DecimalField(
        label="Share drawn by lot, in percent",
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
        error_messages={"required": "Enter a share, such as 5.5.", "invalid": "Enter a number, such as 5.5."},
    )
    monthly_cap = forms.IntegerField(
        label="At most in a month",
        help_text="Spread over the days of the month. What is always read does not count.",
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": "Enter a number.", "invalid": "Enter a whole number."},
    )
    first_determinations = forms.IntegerField(
        label="Always: a reviewer’s first determinations",
        min_value=0,
        max_value=1_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": "Enter a number, 0 for none.", "invalid": "Enter a whole number."},
    )
    always_panel = forms.BooleanField(label="Always: several reviewers", required=False, initial=True)
    always_expedited = forms.BooleanField(label="Always: expedited cases", required=False)
    always_overturned = forms.BooleanField(label="Always: an item overturned", required=False)
    note = CleanCharField(label="Why", max_length=500, required=False)
