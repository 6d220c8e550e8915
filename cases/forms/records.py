"""The form that adds records to a case that was filed."""

from typing import Any

from django import forms

from cases.enums import DocumentSource
from cases.forms.filing_items import UploadForm
from cases.rules.documents import MAX_TITLE
from imr.core.forms import CleanCharField, PacificDateField


class RecordsForm(UploadForm):
    """One kind, author and date for the files that are chosen together; only staff say who sent them."""

    title = CleanCharField(
        label="Title",
        max_length=MAX_TITLE,
        required=False,
        help_text="Without one the file's name stands. Example: Progress report, lumbar spine",
    )
    author = CleanCharField(label="Author", max_length=200, required=False, help_text="Example: Noah Bell, MD")
    dated_on = PacificDateField(
        label="Date of the document", required=False, help_text="mm/dd/yyyy. Example: 02/27/2014"
    )
    source = forms.ChoiceField(
        label="Who sent it",
        choices=[("", "Select who sent it"), *DocumentSource.choices],
        error_messages={"required": "Select who sent it."},
    )

    field_order = ("kind", "source", "author", "dated_on", "title", "file", "is_name_confirmed")

    def __init__(self, *args: Any, asks_source: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].help_text = "For all files that you choose now."
        self.fields["is_name_confirmed"].label = "The files belong to this case, whatever number their names hold"
        if not asks_source:
            del self.fields["source"]
