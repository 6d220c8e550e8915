"""One application without a fault, and the reviewed figures of law."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from cases.enums import ServiceMethod, SignerKind, UROutcome
from cases.rules.deadlines_law import LawBook
from cases.rules.eligibility.facts import DisputedTreatment, EligibilityFacts
from cases.rules.eligibility.result import CheckResult
from cases.services.reference import fixture_book

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
# Thirty days after service lies Monday 11/16/2026.
DECIDED = date(2026, 10, 16)
SERVED = date(2026, 10, 17)
RECEIVED = date(2026, 11, 10)
LAST_DAY = date(2026, 11, 16)
ITEM = DisputedTreatment(position=1, description="Aquatic therapy, 12 sessions", ur_outcome=UROutcome.DENIED)
SOUND = EligibilityFacts(
    received_on=RECEIVED,
    date_of_injury=date(2026, 1, 5),
    decided_on=DECIDED,
    served_on=SERVED,
    service_method=ServiceMethod.PERSONAL,
    is_ur_attached=True,
    is_liability_disputed=False,
    signer=SignerKind.EMPLOYEE,
    signer_name="Maria Sandoval",
    signed_on=date(2026, 10, 30),
    is_form_attached=True,
    items=(ITEM,),
)


def facts(**changes: Any) -> EligibilityFacts:
    """The sound application with these facts changed."""
    return replace(SOUND, **changes)


@cache
def figures() -> LawBook:
    """The figures of the repository."""
    return fixture_book()


def answer(check: Any, today: date = TODAY, **changes: Any) -> CheckResult:
    """The one answer of `check` to the sound application with `changes`."""
    (result,) = check(facts(**changes), figures(), today)
    assert isinstance(result, CheckResult)
    return result
