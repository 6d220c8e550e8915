"""The application as JSON: which of its parts is which step's form, and how a field is called there.

The forms of the pages check the answers, so that programs and people get the same sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_fields import YesNoField
from cases.forms.filing_items import ItemForm
from cases.forms.filing_step import stored_answers
from cases.forms.filing_whole import clean_steps
from cases.models import TreatmentCategory
from cases.selectors.draft import Draft
from imr.core.api.serializers import FormField, StrictSerializer, form_errors


@dataclass(frozen=True, slots=True)
class Section:
    """An object of the application's JSON: `names` are its fields, each with its name in the step's form.

    `switch` is the form's yes/no question that is answered by giving the object or null.
    """

    name: str
    step: DraftStep
    names: Mapping[str, str]
    help_text: str
    switch: str = ""


def _names(step: DraftStep, prefix: str = "", *, without: str = "", also: Sequence[str] = ()) -> dict[str, str]:
    return {
        name.removeprefix(prefix): name
        for name in STEP_FORMS[step]().fields
        if (name.startswith(prefix) or name in also) and not (without and name.startswith(without))
    }


_EMPLOYEE: Final = {name.removeprefix("employee_"): field for name, field in _names(DraftStep.EMPLOYEE).items()}
SECTIONS: Final[tuple[Section, ...]] = (
    Section("employee", DraftStep.EMPLOYEE, _EMPLOYEE, "The injured worker."),
    Section("claim", DraftStep.CLAIM, _names(DraftStep.CLAIM, without="employer_"), "Claim and injury."),
    Section("employer", DraftStep.CLAIM, _names(DraftStep.CLAIM, "employer_"), "The employer; belongs to the claim."),
    Section("requesting_physician", DraftStep.PHYSICIAN, _names(DraftStep.PHYSICIAN), "Who asked for the treatment."),
    Section(
        "claims_administrator",
        DraftStep.CLAIMS_ADMINISTRATOR,
        _names(DraftStep.CLAIMS_ADMINISTRATOR),
        "Who answers for the claim.",
    ),
    Section(
        "ur_decision", DraftStep.UR_DECISION, _names(DraftStep.UR_DECISION), "The disputed utilization review decision."
    ),
    Section(
        "attorney",
        DraftStep.REPRESENTATIVE,
        _names(DraftStep.REPRESENTATIVE, "attorney_"),
        "The worker's attorney; null says that there is none.",
        switch="has_attorney",
    ),
    Section(
        "designee",
        DraftStep.REPRESENTATIVE,
        _names(DraftStep.REPRESENTATIVE, "designee_", also=["designation_signed_on"]),
        "Another representative of the worker; null says that there is none.",
        switch="has_designee",
    ),
    Section("signature", DraftStep.SIGNATURE, _names(DraftStep.SIGNATURE), "Who signed the form, and when."),
)
# Where a field of a step's form stands in the JSON.
_PLACES: Final[Mapping[tuple[DraftStep, str], tuple[str, ...]]] = {
    (DraftStep.REVIEW_TYPE, "review_type"): ("review_type",),
    **{(one.step, field): (one.name, name) for one in SECTIONS for name, field in one.names.items()},
    **{(one.step, one.switch): (one.name,) for one in SECTIONS if one.switch},
    # As the rules of the whole application call it.
    (DraftStep.CLAIM, "employer_name"): ("employer", "firm_name"),
}
_YES_NO: Final = {
    (step, name)
    for step, form in STEP_FORMS.items()
    for name, field in form.base_fields.items()
    if isinstance(field, YesNoField)
}


def _section_serializer(section: Section) -> type[StrictSerializer]:
    fields = STEP_FORMS[section.step]().fields
    name = "".join(part.capitalize() for part in section.name.split("_"))
    return type(
        f"{name}Serializer",
        (StrictSerializer,),
        {"__doc__": section.help_text, **{own: FormField(fields[field]) for own, field in section.names.items()}},
    )


SECTION_SERIALIZERS: Final = {section.name: _section_serializer(section) for section in SECTIONS}


# A value that the item's form refuses with its own words.
NO_CATEGORY: Final = "unknown"


class ItemAnswersSerializer(StrictSerializer):
    """A disputed item/service, in the words of the request."""

    category = serializers.CharField(
        required=True,
        help_text="Code of a kind of treatment, see `/treatment-categories/`.",
        error_messages={
            "required": "Select the kind of treatment.",
            "null": "Select the kind of treatment.",
            "blank": "Select the kind of treatment.",
        },
    )

    def get_fields(self) -> dict[str, Any]:
        fields = ((name, field) for name, field in ItemForm.base_fields.items() if name != "category")
        return {**super().get_fields(), **{name: FormField(field) for name, field in fields}}


def pointer(step: DraftStep, field: str) -> str:
    """The path of a field of a step's form in the application's JSON; the part itself when it has no such field."""
    if (step, field) in _PLACES:
        return ".".join(_PLACES[step, field])
    own = next((section.name for section in SECTIONS if section.step == step), step.value.replace("-", "_"))
    return f"{own}.{field}" if field and step == DraftStep.ITEMS else own


def read_answers(data: Mapping[str, Any], draft: Draft) -> dict[DraftStep, dict[str, Any]]:
    """The cleaned answers of the steps that `data` speaks of, checked together with those that `draft` holds.

    Answers that `data` does not name stay as stored. Raises `ValidationError` with the forms' own sentences at the
    places of the JSON. `draft` is changed in memory and must not be saved.
    """
    sent = _sent(data)
    problems: dict[str, Any] = {}
    forms = clean_steps(sent, draft)
    for step, form in forms.items():
        for name, details in form_errors(form).items():
            _put(problems, _PLACES.get((step, name), (pointer(step, ""), name)), details)
    if problems:
        raise ValidationError(problems)
    return {step: form.cleaned_data for step, form in forms.items()}


def read_items(rows: Sequence[Mapping[str, Any]], draft: Draft | None) -> list[dict[str, Any]]:
    """The cleaned answers of items. Raises `ValidationError` by the position of the item, from 0."""
    found = []
    problems: dict[str, Any] = {}
    ids = category_ids()
    for index, row in enumerate(rows):
        form = ItemForm({**row, "category": ids.get(row["category"], NO_CATEGORY)}, draft=draft)
        if not form.is_valid():
            problems[str(index)] = form_errors(form)
        found.append(form.cleaned_data)
    if problems:
        raise ValidationError(problems)
    return found


def category_ids() -> dict[str, str]:
    """The ids of the kinds of treatment, as the item's form takes them, by code."""
    return {code: str(pk) for pk, code in TreatmentCategory.objects.values_list("pk", "code")}


def answers(draft: Draft) -> dict[str, Any]:
    """The application's JSON with the stored answers; an object whose step was not answered has empty fields."""
    found: dict[str, Any] = {"review_type": draft.application.review_type or None}
    stored = {step: stored_answers(draft, step) for step in STEP_FORMS}
    for section in SECTIONS:
        values = stored[section.step]
        if section.switch and values[section.switch] != "yes":
            found[section.name] = None
            continue
        found[section.name] = {
            name: values[field] == "yes" if values[field] and (section.step, field) in _YES_NO else values[field]
            for name, field in section.names.items()
        }
    return found


def _sent(data: Mapping[str, Any]) -> dict[DraftStep, dict[str, Any]]:
    sent: dict[DraftStep, dict[str, Any]] = {}
    if "review_type" in data:
        sent[DraftStep.REVIEW_TYPE] = {"review_type": data["review_type"]}
    for section in SECTIONS:
        if section.name not in data:
            continue
        values = sent.setdefault(section.step, {})
        given = data[section.name]
        if section.switch:
            values[section.switch] = "no" if given is None else "yes"
        values |= {section.names[name]: value for name, value in (given or {}).items()}
    return sent


def _put(problems: dict[str, Any], path: tuple[str, ...], details: list[ErrorDetail]) -> None:
    """Note `details` at `path`; what concerns a whole object stands beside its fields."""
    if len(path) == 1:
        inner = problems.setdefault(path[0], {})
        if isinstance(inner, dict):
            inner.setdefault("non_field_errors", []).extend(details)
        return
    problems.setdefault(path[0], {}).setdefault(path[1], []).extend(details)
