"""Fields that several steps of the application share."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from imr.core.forms import CleanCharField, CleanEmailField, PhoneField, StateField, ZipField

ADDRESS_ROWS: Final = (("address_line_1",), ("address_line_2",), ("city", "state", "zip_code"))

_ICD_10 = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_ICD_9 = re.compile(r"(?:[0-9]{3}|V[0-9]{2})(?:\.[0-9]{1,2})?|E[0-9]{3}(?:\.[0-9])?")

_LINE_BREAK = re.compile("[\r\n\v\f\x85\u2028\u2029]")
_BESIDE_LETTERS = frozenset(" .-'’")


def yes_no(answer: bool | None) -> str:
    """The value of the radio button for a stored answer."""
    return "" if answer is None else ("yes" if answer else "no")


class YesNoField(forms.TypedChoiceField):
    """A question to be answered with yes or no; `cleaned_data` has True, False, or None when it may stay open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", "Yes"), ("no", "No")],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )


class NameField(CleanCharField):
    """The name of a person or a company: one line, for it stands in letters and in the subject of a case."""

    def to_python(self, value: Any) -> str:
        if _LINE_BREAK.search(str(value or "").strip()):
            raise ValidationError("Write the name on one line, without a line break.", code="line_break")
        return super().to_python(value)


class MiddleInitialField(NameField):
    """A middle initial, such as `L` or `M. J.`; it may stay open."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": "Middle initial",
            "max_length": 5,
            "required": False,
            "widget": forms.TextInput(attrs={"class": "input--short"}),
            "help_text": "Example: L",
            **kwargs,
        }
        super().__init__(**given)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if all(one.isalpha() or unicodedata.combining(one) or one in _BESIDE_LETTERS for one in text):
            return text
        raise ValidationError("Enter letters only, with a period or hyphen where needed, such as L.", code="letters")


class IcdField(CleanCharField):
    """An ICD-10-CM or ICD-9-CM code, checked for its form only, in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "ICD code",
                "max_length": 10,
                "required": False,
                "widget": forms.TextInput(attrs={"class": "input--short", "autocomplete": "off"}),
                "help_text": "Where you have it. Example: M54.50, or 724.2 on older letters",
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if not code or _ICD_10.fullmatch(code) or _ICD_9.fullmatch(code):
            return code
        raise ValidationError("Enter an ICD code, such as M54.50 (ICD-10) or 724.2 (ICD-9).", code="icd")


def address_fields(prefix: str = "", *, is_required: bool) -> dict[str, forms.Field]:
    """Street, city, state and ZIP code, named with `prefix`."""
    return {
        f"{prefix}address_line_1": CleanCharField(
            label="Street address", max_length=200, required=is_required, help_text="Example: 100 Main Street"
        ),
        f"{prefix}address_line_2": CleanCharField(
            label="Apartment, suite", max_length=200, required=False, help_text="Example: Suite 4"
        ),
        f"{prefix}city": CleanCharField(label="City", max_length=100, required=is_required),
        f"{prefix}state": StateField(required=is_required),
        f"{prefix}zip_code": ZipField(label="ZIP code", required=is_required),
    }


def contact_fields(prefix: str, who: str) -> dict[str, forms.Field]:
    """Name, firm, address and numbers of a representative; which are needed depends on another answer."""
    return {
        f"{prefix}first_name": NameField(label="First name", max_length=120, required=False),
        f"{prefix}last_name": NameField(
            label="Last name",
            max_length=120,
            required=False,
            error_messages={"required": f"Enter the name of {who}."},
        ),
        f"{prefix}firm_name": NameField(label="Firm", max_length=200, required=False),
        **address_fields(prefix, is_required=False),
        f"{prefix}phone": PhoneField(label="Phone", required=False),
        f"{prefix}fax": PhoneField(label="Fax", required=False),
        f"{prefix}email": CleanEmailField(label="E-mail address", required=False),
    }


class MultipleFileInput(forms.FileInput):
    """A file control that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


def grouped_choices(categories: Iterable[Any]) -> list[tuple[str, Any]]:
    """The treatment taxonomy for a select: each category with its subcategories as a group."""
    rows = list(categories)
    below: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        if row.parent_id:
            below.setdefault(row.parent_id, []).append((str(row.pk), row.name))
    choices: list[tuple[str, Any]] = [("", "Select the kind of treatment")]
    for row in rows:
        if row.parent_id is None:
            kids = below.get(row.pk)
            choices.append((row.name, kids) if kids else (str(row.pk), row.name))
    return choices
