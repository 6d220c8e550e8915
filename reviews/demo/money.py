"""Demo rates, fees, an invoice, a statement, and what some demo people chose about mails. All figures are invented."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from cases.models import FeeEntry
from cases.services.fees import set_amount
from cases.services.invoice import issue_case_invoice
from imr.accounts.enums import MailEvent, MailMode
from imr.accounts.models import MailHabit, User
from imr.accounts.services.mail_choice import choose_mails
from imr.core import clock
from reviews.demo.past import days_ago
from reviews.enums import ReviewFeeKind
from reviews.models import LedgerEntry, Reviewer, ReviewerFeeRate
from reviews.services.ledger import add_rate, adjust, approve_month

RATES = {
    ReviewFeeKind.REGULAR: Decimal("350.00"),
    ReviewFeeKind.EXPEDITED: Decimal("475.00"),
    ReviewFeeKind.PANEL: Decimal("300.00"),
}
FEE = Decimal("345.00")
INVENTED = "Invented for the demo; no amount is recorded for applications of this year."


@transaction.atomic
def make_rates(people: dict[str, User]) -> None:
    """Reviewers are paid from the beginning of the year on; not a second time."""
    if ReviewerFeeRate.objects.exists():
        return
    for kind, amount in RATES.items():
        add_rate(
            actor=people["admin@demo.example"],
            kind=kind,
            amount=amount,
            in_force_from=date(clock.today().year - 1, 1, 1),
            citation="Demo agreement with reviewers",
        )


@transaction.atomic
def make_bills(people: dict[str, User], reviewers: dict[str, Reviewer]) -> None:
    """One claims administrator has an invoice and an open fee, one reviewer an approved month; not a second time."""
    administrator = people["admin@demo.example"]
    home = people["claims@demo.example"].organization
    entries = list(FeeEntry.objects.filter(organization=home, set_at__isnull=True, amount__isnull=True).order_by("pk"))
    if entries and not FeeEntry.objects.filter(set_at__isnull=False).exists():
        for entry in entries:
            set_amount(entry_id=entry.pk, actor=administrator, amount=FEE, reason=INVENTED)
        issue_case_invoice(case_id=entries[0].case_id, actor=administrator)
    reviewer = reviewers["reviewer@demo.example"]
    if LedgerEntry.objects.filter(reviewer=reviewer, kind=ReviewFeeKind.ADJUSTMENT).exists():
        return
    before = clock.today().replace(day=1) - timedelta(days=1)
    with days_ago((clock.today() - before).days):
        adjust(
            reviewer_id=reviewer.pk, actor=administrator, amount=Decimal("150.00"), reason="Training on the new wording"
        )
    approve_month(reviewer_id=reviewer.pk, month=before, actor=administrator)


@transaction.atomic
def choose_demo_mails(people: dict[str, User]) -> None:
    """A manager hears of every case, in a digest at noon; not a second time."""
    manager = people["manager@demo.example"]
    if MailHabit.objects.filter(user=manager).exists():
        return
    digest = dict.fromkeys((MailEvent.APPLICATION_RECEIVED, MailEvent.DUE_SOON), MailMode.DIGEST)
    choose_mails(user=manager, modes=digest, digest_hour=12, is_for_all_cases=True)
