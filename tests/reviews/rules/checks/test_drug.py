"""Drugs by brand, substance, class and misspelling."""

import pytest

from reviews.rules.checks.drug import check_drug
from tests.factories.checks import checked_pair

DENIED = "The request is not medically necessary."


@pytest.mark.parametrize(
    ("item", "rationale"),
    [
        ("Norco 10/325mg #60", "Percocet has not restored function. The opioid is not medically necessary."),
        ("Soma 350mg", "The request for Flexeril is not medically necessary."),
        ("Naproxen 550mg", "PPIs protect NSAID users. The medical necessity of Prilosec is not established."),
        ("Prilosec 20mg", f"Naproxen is given to a man of 40. {DENIED}"),
        (
            "Tizanidine 4mg",
            f"Norflex is approved for acute pain by the FDA. Muscle relaxants are for short use. {DENIED}",
        ),
    ],
)
def test_drug_check_finds_another_drug(item: str, rationale: str) -> None:
    (finding,) = check_drug(checked_pair(item, rationale))
    assert finding.code == "drug"
    assert finding.quote in rationale


@pytest.mark.parametrize(
    ("item", "rationale"),
    [
        ("Norco 10/325mg #60", f"Hydrocodone did not help. {DENIED}"),
        ("Diazepam 10mg", f"He takes diazempam with Norco. {DENIED}"),
        ("Tylenol #3", f"Codeine did not help. {DENIED}"),
        ("MS Contin 30mg", f"Morphine did not help. {DENIED}"),
        ("Lyrica 75mg", f"Gabapentin was not tried first. {DENIED}"),
        ("Norco 10/325mg", f"Opioids such as Percocet are for short use. {DENIED}"),
        ("Celebrex 200mg", f"The NSAID is not needed. Norco is taken for pain. {DENIED}"),
        ("Prilosec 20mg", "As the request for naproxen is not medically necessary, its shield is not either."),
        ("Omeprazole 20mg", f"Treatment so far was rest, ibuprofen and therapy. {DENIED}"),
        ("Urine drug test", f"Norco is taken. {DENIED}"),
        ("Gym", f"Norco is taken. {DENIED}"),
    ],
)
def test_drug_check_lets_names_of_the_same_drug_be(item: str, rationale: str) -> None:
    assert not check_drug(checked_pair(item, rationale))
