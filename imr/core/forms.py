"""Form fields that clean what people type and say in words what is wrong with it."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from imr.core import clock
from imr.core.errors import DomainError
from imr.core.states import US_STATES
from imr.core.text import TextError, clean_text
from imr.core.words import mmddyyyy

EARLIEST_DATE: Final = date(1940, 1, 1)

_AMERICAN_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]+)")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_PHONE = re.compile(
    r"(?:\+?1[\s.-]*)?\(?([2-9][0-9]{2})\)?[\s./-]*([2-9][0-9]{2})[\s.-]*([0-9]{4})"
    r"(?:[\s,;]*(?:x|ext\.?|extension)\s*([0-9]{1,6}))?",
    re.IGNORECASE,
)
_ZIP = re.compile(r"([0-9]{5})(?:[\s-]*([0-9]{4}))?")


def add_refusal(form: forms.Form, error: DomainError) -> int:
    """What a service refused is on the form, each sentence beside its field where it has one; returns the HTTP status.

    What was typed stays.
    """
    for name, lines in error.fields.items():
        form.add_error(name if name in form.fields else None, lines)
    if not error.fields:
        form.add_error(None, error.message)
    return error.status


def lower_first(label: str) -> str:
    """The label inside a sentence: `Claim number` becomes `claim number`; `UR decision` and `ZIP code` stay."""
    return label if label[1:2].isupper() or label[1:2] in {"", "."} else label[0].lower() + label[1:]


# Labels that no "the" can stand before, such as "In force from".
_NO_NOUN = re.compile(r"^(?:in|on|for|your|what|who|when|why|how)\b|\b(?:from|on|by|until)$", re.IGNORECASE)


def _say_required(field: forms.Field, verb: str, given: dict[str, Any]) -> None:
    """Have a missing answer named: "Enter the claim number." unless the form has words of its own."""
    if field.label and "required" not in (given.get("error_messages") or {}):
        label = str(field.label).rstrip("?:.")
        field.error_messages["required"] = (
            f"{verb} “{label}”." if _NO_NOUN.search(label) else f"{verb} the {lower_first(label)}."
        )


class CleanCharField(forms.CharField):
    """Text in the form that is stored (see `imr.core.text.clean_text`).

    What is only blanks counts as empty. Without `max_length` in the markup a longer paste arrives whole and is
    refused with both numbers.
    """

    def __init__(self, *, max_length: int, multiline: bool = False, verb: str = "Enter", **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 5}))
        super().__init__(max_length=max_length, **kwargs)
        _say_required(self, verb, kwargs)

    def to_python(self, value: Any) -> str:
        try:
            return clean_text(str(super().to_python(value) or ""), multiline=self.multiline)
        except TextError as error:
            raise ValidationError(str(error), code="text") from error

    def run_validators(self, value: Any) -> None:
        if self.max_length is not None and len(value) > self.max_length:
            label = str(self.label) if self.label else "This answer"
            raise ValidationError(
                f"{label} must have {self.max_length:,} characters or fewer. It has {len(value):,}.", code="max_length"
            )
        super().run_validators(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class CleanEmailField(CleanCharField):
    """One e-mail address, at most 254 characters, without blanks."""

    def __init__(self, *, max_length: int = 254, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}))
        super().__init__(max_length=max_length, **kwargs)
        self._address = forms.EmailField(max_length=max_length)

    def to_python(self, value: Any) -> str:
        typed = str(value or "").strip()
        if len(typed) > (self.max_length or 0):
            # Its length is refused with the other lengths.
            return typed
        try:
            address = clean_text(typed)
            return str(self._address.clean(address)) if address else ""
        except (TextError, ValidationError) as error:
            raise ValidationError("Enter one e-mail address, such as name@example.com.", code="email") from error


class PhoneField(CleanCharField):
    """A phone or fax number of North America, as `(916) 555-0134` or `(916) 555-0134 x12`."""

    def __init__(self, *, max_length: int = 30, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "class": "input--medium"}))
        if "label" in kwargs:
            missing = {"required": f"Enter the {lower_first(str(kwargs['label']))} number."}
            kwargs["error_messages"] = missing | (kwargs.get("error_messages") or {})
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        found = _PHONE.fullmatch(text)
        if found is None:
            raise ValidationError("Enter a 10-digit number, such as (916) 555-0134.", code="phone")
        area, exchange, line, extension = found.groups()
        return f"({area}) {exchange}-{line}" + (f" x{extension}" if extension else "")


class ZipField(CleanCharField):
    """A ZIP code, `95814` or `95814-1234`."""

    def __init__(self, *, max_length: int = 10, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}))
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        found = _ZIP.fullmatch(text)
        if found is None:
            raise ValidationError("Enter a ZIP code of 5 or 9 digits, such as 95814 or 95814-1234.", code="zip")
        return "-".join(part for part in found.groups() if part)


class StateField(forms.ChoiceField):
    """A state, district or territory of the United States, by its two letters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "State")
        super().__init__(choices=[("", "Select a state"), *US_STATES], **kwargs)
        _say_required(self, "Select", kwargs)


class PacificDateField(forms.DateField):
    """A day, typed as MM/DD/YYYY (or YYYY-MM-DD), within `earliest` and `latest` (default: today in Los Angeles).

    `earliest` and `latest` may be functions, asked when the form is checked; `latest=None` sets no end.
    """

    def __init__(
        self,
        *,
        earliest: date | Callable[[], date] = EARLIEST_DATE,
        latest: date | Callable[[], date] | None = clock.today,
        **kwargs: Any,
    ) -> None:
        self.earliest = earliest
        self.latest = latest
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%m/%d/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--date"}
            ),
        )
        kwargs.setdefault("help_text", "mm/dd/yyyy")
        super().__init__(**kwargs)
        _say_required(self, "Enter", kwargs)

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return super().to_python(value)
        text = str(value).strip()
        if not text:
            return None
        day = self._read(text)
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        latest = self.latest() if callable(self.latest) else self.latest
        if day < earliest or (latest is not None and day > latest):
            raise ValidationError(self._asked(), code="range")
        return day

    def _read(self, text: str) -> date:
        if found := _ISO_DATE.fullmatch(text):
            year, month, day = found.groups()
        elif found := _AMERICAN_DATE.fullmatch(text):
            month, day, year = found.groups()
            if len(year) != 4:
                raise ValidationError(f"Write the year with four digits. {self._asked()}", code="year")
        else:
            raise ValidationError(f"{self._asked()} Write it as mm/dd/yyyy.", code="format")
        try:
            return date(int(year), int(month), int(day))
        except ValueError as error:
            raise ValidationError(f"There is no such day. {self._asked()}", code="day") from error

    def _asked(self) -> str:
        earliest = self.earliest() if callable(self.earliest) else self.earliest
        if self.latest is None:
            return f"Enter a date from {mmddyyyy(earliest)} on."
        latest = self.latest() if callable(self.latest) else self.latest
        return f"Enter a date between {mmddyyyy(earliest)} and {self._end(latest)}."

    @staticmethod
    def _end(latest: date) -> str:
        return "today" if latest == clock.today() else mmddyyyy(latest)
