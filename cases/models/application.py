from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from cases.enums import FilingChannel, PartyRole, ReviewType, ServiceMethod, SignerKind
from cases.models.case import Case


class Application(models.Model):
    """The filed DWC Form IMR (8 CCR 9792.10.2). While the case is a draft anything may still be empty.

    `steps` maps a step's slug to its state. `version` grows with each save of the draft; a save that names an
    older version is refused, so two tabs never overwrite each other.

    What came by mail, fax, in person or by phone has its `channel`, the moment at which it `arrived_at`, and who took
    it; it counts as received then (8 CCR 9792.10.1(b)(1)).

    `completed_at` is set where the application was received without a valid signature and an amendment brought it: it
    counts as filed then, for what is missing does not stop the time to file.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="application")
    review_type = models.CharField(max_length=30, choices=ReviewType.choices, blank=True)
    claim_number = models.CharField(max_length=50, blank=True)
    date_of_injury = models.DateField(null=True, blank=True)
    is_cumulative_injury = models.BooleanField(default=False)
    date_of_injury_end = models.DateField(null=True, blank=True)
    wcis_number = models.CharField("WCIS jurisdictional claim number", max_length=50, blank=True)
    adj_number = models.CharField("EAMS (ADJ) case number", max_length=50, blank=True)
    employee_birth_date = models.DateField(null=True, blank=True)
    employee_sex = models.CharField(max_length=20, blank=True)
    primary_diagnosis = models.CharField(max_length=500, blank=True)
    icd_code = models.CharField("ICD code", max_length=10, blank=True)
    is_liability_disputed = models.BooleanField(null=True, blank=True)
    liability_reason = models.CharField(max_length=2000, blank=True)
    has_attorney = models.BooleanField(null=True, blank=True)
    has_designee = models.BooleanField(null=True, blank=True)
    designation_signed_on = models.DateField(null=True, blank=True)
    signer = models.CharField(max_length=10, choices=SignerKind.choices, blank=True)
    signer_name = models.CharField(max_length=150, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    consent_signed_on = models.DateField(null=True, blank=True)
    has_threat_certification = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=FilingChannel.choices, default=FilingChannel.ONLINE)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrival_taken_by = models.CharField(max_length=150, blank=True)
    attested_by_name = models.CharField(max_length=150, blank=True)
    attested_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    preset_name = models.CharField(max_length=80, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="application_claim", fields=["claim_number"]),
            models.Index(Upper("claim_number"), name="application_claim_upper"),
            models.Index(name="application_injury", fields=["date_of_injury"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="application_injury_span",
                condition=Q(date_of_injury_end__isnull=True)
                | Q(is_cumulative_injury=True, date_of_injury_end__gte=F("date_of_injury")),
            ),
            models.CheckConstraint(
                name="application_arrival_of_paper",
                condition=Q(channel=FilingChannel.ONLINE, arrived_at__isnull=True, arrival_taken_by="")
                | ~Q(channel=FilingChannel.ONLINE) & Q(arrived_at__isnull=False) & ~Q(arrival_taken_by=""),
            ),
            models.CheckConstraint(
                name="application_channel_known",
                condition=Q(channel__in=[channel.value for channel in FilingChannel]),
            ),
            models.CheckConstraint(
                name="application_review_type_known",
                condition=Q(review_type="") | Q(review_type__in=[value.value for value in ReviewType]),
            ),
            models.CheckConstraint(
                name="application_signer_known",
                condition=Q(signer="") | Q(signer__in=[value.value for value in SignerKind]),
            ),
        ]

    def __str__(self) -> str:
        return f"Application of {self.case_id}"


class PartyDetails(models.Model):
    """Who somebody is and how to reach them. A firm has `firm_name`, a person the name fields; either may do."""

    first_name = models.CharField(max_length=120, blank=True)
    middle_initial = models.CharField(max_length=5, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    firm_name = models.CharField(max_length=200, blank=True)
    specialty = models.CharField(max_length=120, blank=True)
    bar_number = models.CharField("State Bar number", max_length=20, blank=True)
    relationship = models.CharField(max_length=100, blank=True)
    address_line_1 = models.CharField("street address", max_length=200, blank=True)
    address_line_2 = models.CharField("street address, line 2", max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField("ZIP code", max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    fax = models.CharField(max_length=30, blank=True)
    email = models.EmailField("e-mail address", max_length=254, blank=True)

    class Meta:
        abstract = True

    @property
    def person_name(self) -> str:
        """First name, middle initial and last name, as far as given."""
        return " ".join(part for part in (self.first_name, self.middle_initial, self.last_name) if part)

    @property
    def display_name(self) -> str:
        """The person, the firm, or both."""
        person = self.person_name
        if person and self.firm_name:
            return f"{person}, {self.firm_name}"
        return person or self.firm_name


class Party(PartyDetails):
    """A person or firm in one role of the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=30, choices=PartyRole.choices)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(name="party_once_per_role", fields=["case", "role"]),
            models.CheckConstraint(name="party_role_known", condition=Q(role__in=[role.value for role in PartyRole])),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.case_id}"


class URDecision(models.Model):
    """The utilization review decision that is disputed (8 CCR 9792.9.1; LC 4610)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="ur_decision")
    decided_on = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    service_method = models.CharField(max_length=20, choices=ServiceMethod.choices, blank=True)
    request_received_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=50, blank=True)
    is_conditional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="urdecision_method_known",
                condition=Q(service_method="") | Q(service_method__in=[method.value for method in ServiceMethod]),
            ),
        ]

    def __str__(self) -> str:
        return f"UR decision of {self.case_id}"
