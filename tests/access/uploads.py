"""Uploads in pieces, and what is done to one document of a case."""

from uuid import UUID

from cases.models import Case, Document
from imr.accounts.enums import Role
from tests.access.cases import CLAIMS, MISSING, NOBODY, case_that_takes_records
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_upload


@objects_for("cases:upload-begin")
def case_for_uploads(cast: Cast) -> Objects:
    return case_that_takes_records(cast)


@objects_for("cases:upload-piece", "cases:upload-finish", "cases:upload-discard")
def arriving_upload(cast: Cast) -> Objects:
    """An upload exists for the person who began it alone; the foreign one is a colleague's, to the same case."""
    case = make_case(user=cast.claims)
    mine = make_upload(case, cast.claims)
    theirs = make_upload(case, cast.colleague)
    return Objects(
        kwargs={"case_id": case.pk, "token": mine.token},
        foreign={"case_id": case.pk, "token": theirs.token},
        missing={"case_id": case.pk, "token": UUID(int=0)},
        reach={Role.CLAIMS_STAFF: "own"},
    )


@objects_for("cases:document-replace", "cases:document-describe")
def replaced_document(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": _first_document(mine)},
        foreign={"case_id": theirs.pk, "document_id": _first_document(theirs)},
        missing={**MISSING, "document_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:document-late")
def late_document(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": make_document(mine, lateness="after_complete").pk},
        foreign={"case_id": theirs.pk, "document_id": make_document(theirs, lateness="after_complete").pk},
        missing={**MISSING, "document_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


def _first_document(case: Case) -> int:
    return Document.objects.filter(case=case).values_list("pk", flat=True)[0]
