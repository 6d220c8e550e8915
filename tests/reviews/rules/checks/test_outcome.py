"""The outcome against the words."""

from dataclasses import replace

from cases.enums import Outcome
from reviews.rules.checks.determination import Severity
from reviews.rules.checks.outcome import check_outcome
from tests.factories.checks import ITEM, make_checked


def test_outcome_check_quotes_the_sentence_that_concludes_the_opposite() -> None:
    assert not check_outcome(make_checked())
    (finding,) = check_outcome(make_checked(replace(ITEM, outcome=Outcome.OVERTURNED)))
    assert (finding.code, finding.position, finding.severity) == ("outcome", 1, Severity.ADVICE)
    assert finding.quote == "The request is not medically necessary."
    assert "Overturned" in finding.message


def test_outcome_check_asks_for_a_missing_outcome() -> None:
    (finding,) = check_outcome(make_checked(replace(ITEM, outcome="modified")))
    assert (finding.code, finding.severity) == ("outcome_missing", Severity.GATE)


def test_finding_key_changes_with_the_words() -> None:
    wrong = replace(ITEM, outcome=Outcome.OVERTURNED)
    (first,) = check_outcome(make_checked(wrong))
    (same,) = check_outcome(make_checked(wrong))
    (other,) = check_outcome(make_checked(replace(wrong, rationale="This MRI is not medically necessary.")))
    assert first.key == same.key != other.key
