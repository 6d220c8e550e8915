"""What an analyst establishes and decides while a case is checked for eligibility (8 CCR 9792.10.3)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseStatus, CheckVerdict
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Case, CheckAnswer, ScreeningFacts
from cases.selectors.completeness import SCREENED
from cases.selectors.eligibility import case_checks
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError

FACTS = (
    "is_form_withheld",
    "form_served_on",
    "form_service_method",
    "liability_resolved_on",
    "liability_notice_method",
    "has_consent_to_review",
    "is_formulary",
    "is_carve_out",
    "wcab_untimely_on",
)


@transaction.atomic
def record_screening_facts(*, case_id: int, actor: User, facts: Mapping[str, Any]) -> ScreeningFacts:
    """The facts are on record, and every check answers from them. `facts` has all of `FACTS`.

    Raises `TransitionError` (409) when the case is no longer checked for eligibility.
    """
    case = _open_case(case_id)
    former = ScreeningFacts.objects.filter(case=case).first() or ScreeningFacts(case=case)
    changed = sorted(name for name in FACTS if getattr(former, name) != facts[name])
    values = {name: facts[name] for name in FACTS}
    row, _ = ScreeningFacts.objects.update_or_create(
        case=case, defaults={**values, "changed_by": actor, "changed_at": clock.now()}
    )
    record(
        action="eligibility.facts",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        detail={"changed": changed},
    )
    return row


@transaction.atomic
def answer_check(*, case_id: int, actor: User, key: str, fingerprint: str, verdict: str, reason: str) -> CheckAnswer:
    """A person has decided the check `key`: passed or failed, with the reason; an earlier answer is superseded.

    `fingerprint` is that of the result which the person saw. Raises `ConflictError` (409) when the check answers
    something else by now, `IncompleteError` without a verdict or a reason, `TransitionError` (409) when the case is
    no longer checked for eligibility.
    """
    case = _open_case(case_id)
    problems = {}
    if verdict not in {CheckVerdict.PASSED, CheckVerdict.FAILED}:
        problems["verdict"] = ["Choose whether the check is passed or failed."]
    if not reason.strip():
        problems["reason"] = ["Write why, in a sentence."]
    if problems:
        raise IncompleteError("Decide the check and say why.", fields=problems)
    check = case_checks(case, today=clock.today()).find(key)
    if check is None or check.result.fingerprint != fingerprint:
        raise ConflictError("The facts have changed since you saw this check. Look at it again.")
    CheckAnswer.objects.filter(case=case, key=key, superseded_at__isnull=True).update(superseded_at=Now())
    answer = CheckAnswer.objects.create(
        case=case,
        key=key,
        verdict=verdict,
        reason=reason,
        result=check.result.as_json(),
        fingerprint=fingerprint,
        answered_by=actor,
    )
    record(
        action="eligibility.check_answered",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        reason=reason,
        detail={"check": key, "found": check.result.verdict.value, "decided": verdict},
    )
    return answer


def _open_case(case_id: int) -> Case:
    case = lock_case(case_id)
    if CaseStatus(case.status) not in SCREENED:
        raise TransitionError(
            f"The case is “{CaseStatus(case.status).label}”; eligibility is decided, and what was known then stays."
        )
    return case
