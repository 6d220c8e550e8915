"""Entries of the address book, presets, and choosing one of them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from cases.enums import ADDRESS_BOOK_ROLES, PRESET_ROLES, DraftStep, PartyRole, ReviewType, ServiceMethod
from cases.forms.filing import STEP_FORMS
from cases.forms.staff import MAX_QUERY, SearchField
from cases.models import AddressEntry, FilingPreset
from cases.services.address import PRESET_FIELDS
from cases.services.draft import PARTY_FIELDS
from imr.accounts.models import Organization
from imr.core.forms import CleanCharField

# Where the form of the application has the fields of each role, and how they are called there.
_STEPS: Mapping[PartyRole, tuple[DraftStep, str]] = {
    PartyRole.REQUESTING_PHYSICIAN: (DraftStep.PHYSICIAN, ""),
    PartyRole.EMPLOYER: (DraftStep.CLAIM, "employer_"),
    PartyRole.CLAIMS_ADMINISTRATOR: (DraftStep.CLAIMS_ADMINISTRATOR, ""),
    PartyRole.ATTORNEY: (DraftStep.REPRESENTATIVE, "attorney_"),
    PartyRole.DESIGNEE: (DraftStep.REPRESENTATIVE, "designee_"),
}


class AddressForm(forms.Form):
    """One entry: the fields that the application's form has for that party, checked in the same way."""

    def __init__(
        self, role: PartyRole, data: Mapping[str, Any] | None = None, *, entry: AddressEntry | None = None
    ) -> None:
        super().__init__(data)
        step, prefix = _STEPS[role]
        known = STEP_FORMS[step]().fields
        for name in PARTY_FIELDS:
            if prefix + name in known:
                self.fields[name] = deepcopy(known[prefix + name])
                self.initial[name] = getattr(entry, name) if entry is not None else ""

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not (data.get("last_name") or data.get("firm_name")):
            self.add_error("last_name", "Enter the last name, or the firm.")
        return data


class AddressFilterForm(forms.Form):
    mark_optional = False

    q = SearchField(
        label="Search",
        help_text="Name, firm or city",
        required=False,
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "All kinds"), *((role.value, role.label) for role in ADDRESS_BOOK_ROLES)],
    )


class PresetForm(forms.Form):
    """A named beginning of applications."""

    name = CleanCharField(label="Name", max_length=80, help_text="Example: Delta Orchards, Dr. Bell, regular")
    review_type = forms.ChoiceField(
        label="Type of review", choices=[("", "Asked each time"), *ReviewType.choices], required=False
    )
    service_method = forms.ChoiceField(
        label="How UR decisions are served", choices=[("", "Asked each time"), *ServiceMethod.choices], required=False
    )

    def __init__(
        self,
        organization: Organization,
        data: Mapping[str, Any] | None = None,
        *,
        preset: FilingPreset | None = None,
    ) -> None:
        super().__init__(data)
        for role in PRESET_ROLES:
            self.fields[role.value] = forms.ModelChoiceField(
                label=role.label,
                queryset=AddressEntry.objects.filter(organization=organization, role=role, removed_at__isnull=True),
                required=False,
                empty_label="Entered each time",
                error_messages={"invalid_choice": "Select an entry of the address book."},
            )
        if preset is not None:
            self.initial = {"name": preset.name, **{name: getattr(preset, name) for name in PRESET_FIELDS}}

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not any(data.get(name) for name in PRESET_FIELDS):
            raise forms.ValidationError("Choose at least one answer that applications of this kind begin with.")
        return data


class BeginForm(forms.Form):
    """How an application begins: empty, from a preset, or from an earlier case."""

    preset = forms.ModelChoiceField(
        label="Preset",
        queryset=FilingPreset.objects.none(),
        required=False,
        empty_label="None: begin with an empty application",
        error_messages={"invalid_choice": "Select a preset from the list."},
    )
    earlier = CleanCharField(
        label="Earlier case",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off"}),
        help_text=("Case number or claim number. Worker, claim and parties are copied from it. Example: CM26-0000012"),
    )
    with_items = forms.BooleanField(
        label="Copy its disputed items too",
        required=False,
        help_text="What utilization review did with each has to be checked again.",
    )

    def __init__(self, presets: QuerySet[FilingPreset], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        if presets:
            cast("forms.ModelChoiceField[FilingPreset]", self.fields["preset"]).queryset = presets
        else:
            del self.fields["preset"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("preset") and data.get("earlier"):
            self.add_error("earlier", "Begin with a preset or with an earlier case, not with both.")
        return data


class CopyForm(forms.Form):
    """What comes along from the case that a new application begins with."""

    with_items = forms.BooleanField(
        label="Copy its disputed items too",
        required=False,
        help_text="What utilization review did with each has to be checked again.",
    )
