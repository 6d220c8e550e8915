"""Corrections of a served letter: the places with their texts, and the decision."""

from collections.abc import Mapping
from typing import Any

from django import forms

from imr.core.forms import CleanCharField, PacificDateField
from imr.core.words import mmddyyyy
from reviews.letters import FinalDeterminationLetter
from reviews.letters.correction import Place, PlaceKind, places_of


class CorrectionForm(forms.Form):
    """Every place of the letter with the text that stands there, and why it is corrected."""

    reason = CleanCharField(
        label="Why the letter is corrected",
        help_text="The parties read these words on the page of changes.",
        max_length=1_000,
        multiline=True,
        error_messages={"required": "Write why the letter is corrected."},
    )

    def __init__(self, data: Any, letter: FinalDeterminationLetter) -> None:
        super().__init__(data)
        self.places = places_of(letter)
        for place in self.places:
            self.fields[place.key] = _field(place)
        self.order_fields([*(place.key for place in self.places), "reason"])

    def texts(self) -> Mapping[str, str]:
        """The texts as typed, by place; a date as MM/DD/YYYY."""
        cleaned = self.cleaned_data
        return {
            place.key: mmddyyyy(cleaned[place.key]) if place.kind == PlaceKind.DATE else cleaned[place.key]
            for place in self.places
        }


class ApprovalForm(forms.Form):
    """The medical director's signature under a correction; the digest is that of the words on the page."""

    snapshot_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=200,
        error_messages={"required": "Enter your password."},
    )


class RefusalForm(forms.Form):
    """Why a correction is refused, or taken back by whoever proposed it."""

    note = CleanCharField(
        label="Why not", max_length=1_000, multiline=True, error_messages={"required": "Write why not."}
    )


def _field(place: Place) -> forms.Field:
    if place.kind == PlaceKind.DATE:
        return PacificDateField(label=place.label, initial=place.text)
    rows = min(18, max(2, len(place.text) // 90 + place.text.count("\n") + 1))
    hint = "One in each line." if place.kind == PlaceKind.LINES else ""
    return CleanCharField(
        label=place.label,
        initial=place.text,
        help_text=hint,
        max_length=place.limit,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
