"""A paragraph that is used again."""

import re

from django import forms
from django.core.exceptions import ValidationError

from imr.core.forms import CleanCharField
from reviews.rules.placeholders import names_in
from reviews.selectors.paragraph import MARKS
from reviews.services.paragraph import ParagraphWords

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class ParagraphForm(forms.Form):
    """Key, title and text. `has_key` is off for shared paragraphs, whose key stays."""

    key = CleanCharField(
        label="Key",
        help_text="Short, to find it while writing: small letters, digits and hyphens, for example pt-ext",
        max_length=30,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off", "autocapitalize": "none"}),
    )
    title = CleanCharField(label="Title", max_length=100, widget=forms.TextInput(attrs={"class": "input--long"}))
    text = CleanCharField(
        label="Text",
        max_length=5_000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 8, "class": "input--long"}),
    )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"].lower()
        if not _KEY.fullmatch(key):
            raise ValidationError("Use small letters, digits and single hyphens between them, for example pt-ext.")
        return key

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        unknown = [name for name in names_in(text) if name not in MARKS]
        if unknown:
            named = ", ".join(f"{{{{{name}}}}}" for name in unknown)
            raise ValidationError(f"Nothing fills {named}. Use one of the marks listed beside the field.")
        return text

    def words(self) -> ParagraphWords:
        """What was typed, clean. Only after the form was found valid."""
        return ParagraphWords(**self.cleaned_data)
