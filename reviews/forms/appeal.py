"""What staff record about an appeal."""

from django import forms

from cases.enums import PartyRole
from imr.core.forms import CleanCharField, PacificDateField
from reviews.enums import AppealGround, AppealOutcome


class AppealForm(forms.Form):
    """A verified appeal that was filed with the appeals board."""

    filed_on = PacificDateField(label="Day on which the appeal was filed")
    appellant = forms.TypedChoiceField(
        label="Who appeals",
        choices=[("", "Select who appeals"), *PartyRole.choices],
        coerce=PartyRole,
        error_messages={"required": "Select who appeals."},
    )
    ground = forms.TypedChoiceField(
        label="Ground",
        choices=AppealGround.choices,
        coerce=AppealGround,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the ground of the appeal."},
    )
    note = CleanCharField(
        label="What the appeal says",
        max_length=2_000,
        multiline=True,
        error_messages={"required": "Write what the appeal says."},
    )


class AppealDecisionForm(forms.Form):
    """What the appeals board decided."""

    outcome = forms.TypedChoiceField(
        label="Decision",
        choices=AppealOutcome.choices,
        coerce=AppealOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was decided."},
    )
    decided_on = PacificDateField(label="Day of the decision")
    note = CleanCharField(
        label="What the decision says",
        max_length=2_000,
        multiline=True,
        error_messages={"required": "Write what the decision says."},
    )


class NewReviewForm(forms.Form):
    """Why the case is reviewed again."""

    reason = CleanCharField(
        label="What the appeals board ordered",
        help_text="Kept in the audit record; the new reviewer does not read it. Do not name the former reviewer.",
        max_length=450,
        multiline=True,
        error_messages={"required": "Write what the order says."},
    )
