"""The dates of an application, each against those it has to fit: the forms use these while a step is typed."""

from datetime import date

from cases.enums import DraftStep, IneligibilityReason
from cases.rules.finding import Finding, Severity, error, not_after_today
from imr.core.words import mmddyyyy

YOUNGEST, OLDEST = 14, 110


def check_injury_span(start: date | None, end: date | None, *, is_cumulative: bool, today: date) -> list[Finding]:
    """A range belongs to a cumulative injury, and its end does not lie before its start or after today."""
    if end is None:
        return []
    if not is_cumulative:
        return [
            error(
                DraftStep.CLAIM,
                "date_of_injury_end",
                "Remove the end date, or tick that the injury happened over a period of time.",
            )
        ]
    if start is not None and end < start:
        return [
            error(
                DraftStep.CLAIM,
                "date_of_injury_end",
                f"The injury cannot end on {mmddyyyy(end)}, before it began on {mmddyyyy(start)}.",
            )
        ]
    return not_after_today(DraftStep.CLAIM, "date_of_injury_end", "The end of the injury", end, today)


def check_birth_date(birth_date: date | None, date_of_injury: date | None, *, today: date) -> list[Finding]:
    """The worker was between 14 and 110 years old at the injury (or is today, while that is not known)."""
    if birth_date is None:
        return []
    at = date_of_injury or today
    age = at.year - birth_date.year - ((at.month, at.day) < (birth_date.month, birth_date.day))
    if YOUNGEST <= age <= OLDEST:
        return []
    moment = f"at the injury on {mmddyyyy(date_of_injury)}" if date_of_injury else "today"
    return [
        error(
            DraftStep.EMPLOYEE,
            "employee_birth_date",
            f"Check the date of birth {mmddyyyy(birth_date)}: the worker would be {max(age, 0)} years old {moment}. "
            f"Ages from {YOUNGEST} to {OLDEST} are taken.",
        )
    ]


def check_decision_dates(
    *, date_of_injury: date | None, decided_on: date | None, served_on: date | None, today: date
) -> list[Finding]:
    """Injury, decision, service and today follow each other."""
    step = DraftStep.UR_DECISION
    found: list[Finding] = []
    if decided_on is not None and date_of_injury is not None and decided_on < date_of_injury:
        found.append(
            error(
                step,
                "decided_on",
                f"The UR decision of {mmddyyyy(decided_on)} cannot be earlier than the date of injury, "
                f"{mmddyyyy(date_of_injury)}.",
            )
        )
    found += not_after_today(step, "decided_on", "The date of the UR decision", decided_on, today)
    if served_on is not None and decided_on is not None and served_on < decided_on:
        found.append(
            error(
                step,
                "served_on",
                f"The decision cannot be served on {mmddyyyy(served_on)}, before it was made on "
                f"{mmddyyyy(decided_on)}.",
            )
        )
    found += not_after_today(step, "served_on", "The date of service", served_on, today)
    return found


def check_designation(designation_signed_on: date | None, decided_on: date | None, *, today: date) -> list[Finding]:
    """A representative is designated after the UR decision, not before (8 CCR 9792.10.1(b))."""
    step = DraftStep.REPRESENTATIVE
    if designation_signed_on is None:
        return []
    if decided_on is not None and designation_signed_on < decided_on:
        return [
            error(
                step,
                "designation_signed_on",
                f"The designation of {mmddyyyy(designation_signed_on)} is earlier than the UR decision of "
                f"{mmddyyyy(decided_on)}. A representative has to be designated after the decision.",
                code=IneligibilityReason.PARTY.value,
            )
        ]
    return not_after_today(step, "designation_signed_on", "The designation", designation_signed_on, today)


def check_signature_dates(
    *, signed_on: date | None, consent_signed_on: date | None, decided_on: date | None, today: date
) -> list[Finding]:
    """Signature and consent lie between the UR decision and today."""
    step = DraftStep.SIGNATURE
    found: list[Finding] = []
    for name, words, day in (
        ("signed_on", "signature", signed_on),
        ("consent_signed_on", "consent", consent_signed_on),
    ):
        if day is not None and decided_on is not None and day < decided_on:
            found.append(
                error(
                    step,
                    name,
                    f"The {words} of {mmddyyyy(day)} cannot be earlier than the UR decision of {mmddyyyy(decided_on)}.",
                )
            )
        found += not_after_today(step, name, f"The {words}", day, today)
    return found


def check_filing_time(filing_due: date | None, *, today: date) -> list[Finding]:
    """Filed after the last day: a warning, for service may have been defective (8 CCR 9792.10.1(b)(1))."""
    if filing_due is None or today <= filing_due:
        return []
    return [
        Finding(
            DraftStep.UR_DECISION,
            Severity.WARNING,
            f"The last day to file was {mmddyyyy(filing_due)}, by the date and way of service you gave. You can still "
            "file; the application may be found late.",
            field="served_on",
            code=IneligibilityReason.LATE.value,
            citation="8 CCR 9792.10.1(b)(1); LC 4610.5(h)",
        )
    ]
