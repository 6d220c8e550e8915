"""Reading what service needs: the days to choose from, whom a letter is served on, and the letter as it is served."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from cases.enums import PartyRole, ServiceMethod
from cases.models import Application, Case, Party
from cases.rules.deadlines import compute_due
from cases.rules.deadlines_law import extension_keys
from cases.selectors.deadline import employee_place
from cases.selectors.law import closed_days, legal_parameter, served_period
from imr.core import clock, words
from imr.core.clock import PACIFIC
from imr.core.errors import UnavailableError
from imr.core.words import mmddyyyy
from reviews.enums import DeliveryMethod, LetterKind
from reviews.letters import LetterChange, Parties, Recipient, ServedLetter
from reviews.models import Delivery, Determination, Dispatch, Letter, ServiceHours
from reviews.rules.service_day import ServiceDays, service_days
from reviews.selectors.letter import CORRECTABLE, RELEASABLE
from reviews.selectors.snapshot import snapshot_of

# Longer than any row of holidays, and than the time to appeal with its extensions.
HORIZON = timedelta(days=120)
CHECK_PATH = "/check/{code}/"
_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_ORDER = (
    PartyRole.EMPLOYEE,
    PartyRole.ATTORNEY,
    PartyRole.DESIGNEE,
    PartyRole.CLAIMS_ADMINISTRATOR,
    PartyRole.REQUESTING_PHYSICIAN,
)
_ALWAYS = frozenset({PartyRole.EMPLOYEE, PartyRole.CLAIMS_ADMINISTRATOR, PartyRole.REQUESTING_PHYSICIAN})


@dataclass(frozen=True, slots=True)
class ServedParty:
    """Somebody the letter is to be served on (LC 4610.6(f)), and what keeps it from being served, in words.

    `party_id` is None where the case does not name the party at all.
    """

    role: PartyRole
    name: str
    method: DeliveryMethod
    address: tuple[str, ...]
    problems: tuple[str, ...]
    party_id: int | None


def service_hours(on: date) -> ServiceHours:
    """The hours of service in force on `on`; raises `UnavailableError` when the reference data lacks them."""
    row = ServiceHours.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=on), in_force_from__lte=on
    ).first()
    if row is None:
        raise UnavailableError(
            f"No hours of service are in force on {mmddyyyy(on)}. "
            "An operator can load them with: manage.py load_reference_data.",
            code="hours_missing",
        )
    return row


def days_of_service(now: datetime | None = None) -> ServiceDays:
    """The days that a letter released at `now` (default: the present) may be served on."""
    moment = now or clock.now()
    today = clock.pacific_date(moment)
    closed = closed_days(since=today, until=today + HORIZON)
    return service_days(moment, cut_off=service_hours(today).cut_off, closed=closed)


def why_not_taken_back(dispatch: Dispatch) -> str:
    """Why the letter cannot be taken back, in a sentence; empty while it can."""
    if dispatch.served_at is not None:
        return f"The letter was served on {words.pacific(dispatch.served_at)}. It can be corrected, not taken back."
    if dispatch.taken_back_at is not None:
        return f"The letter was taken back on {words.pacific(dispatch.taken_back_at)} already."
    return ""


def why_not_returned(delivery: Delivery) -> str:
    """Why it cannot be recorded that this copy came back, in a sentence; empty while it can."""
    if delivery.failed_on is not None:
        return f"It is on record that this copy came back on {words.mmddyyyy(delivery.failed_on)}."
    return "" if delivery.method == DeliveryMethod.MAIL else "This copy did not go by mail."


def leaves_at(day: date) -> datetime:
    """When the letters of `day` leave."""
    opens: time = service_hours(day).opens
    return datetime.combine(day, opens, PACIFIC)


def parties_served(case: Case) -> list[ServedParty]:
    """Whom the letter of `case` is served on, in the order of the proof of service; the case's organization must be
    loaded.

    The claims administrator reads it here; everybody else gets it by mail and needs an address.
    """
    named = {PartyRole(party.role): party for party in Party.objects.filter(case=case)}
    return [
        _served(role, named.get(role), case)
        for role in _ORDER
        if role in _ALWAYS or (role in named and named[role].display_name)
    ]


def address_problems(parties: Sequence[ServedParty]) -> list[str]:
    """A sentence for everybody whom the letter cannot be served on."""
    return [f"{party.role.label}: {problem}" for party in parties for problem in party.problems]


def appeal_until(service_date: date, place: str) -> tuple[date | None, str]:
    """The last day to appeal a determination that is served on `service_date` by mail to `place`, and the citation
    (LC 4610.6(h); CCP 1013(a))."""
    parameter = legal_parameter("appeal", on=service_date)
    rule = served_period(parameter, extension_keys(ServiceMethod.MAIL, place), on=service_date)
    start = datetime.combine(service_date, time(12), PACIFIC)
    closed = closed_days(since=service_date, until=service_date + HORIZON)
    due = compute_due(rule, start, "service", closed)
    cited = [due.explanation["citation"], due.explanation["extra_citation"]]
    return due.last_day, "; ".join(text for text in cited if text)


def served_letter(dispatch: Dispatch, *, mailed_on: date) -> ServedLetter:
    """The letter as it is served on the dispatch's day, from what was signed and the parties as they are now.

    `mailed_on` is the day on which mail leaves. The case with its organization, and the determination, must be
    loaded. A correction keeps the last day to appeal of the letter it corrects.
    """
    case, determination = dispatch.case, dispatch.determination
    snapshot = snapshot_of(determination)
    parties = parties_served(case)
    former = former_letter(determination)
    until, citation = appeal_until(_first_served(determination) or dispatch.service_on, employee_place(case.pk))
    changes, reason = _changes(determination)
    return ServedLetter(
        letter=snapshot.letter,
        documents=snapshot.documents,
        parties=_parties(case, parties),
        recipients=tuple(_recipient(party, dispatch.service_on, mailed_on) for party in parties),
        service_date=dispatch.service_on,
        version=dispatch.version,
        check_code=dispatch.check_code,
        check_url=f"{settings.IMR_BASE_URL}{CHECK_PATH.format(code=dispatch.check_code)}",
        signed_off_by=_signed_off_by(determination),
        appeal_until=until,
        appeal_citation=citation,
        supersedes_date=former.service_date if former else None,
        correction_reason=reason,
        changes=changes,
    )


def former_letter(determination: Determination) -> Letter | None:
    """The letter that this correction takes the place of; None for a first letter."""
    if determination.corrects_id is None:
        return None
    return (
        Letter.objects.filter(determination_id=determination.corrects_id, kind=LetterKind.SERVED)
        .order_by("-version")
        .first()
    )


def next_version(case: Case) -> int:
    """The number of the next letter that is served in `case`."""
    latest = Letter.objects.filter(case=case, kind=LetterKind.SERVED).order_by("-version").first()
    return latest.version + 1 if latest else 1


def scheduled_dispatches() -> QuerySet[Dispatch]:
    """Letters that were released and have not left, the next to leave first."""
    return (
        Dispatch.objects.filter(
            served_at__isnull=True, taken_back_at__isnull=True, case__status__in=RELEASABLE | CORRECTABLE
        )
        .select_related("case", "case__organization", "determination", "released_by")
        .order_by("service_on", "pk")
    )


def deliveries_of(dispatch: Dispatch) -> list[Delivery]:
    """On whom the letter was served, in the order of its proof of service."""
    return list(Delivery.objects.filter(dispatch=dispatch).order_by("position"))


def _first_served(determination: Determination) -> date | None:
    letters = Letter.objects.filter(
        case_id=determination.case_id, kind=LetterKind.SERVED, determination__round=determination.round
    )
    return letters.order_by("version").values_list("service_date", flat=True).first()


def _served(role: PartyRole, party: Party | None, case: Case) -> ServedParty:
    if role == PartyRole.CLAIMS_ADMINISTRATOR:
        firm = case.organization.name
        return ServedParty(role, firm, DeliveryMethod.PORTAL, _address(party), (), party.pk if party else None)
    if party is None or not party.display_name:
        problem = "the case does not name one."
        return ServedParty(role, "", DeliveryMethod.MAIL, (), (problem,), party.pk if party else None)
    return ServedParty(role, party.display_name, DeliveryMethod.MAIL, _address(party), tuple(_missing(party)), party.pk)


def _missing(party: Party) -> list[str]:
    lacks = [
        words
        for words, value in (
            ("street address", party.address_line_1),
            ("city", party.city),
            ("state", party.state),
            ("ZIP code", party.zip_code),
        )
        if not value.strip()
    ]
    if lacks:
        return [f"the address has no {' and no '.join(lacks)}."]
    if not _ZIP.fullmatch(party.zip_code.strip()):
        return ["the ZIP code has neither 5 nor 9 digits."]
    return []


def _address(party: Party | None) -> tuple[str, ...]:
    if party is None:
        return ()
    place = f"{party.city}, {party.state} {party.zip_code}".strip(" ,")
    return tuple(line for line in (party.address_line_1, party.address_line_2, place) if line)


def _parties(case: Case, served: Sequence[ServedParty]) -> Parties:
    names = {party.role: party.name for party in served}
    application = Application.objects.filter(case=case).first()
    employer = Party.objects.filter(case=case, role=PartyRole.EMPLOYER).first()
    return Parties(
        employee=names[PartyRole.EMPLOYEE],
        claim_number=application.claim_number if application else "",
        employer=employer.display_name if employer else "",
        claims_administrator=names[PartyRole.CLAIMS_ADMINISTRATOR],
        requesting_physician=names[PartyRole.REQUESTING_PHYSICIAN],
    )


def _recipient(party: ServedParty, service_on: date, mailed_on: date) -> Recipient:
    method = party.method.label
    if party.method == DeliveryMethod.MAIL and mailed_on != service_on:
        method = f"{method}, deposited {mmddyyyy(mailed_on)}"
    return Recipient(name=party.name, role=party.role.label, method=method, address=party.address)


def _signed_off_by(determination: Determination) -> str:
    """Who passed it, and nobody where it went out without the quality check."""
    return determination.passed_by.full_name if determination.passed_by else ""


def _changes(determination: Determination) -> tuple[tuple[LetterChange, ...], str]:
    correction = getattr(determination, "correction", None) if determination.corrects_id else None
    if correction is None:
        return (), ""
    changes = tuple(LetterChange(row["label"], row["old"], row["new"]) for row in correction.changes)
    return changes, correction.reason
