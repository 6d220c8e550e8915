"""A rationale that is none."""

from reviews.rules.checks.determination import Severity
from reviews.rules.checks.rationale import check_rationale
from tests.factories.checks import checked_pair, make_checked


def test_rationale_check_finds_what_is_missing_or_too_short() -> None:
    assert not check_rationale(make_checked())
    assert not check_rationale(
        checked_pair("Crutches", "As the surgery is not medically necessary, neither are crutches.")
    )
    (empty,) = check_rationale(checked_pair("MRI", "  \n"))
    assert (empty.code, empty.severity) == ("rationale_empty", Severity.GATE)
    (short,) = check_rationale(checked_pair("MRI", "It is not medically necessary."))
    assert (short.code, short.severity) == ("rationale_short", Severity.ADVICE)
