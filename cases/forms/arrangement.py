"""Forms that turn pages, divide a document, and join several: pages are typed as ranges such as `1-3, 7`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from cases.enums import RECORD_KINDS
from cases.models import Document
from cases.rules.arrangement import MAX_PARTS, division_problems, turn_problems
from cases.rules.documents import MAX_TITLE
from cases.rules.page_ranges import PageRangeError, read_pages
from cases.services.arrangement import Described, Part
from imr.core.forms import CleanCharField, PacificDateField, lower_first

KINDS: Final = [("", "Select the kind of document"), *((kind.value, kind.label) for kind in RECORD_KINDS)]
FIRST_PARTS: Final = 2
MORE: Final = 2


class PagesField(forms.CharField):
    """Pages of one document, as a tuple of numbers in the typed order."""

    def __init__(self, *, page_count: int, **kwargs: Any) -> None:
        self.page_count = page_count
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "class": "input--medium"}))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        try:
            return read_pages(super().clean(value), page_count=self.page_count)
        except PageRangeError as error:
            raise ValidationError(str(error), code="pages") from error


class TurnForm(forms.Form):
    """Which pages are turned, and how far."""

    LABELS: Final = {
        90: ("Turn a quarter to the right (90°)", "The top of the page now points left. Example: 1-3, 7"),
        180: ("Turn upside down (180°)", "The top of the page now points down. Example: 8-end"),
        270: ("Turn a quarter to the left (270°)", "The top of the page now points right. Example: 4"),
    }

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document) -> None:
        super().__init__(data)
        self.conditional = {f"turn_{degrees}" for degrees in self.LABELS}
        for degrees, (label, help_text) in self.LABELS.items():
            self.fields[f"turn_{degrees}"] = PagesField(
                page_count=document.page_count, label=label, help_text=help_text
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        for degrees, words in turn_problems(self.turns).items():
            self.add_error(f"turn_{degrees}", words)
        if not any(self.turns.values()):
            self.add_error("turn_90", "Write which pages to turn, in one of the three fields.")
        return cleaned

    @property
    def turns(self) -> dict[int, Sequence[int]]:
        """Pages by degrees."""
        return {degrees: self.cleaned_data.get(f"turn_{degrees}", ()) for degrees in self.LABELS}


@dataclass(frozen=True, slots=True)
class PartRow:
    """The fields of one part."""

    number: int
    fields: Sequence[forms.BoundField]


class DivideForm(forms.Form):
    """The parts of a document; a part without pages and title is none. `wanted` is how many can be filled in."""

    NAMES: Final = ("pages", "kind", "title", "author", "dated_on")

    left_out: PagesField
    wanted = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MAX_PARTS)

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document, wanted: int = FIRST_PARTS) -> None:
        self.document = document
        self.parts_shown = wanted
        self.summary_labels: dict[str, str] = {}
        super().__init__(data, initial={"wanted": wanted})
        for number in range(1, wanted + 1):
            self._add_part(number)
        # A part that is begun needs these.
        self.conditional = {f"{name}_{number}" for name in self.NAMES[:3] for number in range(1, wanted + 1)}
        self.fields["left_out"] = PagesField(
            page_count=document.page_count,
            label="Pages left out",
            help_text="Blank pages and cover sheets that belong to no part. They stay readable in the document as it "
            "is now. Example: 4, 9",
        )

    @classmethod
    def as_typed(cls, typed: Mapping[str, Any], *, document: Document) -> "DivideForm":
        """The form with what was typed and room for more parts, before anything of it is checked."""
        form = cls(document=document, wanted=min(shown_parts(typed) + MORE, MAX_PARTS))
        form.initial = {name: typed[name] for name in form.fields if name in typed and name != "wanted"}
        form.initial["wanted"] = form.parts_shown
        return form

    def rows(self) -> Iterator[PartRow]:
        """The fields of every part, in order."""
        for number in range(1, self.parts_shown + 1):
            yield PartRow(number, [self[f"{name}_{number}"] for name in self.NAMES])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in self._filled():
            for name, words in (
                ("pages", "Write the pages of this part, such as 1-3."),
                ("kind", "Select the kind of document."),
                ("title", "Enter the title."),
            ):
                field = f"{name}_{number}"
                if field not in self.errors and not cleaned.get(field):
                    self.add_error(field, words)
        if self.errors:
            return cleaned
        filled = self._filled()
        parts = [cleaned[f"pages_{number}"] for number in filled]
        for problem in division_problems(parts, cleaned["left_out"], page_count=self.document.page_count):
            place = "left_out" if problem.part is None else f"pages_{filled[problem.part]}"
            self.add_error("pages_1" if not parts else place, problem.message)
        return cleaned

    @property
    def parts(self) -> list[Part]:
        """What was filled in."""
        return [
            Part(
                pages=self.cleaned_data[f"pages_{number}"],
                described=Described(
                    kind=self.cleaned_data[f"kind_{number}"],
                    title=self.cleaned_data[f"title_{number}"],
                    author=self.cleaned_data[f"author_{number}"],
                    dated_on=self.cleaned_data[f"dated_on_{number}"],
                ),
            )
            for number in self._filled()
        ]

    def _filled(self) -> list[int]:
        """Parts in which anything was typed."""
        return [
            number
            for number in range(1, self.parts_shown + 1)
            if any(str(self.data.get(f"{name}_{number}", "")).strip() for name in self.NAMES)
        ]

    def _add_part(self, number: int) -> None:
        fields: dict[str, forms.Field] = {
            "pages": PagesField(page_count=self.document.page_count, label="Pages", help_text="Example: 1-3, 7"),
            "kind": forms.ChoiceField(label="Kind of document", choices=KINDS, required=False),
            "title": CleanCharField(label="Title", max_length=MAX_TITLE, required=False),
            "author": CleanCharField(label="Author", max_length=200, required=False),
            "dated_on": PacificDateField(label="Date of the document", required=False),
        }
        for name, field in fields.items():
            self.fields[f"{name}_{number}"] = field
            self.summary_labels[f"{name}_{number}"] = f"Part {number}, {lower_first(str(field.label))}"


class JoinForm(forms.Form):
    """Which documents of a case become one, in which order, and what that one is."""

    kind = forms.ChoiceField(
        label="Kind of document", choices=KINDS, error_messages={"required": "Select the kind of document."}
    )
    title = CleanCharField(label="Title", max_length=MAX_TITLE, help_text="Example: Progress reports, 2013 to 2014")
    author = CleanCharField(label="Author", max_length=200, required=False, help_text="Example: Noah Bell, MD")
    dated_on = PacificDateField(
        label="Date of the document", required=False, help_text="mm/dd/yyyy. Example: 02/27/2014"
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, documents: Sequence[Document], first: int | None = None
    ) -> None:
        super().__init__(data)
        self.documents = documents
        self.conditional = {f"place_{document.pk}" for document in documents}
        for document in documents:
            self.fields[f"place_{document.pk}"] = forms.IntegerField(
                label=format_html('Place<span class="usa-sr-only"> of {}</span>', document.title),
                required=False,
                min_value=1,
                max_value=len(documents),
                initial=1 if document.pk == first else None,
                widget=forms.NumberInput(attrs={"class": "input--short"}),
                error_messages={
                    "invalid": "Write a number, such as 1.",
                    "min_value": "Begin with 1.",
                    "max_value": f"Write a number up to {len(documents)}.",
                },
            )
            if document.pk == first:
                self.initial.update({name: getattr(document, name) for name in ("kind", "title", "author")})

    def __iter__(self) -> Iterator[forms.BoundField]:
        """The fields in the order of the page, so that what is wrong is listed in that order too."""
        places = [name for name in self.fields if name.startswith("place_")]
        yield from (self[name] for name in dict.fromkeys((*places, *self.fields)))

    def rows(self) -> list[tuple[Document, forms.BoundField]]:
        """Every document with the field for its place."""
        return [(document, self[f"place_{document.pk}"]) for document in self.documents]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        places: dict[int, Document] = {}
        for document in self.documents:
            place = cleaned.get(f"place_{document.pk}")
            if place in places:
                self.add_error(f"place_{document.pk}", f"“{places[place].title}” has place {place} already.")
            elif place is not None:
                places[place] = document
        is_placed = not any(name.startswith("place_") for name in self.errors)
        if len(places) < 2 and is_placed and self.documents:
            self.add_error(
                f"place_{self.documents[0].pk}", "Number at least two documents: 1 for the first, 2 for the next."
            )
        self.chosen = [places[place].pk for place in sorted(places)]
        return cleaned

    @property
    def described(self) -> Described:
        """What the joined document is."""
        return Described(**{name: self.cleaned_data[name] for name in ("kind", "title", "author", "dated_on")})


def shown_parts(typed: Mapping[str, Any]) -> int:
    """How many parts the form had that was sent."""
    wanted = str(typed.get("wanted", ""))
    is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) < 4
    return min(max(int(wanted), 1), MAX_PARTS) if is_number else FIRST_PARTS
