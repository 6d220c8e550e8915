"""The forms of a file with applications: sending it, and going on with what was checked."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from cases.enums import BatchGoal, BatchRowState
from cases.forms.filing_fields import NameField
from cases.forms.filing_items import StartForm
from cases.services.bulk import LACKING
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User


class GoalForm(forms.Form):
    """What is to become of the applications; to submit them takes the attestation."""

    goal = forms.ChoiceField(
        label="What should become of the applications?",
        choices=BatchGoal.choices,
        widget=forms.RadioSelect,
        help_text=(
            "Check only: you see every error, and nothing is filed. Make drafts: each can be completed with its papers "
            "and submitted. Submit: each gets a case number now and counts as received now."
        ),
        error_messages={"required": "Choose what should become of the applications."},
    )
    is_lacking_accepted = forms.BooleanField(
        label="Submit although the UR decision letters and signed forms follow later",
        required=False,
        help_text=(
            "Only to submit. Until its papers are added, an application may be found ineligible (INE-UR, INE-SIG)."
        ),
    )
    is_attested = forms.BooleanField(
        label="I have checked these answers. To my knowledge they are true and complete.",
        required=False,
        help_text="Only to submit.",
    )
    attested_name = NameField(
        label="Your full name",
        max_length=150,
        required=False,
        help_text="Only to submit. Typed as your signature, as it stands in your account.",
    )

    mark_optional = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, account: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("goal") != BatchGoal.SUBMIT:
            return cleaned
        if not cleaned.get("is_lacking_accepted"):
            self.add_error(
                "is_lacking_accepted",
                "A spreadsheet holds no papers. Tick that they follow later, or make drafts instead.",
            )
        if not cleaned.get("is_attested"):
            self.add_error("is_attested", "Tick that the answers are true and complete.")
        # A program signs with the name of whoever stands behind it, as it does for a single application.
        own = "" if self.account.role == Role.API_CLIENT else self.account.full_name
        name = str(cleaned.get("attested_name", ""))
        if not name:
            self.add_error("attested_name", "Type your full name.")
        elif own and name.casefold().split() != own.casefold().split():
            self.add_error("attested_name", f"Type your name as it stands in your account: {own}.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What the services take. Only after the form was found valid."""
        is_submitted = self.cleaned_data["goal"] == BatchGoal.SUBMIT
        return {
            "goal": BatchGoal(self.cleaned_data["goal"]),
            "attested_name": self.cleaned_data["attested_name"] if is_submitted else "",
            "confirmed": LACKING if is_submitted else (),
        }


class BatchForm(GoalForm):
    """A file and what is to become of its applications; only the IMR organization's people say whose they are."""

    organization = StartForm.base_fields["organization"]
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="The filled-in template (.xlsx), or a CSV file in UTF-8 with the same headings; at most 20 MB.",
        error_messages={
            "required": "Choose the file.",
            "empty": "The file is empty. Fill in the template and send it again.",
        },
    )

    field_order = ("organization", "file", "goal", "is_lacking_accepted", "is_attested", "attested_name")

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, *, account: User) -> None:
        super().__init__(data, account=account, files=files)
        self.initial["goal"] = BatchGoal.CHECK
        if account.is_claims:
            del self.fields["organization"]
        else:
            choice = cast("forms.ModelChoiceField[Organization]", self.fields["organization"])
            choice.queryset = Organization.objects.filter(kind="claims_administrator", is_active=True)


class GoOnForm(GoalForm):
    """Going on with applications that were checked."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, account: User) -> None:
        super().__init__(data, account=account)
        goal = cast("forms.ChoiceField", self.fields["goal"])
        goal.choices = [(one.value, one.label) for one in (BatchGoal.DRAFT, BatchGoal.SUBMIT)]
        goal.help_text = (
            "Make drafts: each can be completed with its papers and submitted. Submit: each gets a case number now and "
            "counts as received now."
        )


class RowFilterForm(forms.Form):
    """Which applications of a file are listed."""

    mark_optional = False

    state = forms.ChoiceField(
        label="Show",
        choices=[("", "All applications"), *BatchRowState.choices],
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
