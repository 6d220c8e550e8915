"""The ledger of reviewers: earned once, taken back by an entry of its own, approved by the month."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Mail
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from reviews.enums import ReviewFeeKind
from reviews.models import LedgerEntry, LedgerStatement, ReviewerFeeRate
from reviews.selectors.ledger import entries_visible_to, own_months, rate_on, reviewer_months, statement_rows, sum_of
from reviews.services import ledger as service
from reviews.services.ledger import add_rate, adjust, approve_month, earn_review_fees, reverse_entry
from tests.factories.accounts import Cast, make_user
from tests.factories.ledger import make_earned, make_rate
from tests.factories.letters import make_signable
from tests.factories.panels import make_panel
from tests.factories.reviews import make_reviewer
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db
MARCH = date(2025, 3, 1)


def test_served_review_is_earned_once_at_the_rate_of_the_day() -> None:
    make_rate("350.00")
    signable = make_signable()
    signable.served()
    entry = LedgerEntry.objects.get()
    assert (entry.reviewer, entry.amount, entry.kind) == (signable.reviewer, Decimal("350.00"), ReviewFeeKind.REGULAR)
    assert entry.earned_on == clock.today()
    # Nothing is accepted any more, and what was earned stays one entry.
    assert earn_review_fees(case=signable.case, round_number=1, served_on=clock.today()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            reviewer=signable.reviewer,
            assignment=signable.assignment,
            kind=ReviewFeeKind.REGULAR,
            amount=1,
            earned_on=clock.today(),
        )


def test_passed_review_earns_nothing_before_it_is_served() -> None:
    make_signable().letter()
    assert not LedgerEntry.objects.exists()


def test_expedited_review_without_a_rate_gets_its_amount_with_the_rate() -> None:
    signable = make_signable(priority="expedited")
    signable.served()
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.amount) == (ReviewFeeKind.EXPEDITED, None)
    make_rate("700.00", since=clock.today())
    entry.refresh_from_db()
    assert entry.amount is None
    make_rate("500.00", kind=ReviewFeeKind.EXPEDITED, since=clock.today())
    entry.refresh_from_db()
    assert entry.amount == Decimal("500.00")


def test_each_seat_of_a_panel_earns_its_own() -> None:
    make_rate("280.00", kind=ReviewFeeKind.PANEL)
    seated = make_panel([["upheld"], ["upheld"]])
    entries = earn_review_fees(case=seated.case, round_number=1, served_on=clock.today())
    assert [entry.kind for entry in entries] == [ReviewFeeKind.PANEL] * 2
    assert len({entry.reviewer_id for entry in entries}) == 2
    assert earn_review_fees(case=seated.case, round_number=1, served_on=clock.today()) == []


def test_rate_ends_the_one_before_and_never_reaches_back(cast: Cast) -> None:
    make_rate("350.00", since=date(2024, 1, 1))
    later = make_rate("375.00", since=date(2026, 1, 1))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    found = [rate_on("regular", on) for on in days]
    assert [rate and rate.amount for rate in found] == [None, Decimal(350), Decimal(350), Decimal(375)]
    for since in (date(2026, 1, 1), date(2025, 6, 1)):
        with pytest.raises(DomainError, match="later day"):
            make_rate("1.00", since=since)
    make_earned(rate=later, amount=Decimal("375.00"), on=date(2026, 5, 1))
    with pytest.raises(DomainError, match="was paid by"):
        make_rate("400.00", since=date(2026, 5, 1))
    for amount in ("0", "-1", "50000.01", "1.005"):
        with pytest.raises(DomainError):
            make_rate(amount, since=date(2026, 6, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewerFeeRate.objects.create(kind="regular", amount=1, in_force_from=date(2025, 1, 1), citation="x")
    with pytest.raises(DomainError):
        add_rate(actor=cast.administrator, kind="adjustment", amount=Decimal(1), in_force_from=MARCH, citation="x")


def test_reversal_is_an_entry_of_its_own_and_happens_once(cast: Cast) -> None:
    entry = make_earned()
    with pytest.raises(DomainError):
        reverse_entry(entry_id=entry.pk, actor=cast.administrator, reason=" ")
    reversal = reverse_entry(entry_id=entry.pk, actor=cast.administrator, reason="Paid twice")
    assert (reversal.amount, reversal.earned_on, reversal.reverses) == (Decimal("-350.00"), clock.today(), entry)
    for key, words in ((entry.pk, "reversed before"), (reversal.pk, "reversal itself")):
        with pytest.raises(ConflictError, match=words):
            reverse_entry(entry_id=key, actor=cast.administrator, reason="Again")
    assert sum_of(entries_visible_to(cast.administrator)) == 0
    unknown = make_earned(amount=None)
    with pytest.raises(ConflictError, match="no amount"):
        reverse_entry(entry_id=unknown.pk, actor=cast.administrator, reason="x")
    assert Event.objects.filter(action="ledger.reverse").count() == 1


def test_entries_do_not_change(cast: Cast) -> None:
    entry = make_earned()
    adjusted = adjust(
        reviewer_id=entry.reviewer_id, actor=cast.administrator, amount=Decimal("-20.00"), reason="Overpaid"
    )
    for act in (
        lambda: LedgerEntry.objects.filter(pk=entry.pk).update(amount=1),
        lambda: LedgerEntry.objects.filter(pk=entry.pk).update(earned_on=MARCH),
        lambda: LedgerEntry.objects.filter(pk=entry.pk).delete(),
        lambda: LedgerEntry.objects.filter(pk=adjusted.pk).update(reason=""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_month_is_approved_with_everything_open_by_its_end(cast: Cast) -> None:
    reviewer = make_reviewer()
    make_earned(reviewer, on=date(2025, 2, 20), amount=Decimal("0.10"))
    make_earned(reviewer, on=date(2025, 3, 31), amount=Decimal("0.20"))
    make_earned(reviewer, on=date(2025, 4, 1))
    make_earned(on=date(2025, 3, 31))
    statement = approve_month(reviewer_id=reviewer.pk, month=date(2025, 3, 9), actor=cast.administrator)
    assert (statement.total, statement.entries.count()) == (Decimal("0.30"), 2)
    with pytest.raises(ConflictError, match="approved before"):
        approve_month(reviewer_id=reviewer.pk, month=MARCH, actor=cast.administrator)
    with pytest.raises(ConflictError, match="nothing to approve"):
        approve_month(reviewer_id=make_reviewer().pk, month=MARCH, actor=cast.administrator)
    rows = {row.reviewer: row for row in reviewer_months(MARCH)}
    assert (rows[reviewer].statement, rows[reviewer].count) == (statement, 2)
    assert len(rows) == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerStatement.objects.filter(pk=statement.pk).update(total=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        LedgerEntry.objects.filter(statement=statement).update(statement=None)
    assert Mail.objects.get(event=MailEvent.STATEMENT_APPROVED).recipient == reviewer.user


def test_month_that_is_not_over_or_has_no_rate_is_not_approved(cast: Cast) -> None:
    entry = make_earned(on=date(2026, 6, 30), amount=None)
    with (
        time_machine.travel(datetime(2026, 6, 30, 19, tzinfo=UTC), tick=False),
        pytest.raises(ConflictError, match="not over"),
    ):
        approve_month(reviewer_id=entry.reviewer_id, month=date(2026, 6, 1), actor=cast.administrator)
    with (
        time_machine.travel(datetime(2026, 7, 1, 19, tzinfo=UTC), tick=False),
        pytest.raises(ConflictError, match="no amount"),
    ):
        approve_month(reviewer_id=entry.reviewer_id, month=date(2026, 6, 1), actor=cast.administrator)


def test_reversal_of_an_approved_entry_falls_into_the_open_month(cast: Cast) -> None:
    entry = make_earned()
    approve_month(reviewer_id=entry.reviewer_id, month=MARCH, actor=cast.administrator)
    reversal = reverse_entry(entry_id=entry.pk, actor=cast.administrator, reason="Letter withdrawn")
    assert reversal.statement is None
    rows = list(statement_rows(LedgerStatement.objects.all()))
    assert [row[5] for row in rows] == ["Amount", Decimal("350.00")]
    late = clock.today() + timedelta(days=40)
    with time_machine.travel(datetime(late.year, late.month, late.day, 19, tzinfo=UTC), tick=False):
        approve_month(reviewer_id=entry.reviewer_id, month=clock.today() - timedelta(days=40), actor=cast.administrator)
    rows = list(statement_rows(LedgerStatement.objects.all()))
    assert (rows[-1][5], rows[-1][6]) == ("", Decimal("350.00"))


def test_reviewer_sees_the_own_ledger_and_others_as_the_table_says(cast: Cast) -> None:
    mine, _ = make_earned(make_reviewer(cast.reviewer)), make_earned()
    counts = {role: entries_visible_to(person).count() for role, person in cast.people.items()}
    assert counts.pop(Role.REVIEWER) == 1
    assert {role for role, count in counts.items() if count == 2} == {
        Role.ADMINISTRATOR,
        Role.MEDICAL_DIRECTOR,
        Role.AUDITOR,
    }
    assert sum(counts.values()) == 6
    (month,) = own_months(cast.reviewer)
    assert (month.month, month.total) == (MARCH, mine.amount)


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_make_one_statement() -> None:
    actor = make_user(Role.ADMINISTRATOR)
    for _ in range(REPETITIONS):
        entry = make_earned()

        def approve(key: int = entry.reviewer_id) -> LedgerStatement:
            return approve_month(reviewer_id=key, month=MARCH, actor=actor)

        assert sorted(type(result).__name__ for result in race(approve, approve)) == [
            "ConflictError",
            "LedgerStatement",
        ]


def test_without_the_lock_the_second_would_meet_the_database_and_no_words(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: somebody else approves between the look for a statement and the writing of one."""
    entry = make_earned()
    looked = getattr(service, "open_entries")  # noqa: B009

    def approved_meanwhile(month: date) -> Any:
        monkeypatch.setattr(service, "open_entries", looked)
        approve_month(reviewer_id=entry.reviewer_id, month=month, actor=cast.administrator)
        return LedgerEntry.objects.select_related("reviewer").filter(pk=entry.pk)

    monkeypatch.setattr(service, "open_entries", approved_meanwhile)
    with pytest.raises(DatabaseError), transaction.atomic():
        approve_month(reviewer_id=entry.reviewer_id, month=MARCH, actor=cast.administrator)
