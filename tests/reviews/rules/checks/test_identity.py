"""Numbers and names of somebody else."""

import pytest

from reviews.rules.checks.identity import check_identity
from tests.factories.checks import checked_pair


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("See CM14-0098765.", ["foreign_case_number"]),
        ("See cm26-0000123.", []),
        ("Claim number: 06-4471289.", ["foreign_claim_number"]),
        ("Claim no. WC-777-12.", []),
        ("As in claim SC-2026-00777, he walks.", ["foreign_claim_number"]),
        ("As in claim WC-777-12, he walks.", []),
        ("The claim well-known since 2019 is his.", []),
        ("ADJ8812345 is his.", ["foreign_claim_number"]),
        ("The claim number is later to be sent.", []),
        ("Ms. Vega walks.", ["foreign_name"]),
        ("Mr. Okafor walks.", []),
    ],
)
def test_identity_check_knows_the_case_s_own(words: str, codes: list[str]) -> None:
    rationale = f"{words} The request is not medically necessary."
    case = checked_pair("Gym", rationale, claim_numbers=("WC 777 12",), names=("Daniel Okafor",))
    assert [finding.code for finding in check_identity(case)] == codes


def test_identity_check_without_names_compares_none() -> None:
    assert not check_identity(checked_pair("Gym", "Ms. Vega walks."))
    (finding,) = check_identity(checked_pair("Gym", "It is needed.", summary="Claim number: 06-4471289."))
    assert (finding.position, finding.place) == (None, "summary")
