"""What an analyst establishes and decides about the checks, and what a decision keeps of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from cases.enums import CaseStatus, CheckVerdict
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Application, Case, CheckAnswer, EligibilityDecision, ScreeningFacts
from cases.selectors.eligibility import case_checks
from cases.services.eligibility import ItemDecision, find_eligible, find_ineligible
from cases.services.screening import FACTS, answer_check, record_screening_facts
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case

PASSED, FAILED = CheckVerdict.PASSED.value, CheckVerdict.FAILED.value


def facts(**changes: Any) -> dict[str, Any]:
    return {name: getattr(ScreeningFacts(), name) for name in FACTS} | changes


def decide(case: Case, cast: Cast, key: str = "signature", verdict: str = PASSED, **changes: str) -> CheckAnswer:
    check = case_checks(case, today=clock.today()).find(key)
    assert check is not None
    values = {"fingerprint": check.result.fingerprint, "reason": "The form bears a signature on page 2.", **changes}
    return answer_check(case_id=case.pk, actor=cast.administrator, key=key, verdict=verdict, **values)


@pytest.fixture
def unsigned(cast: Cast) -> Case:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    Application.objects.filter(case=case).update(signed_on=None)
    return case


def test_answer_settles_a_check_and_is_on_record(cast: Cast, unsigned: Case) -> None:
    assert not case_checks(unsigned, today=clock.today()).proposal.is_settled
    decide(unsigned, cast)
    found = case_checks(unsigned, today=clock.today())
    assert found.proposal.is_settled
    assert found.proposal.reason is None
    event = Event.objects.get(action="eligibility.check_answered", case_id=unsigned.pk)
    assert event.detail == {"check": "signature", "found": "needs_person", "decided": "passed"}


def test_answer_is_stale_once_the_facts_change_and_the_check_speaks_again(cast: Cast, unsigned: Case) -> None:
    decide(unsigned, cast)
    Application.objects.filter(case=unsigned).update(signed_on=clock.today() + timedelta(days=3))
    check = case_checks(unsigned, today=clock.today()).find("signature")
    assert check is not None
    assert check.is_stale
    assert check.verdict == CheckVerdict.NEEDS_PERSON


def test_later_answer_supersedes_and_keeps_the_former(cast: Cast, unsigned: Case) -> None:
    first, second = decide(unsigned, cast), decide(unsigned, cast, verdict=FAILED)
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert case_checks(unsigned, today=clock.today()).proposal.reason == "INE-SIG"
    with pytest.raises(ProgrammingError), transaction.atomic():
        CheckAnswer.objects.filter(pk=second.pk).update(reason="another")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"verdict": "needs_person"}, "verdict"), ({"verdict": ""}, "verdict"), ({"reason": " "}, "reason")],
)
def test_answer_without_verdict_or_reason_is_refused(
    cast: Cast, unsigned: Case, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(IncompleteError) as refused:
        decide(unsigned, cast, **changes)
    assert list(refused.value.fields) == [field]


def test_answer_on_what_was_seen_before_the_facts_changed_is_refused(cast: Cast, unsigned: Case) -> None:
    with pytest.raises(ConflictError, match="changed since you saw"):
        decide(unsigned, cast, fingerprint="0" * 64)


def test_facts_change_what_the_checks_answer(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, is_liability_disputed=True, liability_reason="Body part")
    assert case_checks(case, today=clock.today()).proposal.is_deferral
    record_screening_facts(case_id=case.pk, actor=cast.administrator, facts=facts(has_consent_to_review=True))
    assert case_checks(case, today=clock.today()).proposal.reason is None
    event = Event.objects.get(action="eligibility.facts", case_id=case.pk)
    assert event.detail == {"changed": ["has_consent_to_review"]}


def test_nothing_is_changed_after_the_decision(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    with pytest.raises(TransitionError, match="eligibility is decided"):
        record_screening_facts(case_id=case.pk, actor=cast.administrator, facts=facts())
    with pytest.raises(TransitionError, match="eligibility is decided"):
        decide(case, cast)


def test_decision_that_departs_from_the_checks_needs_a_note_and_keeps_what_they_answered(
    cast: Cast, unsigned: Case
) -> None:
    items = {item.pk: ItemDecision(is_eligible=True) for item in unsigned.items.all()}
    with pytest.raises(IncompleteError, match="wait for a person"):
        find_eligible(case_id=unsigned.pk, actor=cast.administrator, items=items)
    with pytest.raises(IncompleteError, match="wait for a person"):
        find_ineligible(case_id=unsigned.pk, actor=cast.administrator, reason="INE-SIG")
    decide(unsigned, cast)
    with pytest.raises(IncompleteError, match="not what the checks amount to"):
        find_ineligible(case_id=unsigned.pk, actor=cast.administrator, reason="INE-LATE")
    find_eligible(case_id=unsigned.pk, actor=cast.administrator, items=items)
    kept = {one["check"]: one for one in EligibilityDecision.objects.get(case=unsigned).checks}
    assert (kept["signature"]["verdict"], kept["signature"]["decided"]) == ("needs_person", "passed")
    assert kept["signature"]["reason"] == "The form bears a signature on page 2."
    assert kept["signature"]["by"] == cast.administrator.pk
