"""The later steps of the application: UR decision, representatives, signature."""

from typing import Any

from django import forms

from cases.enums import DraftStep, PartyRole, ServiceMethod, SignerKind
from cases.forms.filing_fields import ADDRESS_ROWS, IcdField, NameField, YesNoField, contact_fields
from cases.forms.filing_step import Group, StepForm
from cases.rules.filing_dates import check_decision_dates, check_designation, check_signature_dates
from cases.selectors.draft import Draft
from imr.core.forms import CleanCharField, PacificDateField
from imr.core.words import mmddyyyy


class URDecisionForm(StepForm):
    step = DraftStep.UR_DECISION
    conditional = frozenset({"liability_reason"})
    intro = "The utilization review (UR) decision that the worker disputes. Have the letter at hand."
    groups = (
        Group(
            (
                ("decided_on",),
                ("served_on",),
                ("service_method",),
                ("request_received_on",),
                ("reference",),
                ("is_conditional",),
            )
        ),
        Group((("primary_diagnosis",), ("icd_code",)), title="Diagnosis"),
        Group((("is_liability_disputed",),), title="Liability"),
        Group((("liability_reason",),), shown_when="is_liability_disputed=yes"),
    )

    decided_on = PacificDateField(label="Date of the UR decision letter", help_text="mm/dd/yyyy. Example: 03/17/2014")
    served_on = PacificDateField(
        label="Date the decision was served on the worker",
        help_text="mm/dd/yyyy. Often the date of the letter. The time to file counts from here (8 CCR 9792.10.1).",
        error_messages={"required": "Enter the date on which the decision was served."},
    )
    service_method = forms.ChoiceField(
        label="How it was served",
        choices=ServiceMethod.choices,
        widget=forms.RadioSelect,
        help_text="Service by mail lengthens the time to file (CCP 1013).",
        error_messages={"required": "Choose how the decision was served."},
    )
    request_received_on = PacificDateField(
        label="Date you received the request for authorization",
        required=False,
        help_text="mm/dd/yyyy. From your date stamp on the DWC Form RFA. Example: 03/06/2014",
    )
    reference = CleanCharField(
        label="Your reference for the UR decision",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="Example: UR-88120",
    )
    is_conditional = YesNoField(
        label="Was it denied only because requested information did not arrive?",
        help_text="A conditional denial is not reviewed: the physician sends the information and you decide again.",
        error_messages={"required": "Say whether it was denied only for missing information."},
    )
    primary_diagnosis = CleanCharField(
        label="Primary diagnosis", max_length=500, help_text="In words. Example: Lumbago"
    )
    icd_code = IcdField()
    is_liability_disputed = YesNoField(
        label="Is liability also disputed for reasons other than medical necessity?",
        help_text="For example the injury itself or the body part. The review may then wait until that is resolved.",
        error_messages={"required": "Say whether liability is disputed."},
    )
    liability_reason = CleanCharField(
        label="Why liability is disputed",
        max_length=2000,
        multiline=True,
        required=False,
        help_text="Example: The lumbar spine was not accepted as part of the claim.",
        error_messages={"required": "Enter why liability is disputed."},
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("is_liability_disputed"):
            self.require("liability_reason")
        elif "is_liability_disputed" in data:
            self.drop("liability_reason")
        self.add_findings(
            check_decision_dates(
                date_of_injury=self.draft.application.date_of_injury if self.draft else None,
                decided_on=data.get("decided_on"),
                served_on=data.get("served_on"),
                today=self.today,
            )
        )
        requested, decided = data.get("request_received_on"), data.get("decided_on")
        if requested and decided and requested > decided:
            self.add_error(
                "request_received_on",
                f"The request of {mmddyyyy(requested)} cannot be later than the decision of {mmddyyyy(decided)}.",
            )
        return data


class RepresentativeForm(StepForm):
    step = DraftStep.REPRESENTATIVE
    conditional = frozenset({"designee_last_name", "designation_signed_on"})
    intro = "People who act for the worker. Give what you know."
    groups = (
        Group((("has_attorney",),), title="Attorney"),
        Group(
            (
                ("attorney_first_name", "attorney_last_name"),
                ("attorney_firm_name",),
                ("attorney_bar_number",),
                *tuple(tuple(f"attorney_{name}" for name in row) for row in ADDRESS_ROWS),
                ("attorney_phone", "attorney_fax"),
                ("attorney_email",),
            ),
            shown_when="has_attorney=yes",
            book=PartyRole.ATTORNEY,
        ),
        Group((("has_designee",),), title="Other representative"),
        Group(
            (
                ("designee_first_name", "designee_last_name"),
                ("designee_relationship",),
                ("designee_firm_name",),
                ("designation_signed_on",),
                *tuple(tuple(f"designee_{name}" for name in row) for row in ADDRESS_ROWS),
                ("designee_phone", "designee_fax"),
                ("designee_email",),
            ),
            shown_when="has_designee=yes",
            book=PartyRole.DESIGNEE,
        ),
    )

    has_attorney = YesNoField(
        label="Does the worker have an attorney?",
        error_messages={"required": "Say whether the worker has an attorney."},
    )
    attorney_bar_number = CleanCharField(
        label="State Bar number",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--short"}),
        help_text="Example: 198765",
    )
    has_designee = YesNoField(
        label="Has the worker named somebody else to act for them?",
        help_text="On the form’s page “Authorized representative designation”.",
        error_messages={"required": "Say whether the worker has another representative."},
    )
    designee_relationship = CleanCharField(
        label="Relationship to the worker",
        max_length=100,
        required=False,
        help_text="Example: sister, or union representative",
    )
    designation_signed_on = PacificDateField(
        label="Date the worker signed the designation",
        required=False,
        help_text="mm/dd/yyyy. Not before the UR decision.",
        error_messages={"required": "Enter the date on which the worker signed the designation."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= contact_fields("attorney_", "the attorney")
        self.fields |= contact_fields("designee_", "the representative")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for switch, prefix in (("has_attorney", "attorney_"), ("has_designee", "designee_")):
            if data.get(switch) is False:
                self.drop(*(name for name in self.fields if name.startswith(prefix)))
        if data.get("has_attorney") and not (data.get("attorney_last_name") or data.get("attorney_firm_name")):
            self.require("attorney_last_name")
        if data.get("has_designee"):
            self.require("designee_last_name", "designation_signed_on")
        elif "has_designee" in data:
            self.drop("designation_signed_on")
        decided_on = self.draft.ur_decision.decided_on if self.draft else None
        self.add_findings(check_designation(data.get("designation_signed_on"), decided_on, today=self.today))
        return data


class SignatureForm(StepForm):
    step = DraftStep.SIGNATURE
    conditional = frozenset({"signer_name", "signed_on", "consent_signed_on"})
    intro = "The application is the worker’s: it is signed by the worker or by a valid representative."
    groups = (
        Group((("signer",),)),
        Group((("signer_name",), ("signed_on",), ("consent_signed_on",)), shown_when="signer!=unsigned"),
        Group((("has_threat_certification",),), title="Expedited review"),
    )

    signer = forms.ChoiceField(
        label="Who signed the application?",
        choices=SignerKind.choices,
        widget=forms.RadioSelect,
        help_text="An application that nobody has signed is found ineligible (INE-SIG).",
        error_messages={"required": "Say who signed the application."},
    )
    signer_name = NameField(
        label="Name of the person who signed",
        max_length=150,
        required=False,
        help_text="As printed beside the signature. Example: Maria Sandoval",
        error_messages={"required": "Enter the name of the person who signed."},
    )
    signed_on = PacificDateField(
        label="Date of the signature",
        required=False,
        help_text="mm/dd/yyyy. Not before the UR decision. Example: 03/28/2014",
        error_messages={"required": "Enter the date of the signature."},
    )
    consent_signed_on = PacificDateField(
        label="Date of the consent to release medical records",
        required=False,
        help_text="mm/dd/yyyy. On the same form, and mostly the same day.",
        error_messages={"required": "Enter the date of the consent."},
    )
    has_threat_certification = forms.BooleanField(
        label="A physician certified an imminent and serious threat to the worker’s health",
        required=False,
        help_text=(
            "Needed for an expedited review, unless utilization review itself was expedited. Attach it under Documents."
        ),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("signer") == SignerKind.UNSIGNED:
            self.drop("signer_name", "signed_on", "consent_signed_on")
        elif data.get("signer"):
            self.require("signer_name", "signed_on", "consent_signed_on")
            if self.draft is not None:
                self._check_representation(self.draft, data["signer"])
        self.add_findings(
            check_signature_dates(
                signed_on=data.get("signed_on"),
                consent_signed_on=data.get("consent_signed_on"),
                decided_on=self.draft.ur_decision.decided_on if self.draft else None,
                today=self.today,
            )
        )
        return data

    def _check_representation(self, draft: Draft, signer: str) -> None:
        has = {
            SignerKind.ATTORNEY.value: draft.application.has_attorney,
            SignerKind.DESIGNEE.value: draft.application.has_designee,
        }
        if has.get(signer) is False:
            role = PartyRole.ATTORNEY if signer == SignerKind.ATTORNEY else PartyRole.DESIGNEE
            words = "an attorney" if role == PartyRole.ATTORNEY else "another representative"
            self.add_error(
                "signer",
                f"Under “{DraftStep.REPRESENTATIVE.label}” it says that the worker does not have {words}. "
                "Change one of the two.",
            )
