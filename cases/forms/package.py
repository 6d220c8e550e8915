"""The form that asks for all records of a case as one file."""

from django import forms

from cases.enums import PackageForm


class PackageRequestForm(forms.Form):
    """In what form the records are wanted."""

    form = forms.ChoiceField(
        label="In what form",
        choices=PackageForm.choices,
        initial=PackageForm.PDF,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a PDF or a zip.", "invalid_choice": "Choose a PDF or a zip."},
    )
