"""What staff fill in about a version of the letter's fixed sentences."""

from typing import Any, Final

from django import forms

from imr.core.forms import CleanCharField, PacificDateField
from reviews.letters import LetterPart, TextKey
from reviews.letters.wording import required_texts
from reviews.models import LetterTemplate
from reviews.selectors.template import part_label, placeholder_words, text_groups, text_label
from reviews.services.template import TemplateEntry

MOST_CHARACTERS: Final = 6_000
MISSING_TEXT: Final = "Write this text; a letter without it would have a gap."
_LINE: Final = 80
_MOST_LINES: Final = 10


class TemplateForm(forms.Form):
    """One version: days, names, parts, and a text area for each fixed text."""

    in_force_from = PacificDateField(
        label="In force from",
        latest=None,
        error_messages={"required": "Enter the day from which the version is in force."},
        help_text="Letters decided on this day or later use this version. The day has to be still to come.",
    )
    note = CleanCharField(
        label="Reason for this version",
        max_length=1_000,
        multiline=True,
        help_text="Who approves it reads this.",
        error_messages={"required": "Write why this version is needed."},
    )
    organization_name = CleanCharField(
        label="Name of the organization",
        max_length=200,
        required=False,
        help_text="Left empty, the name of this installation is printed.",
    )
    reviewer_guideline_label = CleanCharField(
        label="Label of the reviewer’s guideline",
        max_length=100,
        required=False,
        help_text="Without the colon, such as “IMRO guideline”. Left empty, that of this installation is printed.",
    )
    parts = forms.MultipleChoiceField(
        label="Parts beside the body of the letter",
        required=False,
        choices=[(part.value, part_label(part.value)) for part in LetterPart],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, template: LetterTemplate) -> None:
        start: dict[str, Any] = {
            "in_force_from": template.in_force_from,
            "note": template.note,
            "organization_name": template.organization_name,
            "reviewer_guideline_label": template.reviewer_guideline_label,
            "parts": template.parts,
        }
        super().__init__(data, initial=start | {f"text_{key.value}": template.texts.get(key, "") for key in TextKey})
        always = required_texts(())
        for key in TextKey:
            text = CleanCharField(
                label=text_label(key),
                max_length=MOST_CHARACTERS,
                multiline=True,
                required=key in always,
                help_text=placeholder_words(key),
                error_messages={"required": MISSING_TEXT},
            )
            # As high as its words are long: most are one line, and there are dozens.
            lines = len(template.texts.get(key, "")) // _LINE + 1
            text.widget.attrs |= {"rows": min(lines, _MOST_LINES), "class": "textarea--rows"}
            self.fields[f"text_{key.value}"] = text

    def clean(self) -> dict[str, Any]:
        """What the chosen parts need has to be there."""
        values = super().clean() or self.cleaned_data
        for key in required_texts(LetterPart(part) for part in values.get("parts", ())):
            name = f"text_{key.value}"
            if name not in self.errors and not values.get(name):
                self.add_error(name, MISSING_TEXT)
        return values

    def general(self) -> list[forms.BoundField]:
        """The fields that are no texts of the letter."""
        return [self[name] for name in self.fields if not name.startswith("text_")]

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The texts under the names of the parts of the letter that they belong to."""
        return [(label, [self[f"text_{key.value}"] for key in keys]) for label, keys in text_groups()]

    def entry(self) -> TemplateEntry:
        """The cleaned values; the form must be valid."""
        values = self.cleaned_data
        return TemplateEntry(
            in_force_from=values["in_force_from"],
            note=values["note"],
            organization_name=values["organization_name"],
            reviewer_guideline_label=values["reviewer_guideline_label"].rstrip(": "),
            texts={key.value: text for key in TextKey if (text := values[f"text_{key.value}"])},
            parts=values["parts"],
        )
