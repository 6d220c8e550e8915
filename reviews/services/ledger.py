"""What reviewers earn: an entry for each served review, reversals, and months that an administrator approves."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from cases.enums import Priority
from cases.models import Case
from cases.selectors.fee import month_after
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.accounts.services.mail import tell
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError
from imr.core.words import mmddyyyy
from reviews.enums import PAID_REVIEWS, AssignmentStatus, ReviewFeeKind
from reviews.models import Assignment, LedgerEntry, LedgerStatement, Reviewer, ReviewerFeeRate
from reviews.selectors.ledger import open_entries, rate_on
from reviews.selectors.panel import panel_of_case

MOST_AMOUNT = Decimal("50000.00")


def earn_review_fees(*, case: Case, round_number: int, served_on: date) -> list[LedgerEntry]:
    """Each reviewer whose review was served has earned its fee, once; the new entries.

    Called in the transaction that serves the letter, while the assignments are still accepted. Without a rate in force
    on that day the entry has no amount yet.
    """
    new = []
    kind = _kind(case, round_number)
    for assignment in Assignment.objects.filter(case=case, round=round_number, status=AssignmentStatus.ACCEPTED):
        rate = rate_on(kind, served_on)
        entry, created = LedgerEntry.objects.get_or_create(
            assignment=assignment,
            reverses=None,
            defaults={
                "reviewer_id": assignment.reviewer_id,
                "kind": kind,
                "rate": rate,
                "amount": rate.amount if rate else None,
                "earned_on": served_on,
            },
        )
        if created:
            new.append(entry)
            _record("ledger.earn", None, entry, case_id=case.pk)
    return new


@transaction.atomic
def add_rate(
    *, actor: User, kind: str, amount: Decimal, in_force_from: date, citation: str, note: str = ""
) -> ReviewerFeeRate:
    """The rate holds from that day on, the one before it until then; entries without an amount get it.

    Raises `DomainError` beside the fields for a day before the start of the last rate of this kind, and for an amount
    that is none.
    """
    if kind not in PAID_REVIEWS:
        raise DomainError("Choose a kind.", fields={"kind": ["Choose a kind."]})
    _require_amount(amount, least=Decimal("0.01"))
    last = ReviewerFeeRate.objects.select_for_update().filter(kind=kind).order_by("-in_force_from").first()
    if last is not None and in_force_from <= last.in_force_from:
        words = f"The last rate holds from {mmddyyyy(last.in_force_from)}. Enter a later day."
        raise DomainError(words, fields={"in_force_from": [words]})
    used = LedgerEntry.objects.filter(rate__kind=kind, earned_on__gte=in_force_from).order_by("-earned_on").first()
    if used is not None:
        words = f"A review of {mmddyyyy(used.earned_on)} was paid by the last rate. Enter a later day."
        raise DomainError(words, fields={"in_force_from": [words]})
    if last is not None and (last.in_force_until is None or last.in_force_until > in_force_from):
        ReviewerFeeRate.objects.filter(pk=last.pk).update(in_force_until=in_force_from)
    rate = ReviewerFeeRate.objects.create(
        kind=kind, amount=amount, in_force_from=in_force_from, citation=citation, note=note
    )
    waiting = LedgerEntry.objects.filter(kind=kind, amount__isnull=True, earned_on__gte=in_force_from)
    priced = waiting.update(amount=amount, rate=rate)
    record(
        action="ledger.rate",
        actor=actor,
        object_type="feerate",
        object_id=rate.pk,
        detail={"kind": kind, "amount": str(amount), "from": in_force_from.isoformat(), "priced": priced},
    )
    return rate


@transaction.atomic
def reverse_entry(*, entry_id: int, actor: User, reason: str) -> LedgerEntry:
    """The entry is taken back by one of its own, dated today; the first stays as it is.

    Raises `DomainError` without a reason, `ConflictError` (409) for an entry that was reversed, that is itself a
    reversal, or that has no amount.
    """
    entry = LedgerEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
    if not reason.strip():
        raise DomainError("Say why.", fields={"reason": ["Say why, in a sentence."]})
    if entry.reverses_id is not None:
        raise ConflictError("This is a reversal itself. Make an adjustment instead.")
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise ConflictError("This entry was reversed before.")
    if entry.amount is None:
        raise ConflictError("This entry has no amount, so there is nothing to take back.")
    reversal = LedgerEntry.objects.create(
        reviewer_id=entry.reviewer_id,
        kind=entry.kind,
        assignment_id=entry.assignment_id,
        amount=-entry.amount,
        earned_on=clock.today(),
        reverses=entry,
        reason=reason,
        made_by=actor,
    )
    _record("ledger.reverse", actor, reversal, reason=reason)
    return reversal


@transaction.atomic
def adjust(*, reviewer_id: int, actor: User, amount: Decimal, reason: str) -> LedgerEntry:
    """The reviewer has an entry of this amount, above or below zero, dated today, for the reason given."""
    if not reason.strip():
        raise DomainError("Say why.", fields={"reason": ["Say why, in a sentence."]})
    _require_amount(amount, least=-MOST_AMOUNT)
    entry = LedgerEntry.objects.create(
        reviewer=Reviewer.objects.get(pk=reviewer_id),
        kind=ReviewFeeKind.ADJUSTMENT,
        amount=amount,
        earned_on=clock.today(),
        reason=reason,
        made_by=actor,
    )
    _record("ledger.adjust", actor, entry, reason=reason)
    return entry


@transaction.atomic
def approve_month(*, reviewer_id: int, month: date, actor: User) -> LedgerStatement:
    """Everything that the reviewer earned by the end of the month and that stands on no statement is on this one.

    Raises `ConflictError` (409) for a month that is not over or was approved, when there is nothing to approve, and
    when an entry has no amount.
    """
    first = month.replace(day=1)
    # Two who approve at once: the second waits here and finds the statement.
    reviewer = Reviewer.objects.select_for_update(of=("self",), no_key=True).get(pk=reviewer_id)
    if clock.today() < month_after(first):
        raise ConflictError(f"The month {first:%m/%Y} is not over.")
    if LedgerStatement.objects.filter(reviewer=reviewer, month=first).exists():
        raise ConflictError(f"The month {first:%m/%Y} of {reviewer.code} was approved before.")
    entries = list(open_entries(first).select_for_update(of=("self",)).filter(reviewer=reviewer))
    amounts = [entry.amount for entry in entries if entry.amount is not None]
    if not entries:
        raise ConflictError(f"{reviewer.code} has nothing to approve for {first:%m/%Y}.")
    if len(amounts) < len(entries):
        raise ConflictError(f"An entry of {reviewer.code} has no amount yet. Add the rate first; nothing was approved.")
    statement = LedgerStatement.objects.create(
        reviewer=reviewer, month=first, total=sum(amounts, Decimal("0.00")), approved_by=actor
    )
    LedgerEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(statement=statement)
    record(
        action="ledger.approve",
        actor=actor,
        object_type="reviewer",
        object_id=reviewer.pk,
        detail={"month": first.isoformat(), "total": str(statement.total), "entries": len(entries)},
    )
    tell(
        people=[reviewer.user],
        event=MailEvent.STATEMENT_APPROVED,
        key=str(statement.pk),
        path=reverse("reviews:own-ledger"),
    )
    return statement


def _kind(case: Case, round_number: int) -> ReviewFeeKind:
    if panel_of_case(case.pk, round_number) is not None:
        return ReviewFeeKind.PANEL
    return ReviewFeeKind.EXPEDITED if case.priority == Priority.EXPEDITED else ReviewFeeKind.REGULAR


def _require_amount(amount: Decimal, *, least: Decimal) -> None:
    if not least <= amount <= MOST_AMOUNT or amount == 0 or amount != amount.quantize(Decimal("0.01")):
        words = f"Enter dollars and whole cents, at most {MOST_AMOUNT:,}."
        raise DomainError(words, fields={"amount": [words]})


def _record(
    action: str, actor: User | None, entry: LedgerEntry, *, case_id: int | None = None, reason: str = ""
) -> None:
    record(
        action=action,
        actor=actor,
        object_type="ledgerentry",
        object_id=entry.pk,
        case_id=case_id,
        reason=reason,
        detail={"kind": entry.kind, "amount": "" if entry.amount is None else str(entry.amount)},
    )
