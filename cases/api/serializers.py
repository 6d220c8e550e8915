"""What the operations on cases take and give."""

from typing import Any, Final

from django import forms
from rest_framework import serializers

from cases.api.sections import SECTION_SERIALIZERS, SECTIONS, ItemAnswersSerializer
from cases.enums import (
    RECORD_KINDS,
    CaseStatus,
    DeadlineKind,
    DocumentKind,
    DocumentSource,
    IneligibilityReason,
    ItemEligibility,
    ItemStatus,
    Outcome,
    Priority,
    ReviewType,
)
from cases.forms.filing import ReviewTypeForm
from cases.forms.filing_items import SubmitForm
from cases.rules.documents import MAX_TITLE
from cases.rules.items import MAX_ITEMS
from imr.core.api.serializers import FormField, StrictSerializer
from imr.core.forms import CleanCharField, PacificDateField

MAX_PAGE: Final = 100
ORDERINGS: Final = ("received_at", "-received_at", "number", "-number", "due_at", "-due_at")
VERSION_HELP: Final = (
    "The draft's version that you saw (`draft_version` of the case). A change by somebody else since then is not "
    "overwritten: 409."
)
VERSION_MISSING: Final = "Give the draft's version that you saw (draft_version of the case)."


def version_field(*, required: bool) -> serializers.IntegerField:
    """The draft's version that the program has seen."""
    return serializers.IntegerField(
        min_value=1,
        max_value=10**9,
        required=required,
        help_text=VERSION_HELP,
        error_messages={"required": VERSION_MISSING},
    )


class CaseQuerySerializer(StrictSerializer):
    """Filters, order and page of the list of cases."""

    status = serializers.ChoiceField(choices=CaseStatus.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    received_from = FormField(
        PacificDateField(label="First day of receipt", required=False), checked=True, help_text="First day (Pacific)."
    )
    received_until = FormField(
        PacificDateField(label="Last day of receipt", required=False, latest=None),
        checked=True,
        help_text="Last day (Pacific).",
    )
    claim_number = FormField(
        CleanCharField(label="Claim number", max_length=50, required=False),
        checked=True,
        help_text="The whole claim number.",
    )
    q = FormField(
        CleanCharField(label="Search", max_length=200, required=False),
        checked=True,
        help_text="Parts of the case number, claim number or worker's name.",
    )
    ordering = serializers.ChoiceField(choices=ORDERINGS, default="-received_at", required=False)
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, default=25, required=False)
    after = serializers.CharField(required=False, max_length=500, help_text="Cursor; use `next` of the page before.")
    before = serializers.CharField(required=False, max_length=500, help_text="Cursor; use `previous`.")


class CaseSummarySerializer(serializers.Serializer[Any]):
    """A line of the list."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    number = serializers.CharField(allow_null=True, help_text="Given at submission.")
    status = serializers.ChoiceField(choices=CaseStatus.choices)
    status_label = serializers.CharField(help_text="The status in words for whoever asks.")
    priority = serializers.ChoiceField(choices=Priority.choices)
    organization = serializers.CharField(help_text="The claims administrator.")
    claim_number = serializers.CharField()
    employee_name = serializers.CharField()
    item_count = serializers.IntegerField()
    received_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="The next running deadline.")
    next_holder = serializers.CharField(help_text="Who has the next step, in words.")
    next_step = serializers.CharField(help_text="What comes next, in a sentence.")


class CasePageSerializer(serializers.Serializer[Any]):
    """A page of cases. `total` stops counting at 1,000; `total_is_more` then says that there are more."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    total = serializers.IntegerField()
    total_is_more = serializers.BooleanField()
    results = CaseSummarySerializer(many=True)


class ItemSerializer(serializers.Serializer[Any]):
    """A disputed item/service. `outcome` is told when the letter was released."""

    id = serializers.IntegerField()
    position = serializers.IntegerField()
    description = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    category_label = serializers.CharField()
    code = serializers.CharField()
    quantity = serializers.CharField()
    frequency = serializers.CharField()
    duration = serializers.CharField()
    is_retrospective = serializers.BooleanField()
    service_date = serializers.DateField(allow_null=True)
    is_associated_service = serializers.BooleanField()
    ur_outcome = serializers.CharField()
    authorized = serializers.CharField()
    remaining = serializers.CharField()
    claims_guideline_basis = serializers.CharField()
    claims_guideline_text = serializers.CharField()
    eligibility = serializers.ChoiceField(choices=ItemEligibility.choices)
    ineligibility_reason = serializers.ChoiceField(choices=[("", ""), *IneligibilityReason.choices])
    status = serializers.ChoiceField(choices=ItemStatus.choices)
    outcome = serializers.ChoiceField(choices=[("", ""), *Outcome.choices])


class DocumentSerializer(serializers.Serializer[Any]):
    """A file of the case; `sha256` in lower-case hexadecimal, `size` in bytes."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    source = serializers.ChoiceField(choices=DocumentSource.choices)  # type: ignore[assignment]
    title = serializers.CharField()
    author = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    file_name = serializers.CharField()
    size = serializers.IntegerField()
    page_count = serializers.IntegerField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()
    content_url = serializers.URLField()


class DeadlineSerializer(serializers.Serializer[Any]):
    """A clock of the case. `is_confirmed` is false where the period still has to be checked against the section."""

    kind = serializers.ChoiceField(choices=DeadlineKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    due_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    citation = serializers.CharField()
    is_confirmed = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer[Any]):
    """Where the case stands, in plain words. `clock` is the deadline that matters to the filer now."""

    now = serializers.CharField()
    next_holder = serializers.CharField(help_text="Who has the next step, in words.")
    next_step = serializers.CharField()
    clock = DeadlineSerializer(allow_null=True)


class LetterStateSerializer(serializers.Serializer[Any]):
    """Whether the final determination letter can be had."""

    state = serializers.CharField(help_text="`released`, or `none` as long as there is nothing for you.")
    released_at = serializers.DateTimeField(allow_null=True)


class LinksSerializer(serializers.Serializer[Any]):
    """Where the parts of the case are."""

    items = serializers.URLField()
    documents = serializers.URLField()
    submit = serializers.URLField(allow_null=True, help_text="While it is a draft.")
    amendments = serializers.URLField(allow_null=True, help_text="After submission.")
    receipt = serializers.URLField(allow_null=True, help_text="After submission.")
    letter = serializers.URLField(allow_null=True, help_text="When there is a letter for you.")


def _parts(*, is_required: bool) -> dict[str, Any]:
    return {
        section.name: SECTION_SERIALIZERS[section.name](
            required=is_required, allow_null=bool(section.switch), help_text=section.help_text
        )
        for section in SECTIONS
    }


class ApplicationSerializer(StrictSerializer):
    """The application by its parts, as in the DWC Form IMR."""

    review_type = FormField(ReviewTypeForm.base_fields["review_type"], required=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_parts(is_required=False)}


class ApplicationAnswersSerializer(serializers.Serializer[Any]):
    """The application as it is stored; what was not answered is empty or null."""

    review_type = serializers.ChoiceField(choices=ReviewType.choices, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **_parts(is_required=True)}


class JoinedIntoSerializer(serializers.Serializer[Any]):
    """The case in which another one goes on."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    url = serializers.URLField()


class CaseSerializer(serializers.Serializer[Any]):
    """A case with all its parts."""

    id = serializers.IntegerField()
    url = serializers.URLField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=CaseStatus.choices)
    status_label = serializers.CharField()
    priority = serializers.ChoiceField(choices=Priority.choices)
    organization = serializers.CharField()
    created_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    draft_version = serializers.IntegerField(
        allow_null=True, help_text="Grows with every change of the draft; null after submission."
    )
    application_version = serializers.IntegerField(
        allow_null=True, help_text="Grows with every change of the application; an amendment names the one it saw."
    )
    joined_into = JoinedIntoSerializer(
        allow_null=True, help_text="The surviving case of one that was merged or consolidated; null otherwise."
    )
    outcome = serializers.CharField(allow_blank=True, help_text="In words, when the letter was released; else empty.")
    progress = ProgressSerializer()
    application = ApplicationAnswersSerializer()
    items = ItemSerializer(many=True)
    documents = DocumentSerializer(many=True)
    deadlines = DeadlineSerializer(many=True)
    letter = LetterStateSerializer()
    links = LinksSerializer()


class AttestationSerializer(StrictSerializer):
    """The signature of whoever submits, and the shortcomings accepted."""

    is_attested = FormField(SubmitForm.base_fields["is_attested"])
    attested_name = FormField(SubmitForm.base_fields["attested_name"], required=False)
    confirmed = serializers.ListField(
        child=serializers.ChoiceField(choices=IneligibilityReason.choices),
        required=False,
        max_length=len(IneligibilityReason),
        help_text="Codes of the shortcomings in spite of which the application is submitted, such as `INE-UR`.",
    )


class SubmissionSerializer(AttestationSerializer):
    """What submitting a draft takes."""

    version = version_field(required=False)


class NewCaseSerializer(ApplicationSerializer):
    """A whole application. Parts may be left out while it is a draft (`submit` false)."""

    organization = serializers.IntegerField(
        required=False,
        min_value=1,
        help_text="The claims administrator's id, from the IMR organization's people. Programs file for their own.",
    )
    items = serializers.ListField(
        child=ItemAnswersSerializer(),
        required=False,
        max_length=MAX_ITEMS,
        error_messages={"max_length": f"An application holds at most {MAX_ITEMS} items."},
    )
    submit = FormField(
        forms.BooleanField(label="Submit", required=False),
        checked=True,
        help_text="False, the default, makes a draft, so that documents can be added first.",
    )
    attestation = AttestationSerializer(required=False, help_text="Needed with `submit`.")


class DraftChangeSerializer(ApplicationSerializer):
    """Answers of a draft that change; fields that are not named stay. Null for a representative says: none."""

    version = version_field(required=True)


class ItemChangeSerializer(ItemAnswersSerializer):
    """Answers of an item that change."""

    version = version_field(required=True)


class ItemListSerializer(serializers.Serializer[Any]):
    """All items of a case in their order."""

    draft_version = serializers.IntegerField(allow_null=True)
    results = ItemSerializer(many=True)


class DocumentListSerializer(serializers.Serializer[Any]):
    """All documents of a case, the earliest first."""

    results = DocumentSerializer(many=True)


class UploadSerializer(StrictSerializer):
    """A PDF of at most 200 MB and 5,000 pages, without a password, and what it is."""

    file = serializers.FileField(
        error_messages={"required": "Send the PDF as the field “file”.", "invalid": "Send the PDF as a file."},
        allow_empty_file=True,
    )
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in RECORD_KINDS],
        error_messages={"required": "Select the kind of document."},
    )
    title = FormField(CleanCharField(label="Title", max_length=MAX_TITLE, required=False), checked=True)
    author = FormField(CleanCharField(label="Author", max_length=200, required=False), checked=True)
    dated_on = FormField(PacificDateField(label="Date of the document", required=False), checked=True)
    is_name_confirmed = FormField(
        forms.BooleanField(
            label="The file belongs to this case, whatever case number its name holds",
            required=False,
        ),
        checked=True,
    )


class CategorySerializer(serializers.Serializer[Any]):
    """A kind of treatment."""

    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    is_selectable = serializers.BooleanField(help_text="Headings cannot be chosen for an item.")


class CategoryListSerializer(serializers.Serializer[Any]):
    """The taxonomy of treatments."""

    results = CategorySerializer(many=True)


class ReceiptAnswerSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


class ReceiptSectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    answers = ReceiptAnswerSerializer(many=True)


class ReceiptFileSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    title = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    page_count = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReceiptSerializer(serializers.Serializer[Any]):
    """What was filed, frozen at submission. `manifest_sha256` is the digest that the PDF prints."""

    case_number = serializers.CharField()
    received_at = serializers.DateTimeField()
    organization = serializers.CharField()
    filed_by = serializers.CharField()
    attested_by = serializers.CharField()
    review_type = serializers.CharField()
    sections = ReceiptSectionSerializer(many=True)
    files = ReceiptFileSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    manifest_sha256 = serializers.CharField()
    pdf_url = serializers.URLField(allow_null=True, help_text="Null while the PDF is being made; ask again.")
