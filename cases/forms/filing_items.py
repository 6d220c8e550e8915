"""Forms of the disputed items, the documents and the last page of the application."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms

from cases.enums import RECORD_KINDS, DocumentSource, DraftStep, GuidelineBasis, UROutcome
from cases.forms.filing_fields import MultipleFileInput, NameField, grouped_choices
from cases.forms.filing_step import Group, StepForm
from cases.models import DisputedItem, Document, TreatmentCategory
from cases.rules.application_facts import ItemFacts
from cases.rules.documents import MAX_TITLE
from cases.rules.finding import Finding
from cases.rules.items import check_item
from cases.selectors.draft import Draft
from cases.services.item import ITEM_FIELDS
from imr.accounts.models import Organization
from imr.core.forms import CleanCharField, PacificDateField


class ItemForm(StepForm):
    """One disputed item/service, in the words of the request."""

    step = DraftStep.ITEMS
    conditional = frozenset({"service_date", "authorized", "remaining"})
    groups = (
        Group((("description",), ("category",))),
        Group((("code",), ("quantity", "frequency", "duration")), title="Details, where the request gives them"),
        Group((("is_retrospective",),)),
        Group((("service_date",),), shown_when="is_retrospective=on"),
        Group((("is_associated_service",),)),
        Group((("ur_outcome",),), title="What utilization review did"),
        Group((("authorized",), ("remaining",)), shown_when="ur_outcome=modified"),
        Group(
            (("claims_guideline_basis",), ("claims_guideline_text",)),
            title="What the UR decision rests on",
            hint="Copy the guideline from the decision letter. The reviewer sees it beside the records.",
        ),
    )

    description = CleanCharField(
        label="Requested treatment",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "In the words of the request for authorization, however long. Example: 6 sessions of aquatic therapy for "
            "the lumbar spine, 3 times a week for 2 weeks"
        ),
    )
    category = forms.TypedChoiceField(
        label="Kind of treatment",
        coerce=int,
        help_text="The nearest one. Physical and aquatic therapy, for example, are Rehabilitation.",
        error_messages={"required": "Select the kind of treatment.", "invalid_choice": "Select a kind from the list."},
    )
    code = CleanCharField(
        label="CPT, HCPCS or NDC code",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="Example: 97113",
    )
    quantity = CleanCharField(
        label="Quantity",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="Example: 6 sessions",
    )
    frequency = CleanCharField(
        label="Frequency",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="Example: 3 times a week",
    )
    duration = CleanCharField(
        label="Duration",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="Example: 2 weeks",
    )
    is_retrospective = forms.BooleanField(
        label="The treatment was already provided (retrospective review)", required=False
    )
    service_date = PacificDateField(
        label="Date of service",
        required=False,
        help_text="mm/dd/yyyy. Only when the treatment was already provided.",
        error_messages={"required": "Enter the date of service."},
    )
    is_associated_service = forms.BooleanField(
        label="It goes with a surgery that is also in dispute",
        required=False,
        help_text="For example an assistant surgeon, a brace after the operation, or therapy after it.",
    )
    ur_outcome = forms.ChoiceField(
        label="Outcome of utilization review",
        choices=UROutcome.choices,
        widget=forms.RadioSelect,
        help_text="Modified: a part was authorized, or something else instead.",
        error_messages={"required": "Say whether it was denied or modified."},
    )
    authorized = CleanCharField(
        label="What you authorized",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only when it was modified. Example: 3 sessions of aquatic therapy",
        error_messages={"required": "Enter what was authorized."},
    )
    remaining = CleanCharField(
        label="What is left in dispute",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only when it was modified. Example: 3 further sessions of aquatic therapy",
        error_messages={"required": "Enter what is left in dispute."},
    )
    claims_guideline_basis = forms.ChoiceField(
        label="Guideline",
        choices=[("", "Not given"), *GuidelineBasis.choices],
        required=False,
        help_text="MTUS is California’s own schedule of guidelines; ODG, for example, is outside of it.",
    )
    claims_guideline_text = CleanCharField(
        label="The guideline as cited",
        max_length=4000,
        multiline=True,
        required=False,
        help_text="Example: ACOEM, Low Back Disorders, Table 2, Summary of Recommendations",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: Draft | None = None,
        item: DisputedItem | None = None,
        typed: Mapping[str, str] | None = None,
        today: date | None = None,
    ) -> None:
        self.item = item
        super().__init__(data, typed=typed, today=today)
        self.draft = draft
        choice = cast("forms.ChoiceField", self.fields["category"])
        choice.choices = grouped_choices(TreatmentCategory.objects.filter(is_active=True))
        stored = item_answers(item) if item is not None else {}
        self.initial = {**dict.fromkeys(stored, ""), **typed} if typed and data is None else stored

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("category"):
            data["category"] = TreatmentCategory.objects.get(pk=data["category"])
        if not data.get("is_retrospective"):
            self.drop("service_date")
        if data.get("ur_outcome") != UROutcome.MODIFIED:
            self.drop("authorized", "remaining")
        facts = ItemFacts(
            position=self.item.position if self.item else 0,
            description=data.get("description", ""),
            category="given" if data.get("category") else "",
            ur_outcome=data.get("ur_outcome", ""),
            authorized=data.get("authorized", ""),
            remaining=data.get("remaining", ""),
            is_retrospective=bool(data.get("is_retrospective")),
            service_date=data.get("service_date"),
        )
        for finding in check_item(facts, today=self.today):
            # What the field itself refused is named there.
            if finding.field not in self.errors:
                self.add_error(finding.field, str(self.fields[finding.field].error_messages["required"]))
        return data


def item_answers(item: DisputedItem) -> dict[str, Any]:
    """The stored answers of an item under the names of the form's fields."""
    found = {name: getattr(item, name) for name in ITEM_FIELDS}
    return {**found, "category": str(item.category_id or "")}


class UploadForm(forms.Form):
    """One kind for one or more files; their details can be given afterwards."""

    kind = forms.ChoiceField(
        label="What are you adding?",
        choices=[("", "Select the kind of document"), *((kind.value, kind.label) for kind in RECORD_KINDS)],
        help_text="For all files that you choose now. You can change it for each afterwards.",
        error_messages={"required": "Select the kind of document."},
    )
    file = forms.Field(
        label="Files",
        widget=MultipleFileInput(attrs={"accept": ".pdf,application/pdf"}),
        help_text="PDF, at most 200 MB and 5,000 pages each, without a password.",
        error_messages={"required": "Choose at least one file."},
    )
    is_name_confirmed = forms.BooleanField(
        label="The files belong to this application, whatever case number their names hold",
        required=False,
        widget=forms.HiddenInput,
    )


class DocumentForm(forms.Form):
    """What a document is."""

    kind = forms.ChoiceField(
        label="Kind of document",
        choices=[(kind.value, kind.label) for kind in RECORD_KINDS],
        error_messages={"required": "Select the kind of document."},
    )
    title = CleanCharField(label="Title", max_length=MAX_TITLE, help_text="Example: Progress report, lumbar spine")
    author = CleanCharField(label="Author", max_length=200, required=False, help_text="Example: Noah Bell, MD")
    dated_on = PacificDateField(
        label="Date of the document", required=False, help_text="mm/dd/yyyy. Example: 02/27/2014"
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document) -> None:
        super().__init__(data, initial={name: getattr(document, name) for name in self.base_fields})


class FiledDocumentForm(DocumentForm):
    """What a document of a submitted case is; only staff say who sent it."""

    source = forms.ChoiceField(label="Who sent it", choices=DocumentSource.choices)

    field_order = ("kind", "source", "title", "author", "dated_on")

    def __init__(self, data: Mapping[str, Any] | None = None, *, document: Document, asks_source: bool) -> None:
        super().__init__(data, document=document)
        if not asks_source:
            del self.fields["source"]


class StartForm(forms.Form):
    """Whose application it is; only the IMR organization's people are asked."""

    organization = forms.ModelChoiceField(
        label="Claims administrator",
        queryset=Organization.objects.none(),
        empty_label="Select the claims administrator",
        help_text="The company that answers for the claim. Its people will see this application.",
        error_messages={
            "required": "Select the claims administrator.",
            "invalid_choice": "Select a claims administrator from the list.",
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        choice = cast("forms.ModelChoiceField[Organization]", self.fields["organization"])
        choice.queryset = Organization.objects.filter(kind="claims_administrator", is_active=True)


class SubmitForm(forms.Form):
    """The attestation, and a tick for each shortcoming that the filer accepts (`confirm_<code>`)."""

    is_attested = forms.BooleanField(
        label=(
            "I have checked these answers. To my knowledge they are true and complete, and the attached files are what "
            "they are said to be."
        ),
        error_messages={"required": "Tick that the answers are true and complete."},
    )
    attested_name = NameField(
        label="Your full name",
        max_length=150,
        help_text="Typed as your signature, as it stands in your account. Example: Ines Kovac",
        error_messages={"required": "Type your full name."},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, to_confirm: list[Finding], account_name: str = ""
    ) -> None:
        super().__init__(data)
        self.account_name = account_name
        codes: dict[str, Finding] = {finding.code: finding for finding in to_confirm}
        ticks: dict[str, forms.Field] = {
            f"confirm_{code}": forms.BooleanField(
                label=f"Submit all the same ({code})",
                help_text=finding.message,
                error_messages={"required": f"{finding.message} Tick that you want to submit all the same."},
            )
            for code, finding in codes.items()
        }
        self.fields = {**ticks, **self.fields}

    def clean_attested_name(self) -> str:
        """The attestation is of the person who is signed in, in whatever capitals."""
        name = str(self.cleaned_data["attested_name"])
        if self.account_name and name.casefold().split() != self.account_name.casefold().split():
            raise forms.ValidationError(f"Type your name as it stands in your account: {self.account_name}.")
        return name

    def confirmed(self) -> list[str]:
        """The codes that were ticked."""
        return [
            name.removeprefix("confirm_")
            for name, tick in self.cleaned_data.items()
            if name.startswith("confirm_") and tick
        ]
