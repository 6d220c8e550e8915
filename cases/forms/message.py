"""One message of a case."""

from typing import Any

from django import forms

from cases.models import Document
from cases.rules.messages import MAX_MESSAGE
from imr.core.forms import CleanCharField


class CaseMessageForm(forms.Form):
    """The words, and documents of the case that they speak of."""

    text = CleanCharField(
        label="Message",
        help_text="About the case, its records or its dates. Answers to a request for information go there.",
        max_length=MAX_MESSAGE,
        multiline=True,
        error_messages={"required": "Write the message."},
    )
    documents = forms.TypedMultipleChoiceField(
        label="Documents of the case that it speaks of",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the documents was replaced or removed meanwhile. Choose again."},
    )

    def __init__(self, data: Any = None, *, documents: list[Document]) -> None:
        super().__init__(data)
        choices = [(str(document.pk), document.title) for document in documents]
        self.fields["documents"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["documents"]
