"""Finding people, changing roles, inviting and accepting."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from imr.accounts.enums import Action, Role, Scope
from imr.accounts.forms.password import new_password_field, repeated_password_field
from imr.accounts.models import Invitation, Organization, User
from imr.accounts.permissions import assignable_roles, invitable_roles
from imr.accounts.selectors.person import SORTS, PersonFilter, organizations_visible_to
from imr.core.forms import CleanCharField, CleanEmailField

PERSON_ROLES = [(role.value, str(role.label)) for role in Role if role != Role.API_CLIENT]


class PersonFilterForm(forms.Form):
    """The filters of the list of people, kept in the address."""

    mark_optional = False

    q = CleanCharField(label="Name or e-mail", max_length=100, required=False)
    role = forms.ChoiceField(label="Role", required=False)
    organization = forms.ModelChoiceField(
        label="Organization", queryset=Organization.objects.none(), required=False, empty_label="Any"
    )
    state = forms.ChoiceField(
        label="Account",
        required=False,
        choices=[("", "Open and closed"), ("open", "Open"), ("closed", "Closed")],
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")],
    )

    def __init__(self, viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = PERSON_ROLES
        if viewer.scope(Action.PEOPLE_VIEW) == Scope.ORGANIZATION:
            roles = [(role.value, str(role.label)) for role in (Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER)]
            del self.fields["organization"]
        else:
            organizations = self.fields["organization"]
            if isinstance(organizations, forms.ModelChoiceField):
                organizations.queryset = organizations_visible_to(viewer)
        self.fields["role"] = forms.ChoiceField(label="Role", required=False, choices=[("", "Any"), *roles])

    def wanted(self) -> PersonFilter:
        """What to look for; nothing in particular when the filters are not right."""
        if not self.is_valid():
            return PersonFilter()
        data = self.cleaned_data
        return PersonFilter(
            words=data["q"],
            role=data["role"],
            organization=data.get("organization"),
            is_active={"open": True, "closed": False}.get(data["state"]),
        )

    def order(self) -> tuple[str, bool]:
        """The column to sort by and whether downward."""
        chosen = (self.is_valid() and self.cleaned_data["sort"]) or "name"
        return SORTS[chosen.removeprefix("-")], chosen.startswith("-")


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", error_messages={"required": "Select a role."})

    def __init__(self, actor: User, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.value, role.label) for role in assignable_roles(actor, person)]
        self.fields["role"] = forms.ChoiceField(label="Role", choices=roles, initial=person.role)


class InvitationForm(forms.Form):
    """Whom to invite, to which organization, as what."""

    email = CleanEmailField(label="E-mail address")
    organization = forms.ModelChoiceField(
        label="Organization",
        queryset=Organization.objects.none(),
        empty_label="Select an organization",
        error_messages={"required": "Select the organization."},
    )
    role = forms.ChoiceField(label="Role")

    def __init__(self, actor: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        roles = [role for role, _ in PERSON_ROLES]
        if actor.scope(Action.PEOPLE_INVITE) == Scope.ORGANIZATION:
            del self.fields["organization"]
            roles = [role.value for role in invitable_roles(actor, actor.organization)]
        else:
            organizations = self.fields["organization"]
            if isinstance(organizations, forms.ModelChoiceField):
                organizations.queryset = organizations_visible_to(actor).filter(is_active=True)
        self.fields["role"] = forms.ChoiceField(
            label="Role",
            choices=[("", "Select a role"), *((value, label) for value, label in PERSON_ROLES if value in roles)],
            error_messages={"required": "Select the role."},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        organization = data.setdefault("organization", self.actor.organization) if "role" in data else None
        if organization is None or "organization" in self.errors:
            return data
        possible = invitable_roles(self.actor, organization)
        if data["role"] not in possible:
            names = ", ".join(role.label.lower() for role in possible)
            self.add_error("role", f"People of {organization} can be: {names}.")
        return data


class AcceptanceForm(forms.Form):
    """Name and password of an invited person; a reviewer gives no name here."""

    full_name = CleanCharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    new_password1 = new_password_field("Choose a password")
    new_password2 = repeated_password_field()

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if invitation.role == Role.REVIEWER:
            del self.fields["full_name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("new_password1"), data.get("new_password2")
        if first:
            would_be = User(email=self.invitation.email, full_name=data.get("full_name", ""))
            try:
                validate_password(first, would_be)
            except forms.ValidationError as error:
                self.add_error("new_password1", error)
        if first and second and first != second:
            self.add_error("new_password2", "The two passwords are not the same. Type them again.")
        return data
