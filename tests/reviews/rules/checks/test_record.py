"""What is said not to be in the record."""

import pytest

from reviews.rules.checks.determination import Severity
from reviews.rules.checks.record import absences, check_record
from tests.factories.checks import Pages, alarms, checked_pair


@pytest.mark.parametrize(
    ("rationale", "terms"),
    [
        ("There is no documentation of a failed strengthening program.", ("failed", "strengthening", "program")),
        ("There is no evidence of functional improvement with it.", ("functional", "improvement")),
        ("Without evidence of instability, it is not needed.", ("instability",)),
        ("The records do not show a pain agreement, or a test.", ("pain", "agreement")),
        ("The provider doesn’t document spasm.", ("spasm",)),
        ("There is no drug intolerance noted.", ("drug", "intolerance")),
        ("No psychological evaluation is in the file.", ("psychological", "evaluation")),
        ("Sleep hygiene was not discussed.", ("sleep", "hygiene")),
        ("The file lacks a pain agreement.", ("pain", "agreement")),
        ("He has no history of ulcer or bleeding, so there is no risk.", ("ulcer",)),
        ("There was no mention of 50% relief.", ("50", "relief")),
    ],
)
def test_absences_are_read_with_terms_to_look_for(rationale: str, terms: tuple[str, ...]) -> None:
    assert [absence.terms for absence in absences(rationale)] == [terms]


@pytest.mark.parametrize(
    "rationale",
    [
        "The request is not medically necessary.",
        "Guidelines state that there is no evidence of benefit from bed rest.",
        "Lumbar supports have not been shown to have lasting benefit.",
        "No documentation is needed.",
    ],
)
def test_absences_leave_general_words_alone(rationale: str) -> None:
    assert absences(rationale) == ()


def test_record_check_lists_the_pages_that_mention_it() -> None:
    rationale = "There is no documentation of a pain agreement. There is no evidence of weakness."
    pages = Pages("The pain agreement was signed in May.", "Normal.", "Pain agreement renewed.")
    (finding,) = check_record(checked_pair("Norco", rationale, pages=pages))
    assert pages.asked == [("pain", "agreement"), ("weakness",)]
    assert (finding.code, finding.severity) == ("not_in_record", Severity.ADVICE)
    assert "Progress report, page 1, and 1 other page mention" in finding.message
    assert [page["page"] for page in finding.data["pages"]] == [1, 3]  # type: ignore[attr-defined]


def test_pages_that_deny_it_too_are_no_advice() -> None:
    rationale = "He has no history of ulcer, so there is no risk."
    denying = "There is no history of ulcer or bleeding."
    (note,) = check_record(checked_pair("Omeprazole", rationale, pages=Pages(denying, "Normal.", denying)))
    assert (note.severity, alarms([note])) == (Severity.NOTE, [])
    assert "page 1, and 1 other page mention “ulcer” as absent, too" in note.message
    (finding,) = check_record(checked_pair("Omeprazole", rationale, pages=Pages(denying, "An ulcer was treated.")))
    assert finding.severity == Severity.ADVICE
    assert [page["page"] for page in finding.data["pages"]] == [2]  # type: ignore[attr-defined]


def test_record_check_without_records_only_lists() -> None:
    findings = check_record(checked_pair("Norco", "There is no documentation of a pain agreement."))
    assert [finding.severity for finding in findings] == [Severity.NOTE]
    assert not alarms(findings)
