"""Organizations and their programs' keys."""

from typing import Any

from django import forms

from imr.accounts.models import Organization
from imr.core.forms import CleanCharField, PhoneField, ZipField
from imr.core.states import US_STATES


class OrganizationForm(forms.Form):
    name = CleanCharField(label="Name", max_length=200)
    address_line_1 = CleanCharField(label="Street address", max_length=200, required=False)
    address_line_2 = CleanCharField(label="Street address, line 2", max_length=200, required=False)
    city = CleanCharField(label="City", max_length=100, required=False)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Select a state"), *US_STATES])
    zip_code = ZipField(label="ZIP code", required=False)
    phone = PhoneField(label="Phone", required=False)
    fax = PhoneField(label="Fax", required=False)

    def __init__(self, organization: Organization | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Organization.objects.filter(name__iexact=name)
        if self.organization is not None:
            others = others.exclude(pk=self.organization.pk)
        if others.exists():
            raise forms.ValidationError("There is an organization with this name already.")
        return name


class TokenForm(forms.Form):
    name = CleanCharField(
        label="Name", max_length=100, help_text="What the key is for, such as the name of your claims system."
    )
    days = forms.ChoiceField(
        label="Ends after",
        choices=[("365", "1 year"), ("180", "180 days"), ("90", "90 days"), ("30", "30 days")],
        initial="365",
    )
