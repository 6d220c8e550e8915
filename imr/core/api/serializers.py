"""Serializers that refuse what they do not know, and fields that are the pages' own form fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError as FormError
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from imr.core.forms import PacificDateField

UNKNOWN: Final = "Unknown field."
READ_ONLY: Final = "This field is read only."
YES_NO: Final = {True: "yes", False: "no"}


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know and fields that cannot be written, instead of ignoring them."""

    default_error_messages = {"invalid": "Send a JSON object here."}

    def to_internal_value(self, data: Any) -> Any:
        refused: dict[str, Any] = {}
        if isinstance(data, Mapping):
            for name in data:
                field = self.fields.get(name)
                if field is None:
                    refused[str(name)[:100]] = [ErrorDetail(UNKNOWN, code="unknown")]
                elif field.read_only:
                    refused[name] = [ErrorDetail(READ_ONLY, code="read_only")]
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            if isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **refused}) from error
            raise
        if refused:
            raise ValidationError(refused)
        return value


class FormField(serializers.Field[Any, Any, Any, Any]):
    """A field of a form, given as JSON: text as a string, a tick or a yes/no question as true or false.

    With `checked` the form field cleans the value, with its own words. Without, only the JSON type is looked at and
    the value is handed on as a page would have sent it, for a form that checks several fields together.
    """

    default_error_messages = {"text": "Write this as text, in quotes.", "boolean": "Answer true or false."}

    def __init__(self, form_field: forms.Field, *, checked: bool = False, **kwargs: Any) -> None:
        self.form_field = form_field
        self.checked = checked
        kwargs.setdefault("required", form_field.required and not self.is_tick)
        kwargs.setdefault("allow_null", not form_field.required)
        kwargs.setdefault("label", str(form_field.label or "") or None)
        kwargs.setdefault("help_text", str(form_field.help_text) or None)
        words = str(form_field.error_messages.get("required", "This field is required."))
        kwargs.setdefault("error_messages", {"required": words, "null": words})
        super().__init__(**kwargs)

    @property
    def is_yes_no(self) -> bool:
        return isinstance(self.form_field, forms.ChoiceField) and {"yes", "no"} == set(self.options)

    @property
    def is_tick(self) -> bool:
        return isinstance(self.form_field, forms.BooleanField)

    @property
    def options(self) -> list[str]:
        """The values of a choice field, groups opened, the empty one left out."""
        if not isinstance(self.form_field, forms.ChoiceField) or callable(self.form_field.choices):
            return []
        found: list[str] = []
        for key, label in self.form_field.choices:
            found += [str(inner[0]) for inner in label] if isinstance(label, list | tuple) else [str(key)]
        return [key for key in found if key]

    def to_internal_value(self, data: Any) -> Any:
        value: Any
        if self.is_tick or self.is_yes_no:
            if self.root.context.get("is_text") and data in ("true", "false"):
                data = data == "true"
            if not isinstance(data, bool):
                self.fail("boolean")
            value = YES_NO[data] if self.is_yes_no else data
        elif not isinstance(data, str):
            self.fail("text")
        else:
            value = data
        if not self.checked:
            return value
        try:
            return self.form_field.clean(value)
        except FormError as error:
            raise ValidationError(error_details(error)) from error

    def to_representation(self, value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool) or value is None:
            return value
        return str(value) or (None if self.options or isinstance(self.form_field, forms.DateField) else "")

    @property
    def schema(self) -> dict[str, Any]:
        """What the field takes and gives, for the description of the interface."""
        if self.is_tick or self.is_yes_no:
            return {"type": "boolean"}
        if isinstance(self.form_field, PacificDateField):
            return {"type": "string", "format": "date"}
        if self.options:
            return {"type": "string", "enum": self.options}
        limit = getattr(self.form_field, "max_length", None)
        return {"type": "string", **({"maxLength": limit} if limit else {})}


def error_details(error: FormError) -> list[ErrorDetail]:
    """A form's error with its sentences and codes."""
    return [ErrorDetail(str(line), code=one.code or "invalid") for one in error.error_list for line in one.messages]


def form_errors(form: forms.Form) -> dict[str, list[ErrorDetail]]:
    """The errors of a bound form by field; those of the whole form under `non_field_errors`."""
    return {
        "non_field_errors" if name == "__all__" else name: [
            detail for one in errors for detail in error_details(FormError([one]))
        ]
        for name, errors in form.errors.as_data().items()
    }


def flat(data: Any) -> Any:
    """A form or a query string as a plain mapping. Raises `ValidationError` for a name that was given twice."""
    if not isinstance(data, QueryDict):
        return data
    repeated = [name for name, values in data.lists() if len(values) > 1]
    if repeated:
        raise ValidationError({name: [ErrorDetail("Give this once.", code="repeated")] for name in repeated})
    return dict(data.items())


class ProblemEntrySerializer(serializers.Serializer[Any]):
    """One thing that is wrong."""

    code = serializers.CharField(help_text="Stable and machine-readable.")
    detail = serializers.CharField(help_text="A sentence for a person.")
    attr = serializers.CharField(
        allow_null=True, help_text="Which field, as a path such as `items.0.description`; null for the whole request."
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """What every error answers."""

    type = serializers.CharField(help_text="`validation_error`, `client_error` or `server_error`.")
    errors = ProblemEntrySerializer(many=True)  # type: ignore[assignment]
