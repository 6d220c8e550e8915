"""Rules of the application: each at its boundary day, the day before and the day after."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.enums import DocumentKind, DraftStep, ReviewType, ServiceMethod, SignerKind, UROutcome
from cases.rules.application import check_application
from cases.rules.application_facts import ApplicationFacts, ItemFacts, PersonFacts
from cases.rules.filing_dates import (
    check_birth_date,
    check_decision_dates,
    check_designation,
    check_filing_time,
    check_injury_span,
    check_signature_dates,
)
from cases.rules.finding import Severity, stopping, to_confirm
from cases.rules.items import check_items

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
ADDRESS = {"address_line_1": "100 Main Street", "city": "Sacramento", "state": "CA", "zip_code": "95814"}
PERSON = PersonFacts(first_name="Maria", last_name="Sandoval", phone="(916) 555-0134", **ADDRESS)
COMPLETE = ApplicationFacts(
    review_type=ReviewType.REGULAR,
    employee=PERSON,
    employer_name="Delta Orchards, Inc.",
    claim_number="WC-1",
    date_of_injury=date(2026, 1, 5),
    physician=replace(PERSON, specialty="Pain Management"),
    claims_administrator=replace(PERSON, firm_name="Alder Mutual"),
    diagnosis="Lumbago",
    decided_on=date(2026, 11, 2),
    served_on=date(2026, 11, 2),
    service_method=ServiceMethod.MAIL,
    is_liability_disputed=False,
    items=(ItemFacts(position=1, description="Aquatic therapy", category="1", ur_outcome=UROutcome.DENIED),),
    has_attorney=False,
    has_designee=False,
    signer=SignerKind.EMPLOYEE,
    signer_name="Maria Sandoval",
    signed_on=date(2026, 11, 10),
    consent_signed_on=date(2026, 11, 10),
    document_kinds=frozenset({DocumentKind.UR_DECISION, DocumentKind.SIGNED_FORM}),
)


def test_complete_application_has_no_findings() -> None:
    assert check_application(COMPLETE, today=TODAY) == []


def test_empty_application_names_every_step_but_the_documents_as_missing() -> None:
    found = check_application(ApplicationFacts(), today=TODAY)

    assert {one.step for one in stopping(found)} == set(DraftStep) - {DraftStep.DOCUMENTS}
    assert [one.code for one in to_confirm(found)] == ["INE-UR", "INE-SIG"]


@pytest.mark.parametrize(("offset", "is_right"), [(-1, False), (0, True), (1, True)])
def test_decision_is_not_before_the_injury(offset: int, is_right: bool) -> None:
    injury = date(2026, 3, 1)
    found = check_decision_dates(date_of_injury=injury, decided_on=injury + offset * DAY, served_on=None, today=TODAY)

    assert (found == []) is is_right
    if not is_right:
        # B15: both dates are named.
        assert "02/28/2026" in found[0].message
        assert "03/01/2026" in found[0].message


@pytest.mark.parametrize(("offset", "is_right"), [(-1, True), (0, True), (1, False)])
def test_decision_and_service_are_not_after_today(offset: int, is_right: bool) -> None:
    day = TODAY + offset * DAY
    found = check_decision_dates(date_of_injury=None, decided_on=day, served_on=day, today=TODAY)

    assert [one.field for one in found] == ([] if is_right else ["decided_on", "served_on"])


@pytest.mark.parametrize(("offset", "is_right"), [(-1, False), (0, True), (1, True)])
def test_service_is_not_before_the_decision(offset: int, is_right: bool) -> None:
    decided = date(2026, 11, 2)
    found = check_decision_dates(date_of_injury=None, decided_on=decided, served_on=decided + offset * DAY, today=TODAY)

    assert (found == []) is is_right


@pytest.mark.parametrize(("offset", "is_right"), [(-1, False), (0, True), (1, True)])
def test_designation_and_signature_are_not_before_the_decision(offset: int, is_right: bool) -> None:
    decided = date(2026, 11, 2)
    day = decided + offset * DAY

    assert (check_designation(day, decided, today=TODAY) == []) is is_right
    found = check_signature_dates(signed_on=day, consent_signed_on=day, decided_on=decided, today=TODAY)
    assert [one.field for one in found] == ([] if is_right else ["signed_on", "consent_signed_on"])


@pytest.mark.parametrize(
    ("end", "is_cumulative", "words"),
    [
        (None, False, ""),
        (date(2026, 1, 5), True, ""),
        (date(2026, 1, 6), True, ""),
        (date(2026, 1, 4), True, "cannot end on 01/04/2026, before it began on 01/05/2026"),
        (date(2026, 1, 6), False, "Remove the end date"),
        (TODAY, True, ""),
        (TODAY + DAY, True, "cannot be later than today"),
    ],
)
def test_injury_span(end: date | None, is_cumulative: bool, words: str) -> None:
    """B16."""
    found = check_injury_span(date(2026, 1, 5), end, is_cumulative=is_cumulative, today=TODAY)

    assert [bool(words)] == [bool(found)]
    assert words in "".join(one.message for one in found)


@pytest.mark.parametrize(
    ("born", "is_right"),
    [
        (date(2012, 1, 5), True),
        (date(2012, 1, 6), False),
        (date(1915, 1, 6), True),
        (date(1915, 1, 5), False),
    ],
)
def test_worker_is_14_to_110_years_old(born: date, is_right: bool) -> None:
    """B17."""
    assert (check_birth_date(born, date(2026, 1, 5), today=TODAY) == []) is is_right


@pytest.mark.parametrize(("offset", "is_late"), [(-1, True), (0, False), (1, False)])
def test_late_filing_is_a_warning_from_the_day_after(offset: int, is_late: bool) -> None:
    found = check_filing_time(TODAY + offset * DAY, today=TODAY)

    assert [one.severity for one in found] == ([Severity.WARNING] if is_late else [])


def items(number: int) -> list[ItemFacts]:
    return [replace(COMPLETE.items[0], position=at, description=f"Item {at}") for at in range(1, number + 1)]


@pytest.mark.parametrize(("number", "is_right"), [(0, False), (1, True), (60, True), (61, False)])
def test_there_are_one_to_sixty_items(number: int, is_right: bool) -> None:
    """B18."""
    assert (check_items(items(number), today=TODAY) == []) is is_right


def test_item_that_differs_in_case_and_blanks_alone_is_a_repetition() -> None:
    first, second = items(2)
    second = replace(second, description="ITEM  1")

    assert [one.message for one in check_items([first, second], today=TODAY)] == [
        "Item 2 repeats item 1. Remove one of them."
    ]


def test_modified_item_says_what_was_authorized_and_what_is_left() -> None:
    item = replace(COMPLETE.items[0], ur_outcome=UROutcome.MODIFIED)

    assert [one.field for one in check_items([item], today=TODAY)] == ["authorized", "remaining"]
    assert check_items([replace(item, authorized="3", remaining="3")], today=TODAY) == []


def test_retrospective_item_has_a_date_of_service_not_after_today() -> None:
    item = replace(COMPLETE.items[0], is_retrospective=True)

    assert [one.field for one in check_items([item], today=TODAY)] == ["service_date"]
    assert check_items([replace(item, service_date=TODAY)], today=TODAY) == []
    assert [one.severity for one in check_items([replace(item, service_date=TODAY + DAY)], today=TODAY)] == [
        Severity.ERROR
    ]


@pytest.mark.parametrize(
    ("change", "severity", "code"),
    [
        ({"document_kinds": frozenset({DocumentKind.SIGNED_FORM})}, Severity.CONFIRM, "INE-UR"),
        ({"document_kinds": frozenset({DocumentKind.UR_DECISION})}, Severity.CONFIRM, "INE-SIG"),
        ({"signer": SignerKind.UNSIGNED, "signer_name": ""}, Severity.CONFIRM, "INE-SIG"),
        ({"signer": SignerKind.ATTORNEY}, Severity.ERROR, "INE-PARTY"),
        ({"is_conditional": True}, Severity.WARNING, "INE-CNC"),
        ({"is_liability_disputed": True, "liability_reason": "Body part"}, Severity.WARNING, "INE-LIAB"),
        ({"filing_due": TODAY - DAY}, Severity.WARNING, "INE-LATE"),
        (
            {"date_of_injury": date(2012, 12, 31), "decided_on": date(2013, 6, 30), "served_on": date(2013, 7, 1)},
            Severity.WARNING,
            "INE-DATE",
        ),
        ({"typed": frozenset({DraftStep.CLAIM})}, Severity.MISSING, ""),
    ],
)
def test_reason_of_ineligibility_is_foreseen(change: dict[str, object], severity: Severity, code: str) -> None:
    found = check_application(replace(COMPLETE, **change), today=TODAY)  # type: ignore[arg-type]

    assert [(one.severity, one.code) for one in found] == [(severity, code)]


@pytest.mark.parametrize(
    ("injury", "decision"), [(date(2013, 1, 1), date(2013, 6, 30)), (date(2012, 12, 31), date(2013, 7, 1))]
)
def test_first_days_of_the_statute_are_inside_it(injury: date, decision: date) -> None:
    facts = replace(COMPLETE, date_of_injury=injury, decided_on=decision, served_on=decision)

    assert check_application(facts, today=TODAY) == []
