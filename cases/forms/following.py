"""Answers to requests for information, proof of implementation, appeals of ineligibility, and closing a case."""

from typing import Any

from django import forms

from cases.enums import AppealOutcome, PartyRole
from cases.models import DisputedItem, Document
from imr.core.forms import CleanCharField, PacificDateField


class InformationAnswerForm(forms.Form):
    """An answer, in whole or in part. `token` makes it one however often it is sent."""

    text = CleanCharField(
        label="Your answer",
        help_text="Say what you send and what the documents show. The IMR organization reads it.",
        max_length=3000,
        multiline=True,
        error_messages={"required": "Write the answer, or say what the documents show."},
    )
    is_complete = forms.TypedChoiceField(
        label="Is this everything?",
        choices=[("yes", "Yes, this answers the request"), ("no", "No, it is a part; more follows")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether this is the whole answer."},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Open the page again and send anew."})


class ImplementationForm(forms.Form):
    """Which overturned items were authorized or paid, when, and the proof: a new file, or one that is on file."""

    # Of the proof's two fields one is needed.
    mark_optional = False

    items = forms.TypedMultipleChoiceField(
        label="Items",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one item.",
            "invalid_choice": "One of the items was confirmed meanwhile. Look at the list again.",
        },
    )
    done_on = PacificDateField(
        label="Date of the authorization or payment",
        help_text="mm/dd/yyyy. Not later than today.",
        error_messages={"required": "Enter the date of the authorization or payment."},
    )
    note = CleanCharField(
        label="Remark (optional)",
        help_text="For example the authorization number.",
        max_length=1000,
        multiline=True,
        required=False,
    )
    file = forms.FileField(
        label="Proof",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text="The authorization letter or the proof of payment as a PDF, at most 200 MB.",
        required=False,
        max_length=None,
        error_messages={"empty": "The file is empty. Choose it again."},
    )
    document_id = forms.TypedChoiceField(
        label="Or a document that is on file", coerce=int, empty_value=None, required=False
    )
    is_name_confirmed = forms.BooleanField(
        label="The file belongs to this case, whatever number its name holds",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, items: list[DisputedItem], documents: list[Document]
    ) -> None:
        super().__init__(data, files)
        choices = [(str(item.pk), f"{item.position}. {item.description}") for item in items]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]
        self.fields["items"].initial = [key for key, _ in choices] if len(choices) == 1 else []
        proofs = [(str(document.pk), document.title) for document in documents]
        self.fields["document_id"].choices = [("", "None"), *proofs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "file" not in self.errors and not cleaned.get("file") and not cleaned.get("document_id"):
            self.add_error("file", "Add the proof as a file, or choose a document that is on file.")
        return cleaned


class IneligibilityAppealForm(forms.Form):
    """A petition to the appeals board against a finding of ineligibility."""

    appellant = forms.TypedChoiceField(
        label="Who appeals",
        choices=[("", "Select who appeals"), *PartyRole.choices],
        coerce=PartyRole,
        error_messages={"required": "Select who appeals."},
    )
    filed_on = PacificDateField(
        label="Day on which it was filed with the appeals board",
        error_messages={"required": "Enter the day on which it was filed with the appeals board."},
    )
    received_on = PacificDateField(
        label="Day on which our copy arrived",
        error_messages={"required": "Enter the day on which our copy arrived."},
    )
    grounds = CleanCharField(
        label="Grounds",
        help_text="What the petition says is wrong with the finding. Only the IMR organization reads it.",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write what the petition says."},
    )


class IneligibilityAppealDecisionForm(forms.Form):
    """What the appeals board decided."""

    outcome = forms.TypedChoiceField(
        label="Decision",
        choices=AppealOutcome.choices,
        coerce=AppealOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was decided."},
    )
    decided_on = PacificDateField(
        label="Day of the decision", error_messages={"required": "Enter the day of the decision."}
    )
    note = CleanCharField(
        label="What the decision says",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write what the decision says."},
    )


class CloseForm(forms.Form):
    """Why a case is closed; needed where treatment is outstanding."""

    reason = CleanCharField(
        label="Reason",
        max_length=500,
        multiline=True,
        error_messages={"required": "Write why the case is closed although treatment is outstanding."},
    )

    def __init__(self, data: Any = None, *, is_needed: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = is_needed
