"""Taking over what was read from a UR decision letter: every answer and item is chosen by the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from cases.enums import DraftStep, ServiceMethod
from cases.forms.filing import STEP_FORMS
from cases.rules.items import item_key
from cases.rules.ur_letter import Candidate, LetterReading
from cases.selectors.draft import Draft

LEAVE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the application with its candidates, for the page."""

    bound: forms.BoundField
    step: DraftStep
    now: str
    candidates: tuple[Candidate, ...]


class LetterForm(forms.Form):
    """A choice for each field that the letter may answer, and a tick for each treatment.

    A single candidate for an unanswered field is chosen beforehand; what differs from an answer, or exists twice, is
    left to the person. Nothing is taken over before the form is sent.
    """

    mark_optional = False

    def __init__(self, reading: LetterReading, draft: Draft, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self._found: dict[str, list[Candidate]] = {}
        for candidate in reading.candidates:
            self._found.setdefault(f"{candidate.step}__{candidate.field}", []).append(candidate)
        self._now: dict[str, str] = {}
        steps = {candidate.step for candidate in reading.candidates}
        answers = {step: STEP_FORMS[step](draft=draft, typed=draft.typed(step.value)).as_typed() for step in steps}
        for key, candidates in list(self._found.items()):
            step, name = candidates[0].step, candidates[0].field
            now = answers[step].get(name, "")
            if all(one.value.casefold() == now.casefold() for one in candidates):
                # The application says it already.
                del self._found[key]
                continue
            self._now[key] = now
            choices = [(str(index), _words(name, one.value)) for index, one in enumerate(candidates)]
            self.fields[key] = forms.ChoiceField(
                label=_label(step, name),
                choices=[*choices, (LEAVE, f"Leave it as it is: {_words(name, now)}" if now else "Leave it open")],
                widget=forms.RadioSelect,
                required=False,
                initial="0" if len(candidates) == 1 and not now else LEAVE,
                error_messages={"invalid_choice": "Choose one of the answers."},
            )
        known = {item_key(item.description) for item in draft.items}
        self.treatments = [
            item for item in reading.items if item.is_disputable and item_key(item.description) not in known
        ]
        self.authorized = [item for item in reading.items if not item.is_disputable]
        if self.treatments:
            self.fields["items"] = forms.MultipleChoiceField(
                label="Treatments to add to the application",
                choices=[(str(index), item.description) for index, item in enumerate(self.treatments)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[str(index) for index in range(len(self.treatments))],
                error_messages={"invalid_choice": "Choose from the treatments of the letter."},
            )

    @property
    def has_anything(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.fields)

    def rows(self) -> list[Row]:
        """The fields in the order of the letter."""
        return [
            Row(self[key], candidates[0].step, self._now[key], tuple(candidates))
            for key, candidates in self._found.items()
        ]

    def chosen(self) -> dict[DraftStep, dict[str, str]]:
        """What the person chose, by step and field, as it would be typed."""
        found: dict[DraftStep, dict[str, str]] = {}
        for key, candidates in self._found.items():
            choice = self.cleaned_data.get(key, LEAVE)
            if choice != LEAVE:
                one = candidates[int(choice)]
                found.setdefault(one.step, {})[one.field] = one.value
        return found

    def chosen_items(self) -> list[dict[str, str]]:
        """The ticked treatments as answers of an item."""
        return [
            {
                "description": self.treatments[int(index)].description,
                "ur_outcome": self.treatments[int(index)].outcome,
                "authorized": self.treatments[int(index)].authorized,
            }
            for index in self.cleaned_data.get("items", [])
        ]


def _label(step: DraftStep, name: str) -> str:
    label = str(STEP_FORMS[step].base_fields[name].label)
    return f"{step.label}: {label[0].lower()}{label[1:]}" if step != DraftStep.UR_DECISION else label


def _words(name: str, value: str) -> str:
    if name == "service_method" and value in ServiceMethod.values:
        return ServiceMethod(value).label
    return "Yes" if name == "is_conditional" and value == "yes" else value
