"""Forms that change the course of a review: expedited, or together with other cases."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cases.enums import DocumentKind
from cases.forms.filing_fields import NameField
from cases.models import Case, Document
from imr.core.forms import CleanCharField, PacificDateField


class ExpediteForm(forms.Form):
    """The physician's written certification, which is a document of the case."""

    document = forms.TypedChoiceField(
        label="The certification",
        coerce=int,
        help_text="A document of the kind “Physician's certification of serious threat”.",
        error_messages={"required": "Choose the certification.", "invalid_choice": "Choose a document of this case."},
    )
    physician = NameField(
        label="Physician who certified",
        max_length=200,
        help_text="As signed. Example: Noah Bell, MD",
        error_messages={"required": "Enter the name of the physician who certified the threat."},
    )
    certified_on = PacificDateField(
        label="Date of the certification",
        help_text="mm/dd/yyyy. Not before the UR decision.",
        error_messages={"required": "Enter the date of the certification."},
    )

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data)
        rows = Document.objects.filter(case=case, kind=DocumentKind.EXPEDITED_CERTIFICATION, removed_at__isnull=True)
        self.documents = [(row.pk, row.title) for row in rows]
        self.fields["document"].choices = [("", "Choose the document"), *self.documents]  # type: ignore[attr-defined]


class ConsolidateForm(forms.Form):
    """Which cases are reviewed together with this one."""

    cases = forms.TypedMultipleChoiceField(
        label="Review together with",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one case.",
            "invalid_choice": "One of the cases is no longer open for this. Look at the list again.",
        },
    )
    reason = CleanCharField(
        label="Reason",
        max_length=500,
        multiline=True,
        help_text="Kept with all the cases. Example: Same worker, physician and injury; one set of records",
        error_messages={"required": "Write a reason in a sentence."},
    )

    def __init__(self, data: Any = None, *, found: Sequence[Case]) -> None:
        super().__init__(data)
        self.fields["cases"].choices = [  # type: ignore[attr-defined]
            (case.pk, f"{case.number}, claim {case.application.claim_number}") for case in found
        ]
