"""Who may amend when, what counts since when, and what differs between two versions."""

from datetime import date

import pytest

from cases.enums import CaseStatus, DraftStep, ReviewType, SignerKind
from cases.rules.amendment import (
    BEFORE_FINDING,
    BEFORE_REVIEW,
    SIGNED,
    WITH_REVIEWER,
    Change,
    check_review_type,
    differences,
    is_signed,
    why_items_stay,
    why_not_amendable,
)
from imr.accounts.enums import Role

CLAIMS = (Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER, Role.API_CLIENT)


@pytest.mark.parametrize("status", list(CaseStatus))
def test_who_may_amend_follows_the_status(status: CaseStatus) -> None:
    for role in Role:
        for is_paper in (False, True):
            possible = why_not_amendable(status, role=role, is_paper=is_paper) == ""
            if status in BEFORE_REVIEW:
                expected = role in CLAIMS or (role == Role.ADMINISTRATOR and is_paper)
            else:
                expected = status in WITH_REVIEWER and role == Role.ADMINISTRATOR
            assert possible == expected, (status, role, is_paper)


def test_every_status_is_spoken_of() -> None:
    ended = {CaseStatus.MERGED, CaseStatus.INELIGIBLE, CaseStatus.CONSOLIDATED, CaseStatus.TERMINATED}
    ended |= {CaseStatus.WITHDRAWN, CaseStatus.DISMISSED, CaseStatus.DRAFT}
    assert set(CaseStatus) == BEFORE_REVIEW | WITH_REVIEWER | SIGNED | ended
    assert not BEFORE_REVIEW & SIGNED
    assert {status for status in CaseStatus if why_items_stay(status) == ""} == BEFORE_FINDING


def test_review_becomes_expedited_by_a_certification_alone() -> None:
    regular, expedited, appeal = ReviewType.REGULAR, ReviewType.EXPEDITED, ReviewType.MODIFICATION_AFTER_APPEAL
    assert check_review_type(regular, appeal) == check_review_type(expedited, expedited) == ""
    assert "certification" in check_review_type(regular, expedited)
    assert "stays one" in check_review_type(expedited, regular)


@pytest.mark.parametrize(
    ("signer", "designated", "expected"),
    [
        ("", None, False),
        (SignerKind.UNSIGNED, None, False),
        (SignerKind.EMPLOYEE, None, True),
        (SignerKind.DESIGNEE, None, False),
        (SignerKind.DESIGNEE, date(2026, 11, 1), False),
        (SignerKind.DESIGNEE, date(2026, 11, 2), True),
        (SignerKind.DESIGNEE, date(2026, 11, 3), True),
    ],
)
def test_signature_of_a_designee_needs_a_designation_not_before_the_decision(
    signer: str, designated: date | None, expected: bool
) -> None:
    assert is_signed(signer, designation_signed_on=designated, decided_on=date(2026, 11, 2)) == expected


def section(title: str, item: int | None = None, **answers: str) -> dict[str, object]:
    step = DraftStep.ITEMS if item else DraftStep.CLAIM
    return {"step": step.value, "title": title, "item": item, "answers": [[*pair] for pair in answers.items()]}


def test_differences_go_by_item_and_name_what_was_added_and_removed() -> None:
    before = [
        section("Claim", Number="1", Employer="A"),
        section("Disputed item 1", 7, Code="x"),
        section("i", 8, C="y"),
    ]
    after = [section("Claim", Number="2", Employer="A"), section("Disputed item 1", 8, C="y"), section("i", 9, C="z")]
    found = [(one.section, one.label, one.old, one.new, one.item) for one in differences(before, after)]
    assert found == [
        ("Claim", "Number", "1", "2", None),
        ("i", "C", "", "z", 9),
        ("Disputed item 1 (removed)", "Code", "x", "", 7),
    ]
    assert differences(before, before) == []


def test_change_goes_to_json_and_back_and_knows_the_reviewer() -> None:
    seen = Change(step="claim", section="s", label="Date of injury", old="a", new="b")
    hidden = Change(step="claim", section="s", label="Claim number", old="a", new="b")
    item = Change(step="items", section="s", label="Code", old="a", new="b", item=7)
    assert Change.from_json(seen.as_json()) == seen
    assert [one.is_for_reviewer for one in (seen, hidden, item)] == [True, False, True]
