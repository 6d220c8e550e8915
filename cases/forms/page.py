"""Searching the records of a case."""

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

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        # Phones type these; only the plain ones join words to a phrase.
        return words.translate({ord("“"): '"', ord("”"): '"', ord("„"): '"'})
