"""Fees, invoices and late records for tests."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cases.enums import CaseStatus, DeadlineKind, FeeKind
from cases.models import Case, Deadline, FeeEntry, Invoice
from cases.selectors.fee import fee_row
from cases.selectors.law import legal_parameter
from cases.services.invoice import issue_case_invoice
from imr.accounts.enums import Role
from imr.accounts.models import Organization, User
from imr.core import clock
from tests.factories.accounts import make_user
from tests.factories.cases import make_case

# A day on which every figure is recorded.
PRICED = date(2025, 3, 10)


def make_entry(
    *, organization: Organization | None = None, case: Case | None = None, on: date = PRICED, **fields: Any
) -> FeeEntry:
    """A fee that fell due on `on` for an application received that day, with the figure of then."""
    case = case or make_case(organization=organization)
    kind = fields.setdefault("kind", FeeKind.REGULAR)
    row = fee_row(kind, on=on)
    amount = (
        {"parameter": row, "amount": Decimal(row.value), "citation": row.citation, "is_confirmed": True} if row else {}
    )
    return FeeEntry.objects.create(
        **{
            "case": case,
            "organization": case.organization,
            "received_on": on,
            "fell_due_on": on,
            **amount,
            **fields,
        }
    )


def make_invoice(*, organization: Organization | None = None, actor: User | None = None, **fields: Any) -> Invoice:
    """An invoice for one case, issued by the service itself."""
    entry = make_entry(organization=organization, **fields)
    return issue_case_invoice(case_id=entry.case_id, actor=actor or make_user(Role.ADMINISTRATOR))


def make_late_case(*, user: User | None = None, days: int = 3, ended_at: datetime | None = None) -> Case:
    """A case that waits for records which were due `days` ago; with `ended_at`, whose clock ended then."""
    case = make_case(CaseStatus.AWAITING_RECORDS, user=user)
    due = clock.now() - timedelta(days=days)
    Deadline.objects.filter(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True).update(
        ended_at=due - timedelta(days=20)
    )
    Deadline.objects.create(
        case=case,
        kind=DeadlineKind.RECORDS,
        parameter=legal_parameter("records_mail", on=clock.today()),
        started_at=due - timedelta(days=15),
        due_at=due,
        ended_at=ended_at,
    )
    return case
