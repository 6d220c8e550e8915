"""What a rationale concludes: the many ways to say it, and the many that only look like it."""

import pytest

from cases.enums import Outcome
from reviews.rules.checks.verdict import concluding_verdict, verdicts

DENIED = """
The request is not medically necessary.
Therefore, the request is not-medically necessary.
The MRI does not appear medically necessary.
It cannot be deemed medically necessary.
This is not a medical necessity.
Medical necessity is not established.
The medical necessity of the requested 12 sessions has not been established.
There is no documentation to support the medical necessity of the request.
The request is not, in my opinion, medically necessary.
The request is neither reasonable nor medically necessary.
As the requested surgical intervention is not medically necessary, the associated service is not medically necessary.
As the primary procedure is not medically necessary, none of the associated services are medically necessary.
The request is not supported.
Therefore, the request is not certified.
Thus, this request is non-certified.
As such, the requested MRI is not indicated.
The request isn’t medically necessary.
The request is not medically necessary. Opioids should not be stopped abruptly; weaning is medically necessary.
The requested treatment is not medically neccessary.
The request for 12 sessions would not be medically necessary.
Based on the above, the denial is upheld for the request.
The records fail to establish medical necessity.
The request is medically unnecessary.
While some therapy would be medically necessary if gains were shown, this request is not medically necessary.
The treating physician states that the drug is medically necessary. I do not find the request medically necessary.
It is not clear why the request is medically necessary.
I cannot say the request is medically necessary.
There is insufficient documentation that the requested brace is medically necessary.
ODG states that visits are recommended as determined to be medically necessary. This visit isn't medically necessary.
The request is considered medically not necessary
"""
GRANTED = """
The request is medically necessary.
Therefore, MRI of the right knee is medically necessary.
The claims administrator found that it was not medically necessary. The requested surgery is medically necessary.
Medical necessity is established.
Medical necessity has therefore been demonstrated for this request.
The records support the medical necessity of the request.
As there is no improvement with conservative care, the request is medically necessary.
Given that he has not improved with therapy the requested injection is medically necessary.
Therefore, the requested MRI is indicated.
I find the request to be medically necessary.
The denial of this request is overturned.
Despite the lack of an earlier X-ray, the requested MRI is medically necessary.
The request is not only consistent with the MTUS; it is medically necessary.
"""
SILENT = """
The request would be medically necessary if red flags were documented.
MRI is medically necessary when red flags are present.
To be considered medically necessary, there must be functional gain.
The request was reviewed.
The guidelines require that medical necessity be shown.
Weaning is medically necessary.
Workers are entitled to medically necessary treatment.
Although the surgery is medically necessary, a machine for ice is not.
As the surgery is medically necessary, twelve visits could follow.
The first six visits are medically necessary, but the rest is for the next report.
The letter calls the request “medically necessary” without more.
"""


@pytest.mark.parametrize(
    ("rationale", "outcome"),
    [(line, outcome) for block, outcome in ((DENIED, Outcome.UPHELD), (GRANTED, Outcome.OVERTURNED), (SILENT, None))
     for line in block.strip().splitlines()],
)  # fmt: skip
def test_verdict_is_read_in_its_many_forms(rationale: str, outcome: Outcome | None) -> None:
    verdict = concluding_verdict(rationale)
    assert (verdict.outcome if verdict else None) == outcome


def test_verdict_is_silent_when_the_rationale_says_both() -> None:
    both = "The request for six visits is medically necessary. The request for twelve is not medically necessary."
    assert {verdict.outcome for verdict in verdicts(both)} == set(Outcome)
    assert concluding_verdict(both) is None
