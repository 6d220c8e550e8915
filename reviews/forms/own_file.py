"""A reviewer's own pages: absences, the most cases, the attestation of practice, changes asked for."""

from typing import Any, Final

from django import forms

from imr.core.forms import CleanCharField, PacificDateField
from reviews.enums import ProposalKind
from reviews.forms.reviewer import CertificationForm, CVForm, LicenseForm, whole_number


class AbsenceForm(forms.Form):
    """Days without new cases."""

    first_day = PacificDateField(label="First day away", latest=None)
    last_day = PacificDateField(
        label="Last day away", latest=None, required=False, help_text="mm/dd/yyyy. Empty means until further notice."
    )
    note = CleanCharField(
        label="Note",
        max_length=200,
        required=False,
        help_text="Whoever assigns cases reads it. Leave out what is private.",
    )


class LimitForm(forms.Form):
    """The most cases at once."""

    limit = whole_number(
        "Most cases at once",
        least=0,
        most=200,
        required=False,
        help_text="Empty leaves it to the IMR organization. 0 stops new offers.",
    )


class AttestForm(forms.Form):
    """Years and hours of active practice, as every letter asserts them."""

    years = whole_number("Full years in active clinical practice", least=0, most=80)
    hours = whole_number("Hours of clinical practice a week", least=0, most=168)
    is_true = forms.BooleanField(
        label="These figures are true today.",
        error_messages={"required": "Tick this box to attest, or go back."},
    )


class _Proposed(forms.Form):
    """What every proposal may say besides."""

    note = CleanCharField(
        label="Note to the IMR organization",
        max_length=1000,
        required=False,
        multiline=True,
        help_text="For example where the change can be verified.",
    )


class ProposedLicenseForm(LicenseForm):
    """A license as it is to be."""

    version = None  # type: ignore[assignment]  # nothing of the register changes yet
    note = _Proposed.base_fields["note"]


class ProposedCertificationForm(CertificationForm):
    """A certification as it is to be; its place in the letter is for staff."""

    version = None  # type: ignore[assignment]
    position = None  # type: ignore[assignment]
    note = _Proposed.base_fields["note"]

    def entry(self) -> Any:
        """What was typed, as the service takes it."""
        self.cleaned_data["position"] = 0
        return super().entry()


class ProposedCVForm(CVForm):
    """A new CV."""

    version = None  # type: ignore[assignment]
    note = _Proposed.base_fields["note"]


class OtherChangeForm(forms.Form):
    """A change in words: a phone, a practice, a tie."""

    note = CleanCharField(
        label="What has to change",
        max_length=1000,
        multiline=True,
        help_text="For example a new phone number, practice, or affiliation with a firm or facility.",
        error_messages={"required": "Write what has to change."},
    )


FORMS: Final[dict[ProposalKind, type[forms.Form]]] = {
    ProposalKind.LICENSE: ProposedLicenseForm,
    ProposalKind.CERTIFICATION: ProposedCertificationForm,
    ProposalKind.CV: ProposedCVForm,
    ProposalKind.OTHER: OtherChangeForm,
}


class DecideForm(forms.Form):
    """What staff answer to a proposal."""

    note = CleanCharField(
        label="Words to the reviewer",
        max_length=500,
        required=False,
        multiline=True,
        help_text="Needed when the change is not adopted.",
    )
