"""Turning pages, dividing a document, joining several."""

from cases.models import Arrangement, Case, Document
from cases.services.arrangement import turn_document
from imr.accounts.enums import Role
from tests.access.cases import CLAIMS, MISSING, NOBODY
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document


@objects_for("cases:document-turn", "cases:document-divide")
def arranged_document(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk, "document_id": make_document(mine).pk},
        foreign={"case_id": theirs.pk, "document_id": make_document(theirs).pk},
        missing={**MISSING, "document_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:document-join")
def case_with_documents(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk},
        foreign={"case_id": theirs.pk},
        missing={"case_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:arrangement-detail")
def arrangement_of_a_case(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    own, other = _turning(mine), _turning(theirs)
    return Objects(
        kwargs={"case_id": mine.pk, "arrangement_id": own.pk},
        foreign={"case_id": theirs.pk, "arrangement_id": other.pk},
        missing={"case_id": mine.pk, "arrangement_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


def _turning(case: Case) -> Arrangement:
    document = Document.objects.filter(case=case).first() or make_document(case)
    return turn_document(document_id=document.pk, actor=case.created_by, turns={90: [1]})
