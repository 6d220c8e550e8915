"""Asking a colleague, and the colleague's answer."""

from collections.abc import Sequence
from typing import Any

from django import forms

from imr.core.forms import CleanCharField
from reviews.enums import ColleagueVerdict
from reviews.forms.assignment import OfferForm
from reviews.letters import LetterItem


class AskColleagueForm(OfferForm):
    """Whom to ask, and what about."""

    question = CleanCharField(
        label="What you want to know",
        max_length=500,
        required=False,
        multiline=True,
        help_text="The colleague reads it beside the determination. Do not write who signed.",
    )


class OpinionForm(forms.Form):
    """Agree or not with each item, and why."""

    def __init__(self, data: Any = None, *, items: Sequence[LetterItem]) -> None:
        super().__init__(data)
        self.positions = [item.position for item in items]
        for position in self.positions:
            self.fields[f"verdict_{position}"] = forms.ChoiceField(
                label=f"Do you agree with the outcome of item {position}?",
                choices=[
                    (ColleagueVerdict.AGREE.value, "I agree"),
                    (ColleagueVerdict.DISAGREE.value, "I do not agree"),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": f"Say whether you agree with item {position}."},
            )
            self.fields[f"reasons_{position}"] = CleanCharField(
                label=f"Your reasons for item {position}",
                max_length=1_000,
                required=False,
                multiline=True,
                help_text="A few words; needed if you do not agree. Only the IMR organization reads them.",
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def item_fields(self, position: int) -> tuple[forms.BoundField, forms.BoundField]:
        """The two fields of one item."""
        return self[f"verdict_{position}"], self[f"reasons_{position}"]

    def answers(self) -> dict[int, tuple[str, str]]:
        """Verdict and reasons by the position of the item."""
        data = self.cleaned_data
        return {position: (data[f"verdict_{position}"], data[f"reasons_{position}"]) for position in self.positions}


class DeclineOpinionForm(forms.Form):
    """Why there is no opinion."""

    prefix = "decline"

    note = CleanCharField(
        label="Why you give no opinion", max_length=500, multiline=True, error_messages={"required": "Say why not."}
    )
