"""Forms of the checks of eligibility."""

from datetime import date
from typing import Any

from django import forms

from cases.enums import CheckVerdict, ServiceMethod
from cases.models import ScreeningFacts
from imr.core.forms import CleanCharField, PacificDateField
from imr.core.words import mmddyyyy

_UNKNOWN = "unknown"
_METHODS = [("", "Not known"), *ServiceMethod.choices]


class TernaryField(forms.TypedChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(_UNKNOWN, "Not said"), ("yes", "Yes"), ("no", "No")]
        super().__init__(choices=choices, coerce={_UNKNOWN: None, "yes": True, "no": False}.get, **kwargs)
        self.widget.attrs["class"] = "input--medium"

    def prepare_value(self, value: object) -> object:
        if isinstance(value, str):
            return value
        return _UNKNOWN if value is None else "yes" if value else "no"


class ScreeningFactsForm(forms.Form):
    """What is not on the form and decides on eligibility."""

    mark_optional = False

    is_form_withheld = forms.BooleanField(
        label="The claims administrator did not send the notice and the form with the UR decision",
        help_text="The time to file begins when it does (LC 4610.5(h)(3)).",
        required=False,
    )
    form_served_on = PacificDateField(label="Form served later, on", required=False)
    form_service_method = forms.ChoiceField(label="How the form was served", choices=_METHODS, required=False)
    liability_resolved_on = PacificDateField(
        label="Employee told that the dispute about liability is resolved, on", required=False
    )
    liability_notice_method = forms.ChoiceField(label="How the employee was told", choices=_METHODS, required=False)
    has_consent_to_review = forms.BooleanField(
        label="The claims administrator agrees to the review although liability is disputed", required=False
    )
    is_formulary = TernaryField(
        label="Dispute over the drug formulary", help_text="By the UR decision, not by the item being a drug."
    )
    is_carve_out = TernaryField(label="Agreement on alternative dispute resolution (LC 3201.5, 3201.7)")
    wcab_untimely_on = PacificDateField(label="WCAB found utilization review untimely, on", required=False)

    @classmethod
    def initial_of(cls, facts: ScreeningFacts) -> dict[str, Any]:
        """What the form shows of `facts`."""
        return {name: getattr(facts, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("form_service_method") and not cleaned.get("form_served_on") and not self.errors:
            self.add_error("form_served_on", "Enter the date on which the form was served.")
        if cleaned.get("liability_notice_method") and not cleaned.get("liability_resolved_on") and not self.errors:
            self.add_error("liability_resolved_on", "Enter the date on which the employee was told.")
        return cleaned


class CompletenessForm(forms.Form):
    """From when an application counts whose UR decision letter came later."""

    document_id = forms.IntegerField(widget=forms.HiddenInput)
    counts = forms.ChoiceField(
        label="The application counts",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose from when the application counts."},
    )
    reason = CleanCharField(
        label="Reason",
        help_text="For example how the letter came. It stays on record; the parties do not see it.",
        max_length=500,
        multiline=True,
        error_messages={"required": "Write why, in a sentence."},
    )

    def __init__(self, data: Any = None, *, received_on: date, arrived_on: date, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["counts"].choices = [  # type: ignore[attr-defined]
            ("arrival", f"From {mmddyyyy(arrived_on)}, when the letter came and the application was complete"),
            ("receipt", f"From {mmddyyyy(received_on)} as before: the letter belongs to what was received then"),
        ]

    def decision(self) -> dict[str, Any]:
        """What the service takes. Only after the form was found valid."""
        told = self.cleaned_data
        return {
            "document_id": told["document_id"],
            "is_moved": told["counts"] == "arrival",
            "reason": told["reason"],
        }


class CheckAnswerForm(forms.Form):
    """A person's decision on one check. `fingerprint` is that of the result that the page showed."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        label="Decision",
        choices=[
            (CheckVerdict.PASSED.value, "Passed: nothing speaks against the application here"),
            (CheckVerdict.FAILED.value, "Failed: the application or the item is ineligible for this reason"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the check is passed or failed."},
    )
    reason = CleanCharField(
        label="Reason",
        help_text="What you looked at and found. It stays on record; the parties do not see it.",
        max_length=1000,
        multiline=True,
        error_messages={"required": "Write why, in a sentence."},
    )
