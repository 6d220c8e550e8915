"""Fees of the claims administrators: each case's falls due once, when it is decided or ends (8 CCR 9792.10.8)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import CaseEvent, CaseStatus, ItemEligibility, Priority
from cases.models import Case, DisputedItem, FeeEntry, LegalParameter
from cases.rules.fees import FeeFacts, fee_kind
from cases.selectors.fee import fee_row
from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.services import record
from imr.core.clock import pacific_date
from imr.core.errors import ConflictError, DomainError

MOST_AMOUNT = Decimal("100000.00")


def note_fee(*, case: Case, event: CaseEvent, came_from: str, at: datetime) -> FeeEntry | None:
    """The fee that falls due with the event is on record, once for each case; None when none does.

    Called by `transition_case` in its transaction, under the lock of the case, so that no way of ending a case goes
    without it. The figure is the one in force on the day of receipt; where there is none, a person sets the amount.
    """
    kind = fee_kind(
        FeeFacts(
            event=event,
            came_from=CaseStatus(came_from),
            is_expedited=case.priority == Priority.EXPEDITED,
            was_with_reviewer=_was_with_reviewer(case),
            categories=_categories(case),
        )
    )
    if kind is None or case.received_at is None:
        return None
    received_on = pacific_date(case.received_at)
    row = fee_row(kind, on=received_on)
    entry, created = FeeEntry.objects.get_or_create(
        case=case,
        defaults={
            "organization_id": case.organization_id,
            "kind": kind,
            "received_on": received_on,
            "fell_due_on": max(pacific_date(at), received_on),
            **_from_row(row),
        },
    )
    if created:
        _record("fee.due", None, entry, amount=str(entry.amount) if row else "")
    return entry


@transaction.atomic
def price_entries(*, actor: User) -> int:
    """Every entry without an amount has the figure of a row that is in force by now; how many got one."""
    priced = 0
    for entry in FeeEntry.objects.select_for_update(of=("self",)).filter(amount__isnull=True).order_by("pk"):
        row = fee_row(entry.kind, on=entry.received_on)
        if row is None:
            continue
        FeeEntry.objects.filter(pk=entry.pk).update(**_from_row(row))
        entry.refresh_from_db()
        _record("fee.priced", actor, entry, amount=str(entry.amount))
        priced += 1
    return priced


@transaction.atomic
def set_amount(*, entry_id: int, actor: User, amount: Decimal, reason: str) -> FeeEntry:
    """The fee is this amount, for this reason. Raises `ConflictError` (409) while it stands on an invoice."""
    entry = FeeEntry.objects.select_for_update(of=("self",)).select_related("invoice").get(pk=entry_id)
    if entry.invoice is not None:
        raise ConflictError(f"This fee stands on {entry.invoice.number}. Credit its line there first, then correct it.")
    if not reason.strip():
        words = "Write where the amount comes from."
        raise DomainError(words, fields={"reason": [words]})
    if not Decimal(0) <= amount <= MOST_AMOUNT or amount != amount.quantize(Decimal("0.01")):
        words = f"Enter dollars and whole cents, from 0.00 to {MOST_AMOUNT:,}."
        raise DomainError(words, fields={"amount": [words]})
    was = entry.amount
    FeeEntry.objects.filter(pk=entry.pk).update(
        amount=amount, parameter=None, citation="", is_confirmed=True, set_at=Now(), set_by=actor, set_reason=reason
    )
    entry.refresh_from_db()
    _record("fee.set", actor, entry, reason=reason, was=str(was) if was is not None else "", amount=str(amount))
    return entry


def _from_row(row: LegalParameter | None) -> dict[str, object]:
    if row is None:
        return {}
    return {
        "parameter": row,
        "amount": Decimal(row.value),
        "citation": row.citation,
        "is_confirmed": row.is_confirmed,
    }


def _was_with_reviewer(case: Case) -> bool:
    return Event.objects.filter(case_id=case.pk, action=f"case.{CaseEvent.ACCEPT_ASSIGNMENT}", outcome="done").exists()


def _categories(case: Case) -> tuple[str, ...]:
    items = DisputedItem.objects.filter(case=case).exclude(eligibility=ItemEligibility.INELIGIBLE)
    return tuple(code or "" for code in items.values_list("category__code", flat=True))


def _record(action: str, actor: User | None, entry: FeeEntry, *, reason: str = "", **detail: str) -> None:
    record(
        action=action,
        actor=actor,
        object_type="feeentry",
        object_id=entry.pk,
        case_id=entry.case_id,
        reason=reason,
        detail={"kind": entry.kind, **detail},
    )
