"""What a reviewer types: the summary, a finding, a citation, marks on documents, a signature.

Drafts may be half done, so nothing is required here; what is missing is said by the gate before signing.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from cases.enums import GuidelineBasis, Outcome
from imr.core.forms import CleanCharField
from reviews.enums import DocumentUse
from reviews.rules.completeness import place_of
from reviews.services.review import FindingWords

STALE_FORM = "This page is not complete any more. Copy your last words, reload the page and save them again."
_WEB_ADDRESS = URLValidator(schemes=["http", "https"])


class VersionedForm(forms.Form):
    """A form that names the version of the stored words it started from."""

    mark_optional = False
    version = forms.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), STALE_FORM),
    )

    @property
    def has_no_version(self) -> bool:
        """Whether the version itself is missing or broken; the form did not come from our page then."""
        return "version" in self.errors


class SummaryForm(VersionedForm):
    clinical_case_summary = CleanCharField(
        label="Clinical case summary",
        help_text="Age, sex, date of injury, diagnoses, treatment to date, the latest findings, and what was "
        "requested when. No names.",
        max_length=30_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "input--long"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "summary_%s")
        super().__init__(*args, **kwargs)


class FindingForm(VersionedForm):
    """One item. Ids are those that the completeness rules link to."""

    claims_basis = forms.ChoiceField(
        label="The claims administrator's decision was based on",
        choices=GuidelineBasis.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    claims_text = CleanCharField(
        label="The claims administrator's guideline, as the letter prints it",
        help_text="For example: ACOEM, Low Back Disorders, Table 2. Taken from the application; correct it from the "
        "UR decision if needed.",
        max_length=4_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input--long"}),
    )
    reviewer_basis = forms.ChoiceField(
        label="Your decision is based on",
        choices=GuidelineBasis.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    hierarchy_reason = CleanCharField(
        label="Why the MTUS alone does not decide it",
        help_text="For example: the MTUS is silent on this service, or a higher level of evidence rebuts it "
        "(8 CCR 9792.21.1). Kept on file; the letter does not print it.",
        max_length=1_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input--long"}),
    )
    reviewer_text = CleanCharField(
        label="More about your sources, as the letter prints it",
        help_text="Only what the citations above do not say already.",
        max_length=4_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input--long"}),
    )
    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices, widget=forms.RadioSelect, required=False)
    rationale = CleanCharField(
        label="Decision rationale",
        help_text="What the guideline says, what the records show, where they meet or part, and the conclusion on "
        "medical necessity.",
        max_length=20_000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "input--long"}),
    )

    def __init__(self, *args: Any, item_id: int, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", place_of(item_id, "%s"))
        super().__init__(*args, **kwargs)
        # Their helps stand beside the choices.
        self.fields["outcome"].help_text = "Upheld: the treatment is not medically necessary. Overturned: it is."

    def words(self) -> FindingWords:
        """What was typed, clean. Only after the form was found valid."""
        data = self.cleaned_data
        return FindingWords(**{name: data[name] for name in self.fields if name != "version"})


class CitationForm(forms.Form):
    """A source that the catalog does not have, or pages and words beside a section that it has."""

    mark_optional = True
    cite_pages = CleanCharField(
        label="Pages",
        help_text="For example 46-47",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off"}),
    )
    cite_text = CleanCharField(
        label="Source in your own words",
        help_text="For a study, a textbook, or a guideline that the catalog lacks: author or body, title, year, place.",
        max_length=1_000,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--long", "autocomplete": "off"}),
    )
    cite_url = CleanCharField(
        label="Link",
        help_text="The full address, starting with https://",
        max_length=2_000,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--long", "inputmode": "url", "autocomplete": "off"}),
    )
    cite_is_mtus = forms.BooleanField(label="This source is part of the MTUS", required=False)

    def __init__(self, *args: Any, item_id: int, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", place_of(item_id, "%s"))
        super().__init__(*args, **kwargs)

    def clean_cite_url(self) -> str:
        url: str = self.cleaned_data["cite_url"]
        if url:
            try:
                _WEB_ADDRESS(url)
            except ValidationError as error:
                raise ValidationError(
                    "Enter a full web address, such as https://www.dir.ca.gov/dwc/MTUS.html, without blanks."
                ) from error
        return url


class DocumentMarksForm(forms.Form):
    """One mark per document (`use-<id>`), with what the page showed before (`was-<id>`).

    Only marks that differ from what the page showed are taken, so that two windows do not undo each other.
    """

    mark_optional = False

    def __init__(self, document_ids: Iterable[int], data: Any) -> None:
        super().__init__(data)
        self.document_ids = list(document_ids)
        for pk in self.document_ids:
            self.fields[f"use-{pk}"] = forms.ChoiceField(choices=DocumentUse.choices, required=False)
            self.fields[f"was-{pk}"] = forms.ChoiceField(choices=DocumentUse.choices, required=False)

    def changes(self) -> dict[int, str]:
        """The marks that the person changed. Only after the form was found valid."""
        data = self.cleaned_data
        return {
            pk: data[f"use-{pk}"]
            for pk in self.document_ids
            if data[f"use-{pk}"] and data[f"use-{pk}"] != data[f"was-{pk}"]
        }


class SignForm(forms.Form):
    """The warnings that are confirmed, and the password again."""

    confirmed = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=4_096,
        widget=forms.PasswordInput(attrs={"class": "input--medium", "autocomplete": "current-password"}),
        error_messages={"required": "Enter your password to sign."},
    )

    def __init__(self, *args: Any, warnings: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings = list(warnings)
        self.fields["confirmed"] = forms.MultipleChoiceField(
            label="Confirm that this is meant",
            choices=self.warnings,
            widget=forms.CheckboxSelectMultiple,
            required=bool(self.warnings),
            error_messages={"required": "Confirm each of these, or go back and change it."},
        )

    def clean_confirmed(self) -> list[str]:
        confirmed: list[str] = self.cleaned_data["confirmed"]
        if set(confirmed) != {key for key, _ in self.warnings}:
            raise ValidationError("Confirm each of these, or go back and change it.")
        return confirmed
