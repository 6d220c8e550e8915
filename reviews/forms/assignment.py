"""Forms of assigning: the candidates' filter, the offer, the recall, the reviewer's answer."""

from typing import Any, Final

from django import forms

from imr.core.forms import CleanCharField
from reviews.enums import ConflictRelation, DeclineReason
from reviews.selectors.candidates import specialties_on_file

_YES_NO: Final = [("yes", "Yes"), ("no", "No")]
_RELATION_PREFIX: Final = "conflict_"

# What is asked of each relation, in the reviewer's words.
_QUESTIONS: Final[dict[ConflictRelation, str]] = {
    ConflictRelation.EMPLOYER: "The employer, insurer or claims administrator, or one of their officers or directors?",
    ConflictRelation.PHYSICIAN: "The physician whose treatment is disputed, or that physician’s medical group?",
    ConflictRelation.FACILITY: "The facility where the treatment would be given?",
    ConflictRelation.MAKER: "The maker of the drug, device or procedure, or of the alternative to it?",
    ConflictRelation.EMPLOYEE: "The injured worker, the worker’s immediate family, or the worker’s attorney?",
}
_SHORT: Final[dict[ConflictRelation, str]] = {
    ConflictRelation.EMPLOYER: "the employer or claims administrator",
    ConflictRelation.PHYSICIAN: "the physician",
    ConflictRelation.FACILITY: "the facility",
    ConflictRelation.MAKER: "the maker",
    ConflictRelation.EMPLOYEE: "the injured worker",
}


class CandidateFilterForm(forms.Form):
    """Which specialty to show."""

    mark_optional = False

    specialty = forms.ChoiceField(label="Specialty", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Any specialty"), *((name, name) for name in specialties_on_file())]
        self.fields["specialty"] = forms.ChoiceField(label="Specialty", required=False, choices=choices)


class OfferForm(forms.Form):
    """Which reviewer is offered the case."""

    reviewer = forms.IntegerField(
        min_value=1,
        max_value=2**62,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "max_value"), "Choose a reviewer of the list."),
    )


class RecallForm(forms.Form):
    """Why a case is taken back."""

    reason = CleanCharField(
        label="Reason",
        max_length=500,
        multiline=True,
        help_text="For the record. Do not write clinical details.",
        error_messages={"required": "Say why the case is taken back."},
    )


class AcceptForm(forms.Form):
    """The attestation for this case: five relations, two qualifications."""

    note = CleanCharField(
        label="If you answered yes to a question, say what the relation is",
        max_length=1000,
        required=False,
        multiline=True,
    )
    is_qualified = forms.ChoiceField(
        label="Are you knowledgeable about this condition, the disputed treatment and the guidelines for it?",
        choices=_YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you are qualified for this case."},
    )
    is_in_active_practice = forms.ChoiceField(
        label="Have you been in active clinical practice for more than five years, at least 24 hours a week now?",
        choices=_YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you are in active practice."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions: dict[str, forms.Field] = {
            f"{_RELATION_PREFIX}{relation.value}": forms.ChoiceField(
                label=question,
                choices=_YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": f"Say whether you have an affiliation with {_SHORT[relation]}."},
            )
            for relation, question in _QUESTIONS.items()
        }
        self.fields = {**questions, **self.fields}

    @property
    def relation_fields(self) -> list[forms.BoundField]:
        """The five questions, in the order of the law."""
        return [self[f"{_RELATION_PREFIX}{relation.value}"] for relation in ConflictRelation]

    @property
    def conflicts_found(self) -> list[str]:
        """With whom an affiliation was declared, in words."""
        return [
            _SHORT[relation]
            for relation in ConflictRelation
            if self.cleaned_data[f"{_RELATION_PREFIX}{relation.value}"] == "yes"
        ]

    @property
    def stands_against(self) -> bool:
        """Whether these answers decline the case."""
        answers = self.answers()
        return bool(answers["conflicts"]) or not (answers["is_qualified"] and answers["is_in_active_practice"])

    def answers(self) -> dict[str, Any]:
        """What was attested, as the service takes it."""
        data = self.cleaned_data
        return {
            "conflicts": [
                relation.value for relation in ConflictRelation if data[f"{_RELATION_PREFIX}{relation.value}"] == "yes"
            ],
            "note": data["note"],
            "is_qualified": data["is_qualified"] == "yes",
            "is_in_active_practice": data["is_in_active_practice"] == "yes",
        }


class DeclineForm(forms.Form):
    """Why not, and who would be better."""

    prefix = "decline"

    reason = forms.ChoiceField(
        label="Reason",
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason."},
    )
    conflicts = forms.MultipleChoiceField(
        label="With whom the conflict lies",
        help_text="Only for a conflict of interest.",
        choices=ConflictRelation.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = CleanCharField(label="Note to the IMR organization", max_length=500, required=False, multiline=True)
    suggestion = CleanCharField(
        label="Who or which specialty would be better", max_length=200, required=False, help_text="If you know."
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("reason") == DeclineReason.CONFLICT and not data.get("conflicts") and "conflicts" in data:
            self.add_error("conflicts", "Tick with whom the conflict lies.")
        return data

    def answers(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        return {name: self.cleaned_data[name] for name in ("reason", "conflicts", "note", "suggestion")}
