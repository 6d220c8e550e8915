"""What staff look for in the archive."""

from typing import Any, Final

from django import forms

from cases.enums import CaseOutcome
from imr.core.forms import CleanCharField
from reviews.enums import SourceFormat
from reviews.selectors.archive import ArchiveFilters

_FIRST_YEAR: Final = 2013  # the first year of Independent Medical Review (LC 4610.5, SB 863)


def year_field(label: str) -> forms.IntegerField:
    """A year since Independent Medical Review began; may stay empty."""
    return forms.IntegerField(
        label=label,
        min_value=_FIRST_YEAR,
        max_value=2100,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
        error_messages={"invalid": "Enter a year, such as 2016."},
    )


class ArchiveFilterForm(forms.Form):
    """Narrows the archive; everything is remembered in the address."""

    mark_optional = False

    words = CleanCharField(
        label="Words of an item or its rationale",
        max_length=200,
        required=False,
        help_text="All of them have to stand there. Put words that belong together in quotes.",
    )
    number = CleanCharField(label="Case number, or part of it", max_length=20, required=False)
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Any"), *CaseOutcome.choices], required=False)
    format = forms.ChoiceField(label="Came as", choices=[("", "Any"), *SourceFormat.choices], required=False)
    since = year_field("Decided from year")
    until = year_field("Decided to year")
    doubtful = forms.BooleanField(label="Only those with remarks of the reader", required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", f"Enter {since} or a later year.")
        return data

    @property
    def filters(self) -> ArchiveFilters:
        """What the valid form says."""
        return ArchiveFilters(**self.cleaned_data)
