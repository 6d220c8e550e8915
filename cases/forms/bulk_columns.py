"""The columns of the spreadsheet with applications: every field of the steps' forms and of the item's form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_fields import YesNoField
from cases.forms.filing_items import ItemForm
from cases.models import TreatmentCategory
from imr.core.forms import PacificDateField, lower_first

REFERENCE: Final = "Reference"
FILE_ANYWAY: Final = "File although on file"
# Written into the file of errors; they may stay when it is sent again.
REMARKS: Final = ("Row in the file", "What to correct")
_PREFIXES: Final[Mapping[DraftStep, str]] = {
    DraftStep.REVIEW_TYPE: "",
    DraftStep.EMPLOYEE: "Worker",
    DraftStep.CLAIM: "Claim",
    DraftStep.PHYSICIAN: "Physician",
    DraftStep.CLAIMS_ADMINISTRATOR: "Claims administrator",
    DraftStep.UR_DECISION: "UR decision",
    DraftStep.REPRESENTATIVE: "Representative",
    DraftStep.SIGNATURE: "Signature",
    DraftStep.ITEMS: "Item",
}
_PARTS: Final = {"employer_": "Employer", "attorney_": "Attorney", "designee_": "Other representative"}
# As the rules of the whole application call a field of a form.
ALIASES: Final = {(DraftStep.CLAIM, "employer_name"): "employer_firm_name"}
# What the questions of the pages are called over a column.
_SHORT: Final = {
    "decided_on": "Date of the letter",
    "served_on": "Date served",
    "request_received_on": "Date the RFA was received",
    "reference": "Your reference",
    "is_conditional": "Denied only for missing information",
    "is_liability_disputed": "Liability disputed",
    "liability_reason": "Why liability is disputed",
    "has_attorney": "Attorney",
    "has_designee": "Other representative",
    "designation_signed_on": "Designation signed on",
    "signer": "Signed by",
    "signer_name": "Name of the signer",
    "signed_on": "Date signed",
    "consent_signed_on": "Date of the consent",
    "has_threat_certification": "Threat certified by a physician",
    "is_cumulative_injury": "Cumulative injury",
    "is_retrospective": "Already provided",
    "is_associated_service": "Goes with a surgery",
    "ur_outcome": "UR outcome",
    "category": "Kind of treatment",
    "description": "Requested treatment",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the field of the form it fills. `options` maps words (in small letters) to values."""

    heading: str
    step: DraftStep
    field: str
    kind: str
    is_required: bool
    help_text: str
    choices: tuple[str, ...] = ()
    options: Mapping[str, str] | None = None

    @property
    def is_item(self) -> bool:
        return self.step == DraftStep.ITEMS

    def value(self, text: str) -> str | bool:
        """What the form takes for `text`; words that are no choice are handed on, for the form to refuse."""
        if self.kind == "tick":
            return text.casefold() in {"yes", "y", "x", "true", "1"}
        if self.options is not None:
            return self.options.get(" ".join(text.casefold().split()), text)
        return text

    def accepts(self, text: str) -> bool:
        """Whether `text` is one of the words of a tick; other columns are judged by their form."""
        return self.kind != "tick" or text.casefold() in {"yes", "y", "x", "true", "1", "no", "n", "false", "0"}


def columns() -> tuple[Column, ...]:
    """All columns in their order: the application's, then the item's. Reads the kinds of treatment."""
    found = [_column(step, name, field) for step, form in STEP_FORMS.items() for name, field in form().fields.items()]
    categories = _categories()
    for name, field in ItemForm.base_fields.items():
        column = _column(DraftStep.ITEMS, name, field)
        if name == "category":
            words = tuple(categories)
            options = _single_names(categories)
            options |= {label.casefold(): pk for label, (pk, _) in categories.items()}
            options |= {code.casefold(): pk for pk, code in categories.values()}
            column = Column(
                column.heading, column.step, name, "choice", True, column.help_text, choices=words, options=options
            )
        found.append(column)
    return tuple(found)


def _single_names(categories: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The kinds by their name alone, as the pages show them, where no other kind is called the same."""
    named: dict[str, list[str]] = {}
    for label, (pk, _) in categories.items():
        named.setdefault(label.rpartition(": ")[2].casefold(), []).append(pk)
    return {name: pks[0] for name, pks in named.items() if len(pks) == 1}


def required_headings() -> list[str]:
    """The headings that every file needs."""
    return [column.heading for column in columns() if column.is_required and not _is_prefilled(column)]


def _is_prefilled(column: Column) -> bool:
    """The claims administrator's own name and address come from the organization; the contact does not."""
    return column.step == DraftStep.CLAIMS_ADMINISTRATOR and column.field != "last_name"


def _column(step: DraftStep, name: str, field: forms.Field) -> Column:
    prefix = _PREFIXES[step]
    label = _SHORT.get(name, str(field.label))
    for start, words in _PARTS.items():
        if name.startswith(start):
            prefix = words
    kind, choices, options = _kind(field)
    return Column(
        heading=f"{prefix}: {lower_first(label)}" if prefix else label,
        step=step,
        field=name,
        kind=kind,
        is_required=field.required and kind != "tick",
        help_text=str(field.help_text),
        choices=choices,
        options=options,
    )


def _kind(field: forms.Field) -> tuple[str, tuple[str, ...], dict[str, str] | None]:
    if isinstance(field, forms.BooleanField):
        return "tick", ("Yes", "No"), None
    if isinstance(field, YesNoField):
        return "choice", ("Yes", "No"), {"yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no"}
    if isinstance(field, PacificDateField):
        return "date", (), None
    if isinstance(field, forms.ChoiceField) and not callable(field.choices):
        pairs: list[tuple[Any, Any]] = [(key, label) for key, label in field.choices if key]
        options = {str(label).casefold(): str(key) for key, label in pairs}
        return (
            "choice",
            tuple(str(label) for _, label in pairs),
            options | {str(key).casefold(): str(key) for key, _ in pairs},
        )
    return "text", (), None


def _categories() -> dict[str, tuple[str, str]]:
    """The kinds of treatment that an item may have: in words, with id and code."""
    rows = list(TreatmentCategory.objects.filter(is_active=True).select_related("parent"))
    headings = {row.parent_id for row in rows}
    return {
        f"{row.parent.name}: {row.name}" if row.parent else row.name: (str(row.pk), row.code)
        for row in rows
        if row.pk not in headings
    }
