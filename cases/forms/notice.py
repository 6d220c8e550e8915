"""The part of a notice that its sender writes, and the acts that send one."""

from typing import Any

from django import forms
from django.utils.html import format_html

from cases.enums import EndingSource
from cases.forms.staff import IneligibilityForm, NoticeForm
from cases.models import DisputedItem, Document, EndingReason
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField


class NoticeTextField(CleanCharField):
    """The sender's own words; they stand after the opening of the notice."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Your part of the notice")
        kwargs.setdefault("help_text", "It stands between the opening and the list of items. The parties read it.")
        kwargs.setdefault("required", False)
        super().__init__(max_length=3000, multiline=True, **kwargs)


class NoticeTextForm(forms.Form):
    free_text = NoticeTextField()


class SentIneligibilityForm(IneligibilityForm):
    """As `IneligibilityForm`; the page says under `shown` for which reason it showed the notice."""

    free_text = NoticeTextField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") and cleaned["reason"] != self.data.get("shown"):
            self.add_error("reason", "The notice for this reason is below now. Read it, then send it.")
        return cleaned


class DismissalForm(SentIneligibilityForm):
    """Why a case that was assigned is found ineligible after all."""


class AssignmentNoticeForm(NoticeForm):
    free_text = NoticeTextField()


class QuestionForm(forms.Form):
    question = CleanCharField(
        label="What is needed, and from whom",
        help_text="It is sent to the parties as you write it. One point a line reads best.",
        max_length=3000,
        multiline=True,
        error_messages={"required": "Write what is needed."},
    )


class AnswerForm(forms.Form):
    answer = CleanCharField(
        label="What was received",
        help_text="In a few words; add papers under “Add records”.",
        max_length=3000,
        multiline=True,
        error_messages={"required": "Write what was received."},
    )


class EndingForm(forms.Form):
    """What happened to which items of a case. Fields that depend on the case are filled in by `for_case`."""

    reason_code = forms.ChoiceField(
        label="What happened",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened."},
    )
    items = forms.TypedMultipleChoiceField(
        label="Items",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one item."},
    )
    happened_on = PacificDateField(label="Date of the authorization, settlement or withdrawal")
    note = CleanCharField(
        label="Explanation",
        help_text="For example who signed, and what exactly was authorized.",
        max_length=1000,
        multiline=True,
        error_messages={"required": "Explain in a sentence."},
    )
    document_id = forms.TypedChoiceField(
        label="Proof among the documents", coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        items: list[DisputedItem],
        documents: list[Document],
        reasons: list[EndingReason],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["reason_code"].choices = [  # type: ignore[attr-defined]
            (reason.code, _explained(reason)) for reason in reasons
        ]
        choices = [(str(item.pk), f"{item.position}. {item.description}") for item in items]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["items"].initial = [choices[0][0]]
        proofs = [(str(document.pk), document.title) for document in documents]
        self.fields["document_id"].choices = [("", "None"), *proofs]  # type: ignore[attr-defined]


def _explained(reason: EndingReason) -> str:
    if not reason.explanation:
        return reason.label
    return format_html('{} <span class="usa-radio__label-description">{}</span>', reason.label, reason.explanation)


class ToldEndingForm(EndingForm):
    """As told by mail, fax or phone, by whom and when."""

    told_by = forms.ChoiceField(
        label="Who told it",
        choices=EndingSource.choices,
        widget=forms.RadioSelect,
        help_text="When it was not the claims administrator, its own report is still due.",
        error_messages={"required": "Choose who told it."},
    )
    received_on = PacificDateField(
        label="Day on which it came",
        help_text="mm/dd/yyyy. The date stamp, the head line of the fax, or the day of the call.",
        error_messages={"required": "Enter the day on which it came."},
    )
    field_order = ("told_by", "received_on", "reason_code", "items", "happened_on", "note", "document_id")


class StaffEndingForm(ToldEndingForm):
    """As told by mail or phone: recorded and confirmed at once."""

    free_text = NoticeTextField()

    def __init__(self, data: Any = None, *, items: list[DisputedItem], reasons: list[EndingReason]) -> None:
        initial = {"received_on": clock.today()}
        super().__init__(data, items=items, documents=[], reasons=reasons, initial=initial)
        # The items end at once, so nothing is awaited from anybody.
        self.fields["told_by"].help_text = "A report of the claims administrator is in time or late by the day below."
        del self.fields["document_id"]


class EndingDecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Decision",
        choices=[("confirm", "Confirm: the items end"), ("refuse", "Refuse: the items go on")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you confirm the report."},
    )
    note = CleanCharField(
        label="Reason",
        max_length=1000,
        multiline=True,
        required=False,
        help_text="Needed to refuse the report: whoever reported reads it.",
    )
    free_text = NoticeTextField(help_text="Only for a confirmed report. The parties read it.")
