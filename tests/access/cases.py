"""Objects of the staff's and the filers' pages of a case."""

from cases.enums import CaseStatus, DocumentKind
from cases.models import Case, DisputedItem, Document
from imr.accounts.enums import Role
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import late_letter_case, make_case, make_draft

NOBODY = 9_999_999
MISSING = {"case_id": NOBODY}
CLAIMS: dict[Role, Reach] = {Role.CLAIMS_STAFF: "own", Role.CLAIMS_MANAGER: "own", Role.API_CLIENT: "own"}
READERS: dict[Role, Reach] = {
    **CLAIMS,
    Role.ADMINISTRATOR: "any",
    Role.MEDICAL_DIRECTOR: "any",
    Role.AUDITOR: "any",
}


@objects_for("cases:case-detail")
def case_page(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={
            Role.CLAIMS_STAFF: "own",
            Role.CLAIMS_MANAGER: "own",
            Role.API_CLIENT: "own",
            Role.ADMINISTRATOR: "any",
            Role.MEDICAL_DIRECTOR: "any",
            Role.AUDITOR: "any",
        },
    )


@objects_for("cases:records-add")
def case_that_takes_records(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={
            Role.CLAIMS_STAFF: "own",
            Role.CLAIMS_MANAGER: "own",
            Role.API_CLIENT: "own",
            Role.ADMINISTRATOR: "any",
            Role.MEDICAL_DIRECTOR: "any",
        },
    )


@objects_for("cases:case-give-back")
def case_under_screening(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims).pk},
        foreign={"case_id": make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any"},
    )


@objects_for(
    "cases:case-take",
    "cases:eligibility-checks",
    "cases:eligibility-facts",
    "cases:eligibility-defer",
    "cases:eligibility-consent",
    "cases:eligibility-reverse",
    "cases:information-request",
    "cases:information-receive",
    "cases:records-insufficient",
    "cases:case-end",
    "cases:case-dismiss",
    "cases:eligibility-find",
    "cases:eligibility-refuse",
    "cases:eligibility-resume",
    "cases:notice-record",
    "cases:records-complete",
)
def case_of_staff(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:eligibility-completeness")
def case_with_late_letter(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": late_letter_case(user=cast.claims).pk},
        foreign={"case_id": late_letter_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:eligibility-check")
def check_of_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk, "key": "signature"},
        foreign={"case_id": make_case(user=cast.away_claims).pk, "key": "signature"},
        missing={**MISSING, "key": "signature"},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for(
    "cases:filing-tasks",
    "cases:filing-items",
    "cases:filing-item-add",
    "cases:filing-item-add-save",
    "cases:filing-documents",
    "cases:filing-check",
    "cases:filing-precheck",
    "cases:filing-delete",
)
def draft(cast: Cast) -> Objects:
    """Drafts belong to the organization that fills them in; the IMR organization sees its own drafts alone."""
    return Objects(
        kwargs={"case_id": make_draft(cast.claims).pk},
        foreign={"case_id": make_draft(cast.away_claims).pk},
        missing=MISSING,
        reach=CLAIMS,
    )


@objects_for("cases:filing-step", "cases:filing-step-save")
def step(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_draft(cast.claims).pk, "slug": "claim"},
        foreign={"case_id": make_draft(cast.away_claims).pk, "slug": "claim"},
        missing={**MISSING, "slug": "claim"},
        reach=CLAIMS,
    )


@objects_for("cases:filing-item", "cases:filing-item-save", "cases:filing-item-remove", "cases:filing-item-move")
def item(cast: Cast) -> Objects:
    """The foreign one is the nested kind: somebody else's item under one's own application."""
    mine, theirs = make_draft(cast.claims), make_draft(cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "item_id": _first_item(mine)},
        foreign={"case_id": mine.pk, "item_id": _first_item(theirs)},
        missing={"case_id": mine.pk, "item_id": NOBODY},
        reach=CLAIMS,
    )


@objects_for("cases:filing-letter")
def letter(cast: Cast) -> Objects:
    mine, theirs = make_draft(cast.claims), make_draft(cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": _letter(mine)},
        foreign={"case_id": mine.pk, "document_id": _letter(theirs)},
        missing={"case_id": mine.pk, "document_id": NOBODY},
        reach=CLAIMS,
    )


@objects_for("cases:filing-document", "cases:filing-document-remove")
def attachment(cast: Cast) -> Objects:
    """As above: somebody else's document under one's own application."""
    mine, theirs = make_draft(cast.claims), make_draft(cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": _first_document(mine)},
        foreign={"case_id": mine.pk, "document_id": _first_document(theirs)},
        missing={"case_id": mine.pk, "document_id": NOBODY},
        reach=CLAIMS,
    )


@objects_for("cases:filing-receipt", "cases:filing-receipt-status", "cases:filing-receipt-download")
def receipt(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach=READERS,
    )


@objects_for("cases:document-download", "cases:document-view")
def document(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": _first_document(mine)},
        foreign={"case_id": theirs.pk, "document_id": _first_document(theirs)},
        missing={**MISSING, "document_id": NOBODY},
        reach=READERS,
    )


def _first_item(case: Case) -> int:
    return DisputedItem.objects.filter(case=case).values_list("pk", flat=True)[0]


def _first_document(case: Case) -> int:
    return Document.objects.filter(case=case).values_list("pk", flat=True)[0]


def _letter(case: Case) -> int:
    return Document.objects.filter(case=case, kind=DocumentKind.UR_DECISION).values_list("pk", flat=True)[0]
