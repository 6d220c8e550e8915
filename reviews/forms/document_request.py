"""Asking for records, and what the staff answer."""

from typing import Any

from django import forms

from cases.models import DisputedItem
from imr.core.forms import CleanCharField


class AskForm(forms.Form):
    """What is missing, and for which items."""

    words = CleanCharField(
        label="What is missing",
        max_length=2000,
        multiline=True,
        help_text="Name the document, its author and date as far as you know them. The staff may pass your words on.",
        error_messages={"required": "Write which records are missing."},
    )
    items = forms.TypedMultipleChoiceField(
        label="For which items",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick the items for which the records are missing.",
            "invalid_choice": "An item is no longer under review. Tick again.",
        },
    )

    def __init__(self, items: list[DisputedItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [  # type: ignore[attr-defined]
            (item.pk, f"{item.position}. {item.description[:120]}") for item in items
        ]


class AnswerForm(forms.Form):
    """The words for the parties, or the reason for the reviewer."""

    words = CleanCharField(
        label="Words",
        max_length=2000,
        multiline=True,
        help_text="Passed on, the parties read them: leave out who asks. Not passed on, the reviewer reads them.",
        error_messages={"required": "Write the words for the parties, or the reason for the reviewer."},
    )


class ReceivedForm(forms.Form):
    """That the documents are there, or that the review goes on without them."""

    note = CleanCharField(
        label="Note to the reviewer",
        max_length=1000,
        required=False,
        multiline=True,
        help_text="For example which documents came, or that none did.",
    )
