"""What the claims administrator has to tell of the end of a dispute."""

import pytest

from cases.enums import EndingKind, EndingSource
from cases.rules.ending import is_owed_by_claims, is_own_report


@pytest.mark.parametrize("kind", EndingKind)
@pytest.mark.parametrize("source", EndingSource)
def test_claims_administrator_owes_all_but_the_workers_withdrawal(kind: EndingKind, source: EndingSource) -> None:
    owes = kind != EndingKind.EMPLOYEE_WITHDREW
    is_own = source == EndingSource.CLAIMS_ADMINISTRATOR
    assert is_own_report(kind, source) is (owes and is_own)
    assert is_owed_by_claims(kind, source) is (owes and not is_own)
