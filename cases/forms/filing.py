"""The steps of the application as forms (DWC Form IMR, 8 CCR 9792.10.2). Pages and the API share them.

A form's `cleaned_data` is what `cases.services.draft.save_step` takes. Dates that have to fit together are compared
with the stored answers of the other steps (`draft`).
"""

from typing import Any

from django import forms

from cases.enums import DraftStep, PartyRole, ReviewType
from cases.forms.filing_decision import RepresentativeForm, SignatureForm, URDecisionForm
from cases.forms.filing_fields import ADDRESS_ROWS, MiddleInitialField, NameField, address_fields
from cases.forms.filing_step import Group, StepForm
from cases.rules.filing_dates import OLDEST, check_birth_date, check_decision_dates, check_injury_span
from imr.core.forms import EARLIEST_DATE, CleanCharField, CleanEmailField, PacificDateField, PhoneField


class ReviewTypeForm(StepForm):
    step = DraftStep.REVIEW_TYPE
    intro = "Which review do you ask for? Most applications are regular."
    groups = (Group((("review_type",),)),)

    review_type = forms.ChoiceField(
        label="Type of review",
        choices=ReviewType.choices,
        widget=forms.RadioSelect,
        help_text=(
            "Expedited: waiting would be an imminent and serious threat to the worker’s health, and a physician "
            "certifies it or utilization review was expedited. Modification after appeal: your internal appeal ended "
            "with a changed decision. Example: a denied request for physical therapy is regular."
        ),
        error_messages={"required": "Choose the type of review."},
    )


class EmployeeForm(StepForm):
    step = DraftStep.EMPLOYEE
    intro = "The injured worker, as on the claim."
    groups = (
        Group((("first_name", "middle_initial"), ("last_name",))),
        Group((*ADDRESS_ROWS, ("phone",)), title="Mailing address and phone"),
        Group((("employee_birth_date",), ("employee_sex",)), title="For the reviewer’s summary"),
    )

    first_name = NameField(
        label="First name",
        max_length=120,
        required=False,
        help_text="Leave it empty only for a person with a single name. Example: Maria",
    )
    middle_initial = MiddleInitialField()
    last_name = NameField(label="Last name", max_length=120, help_text="Example: O’Brien-Peña Jr.")
    phone = PhoneField(label="Phone", required=False, help_text="Example: (916) 555-0134")
    employee_birth_date = PacificDateField(
        label="Date of birth",
        # The oldest worker of the earliest injury; the ages that are taken depend on the date of injury.
        earliest=EARLIEST_DATE.replace(year=EARLIEST_DATE.year - OLDEST),
        required=False,
        help_text="mm/dd/yyyy. Example: 05/17/1972",
    )
    employee_sex = forms.ChoiceField(
        label="Sex",
        choices=[("", "Not given"), ("female", "Female"), ("male", "Male"), ("nonbinary", "Nonbinary")],
        required=False,
        help_text="Together with the age it opens the clinical summary: “a 54 year old male”.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= address_fields(is_required=True)

    def clean(self) -> dict[str, Any]:
        injured_on = self.draft.application.date_of_injury if self.draft else None
        self.add_findings(check_birth_date(self.cleaned_data.get("employee_birth_date"), injured_on, today=self.today))
        return self.cleaned_data


class ClaimForm(StepForm):
    step = DraftStep.CLAIM
    conditional = frozenset({"date_of_injury_end"})
    groups = (
        Group((("claim_number",), ("date_of_injury",), ("is_cumulative_injury",))),
        Group((("date_of_injury_end",),), shown_when="is_cumulative_injury=on"),
        Group(
            (("employer_firm_name",), *tuple(tuple(f"employer_{name}" for name in row) for row in ADDRESS_ROWS)),
            title="Employer",
            book=PartyRole.EMPLOYER,
        ),
        Group((("wcis_number",), ("adj_number",)), title="Other numbers, if there are any"),
    )

    claim_number = CleanCharField(
        label="Claim number",
        max_length=50,
        widget=forms.TextInput(attrs={"class": "input--medium", "autocomplete": "off"}),
        help_text="Your own number for the claim. Example: WC-2014-00815",
    )
    date_of_injury = PacificDateField(
        label="Date of injury",
        help_text="mm/dd/yyyy. For a cumulative injury, the first day of the period. Example: 11/01/2011",
    )
    is_cumulative_injury = forms.BooleanField(
        label="The injury happened over a period of time (cumulative trauma)", required=False
    )
    date_of_injury_end = PacificDateField(
        label="Last day of the period",
        required=False,
        help_text="mm/dd/yyyy. Only for a cumulative injury. Example: 03/15/2012",
        error_messages={"required": "Enter the last day of the period."},
    )
    employer_firm_name = NameField(label="Employer’s name", max_length=200, help_text="Example: Delta Orchards, Inc.")
    wcis_number = CleanCharField(
        label="WCIS jurisdictional claim number",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="From your first report to the state’s information system, if one was assigned.",
    )
    adj_number = CleanCharField(
        label="WCAB (ADJ) case number",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
        help_text="If there is a case at the appeals board. Example: ADJ1234567",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= address_fields("employer_", is_required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        is_cumulative = bool(data.get("is_cumulative_injury"))
        if is_cumulative:
            self.require("date_of_injury_end")
        else:
            self.drop("date_of_injury_end")
        self.add_findings(
            check_injury_span(
                data.get("date_of_injury"),
                data.get("date_of_injury_end"),
                is_cumulative=is_cumulative,
                today=self.today,
            )
        )
        if self.draft is not None:
            decided_on = self.draft.ur_decision.decided_on
            # The dates are named by the decision's rule; the mistake shown is on this page's field.
            for finding in check_decision_dates(
                date_of_injury=data.get("date_of_injury"), decided_on=decided_on, served_on=None, today=self.today
            ):
                if finding.field == "decided_on" and decided_on is not None and decided_on <= self.today:
                    self.add_error("date_of_injury", finding.message)
        return data


class PhysicianForm(StepForm):
    step = DraftStep.PHYSICIAN
    intro = "The physician who asked for the treatment. The name and address are on the request for authorization."
    groups = (
        Group(
            (("first_name", "middle_initial"), ("last_name",), ("firm_name",), ("specialty",)),
            book=PartyRole.REQUESTING_PHYSICIAN,
        ),
        Group((*ADDRESS_ROWS, ("phone", "fax")), title="Address and phone"),
    )

    first_name = NameField(
        label="First name",
        max_length=120,
        required=False,
        help_text="Leave it empty only for a person with a single name.",
    )
    middle_initial = MiddleInitialField(help_text="")
    last_name = NameField(label="Last name", max_length=120, help_text="Without “Dr.” or “MD”. Example: Bell")
    firm_name = NameField(
        label="Practice name", max_length=200, required=False, help_text="Example: Valley Spine Clinic"
    )
    specialty = CleanCharField(
        label="Specialty", max_length=120, help_text="Example: Physical Medicine & Rehabilitation"
    )
    phone = PhoneField(label="Phone", help_text="Example: (916) 555-0177")
    fax = PhoneField(label="Fax", required=False, help_text="Example: (916) 555-0178")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= address_fields(is_required=True)


class ClaimsAdministratorForm(StepForm):
    step = DraftStep.CLAIMS_ADMINISTRATOR
    intro = "Who answers for the claim. Company and address come from your organization; change them where they differ."
    groups = (
        Group((("firm_name",), ("first_name", "last_name")), book=PartyRole.CLAIMS_ADMINISTRATOR),
        Group((*ADDRESS_ROWS, ("phone", "fax"), ("email",)), title="How to reach the contact"),
    )

    firm_name = NameField(label="Company", max_length=200, error_messages={"required": "Enter the company’s name."})
    first_name = NameField(label="Contact’s first name", max_length=120, required=False, help_text="Example: Ines")
    last_name = NameField(
        label="Contact’s last name", max_length=120, help_text="The adjuster or examiner. Example: Kovac"
    )
    phone = PhoneField(label="Phone", help_text="Example: (916) 555-0100 x12")
    fax = PhoneField(label="Fax", required=False)
    email = CleanEmailField(label="E-mail address", required=False, help_text="Example: name@example.com")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= address_fields(is_required=True)


STEP_FORMS: dict[DraftStep, type[StepForm]] = {
    form.step: form
    for form in (
        ReviewTypeForm,
        EmployeeForm,
        ClaimForm,
        PhysicianForm,
        ClaimsAdministratorForm,
        URDecisionForm,
        RepresentativeForm,
        SignatureForm,
    )
}
