from datetime import date

from django import forms

from guidelines.enums import SourceBody
from guidelines.selectors.catalog import MAXIMUM_QUERY
from imr.core.forms import CleanCharField, PacificDateField


class SearchForm(forms.Form):
    """What to look for in the catalog; everything may be left out."""

    q = CleanCharField(
        label="Guideline, chapter or section",
        max_length=MAXIMUM_QUERY,
        required=False,
        help_text="The start of each word is enough: “chron exer”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.ChoiceField(label="Published as", choices=[("", "Any publisher"), *SourceBody.choices], required=False)
    on = PacificDateField(
        label="In force on", required=False, earliest=date(1990, 1, 1), latest=None, help_text="mm/dd/yyyy"
    )
