"""Each screening rule on its boundary day, the day before and the day after."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reviews.enums import ConflictRelation, LicenseKind, LicenseStatus, VerificationKind
from reviews.rules.facts import (
    AbsenceFacts,
    CaseFacts,
    CertificationFacts,
    LicenseFacts,
    PartyFacts,
    ReviewerFacts,
    TieFacts,
    VerificationFacts,
)
from reviews.rules.screening import (
    Check,
    Result,
    check_availability,
    check_credentials,
    failures,
    screen,
    warnings,
)
from reviews.rules.standing import Standing, next_due, standing_of
from reviews.rules.states import in_letter_order

ON = date(2026, 6, 30)
DAY = timedelta(days=1)


def verified(kind: VerificationKind, due: date = date(2028, 1, 1), ok: bool = True) -> VerificationFacts:
    return VerificationFacts(kind=kind, is_satisfactory=ok, due_again_on=due)


LICENSE = LicenseFacts(
    state="CA",
    kind=LicenseKind.MD,
    status=LicenseStatus.ACTIVE,
    expires_on=date(2027, 12, 31),
    verification=verified(VerificationKind.LICENSE),
)
CERTIFICATION = CertificationFacts(
    board="American Board of Orthopaedic Surgery",
    specialty="Orthopedic Surgery",
    expires_on=None,
    verification=verified(VerificationKind.CERTIFICATION),
)
REVIEWER = ReviewerFacts(
    is_active=True,
    years_in_practice=20,
    hours_per_week=40,
    practice_attested_on=date(2026, 3, 1),
    load=0,
    maximum_load=10,
    licenses=[LICENSE],
    certifications=[CERTIFICATION],
    sanctions_verification=verified(VerificationKind.SANCTIONS),
)
CASE = CaseFacts()


def found(code: str, reviewer: ReviewerFacts = REVIEWER, case: CaseFacts = CASE, on: date = ON) -> Check:
    return next(check for check in screen(reviewer, case, on) if check.code == code)


def test_reviewer_in_order_passes_every_rule_with_its_citation() -> None:
    checks = screen(REVIEWER, CASE, ON)
    assert {check.result for check in checks} == {Result.PASS}
    assert len({check.code for check in checks}) == len(checks) == 12
    assert all(check.citation and check.words.endswith(".") for check in checks)


@pytest.mark.parametrize(("on", "result"), [(ON - DAY, "pass"), (ON, "pass"), (ON + DAY, "fail")])
def test_license_holds_through_its_last_day(on: date, result: str) -> None:
    reviewer = replace(REVIEWER, licenses=[replace(LICENSE, expires_on=ON)])
    check = found("license", reviewer, on=on)
    assert check.result == result
    if result == "fail":
        assert check.words == "The California license on file expired on 06/30/2026."


@pytest.mark.parametrize(("on", "result"), [(ON - DAY, "pass"), (ON, "pass"), (ON + DAY, "fail")])
@pytest.mark.parametrize("code", ["license", "certification", "sanctions"])
def test_verification_holds_through_the_day_it_is_due_again(code: str, on: date, result: str) -> None:
    reviewer = replace(
        REVIEWER,
        licenses=[replace(LICENSE, verification=verified(VerificationKind.LICENSE, ON))],
        certifications=[replace(CERTIFICATION, verification=verified(VerificationKind.CERTIFICATION, ON))],
        sanctions_verification=verified(VerificationKind.SANCTIONS, ON),
    )
    assert found(code, reviewer, on=on).result == result


@pytest.mark.parametrize("status", [LicenseStatus.RESTRICTED, LicenseStatus.SUSPENDED, LicenseStatus.INACTIVE])
def test_license_that_is_not_active_and_unrestricted_fails(status: LicenseStatus) -> None:
    check = found("license", replace(REVIEWER, licenses=[replace(LICENSE, status=status)]))
    assert check.result == Result.FAIL
    assert status.label.lower() in check.words


def test_one_good_license_is_enough_and_another_state_than_california_warns() -> None:
    lapsed = replace(LICENSE, expires_on=ON - DAY)
    assert found("license", replace(REVIEWER, licenses=[lapsed, replace(LICENSE, state="NV")])).result == Result.WARN
    both = replace(REVIEWER, licenses=[replace(LICENSE, state="NV"), LICENSE])
    assert found("license", both).result == Result.PASS
    assert found("license", replace(REVIEWER, licenses=[])).result == Result.FAIL


@pytest.mark.parametrize(
    ("verification", "words"),
    [
        (None, "The California license on file has not been verified."),
        (verified(VerificationKind.LICENSE, ok=False), "The California license on file did not pass its last"),
        (verified(VerificationKind.LICENSE, ON - DAY), "due for verification since 06/29/2026"),
    ],
)
def test_license_without_a_good_verification_fails(verification: VerificationFacts | None, words: str) -> None:
    check = found("license", replace(REVIEWER, licenses=[replace(LICENSE, verification=verification)]))
    assert check.result == Result.FAIL
    assert words in check.words


@pytest.mark.parametrize(
    ("kind", "result"), [(LicenseKind.MD, "fail"), (LicenseKind.DO, "fail"), (LicenseKind.DC, "pass")]
)
def test_board_certification_is_for_physicians(kind: LicenseKind, result: str) -> None:
    reviewer = replace(REVIEWER, licenses=[replace(LICENSE, kind=kind)], certifications=[])
    assert found("certification", reviewer).result == result


def test_lapsed_medical_license_beside_a_valid_other_one_asks_for_no_board() -> None:
    licenses = [replace(LICENSE, expires_on=ON - DAY), replace(LICENSE, kind=LicenseKind.DC)]
    assert found("certification", replace(REVIEWER, licenses=licenses, certifications=[])).result == Result.PASS


@pytest.mark.parametrize(
    ("kind", "category", "result"),
    [
        (LicenseKind.MD, "surgery-spine-surgery", "pass"),
        (LicenseKind.DO, "pharmaceuticals-opioids", "pass"),
        (LicenseKind.MD, "", "pass"),
        (LicenseKind.DC, "rehabilitation-chiropractic", "pass"),
        (LicenseKind.DC, "rehabilitation-acupuncture", "warn"),
        (LicenseKind.DC, "", "warn"),
        (LicenseKind.DC, "pharmaceuticals-opioids", "fail"),
        (LicenseKind.DC, "surgery-spine-surgery", "fail"),
        (LicenseKind.DC, "injection-facet-injection", "fail"),
        (LicenseKind.PSYD, "psychological-services-psychological-therapies", "pass"),
        (LicenseKind.PSYD, "programs-functional-restoration", "warn"),
        (LicenseKind.PSYD, "pharmaceuticals-opioids", "fail"),
        (LicenseKind.LAC, "rehabilitation-acupuncture", "pass"),
        (LicenseKind.LAC, "rehabilitation-chiropractic", "warn"),
        (LicenseKind.LAC, "injection", "fail"),
        (LicenseKind.DPM, "surgery-non-arthroscopic-surgery", "warn"),
        (LicenseKind.DPM, "home-health", "warn"),
        (LicenseKind.DDS, "evaluation-and-management-dental", "pass"),
        (LicenseKind.DDS, "pharmaceuticals-antibiotics", "warn"),
        (LicenseKind.OD, "pharmaceuticals-ophthalmic-drugs", "pass"),
        (LicenseKind.OD, "pharmaceuticals-opioids", "warn"),
        (LicenseKind.OD, "surgery-non-arthroscopic-surgery", "fail"),
    ],
)
def test_scope_is_the_field_of_the_license(kind: LicenseKind, category: str, result: str) -> None:
    reviewer = replace(REVIEWER, licenses=[replace(LICENSE, kind=kind)])
    assert found("scope", reviewer, replace(CASE, categories=[category])).result == result


def test_scope_counts_the_widest_valid_license_and_the_item_covered_least() -> None:
    chiropractor = replace(LICENSE, kind=LicenseKind.DC)
    case = replace(CASE, categories=["rehabilitation-chiropractic", "pharmaceuticals-opioids"])
    assert found("scope", replace(REVIEWER, licenses=[chiropractor]), case).result == Result.FAIL
    assert found("scope", replace(REVIEWER, licenses=[chiropractor, LICENSE]), case).result == Result.PASS
    lapsed = replace(LICENSE, expires_on=ON - DAY)
    assert found("scope", replace(REVIEWER, licenses=[chiropractor, lapsed]), case).result == Result.FAIL


@pytest.mark.parametrize(("on", "result"), [(ON - DAY, "pass"), (ON, "pass"), (ON + DAY, "fail")])
def test_certification_holds_through_its_last_day(on: date, result: str) -> None:
    reviewer = replace(REVIEWER, certifications=[replace(CERTIFICATION, expires_on=ON)])
    assert found("certification", reviewer, on=on).result == result


@pytest.mark.parametrize(("years", "result"), [(4, "fail"), (5, "warn"), (6, "pass")])
def test_years_are_more_than_five(years: int, result: str) -> None:
    assert found("years", replace(REVIEWER, years_in_practice=years)).result == result


@pytest.mark.parametrize(("hours", "result"), [(23, "fail"), (24, "pass"), (25, "pass")])
def test_hours_are_at_least_24(hours: int, result: str) -> None:
    assert found("hours", replace(REVIEWER, hours_per_week=hours)).result == result


@pytest.mark.parametrize(
    ("attested", "on", "result"),
    [
        (date(2025, 6, 30), date(2026, 6, 29), "pass"),
        (date(2025, 6, 30), date(2026, 6, 30), "pass"),
        (date(2025, 6, 30), date(2026, 7, 1), "fail"),
        (date(2024, 2, 29), date(2025, 2, 28), "pass"),
        (date(2024, 2, 29), date(2025, 3, 1), "fail"),
    ],
)
def test_attestation_holds_a_year(attested: date, on: date, result: str) -> None:
    assert found("attestation", replace(REVIEWER, practice_attested_on=attested), on=on).result == result


def test_practice_and_sanctions_that_failed_a_check_fail() -> None:
    bad = replace(
        REVIEWER,
        practice_verification=verified(VerificationKind.PRACTICE, ok=False),
        sanctions_verification=verified(VerificationKind.SANCTIONS, ok=False),
    )
    assert [check.code for check in failures(check_credentials(bad, ON))] == ["attestation", "sanctions"]
    assert found("sanctions", replace(REVIEWER, sanctions_verification=None)).result == Result.FAIL
    assert found("register", replace(REVIEWER, is_active=False)).result == Result.FAIL


@pytest.mark.parametrize(("load", "result"), [(8, "pass"), (9, "warn"), (10, "fail"), (11, "fail")])
def test_load_leaves_room_for_one_more(load: int, result: str) -> None:
    assert found("load", replace(REVIEWER, load=load)).result == result


def _tied(name: str, relation: ConflictRelation = ConflictRelation.EMPLOYER, **days: date) -> ReviewerFacts:
    return replace(REVIEWER, ties=[TieFacts(relation, name, days.get("since"), days.get("until"))])


@pytest.mark.parametrize(
    ("tie", "party", "result"),
    [
        ("Acme Insurance", "ACME Insurance Company, Inc.", "fail"),
        ("Peña & Sons", "Pena and Sons LLC", "fail"),
        ("Jane Q. Doe, M.D.", "Doe, Jane", "fail"),
        ("Dr. Sean O’Brien", "O'Brien, Sean R.", "fail"),
        ("Bayview Spine", "Bayview Spine Medical Group", "warn"),
        ("Bayview", "Bayview Spine Medical Group", "pass"),
        ("John Doe", "Jane Doe", "pass"),
        ("Acme Insurance", "Apex Insurance", "pass"),
        ("", "Acme", "pass"),
        ("...", "Inc.", "pass"),
    ],
)
def test_conflict_compares_names_not_spellings(tie: str, party: str, result: str) -> None:
    case = CaseFacts(parties=[PartyFacts("employer", [party])])
    check = found("conflict", _tied(tie), case)
    assert check.result == result
    if result != "pass":
        assert f"the employer ({party})" in check.words


@pytest.mark.parametrize(
    ("on", "result"), [(ON - DAY, "pass"), (ON, "fail"), (ON + 2 * DAY, "fail"), (ON + 3 * DAY, "pass")]
)
def test_conflict_counts_only_while_the_tie_lasts(on: date, result: str) -> None:
    case = CaseFacts(parties=[PartyFacts("employer", ["Acme Insurance"])])
    assert found("conflict", _tied("Acme Insurance", since=ON, until=ON + 2 * DAY), case, on).result == result


def test_maker_named_in_an_item_asks_for_a_look_and_an_employer_there_does_not() -> None:
    case = CaseFacts(texts=["Spinal cord stimulator (Example Medical Devices, Inc.), trial"])
    assert found("conflict", _tied("Example Medical Devices", ConflictRelation.MAKER), case).result == Result.WARN
    assert found("conflict", _tied("Example Medical Devices"), case).result == Result.PASS


@pytest.mark.parametrize(
    ("case", "result"),
    [
        (CaseFacts(declined_with_conflict=True), "fail"),
        (CaseFacts(reviewed_earlier_round=True), "fail"),
        (CaseFacts(declined_otherwise=True), "warn"),
        (CaseFacts(), "pass"),
    ],
)
def test_history_bars_conflicted_and_earlier_reviewers(case: CaseFacts, result: str) -> None:
    check = found("history", case=case)
    assert check.result == result
    assert (check in warnings([check])) == (result == "warn")


def test_standing_follows_the_rules_of_assignment() -> None:
    assert standing_of(REVIEWER, ON) == Standing.IN_ORDER
    soon = replace(REVIEWER, licenses=[replace(LICENSE, expires_on=ON + 60 * DAY)])
    assert standing_of(soon, ON) == Standing.EXPIRING
    assert standing_of(soon, ON - DAY) == Standing.IN_ORDER
    due = next_due(soon, ON)
    assert due is not None
    assert (due.on, due.what) == (ON + 60 * DAY, "California license")
    assert standing_of(replace(REVIEWER, sanctions_verification=None), ON) == Standing.UNVERIFIED
    assert standing_of(replace(REVIEWER, hours_per_week=10), ON) == Standing.LAPSED
    assert standing_of(replace(REVIEWER, is_active=False), ON) == Standing.INACTIVE


def test_states_of_the_letter_name_california_first_and_each_once() -> None:
    assert in_letter_order(["TX", "CA", "NV", "CA"]) == ["California", "Nevada", "Texas"]


@pytest.mark.parametrize(
    ("first", "back", "due", "result"),
    [
        (0, 1, None, Result.FAIL),
        (-5, 0, None, Result.PASS),
        (-5, None, None, Result.FAIL),
        (1, None, None, Result.PASS),
        (10, 20, 10, Result.WARN),
        (10, 20, 9, Result.PASS),
    ],
)
def test_absence_bars_from_its_first_through_its_last_day(
    first: int, back: int | None, due: int | None, result: Result
) -> None:
    absence = AbsenceFacts(ON + timedelta(days=first), ON + timedelta(days=back) if back is not None else None)
    case = replace(CASE, due_on=ON + timedelta(days=due) if due is not None else None)
    assert check_availability(replace(REVIEWER, absences=[absence]), case, ON).result == result
