"""The penalty for records that come late (8 CCR 9792.12(c)(6)): so much a day, up to a maximum."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PenaltyFigures:
    """Dollars a day and the maximum, with the section they rest on; `is_confirmed` is false where that is in doubt."""

    per_day: int
    maximum: int
    citation: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Penalty:
    """What the figures come to on a day. `is_running` says that it grows with the next day."""

    due_on: date
    until: date
    days: int
    amount: int
    is_running: bool
    steps: tuple[str, ...]


def late_records_penalty(*, due_on: date, received_on: date | None, today: date, figures: PenaltyFigures) -> Penalty:
    """The exposure when records were due on `due_on` and came on `received_on`, or had not come by `today`.

    The day after the due date is the first that counts, the day on which they come the last. Every day of the calendar
    counts. Nothing runs once the maximum is reached.
    """
    until = received_on or today
    days = max((until - due_on).days, 0)
    amount = min(days * figures.per_day, figures.maximum)
    is_running = received_on is None and amount < figures.maximum
    came = f"received {received_on:%m/%d/%Y}" if received_on else f"not received by {today:%m/%d/%Y}"
    steps = (
        f"Records due {due_on:%m/%d/%Y}, {came}: {days:,} day{'' if days == 1 else 's'} late.",
        f"{days:,} × ${figures.per_day:,} = ${days * figures.per_day:,}"
        + (f", at most ${figures.maximum:,}." if days * figures.per_day > figures.maximum else "."),
        f"{figures.citation}{'' if figures.is_confirmed else ' (to be confirmed)'}",
    )
    return Penalty(due_on=due_on, until=until, days=days, amount=amount, is_running=is_running, steps=steps)
