"""Objects of fees, invoices and penalties."""

from datetime import date

from imr.accounts.enums import Role
from tests.access.cases import MISSING, NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.fees import make_entry, make_invoice, make_late_case

READERS: dict[Role, Reach] = {
    Role.CLAIMS_STAFF: "own",
    Role.CLAIMS_MANAGER: "own",
    Role.ADMINISTRATOR: "any",
    Role.MEDICAL_DIRECTOR: "any",
    Role.AUDITOR: "any",
}
MANAGERS: dict[Role, Reach] = {Role.ADMINISTRATOR: "any"}


@objects_for("cases:fee-amount")
def fee(cast: Cast) -> Objects:
    return Objects(
        kwargs={"entry_id": make_entry(organization=cast.home).pk},
        foreign={"entry_id": make_entry(organization=cast.away).pk},
        missing={"entry_id": NOBODY},
        reach=MANAGERS,
    )


@objects_for("cases:invoice-detail", "cases:invoice-pdf", "cases:invoice-export")
def invoice(cast: Cast) -> Objects:
    return Objects(
        kwargs={"invoice_id": make_invoice(organization=cast.home).pk},
        foreign={"invoice_id": make_invoice(organization=cast.away).pk},
        missing={"invoice_id": NOBODY},
        reach=READERS,
    )


@objects_for("cases:invoice-credit")
def creditable_invoice(cast: Cast) -> Objects:
    return Objects(
        kwargs={"invoice_id": make_invoice(organization=cast.home).pk},
        foreign={"invoice_id": make_invoice(organization=cast.away).pk},
        missing={"invoice_id": NOBODY},
        reach=MANAGERS,
    )


@objects_for("cases:invoice-month")
def month(cast: Cast) -> Objects:
    day = date(2025, 3, 1)
    when = {"year": day.year, "month": day.month}
    return Objects(
        kwargs={"organization_id": cast.home.pk, **when},
        foreign={"organization_id": cast.away.pk, **when},
        missing={"organization_id": NOBODY, **when},
        reach=MANAGERS,
    )


@objects_for("cases:invoice-case")
def case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_case(user=cast.claims).pk},
        foreign={"case_id": make_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach=MANAGERS,
    )


@objects_for("cases:penalty-decide")
def late_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_late_case(user=cast.claims).pk},
        foreign={"case_id": make_late_case(user=cast.away_claims).pk},
        missing=MISSING,
        reach={Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"},
    )
