"""Objects of the pages of intake: duplicates, and what happens to applications at and after their entry."""

from datetime import timedelta

from cases.enums import CaseStatus
from cases.models import Case, ReceiptCorrection
from cases.services.receipt_correction import propose_receipt
from imr.accounts.enums import Role
from imr.core import clock
from tests.access.cases import CLAIMS, NOBODY
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.batches import make_batch
from tests.factories.cases import make_case
from tests.factories.paper import key_in


@objects_for("cases:duplicate-list")
def screened_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing={"case_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:duplicate-compare")
def two_cases(cast: Cast) -> Objects:
    mine, other, theirs = (make_case(user=user) for user in (cast.claims, cast.claims, cast.away_claims))
    return Objects(
        kwargs={"case_id": mine.pk, "other_id": other.pk},
        foreign={"case_id": theirs.pk, "other_id": other.pk},
        missing={"case_id": mine.pk, "other_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:batch-detail", "cases:batch-status", "cases:batch-go-on")
def batch(cast: Cast) -> Objects:
    return Objects(
        kwargs={"batch_id": make_batch(cast.claims).pk},
        foreign={"batch_id": make_batch(cast.away_claims).pk},
        missing={"batch_id": NOBODY},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:batch-download")
def batch_results(cast: Cast) -> Objects:
    return Objects(
        kwargs={"batch_id": make_batch(cast.claims).pk, "which": "results"},
        foreign={"batch_id": make_batch(cast.away_claims).pk, "which": "results"},
        missing={"batch_id": NOBODY, "which": "results"},
        reach={**CLAIMS, Role.ADMINISTRATOR: "any"},
    )


@objects_for("cases:filing-arrival")
def keyed_in_draft(cast: Cast) -> Objects:
    """Only administrators key in, and each has their own drafts."""
    mine, theirs = (key_in(user, cast.home) for user in (cast.administrator, cast.other_administrator))
    return Objects(
        kwargs={"case_id": mine.pk},
        foreign={"case_id": theirs.pk},
        missing={"case_id": NOBODY},
        reach={Role.ADMINISTRATOR: "own"},
    )


@objects_for("cases:receipt-correct")
def received_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing={"case_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("cases:receipt-decide")
def proposed_correction(cast: Cast) -> Objects:
    mine, theirs = (_proposed(make_case(user=user), cast) for user in (cast.claims, cast.away_claims))
    return Objects(
        kwargs={"case_id": mine.case_id, "correction_id": mine.pk},
        foreign={"case_id": theirs.case_id, "correction_id": theirs.pk},
        missing={"case_id": mine.case_id, "correction_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )


def _proposed(case: Case, cast: Cast) -> ReceiptCorrection:
    return propose_receipt(
        case_id=case.pk,
        actor=cast.other_administrator,
        corrected_at=clock.now() - timedelta(hours=3),
        reason="The fax journal says so.",
    )


@objects_for("cases:case-expedite", "cases:case-consolidate")
def case_under_way(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims).pk},
        foreign={"case_id": make_case(CaseStatus.AWAITING_RECORDS, user=cast.away_claims).pk},
        missing={"case_id": NOBODY},
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )
