"""Standing of the person who filed."""

from typing import Any

import pytest

from cases.enums import CheckVerdict, SignerKind
from cases.rules.eligibility.standing import check_standing
from tests.factories.eligibility import DAY, DECIDED, LAST_DAY, answer


def test_worker_passes() -> None:
    assert answer(check_standing).verdict == CheckVerdict.PASSED


@pytest.mark.parametrize("signer", [SignerKind.ATTORNEY, SignerKind.DESIGNEE])
def test_representative_needs_a_paper(signer: SignerKind) -> None:
    more: dict[str, Any] = {"signer": signer, "designation_signed_on": DECIDED}
    found = answer(check_standing, LAST_DAY, **more)
    assert (found.verdict, found.code, found.curable_until) == (CheckVerdict.FAILED, "INE-PARTY", LAST_DAY)
    assert answer(check_standing, is_representation_attached=True, **more).verdict == CheckVerdict.PASSED


def test_designation_follows_the_decision() -> None:
    for signed_on, verdict in (
        (DECIDED - DAY, CheckVerdict.FAILED),
        (DECIDED, CheckVerdict.PASSED),
        (DECIDED + DAY, CheckVerdict.PASSED),
        (None, CheckVerdict.FAILED),
    ):
        found = answer(
            check_standing,
            signer=SignerKind.DESIGNEE,
            is_representation_attached=True,
            designation_signed_on=signed_on,
        )
        assert found.verdict == verdict
