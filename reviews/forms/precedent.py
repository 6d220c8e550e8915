"""Narrowing earlier determinations."""

from typing import Any, Final

from django import forms

from cases.enums import Outcome
from reviews.forms.archive import year_field
from reviews.selectors.precedent import PrecedentFilters

LIKENESS: Final = [
    ("part", "Treatment and part of the body"),
    ("treatment", "Treatment alone"),
    ("guideline", "Treatment and your guideline"),
    ("both", "Treatment, part of the body and your guideline"),
]


class PrecedentFilterForm(forms.Form):
    """How alike earlier items have to be; everything is remembered in the address."""

    mark_optional = False

    like = forms.ChoiceField(label="Alike in", choices=LIKENESS, required=False)
    outcome = forms.ChoiceField(label="Outcome", choices=[("", "Any"), *Outcome.choices], required=False)
    source = forms.ChoiceField(
        label="From", choices=[("", "Everywhere"), ("own", "Decided here"), ("archive", "Archive")], required=False
    )
    since = year_field("Decided from year")
    until = year_field("Decided to year")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", f"Enter {since} or a later year.")
        return data

    @property
    def filters(self) -> PrecedentFilters:
        """What the valid form says."""
        return PrecedentFilters(**{**self.cleaned_data, "like": self.cleaned_data["like"] or "part"})
