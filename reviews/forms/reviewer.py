"""The register's forms: filters, the entry, credentials, ties, verifications, the CV."""

from typing import Any, Final

from django import forms

from imr.core.forms import CleanCharField, PacificDateField, PhoneField, StateField, lower_first
from reviews.enums import ConflictRelation, LicenseKind, LicenseStatus, VerificationKind
from reviews.models import Affiliation, Certification, License, Reviewer
from reviews.models.identity import ReviewerIdentity
from reviews.rules.standing import Standing
from reviews.rules.states import state_name
from reviews.selectors.register import (
    SORTS,
    RegisterFilter,
    accounts_without_entry,
    specialties_of_register,
    states_of_register,
)
from reviews.services.credential import AffiliationEntry, CertificationEntry, LicenseEntry, VerificationEntry
from reviews.services.reviewer import ReviewerEntry

MAX_CV_BYTES: Final = 20 * 1024 * 1024


def whole_number(label: str, *, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    """A field for a whole number from `least` to `most`, with one sentence for whatever is wrong."""
    words = f"Enter the {lower_first(label)} as a whole number from {least} to {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--short"}),
        error_messages={"required": words, "invalid": words, "min_value": words, "max_value": words},
        **kwargs,
    )


class VersionedForm(forms.Form):
    """A form that names the version of the entry it was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_000_000_000)


class RegisterFilterForm(forms.Form):
    """The filters of the register, kept in the address."""

    mark_optional = False

    q = CleanCharField(label="Name, code or license", max_length=100, required=False)
    specialty = forms.ChoiceField(label="Specialty", required=False)
    state = forms.ChoiceField(label="Licensed in", required=False)
    standing = forms.ChoiceField(label="File", required=False, choices=[("", "Any"), *Standing.choices])
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        specialties = [("", "Any"), *((name, name) for name in specialties_of_register())]
        states = [("", "Any"), *((code, state_name(code)) for code in states_of_register())]
        self.fields["specialty"] = forms.ChoiceField(label="Specialty", required=False, choices=specialties)
        self.fields["state"] = forms.ChoiceField(label="Licensed in", required=False, choices=states)

    def wanted(self) -> RegisterFilter:
        """What to look for; nothing in particular when a filter is not right."""
        if not self.is_valid():
            return RegisterFilter()
        data = self.cleaned_data
        return RegisterFilter(
            words=data["q"],
            specialty=data["specialty"],
            state=data["state"],
            standing=data["standing"],
            sort=data["sort"] or "name",
        )


class ReviewerForm(forms.Form):
    """A register entry. The names go into a table of their own."""

    first_name = CleanCharField(label="First name", max_length=120)
    last_name = CleanCharField(label="Last name", max_length=120)
    degree = CleanCharField(label="Degree", max_length=40, required=False, help_text="As in “MD” or “DC”.")
    npi = CleanCharField(
        label="NPI",
        max_length=10,
        required=False,
        help_text="National Provider Identifier, 10 digits.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--medium"}),
    )
    phone = PhoneField(label="Phone", required=False)
    practice_name = CleanCharField(
        label="Practice or group",
        max_length=200,
        required=False,
        help_text="Compared with the parties of every case, as the reviewer’s own name is.",
    )
    years_in_practice = whole_number(
        "Full years in active clinical practice", least=0, most=80, help_text="Every letter says “more than five”."
    )
    hours_per_week = whole_number(
        "Hours of clinical practice a week", least=0, most=168, help_text="Every letter says “at least 24”."
    )
    practice_attested_on = PacificDateField(
        label="Date the reviewer attested these figures", help_text="mm/dd/yyyy. Holds for one year."
    )
    maximum_load = whole_number("Most cases at once", least=1, most=200, initial=10)

    def clean_npi(self) -> str:
        npi: str = self.cleaned_data["npi"]
        if npi and not (npi.isascii() and npi.isdigit() and len(npi) == 10):
            raise forms.ValidationError("Enter the 10 digits of the NPI, or leave it empty.")
        if npi and not _has_npi_check_digit(npi):
            raise forms.ValidationError("This is no NPI: its last digit does not fit the others. Check each digit.")
        return npi

    def entry(self) -> ReviewerEntry:
        """What was typed, as the service takes it."""
        names = ReviewerEntry.__dataclass_fields__
        return ReviewerEntry(**{name: value for name, value in self.cleaned_data.items() if name in names})


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """An account by its e-mail address: reviewers' accounts carry no name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.email)


class NewReviewerForm(ReviewerForm):
    """The account of the reviewer comes first; it exists once the invitation was accepted."""

    field_order = ["user"]

    user = AccountField(
        label="Account",
        queryset=accounts_without_entry().none(),
        empty_label="Select an account",
        help_text="Accounts of expert reviewers without a register entry. Invite the person first.",
        error_messages={"required": "Select the account.", "invalid_choice": "Select an account of the list."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = self.fields["user"]
        if isinstance(accounts, AccountField):
            accounts.queryset = accounts_without_entry()


class EditReviewerForm(VersionedForm, ReviewerForm):
    """The entry with its present values."""

    @staticmethod
    def values_of(reviewer: Reviewer, identity: ReviewerIdentity) -> dict[str, Any]:
        """What the form starts with."""
        own = {name: getattr(reviewer, name) for name in ("version", *_REGISTER_FIELDS)}
        return own | {name: getattr(identity, name) for name in _IDENTITY_FIELDS}


_REGISTER_FIELDS: Final = ("years_in_practice", "hours_per_week", "practice_attested_on", "maximum_load")
_IDENTITY_FIELDS: Final = ("first_name", "last_name", "degree", "npi", "phone", "practice_name")


class ActiveForm(VersionedForm):
    """Why the entry is deactivated or activated again."""

    reason = CleanCharField(label="Reason", max_length=500, multiline=True)


class LicenseForm(VersionedForm):
    """A license to practice."""

    state = StateField()
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Select a kind"), *LicenseKind.choices],
        error_messages={"required": "Select the kind of license."},
    )
    number = CleanCharField(
        label="License number", max_length=30, widget=forms.TextInput(attrs={"class": "input--medium"})
    )
    expires_on = PacificDateField(label="Last day of validity", latest=None, help_text="mm/dd/yyyy")
    status = forms.ChoiceField(
        label="Status",
        choices=LicenseStatus.choices,
        initial=LicenseStatus.ACTIVE,
        help_text="Only an active, unrestricted license counts.",
    )

    @staticmethod
    def values_of(held: License) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(held, name) for name in ("state", "kind", "number", "expires_on", "status")}

    def entry(self) -> LicenseEntry:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return LicenseEntry(data["state"], data["kind"], data["number"], data["expires_on"], data["status"])


class CertificationForm(VersionedForm):
    """A board certification or specialty."""

    board = CleanCharField(label="Board", max_length=200)
    specialty = CleanCharField(
        label="Specialty", max_length=120, help_text="As the letter prints it: “Orthopedic Surgery”."
    )
    expires_on = PacificDateField(
        label="Last day of validity",
        latest=None,
        required=False,
        help_text="mm/dd/yyyy. Empty when it does not expire.",
    )
    position = whole_number(
        "Place in the letter", least=1, most=99, required=False, help_text="1 is printed first. Empty puts it last."
    )

    @staticmethod
    def values_of(held: Certification) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(held, name) for name in ("board", "specialty", "expires_on", "position")}

    def entry(self) -> CertificationEntry:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return CertificationEntry(data["board"], data["specialty"], data["expires_on"], data["position"] or 0)


class AffiliationForm(VersionedForm):
    """A tie that is screened against the parties of every case."""

    relation = forms.ChoiceField(
        label="Relation",
        choices=ConflictRelation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the relation."},
        help_text="LC 139.5(d)(5): professional, familial or financial.",
    )
    name = CleanCharField(
        label="Name of the firm, facility, maker or person",
        max_length=200,
        error_messages={"required": "Enter the name."},
    )
    since = PacificDateField(label="First day", required=False)
    until = PacificDateField(
        label="Last day", required=False, latest=None, help_text="mm/dd/yyyy. Empty while the tie lasts."
    )
    note = CleanCharField(label="Note", max_length=500, required=False, multiline=True)

    @staticmethod
    def values_of(held: Affiliation) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(held, name) for name in ("relation", "name", "since", "until", "note")}

    def entry(self) -> AffiliationEntry:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        return AffiliationEntry(data["relation"], data["name"], data["note"], data["since"], data["until"])


class VerificationForm(forms.Form):
    """A check against a primary source; it stays in the log."""

    subject = forms.ChoiceField(label="What was verified", error_messages={"required": "Select what was verified."})
    result = forms.ChoiceField(
        label="Result",
        choices=[("yes", "Satisfactory"), ("no", "Not satisfactory")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the result."},
    )
    source = CleanCharField(
        label="Source",
        max_length=200,
        help_text="Such as “Medical Board of California, license search”.",
    )
    verified_on = PacificDateField(label="Date of the check")
    note = CleanCharField(label="Note", max_length=1000, required=False, multiline=True)

    def __init__(self, reviewer: Reviewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"] = forms.ChoiceField(
            label="What was verified",
            choices=[
                ("", "Select a credential"),
                *(
                    (f"license-{held.pk}", f"{state_name(held.state)} license, {held.get_kind_display()}")
                    for held in reviewer.licenses.all()
                ),
                *(
                    (f"certification-{one.pk}", f"Certification in {one.specialty}")
                    for one in reviewer.certifications.all()
                ),
                (VerificationKind.PRACTICE.value, VerificationKind.PRACTICE.label),
                (VerificationKind.SANCTIONS.value, VerificationKind.SANCTIONS.label),
            ],
            error_messages={"required": "Select what was verified."},
        )

    def entry(self) -> VerificationEntry:
        """What was typed, as the service takes it."""
        data = self.cleaned_data
        kind, _, number = data["subject"].partition("-")
        return VerificationEntry(
            kind=kind,
            object_id=int(number) if number else None,
            is_satisfactory=data["result"] == "yes",
            source=data["source"],
            verified_on=data["verified_on"],
            note=data["note"],
        )


class CVForm(VersionedForm):
    """The curriculum vitae as a PDF."""

    file = forms.FileField(
        label="CV",
        help_text=f"A PDF of at most {MAX_CV_BYTES // 1024 // 1024} MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Choose the PDF.", "empty": "The file is empty. Choose another one."},
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_CV_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_CV_BYTES // 1024 // 1024} MB.")
        return upload


def _has_npi_check_digit(npi: str) -> bool:
    """The Luhn check over the number with its issuer's prefix 80840 (45 CFR 162.406)."""
    digits = [int(digit) for digit in reversed(f"80840{npi}")]
    return sum(sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(digits)) % 10 == 0
