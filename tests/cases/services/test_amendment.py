"""Amending a filed application: versions, what counts, checks and clocks in the same transaction, refusals."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseStatus, DeadlineKind, DeadlineOrigin, DraftStep, ItemStatus, ServiceMethod, SignerKind
from cases.exceptions import GoneError, IncompleteError, StaleVersionError
from cases.models import (
    Application,
    ApplicationVersion,
    Case,
    CheckAnswer,
    Deadline,
    DisputedItem,
    LegalParameter,
    Party,
    URDecision,
)
from cases.rules.amendment import BEFORE_REVIEW, WITH_REVIEWER
from cases.selectors.amendment import changes_for_reviewer, counting_dates, unlooked
from cases.selectors.eligibility import case_checks
from cases.services.amendment import ItemChanges, confirm_finding
from cases.services.records import record_notice_served
from cases.services.submission import submit_application
from imr.audit.models import Event
from imr.core import clock
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError, DomainError
from tests.factories.accounts import Cast, make_cast
from tests.factories.amendments import amend, cleaned_item, version_of_application
from tests.factories.cases import make_case
from tests.factories.paper import key_in
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db


def test_amendment_is_the_next_version_and_the_first_stays(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    number = Application.objects.get(case=case).claim_number

    made = amend(case, cast.colleague, claim_number="WC-1", reason="Two digits were reversed.")

    assert (made.number, made.made_by, made.reason) == (2, cast.colleague, "Two digits were reversed.")
    assert [(one["section"], one["label"], one["old"], one["new"]) for one in made.changes] == [
        ("Employer and claim", "Claim number", number, "WC-1")
    ]
    first = ApplicationVersion.objects.get(case=case, number=1)
    assert (first.made_at, first.made_by, first.changes) == (case.received_at, cast.claims, [])
    assert first.sections_sha256 != made.sections_sha256
    assert number in str(first.sections)
    assert Application.objects.get(case=case).claim_number == "WC-1"
    received = case.received_at
    case.refresh_from_db()
    assert case.received_at == received
    event = Event.objects.get(action="amendment.file")
    assert event.detail == {"version": 2, "fields": ["Employer and claim: Claim number"], "needs_look": False}
    assert (event.reason, event.case_id) == ("Two digits were reversed.", case.pk)
    assert amend(case, cast.claims, claim_number="WC-2").number == 3


def test_versions_never_change(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    made = amend(case, cast.claims, claim_number="WC-1")
    for act in (
        lambda: ApplicationVersion.objects.filter(pk=made.pk).update(reason="another"),
        lambda: ApplicationVersion.objects.filter(pk=made.pk).update(sections=[]),
        made.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize("status", [status for status in CaseStatus if status != CaseStatus.DRAFT])
def test_status_decides_who_amends(cast: Cast, status: CaseStatus) -> None:
    case = make_case(status, user=cast.claims)
    for person, possible in (
        (cast.claims, status in BEFORE_REVIEW),
        (cast.administrator, status in WITH_REVIEWER),
        (cast.medical_director, False),
    ):
        if possible:
            assert amend(case, person, claim_number=f"WC-{person.pk}").case_status == status
        else:
            with pytest.raises(ConflictError):
                amend(case, person, claim_number=f"WC-{person.pk}")


def test_administrator_amends_what_came_on_paper(cast: Cast) -> None:
    draft = key_in(cast.administrator, cast.home, is_complete=True)
    case = submit_application(case_id=draft.pk, actor=cast.administrator, attested_name="Lena Ortiz")
    assert amend(case, cast.administrator, claim_number="WC-1").number == 2


def test_nothing_to_amend_and_no_reason_are_refused(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    number = Application.objects.get(case=case).claim_number
    with pytest.raises(DomainError, match="Nothing differs"):
        amend(case, cast.claims, claim_number=number)
    with pytest.raises(IncompleteError) as raised:
        amend(case, cast.claims, claim_number="WC-1", reason="  ")
    assert list(raised.value.fields) == ["reason"]
    with pytest.raises(IncompleteError, match="Enter the claim number"):
        amend(case, cast.claims, claim_number="")
    assert not ApplicationVersion.objects.exists()


def test_what_was_missing_before_stops_no_amendment(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    Party.objects.filter(case=case, role="requesting_physician").update(phone="")
    assert amend(case, cast.claims, claim_number="WC-1").number == 2


def test_items_are_added_changed_and_removed_while_eligibility_is_open(cast: Cast) -> None:
    case = make_case(user=cast.claims, items=3)
    ids = list(case.items.values_list("pk", flat=True))
    CheckAnswer.objects.create(
        case=case,
        key="duplicate:2",
        verdict="passed",
        reason="Another treatment.",
        result={},
        fingerprint="0" * 64,
        answered_by=cast.administrator,
    )
    planned = ItemChanges(
        add=[cleaned_item(case, 3, description="MRI of the lumbar spine")],
        change={ids[2]: cleaned_item(case, 3, quantity="12 sessions")},
        remove=[ids[1]],
    )

    made = amend(case, cast.claims, None, items=planned)

    rows = list(case.items.all())
    assert [row.position for row in rows] == [1, 2, 3]
    assert [row.pk for row in rows[:2]] == [ids[0], ids[2]]
    assert (rows[1].quantity, rows[1].added_at) == ("12 sessions", None)
    assert rows[2].description == "MRI of the lumbar spine"
    assert [item.pk for item in counting_dates(case).added] == [rows[2].pk]
    sections = {one["section"] for one in made.changes}
    assert {"Disputed item 2", "Disputed item 3", "Disputed item 2 (removed)"} == sections
    assert CheckAnswer.objects.get(key="duplicate:2").superseded_at is not None
    results = {check.result.key: check.result for check in case_checks(case, today=clock.today()).checks}
    assert "timeliness:3" not in results or results["timeliness:3"].verdict


def test_added_item_counts_from_its_amendment(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    amend(case, cast.claims, None, items=ItemChanges(add=[cleaned_item(case, description="MRI")]))
    added = case.items.get(position=2)
    DisputedItem.objects.filter(pk=added.pk).update(added_at=clock.now() + timedelta(days=60))
    results = {check.result.key: check.result.verdict for check in case_checks(case, today=clock.today()).checks}
    assert results["timeliness"] == "passed"
    assert results["timeliness:2"] == "failed"


def test_items_stay_once_eligibility_is_found(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims, items=2)
    item = case.items.get(position=2)
    for planned in (ItemChanges(add=[cleaned_item(case, description="MRI")]), ItemChanges(remove=[item.pk])):
        with pytest.raises(ConflictError, match="application of its own"):
            amend(case, cast.claims, None, items=planned)
    amend(case, cast.claims, None, items=ItemChanges(change={item.pk: cleaned_item(case, 2, code="97113")}))
    DisputedItem.objects.filter(pk=item.pk).update(status=ItemStatus.WITHDRAWN)
    with pytest.raises(GoneError, match="withdrawn"):
        amend(case, cast.claims, None, items=ItemChanges(change={item.pk: cleaned_item(case, 2, code="97110")}))
    with pytest.raises(GoneError, match="removed meanwhile"):
        amend(case, cast.claims, None, items=ItemChanges(change={item.pk + 999: cleaned_item(case, 2)}))


def test_repeated_item_is_refused_and_too_many(cast: Cast) -> None:
    case = make_case(user=cast.claims, items=2)
    words = case.items.get(position=1).description
    with pytest.raises(DomainError, match="same description"):
        amend(case, cast.claims, None, items=ItemChanges(add=[cleaned_item(case, description=words)]))
    many = [cleaned_item(case, description=f"MRI {number}") for number in range(59)]
    with pytest.raises(DomainError, match="at most 60"):
        amend(case, cast.claims, None, items=ItemChanges(add=many))


def test_signature_that_was_missing_counts_since_the_amendment(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    Application.objects.filter(case=case).update(signer=SignerKind.UNSIGNED, signer_name="", signed_on=None)
    day = URDecision.objects.get(case=case).decided_on
    signed: dict[str, Any] = {"signer": SignerKind.EMPLOYEE, "signer_name": "Maria Sandoval", "signed_on": day}

    amend(case, cast.claims, DraftStep.SIGNATURE, **signed)

    dates = counting_dates(case)
    assert dates.complete_at is not None
    assert dates.received_at == case.received_at
    Application.objects.filter(case=case).update(completed_at=clock.now() + timedelta(days=60))
    results = {check.result.key: check.result for check in case_checks(case, today=clock.today()).checks}
    assert results["timeliness"].verdict == "failed"
    amend(case, cast.claims, DraftStep.SIGNATURE, signer_name="Maria L. Sandoval")
    assert counting_dates(case).complete_at > clock.now()  # type: ignore[operator]


def test_screened_fact_after_the_finding_asks_a_person_to_look(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    served = URDecision.objects.get(case=case)

    made = amend(case, cast.claims, DraftStep.UR_DECISION, is_conditional=True)

    assert made.needs_look
    assert any("Denied" in one["title"] or one["verdict"] == "failed" for one in made.screening)
    assert list(unlooked(Case.objects.all())) == [made]
    with pytest.raises(IncompleteError):
        confirm_finding(case_id=case.pk, number=2, actor=cast.administrator, note=" ")
    confirm_finding(case_id=case.pk, number=2, actor=cast.administrator, note="The letter says otherwise.")
    assert not unlooked(Case.objects.all()).exists()
    with pytest.raises(ConflictError):
        confirm_finding(case_id=case.pk, number=2, actor=cast.administrator, note="Again.")
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBLE
    assert served.case_id == case.pk


def test_before_the_finding_the_checks_simply_answer_anew(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims)
    made = amend(case, cast.claims, DraftStep.UR_DECISION, is_conditional=True)
    assert not made.needs_look
    assert made.screening
    assert case_checks(case, today=clock.today()).proposal.reason == "INE-CNC"


def test_address_in_another_state_counts_the_records_again(cast: Cast) -> None:
    # No extension is on record for this clock in the law of today; with one, its length follows the address.
    LegalParameter.objects.filter(name="records_mail").update(
        extensions={"mail:california": "mail_extension", "mail:other_state": "mail_extension_out_of_state"}
    )
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    record_notice_served(case_id=case.pk, actor=cast.administrator, method=ServiceMethod.MAIL, served_at=clock.now())
    before = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)

    amend(case, cast.claims, DraftStep.EMPLOYEE, state="NV", city="Reno", zip_code="89501")

    after = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
    assert Party.objects.get(case=case, role="employee").state == "NV"
    assert (pacific_date(after.due_at) - pacific_date(before.due_at)).days == 5  # ten days for mail instead of five
    assert (after.origin, after.replaces, after.changed_by) == (DeadlineOrigin.RECOUNTED, before, cast.claims)
    assert (before.service_place, after.service_place) == ("california", "other_state")
    before.refresh_from_db()
    assert before.ended_at is not None

    amend(case, cast.claims, DraftStep.EMPLOYEE, city="Elko")
    assert Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True) == after


def test_same_part_amended_since_is_not_overwritten(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    seen = version_of_application(case)
    amend(case, cast.colleague, claim_number="THEIRS")
    with pytest.raises(StaleVersionError):
        amend(case, cast.claims, version=seen, claim_number="MINE")
    # Another part goes on.
    amend(case, cast.claims, DraftStep.UR_DECISION, version=seen, primary_diagnosis="Sciatica")
    assert Application.objects.get(case=case).claim_number == "THEIRS"
    assert amend(case, cast.claims, claim_number="MINE").changes[0]["old"] == "THEIRS"


def test_reviewer_is_told_what_he_sees_and_nothing_else(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    amend(case, cast.administrator, claim_number="WC-1")
    assert changes_for_reviewer(case.pk, since=None) == []
    amend(case, cast.administrator, DraftStep.UR_DECISION, primary_diagnosis="Sciatica", reference="UR-1")
    told = changes_for_reviewer(case.pk, since=None)
    assert [[one.label for one in changes] for _, changes in told] == [["Primary diagnosis"]]
    assert changes_for_reviewer(case.pk, since=clock.now() + timedelta(hours=1)) == []


@pytest.mark.django_db(transaction=True)
def test_two_amendments_of_one_part_at_once_make_one_version() -> None:
    cast = make_cast()
    for number in range(REPETITIONS):
        case = make_case(user=cast.claims)
        seen = version_of_application(case)
        results = race(
            lambda case=case, seen=seen: amend(case, cast.claims, version=seen, claim_number="A"),  # type: ignore[misc]
            lambda case=case, seen=seen: amend(case, cast.colleague, version=seen, claim_number="B"),  # type: ignore[misc]
        )
        assert sorted(type(one).__name__ for one in results) == ["ApplicationVersion", "StaleVersionError"], number
        assert list(ApplicationVersion.objects.filter(case=case).values_list("number", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_amendment_overwrites_the_other_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have found the part fresh before either writes; only the numbers' constraint stops one."""
    from threading import Barrier

    from django.db import IntegrityError

    from cases.services import amendment as service

    cast = make_cast()
    case = make_case(user=cast.claims)
    seen, meeting, fresh = version_of_application(case), Barrier(2), service._require_fresh

    def fresh_then_wait(*args: object) -> None:
        fresh(*args)  # type: ignore[arg-type]
        meeting.wait(timeout=20)

    monkeypatch.setattr(service, "lock_case", lambda case_id: Case.objects.get(pk=case_id))
    monkeypatch.setattr(service, "_require_fresh", fresh_then_wait)
    results = race(
        lambda: amend(case, cast.claims, version=seen, claim_number="A"),
        lambda: amend(case, cast.colleague, version=seen, claim_number="B"),
    )
    assert sum(isinstance(one, IntegrityError) for one in results) == 1
