"""Agreements on alternative dispute resolution."""

import pytest

from cases.enums import CheckVerdict
from cases.rules.eligibility.carve_out import check_carve_out
from tests.factories.eligibility import answer


@pytest.mark.parametrize(
    ("said", "verdict"), [(None, CheckVerdict.PASSED), (False, CheckVerdict.PASSED), (True, CheckVerdict.FAILED)]
)
def test_agreement_fails(said: bool | None, verdict: CheckVerdict) -> None:
    found = answer(check_carve_out, is_carve_out=said)
    assert (found.verdict, found.code) == (verdict, "INE-ALT")
