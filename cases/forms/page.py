"""Searching the records of a case."""

from collections.abc import Iterable
from typing import Any

from django import forms

from cases.forms.staff import MAX_QUERY, SearchField


class PageSearchForm(forms.Form):
    mark_optional = False

    q = SearchField(
        label="Search the records",
        help_text="Words that stand on one page, or a phrase in quotation marks.",
        max_length=MAX_QUERY,
        error_messages={"required": "Enter what to look for."},
        widget=forms.TextInput(attrs={"type": "search", "class": "input--long", "autocomplete": "off"}),
    )

    document = forms.TypedChoiceField(
        label="Look in",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "This document is not among the records. Choose another one."},
    )

    def __init__(self, *args: Any, documents: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All records"), *((str(pk), title) for pk, title in documents)]
        self.fields["document"].choices = choices  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        # Phones type these; only the plain ones join words to a phrase.
        return words.translate({ord("“"): '"', ord("”"): '"', ord("„"): '"'})
