"""The rows of any registered kind of reference data as a form."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db import models

from cases.enums import ReferenceAct
from cases.forms.staff import SearchField
from cases.selectors.reference_kind import ReferenceKind, as_json
from imr.core import clock
from imr.core.forms import CleanCharField, PacificDateField

MOST = 1_000_000


class ReferenceFilterForm(forms.Form):
    """The filters of a list of rows; every one is remembered in the address."""

    mark_optional = False

    q = SearchField(label="Words of the row", max_length=200, required=False)
    state = forms.ChoiceField(
        label="State",
        choices=[("", "All"), ("open", "To be confirmed")],
        required=False,
        error_messages={"invalid_choice": "Choose a state from the list."},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, kind: ReferenceKind) -> None:
        super().__init__(data)
        words = "In force on" if kind.is_dated else "In the year of"
        self.fields["on"] = PacificDateField(label=words, required=False, latest=None)


class ReferenceForm(forms.Form):
    """What is proposed of a row, and why. Texts of a mapping have a field each, `<name>_<key>`."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, kind: ReferenceKind, act: ReferenceAct, row: Any = None
    ) -> None:
        super().__init__(data)
        self.kind, self.act, self.row = kind, act, row
        # Of a row that stays only what says how sure it is can be corrected.
        self.names = kind.all_fields if act == ReferenceAct.ADD else kind.fields
        if act == ReferenceAct.CORRECT:
            self.names = kind.correctable(row, clock.today())
        for name in self.names:
            self.fields |= self._fields_of(name)
        self.fields["reason"] = CleanCharField(
            label="Why it is changed",
            max_length=1000,
            multiline=True,
            help_text="For the second person and the history. Example: Stats. 2026, ch. 12, section 3.",
            error_messages={"required": "Write why it is changed, in a sentence."},
        )
        if act == ReferenceAct.SUCCEED:
            # What holds from another day on has its own first day; what was checked has to be checked anew.
            self.initial["in_force_from"] = None
            for name in ("is_confirmed", "is_roll_confirmed"):
                if name in self.fields:
                    self.initial[name] = False
            self.fields.pop("in_force_until", None)

    def values(self) -> dict[str, Any]:
        """The editable fields as JSON. Only after the form was found valid."""
        found: dict[str, Any] = {}
        for name in self.names:
            if name in self.kind.mappings:
                texts = {key: self.cleaned_data.get(f"{name}_{key}", "") for key in self.kind.mappings[name]}
                # A text that the product no longer knows stays as it was.
                kept = {key: text for key, text in (getattr(self.row, name, None) or {}).items() if key not in texts}
                found[name] = kept | {key: text for key, text in texts.items() if text}
            elif name in self.fields:
                found[name] = as_json(self.cleaned_data[name])
        return found

    def _fields_of(self, name: str) -> dict[str, forms.Field]:
        stored = getattr(self.row, name, None)
        if name in self.kind.mappings:
            labels = self.kind.mappings[name]
            for key in labels:
                self.initial[f"{name}_{key}"] = (stored or {}).get(key, "")
            shown = labels if self.row is None or stored else {}
            return {f"{name}_{key}": _text(label, 3000, is_required=False) for key, label in shown.items()}
        self.initial[name] = stored
        column: Any = self.kind.model._meta.get_field(name)  # noqa: SLF001  # Django's public API
        field = _field(column, self.kind.label_of(name))
        field.help_text = self.kind.helps.get(name, field.help_text)
        if isinstance(field, forms.ChoiceField) and self.row is None:
            field.choices = [("", "Choose"), *cast("list[tuple[str, str]]", field.choices)]
        return {name: field}


def _field(column: Any, label: str) -> forms.Field:
    if isinstance(column, models.BooleanField):
        return forms.BooleanField(label=label, required=False)
    if isinstance(column, models.DateField):
        return PacificDateField(label=label, required=not column.blank, latest=None)
    if column.choices:
        choices = [(str(value), str(words)) for value, words in column.flatchoices]
        return forms.ChoiceField(
            label=label,
            choices=choices,
            error_messages={"required": "Choose one of the list.", "invalid_choice": "Choose one of the list."},
        )
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST,
            widget=forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric"}),
            error_messages={
                "required": f"Enter the {label.lower()}.",
                "invalid": f"Enter a whole number from 0 to {MOST:,}.",
                "min_value": f"Enter a whole number from 0 to {MOST:,}.",
                "max_value": f"Enter a whole number from 0 to {MOST:,}.",
            },
        )
    if isinstance(column, models.DecimalField):
        return forms.DecimalField(
            label=label, min_value=0, max_digits=column.max_digits, decimal_places=column.decimal_places
        )
    return _text(label, column.max_length, is_required=not column.blank)


def _text(label: str, most: int, *, is_required: bool) -> forms.Field:
    return CleanCharField(label=label, max_length=most, multiline=most > 300, required=is_required)


class DecisionForm(forms.Form):
    """What the second person writes about a change; a refusal needs it."""

    note = CleanCharField(
        label="Note", max_length=1000, multiline=True, required=False, help_text="Why, if you refuse."
    )
