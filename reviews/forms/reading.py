"""What the reading side of the workspace sends: pages that were seen, notes, how the workspace should come."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from imr.core.forms import CleanCharField
from reviews.models import ReadingSettings
from reviews.rules.references import NumberedRecord

MOST_TAGS: Final = 8
MAX_TAG: Final = 30
_NUMBERS: Final = re.compile(r"(?:[0-9]{1,7}(?:,[0-9]{1,7}){0,499})?")


class PagesSeenForm(forms.Form):
    """Page numbers with commas between them; none asks only how far the reading is."""

    pages = forms.CharField(required=False, max_length=5_000)

    def clean_pages(self) -> set[int]:
        text: str = self.cleaned_data["pages"]
        if not _NUMBERS.fullmatch(text):
            raise ValidationError("Pages are numbers with commas between them.")
        return {int(number) for number in text.split(",") if number}


class SettingsForm(forms.Form):
    """Only what is sent is changed."""

    divider = forms.IntegerField(required=False, min_value=ReadingSettings.NARROWEST, max_value=ReadingSettings.WIDEST)
    has_letter_keys = forms.ChoiceField(required=False, choices=[("1", "on"), ("0", "off")])
    is_header_hidden = forms.ChoiceField(required=False, choices=[("1", "yes"), ("0", "no")])

    def wishes(self) -> dict[str, int | bool]:
        """What was sent, as values. Only after the form was found valid."""
        data = self.cleaned_data
        found: dict[str, int | bool] = {}
        if data["divider"] is not None:
            found["divider"] = data["divider"]
        for name in ("has_letter_keys", "is_header_hidden"):
            if data[name]:
                found[name] = data[name] == "1"
        return found


class NoteForm(forms.Form):
    """A note on a page of a record. Without words of one's own the quoted ones are the note."""

    mark_optional = False

    document = forms.TypedChoiceField(
        label="Record",
        coerce=int,
        error_messages={"required": "Choose the record.", "invalid_choice": "Choose a record of this case."},
    )
    page = forms.IntegerField(
        label="Page",
        min_value=1,
        error_messages={
            "required": "Enter the page.",
            "invalid": "Enter the page as a number.",
            "min_value": "Pages count from 1.",
        },
        widget=forms.NumberInput(attrs={"class": "input--short", "min": "1"}),
    )
    quote = CleanCharField(
        label="Words of the page",
        max_length=1_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input--long"}),
    )
    text = CleanCharField(
        label="Your note",
        max_length=4_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input--long"}),
    )
    tags = CleanCharField(
        label="Tags",
        help_text="With commas between them, for example: gait, MRI",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--long", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, records: Iterable[NumberedRecord], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "note_%s")
        super().__init__(*args, **kwargs)
        self.page_counts = {record.document_id: record.page_count for record in records}
        choices = [(str(record.document_id), f"R{record.number}: {record.title}") for record in records]
        self.fields["document"].choices = choices  # type: ignore[attr-defined]

    def clean_tags(self) -> list[str]:
        tags = [" ".join(tag.split()).lower() for tag in self.cleaned_data["tags"].split(",")]
        tags = list(dict.fromkeys(tag for tag in tags if tag))
        if len(tags) > MOST_TAGS:
            raise ValidationError(f"A note takes at most {MOST_TAGS} tags.")
        if any(len(tag) > MAX_TAG for tag in tags):
            raise ValidationError(f"A tag must have {MAX_TAG} characters or fewer.")
        return tags

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("text") and not data.get("quote") and not {"text", "quote"} & set(self.errors):
            self.add_error("text", "Write the note.")
        count = self.page_counts.get(data.get("document") or 0)
        if count is not None and data.get("page") and data["page"] > count:
            self.add_error("page", f"The record has {count:,} page{'' if count == 1 else 's'}.")
        return data
