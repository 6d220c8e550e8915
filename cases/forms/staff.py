"""Forms of the staff's part of a case: filters, eligibility, notice, records."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from cases.enums import CaseStatus, IneligibilityReason, Priority, ServiceMethod
from cases.models import DisputedItem
from cases.services.eligibility import ItemDecision
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField

DUE_CHOICES = [("", "Any due date"), ("overdue", "Overdue"), ("week", "Due within 7 days")]
WAITS_CHOICES = [("", "Anybody's"), ("claims", "The claims administrator's")]
SORT_CHOICES = [
    ("due", "Due date"),
    ("-due", "Due date, latest first"),
    ("-received", "Newest first"),
    ("received", "Oldest first"),
    ("number", "Case number"),
    ("-number", "Case number, highest first"),
]


MAX_QUERY = 200


class SearchField(CleanCharField):
    """Words to look for. Whatever is pasted here, too long is said first: its unbroken words do not matter then."""

    def to_python(self, value: object) -> str:
        if len(str(value or "").strip()) > MAX_QUERY:
            raise ValidationError(f"Search for at most {MAX_QUERY} characters.", code="max_length")
        return super().to_python(value)


def _from_list(thing: str) -> dict[str, str]:
    return {"invalid_choice": f"Choose {thing} from the list."}


class CaseFilterForm(forms.Form):
    """The filters of the case list; every one is remembered in the address."""

    mark_optional = False

    q = SearchField(label="Case number, claim number or worker's name", max_length=MAX_QUERY, required=False)
    status = forms.ChoiceField(label="Status", required=False)
    priority = forms.ChoiceField(
        label="Priority",
        choices=[("", "Any priority"), *Priority.choices],
        required=False,
        error_messages=_from_list("a priority"),
    )
    waits = forms.ChoiceField(
        label="Next step",
        choices=WAITS_CHOICES,
        required=False,
        error_messages=_from_list("whom the case waits for"),
    )
    due = forms.ChoiceField(label="Due", choices=DUE_CHOICES, required=False, error_messages=_from_list("a due date"))
    sort = forms.ChoiceField(
        label="Sort by", choices=SORT_CHOICES, required=False, error_messages=_from_list("an order")
    )

    def __init__(self, *args: object, statuses: list[tuple[str, str]] | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["status"] = forms.ChoiceField(
            label="Status",
            choices=[("", "Any status"), *(statuses or CaseStatus.choices)],
            required=False,
            error_messages=_from_list("a status"),
        )


class EligibilityForm(forms.Form):
    """One decision per item, then one about the case. Fields are named `item-<id>`, `reason-<id>`, `note-<id>`."""

    note = CleanCharField(
        label="Note for the file",
        help_text="Why, in a sentence or two. The parties do not see it.",
        max_length=2000,
        multiline=True,
        required=False,
    )

    def __init__(
        self, items: list[DisputedItem], data: object = None, *, refused: Mapping[int, str] | None = None
    ) -> None:
        """`refused` is what the checks propose, reasons by position; None where they propose nothing."""
        super().__init__(data)  # type: ignore[arg-type]
        self.items = items
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(
                label=f"Item {item.position}",
                initial=None if refused is None else "ineligible" if item.position in refused else "eligible",
                choices=[("eligible", "Eligible"), ("ineligible", "Ineligible")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Decide item {item.position}."},
            )
            self.fields[f"reason-{item.pk}"] = forms.ChoiceField(
                label="Reason, if ineligible",
                initial=(refused or {}).get(item.position, ""),
                choices=[("", "Choose a reason"), *reason_choices()],
                required=False,
            )
            self.fields[f"note-{item.pk}"] = CleanCharField(
                label="Remark on this item", max_length=1000, required=False
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        for item in self.items:
            if cleaned.get(f"item-{item.pk}") == "ineligible" and not cleaned.get(f"reason-{item.pk}"):
                self.add_error(f"reason-{item.pk}", f"Choose why item {item.position} is ineligible.")
        return cleaned

    def decisions(self) -> dict[int, ItemDecision]:
        """What was decided, by item id. Only after the form was found valid."""
        data = self.cleaned_data
        return {
            item.pk: ItemDecision(
                is_eligible=data[f"item-{item.pk}"] == "eligible",
                reason=data[f"reason-{item.pk}"],
                note=data[f"note-{item.pk}"],
            )
            for item in self.items
        }

    def rows(self) -> list[tuple[DisputedItem, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each item with its three fields, for the page."""
        return [
            (item, self[f"item-{item.pk}"], self[f"reason-{item.pk}"], self[f"note-{item.pk}"]) for item in self.items
        ]


class IneligibilityForm(forms.Form):
    reason = forms.ChoiceField(
        label="Reason",
        choices=lambda: [("", "Choose a reason"), *reason_choices()],
        error_messages={"required": "Choose the reason of ineligibility."},
    )
    note = CleanCharField(
        label="Note for the file",
        help_text="What was found, with dates. The parties do not see it.",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write why in a sentence or two."},
    )


class ReasonForm(forms.Form):
    """A reason for an act that others will want to understand later."""

    reason = CleanCharField(
        label="Reason",
        max_length=500,
        multiline=True,
        error_messages={"required": "Write a reason in a sentence."},
    )


class NoticeForm(forms.Form):
    """How and when the notice of assignment went out."""

    method = forms.ChoiceField(
        label="How it was served",
        choices=[(method.value, method.label) for method in ServiceMethod],
        widget=forms.RadioSelect,
        help_text="The records are due after 15 days by mail, 12 by fax or electronically, 10 in person.",
        error_messages={"required": "Choose how it was served."},
    )
    served_on = PacificDateField(
        label="Date served",
        help_text="For example 11/23/2026. It cannot be later than today.",
        error_messages={"required": "Enter the date on which it was served."},
    )

    def served_at(self) -> datetime:
        """The moment of service: now for today, else noon of that day."""
        day = self.cleaned_data["served_on"]
        if day == clock.today():
            return clock.now()
        return clock.noon(day)


def reason_choices() -> list[tuple[str, str]]:
    """Every reason with its code, as in the register of reasons."""
    return [(reason.value, f"{reason.value} · {reason.label}") for reason in IneligibilityReason]
