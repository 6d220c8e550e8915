"""Applications of the demo that were amended after they were filed, and a change of the law that waits."""

from typing import Any

from cases.enums import CaseStatus, CorrectionState, DraftStep, ReferenceAct
from cases.models import Application, ApplicationVersion, LegalParameter, ReferenceChange
from cases.selectors.reference_kind import KINDS
from cases.services.amendment import amend_application
from cases.services.reference_change import propose_change
from imr.accounts.models import User
from reviews.demo.filing import Cast

_FIGURE = "electronic_extension"


def amend_applications(cast: Cast) -> None:
    """One case with two versions, one whose eligibility somebody has to look at again, one that is with the reviewer.

    Nothing happens a second time.
    """
    filer = cast.filer("sierra")
    _amend("SC-2026-00931", filer, DraftStep.CLAIM, "The number was assigned after filing.", wcis_number="26-0418-7731")
    _amend(
        "HL-26-54790",
        cast.filer("harbor"),
        DraftStep.UR_DECISION,
        "The claim for the neck was disputed after we had filed.",
        is_liability_disputed=True,
        liability_reason="The neck was not accepted as part of the claim.",
    )
    _amend(
        "SC-2026-00842",
        cast.administrator,
        DraftStep.UR_DECISION,
        "The code on the UR decision letter was misread.",
        icd_code="M54.59",
    )


def propose_reference_change(cast: Cast) -> None:
    """A correction of a figure waits for a second person; nothing happens a second time."""
    row = LegalParameter.objects.filter(name=_FIGURE, in_force_until=None).first()
    if row is None or ReferenceChange.objects.filter(state=CorrectionState.PROPOSED).exists():
        return
    kind = KINDS["figures"]
    values = {**kind.values_of(row), "note": "To be confirmed. Asked of counsel; until the answer the figure stays."}
    propose_change(
        kind=kind,
        act=ReferenceAct.CORRECT,
        actor=cast.administrator,
        values=values,
        reason="For the file: counsel was asked which section governs.",
        object_id=row.pk,
    )


def _amend(claim_number: str, actor: User, step: DraftStep, reason: str, **answers: Any) -> None:
    application = Application.objects.filter(claim_number=claim_number).select_related("case").first()
    if application is None or application.case.status == CaseStatus.DRAFT:
        return
    if ApplicationVersion.objects.filter(case=application.case).exists():
        return
    amend_application(
        case_id=application.case_id, actor=actor, steps={step: answers}, reason=reason, version=application.version
    )
