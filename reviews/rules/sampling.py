"""Which signed determinations wait for a second read. Pure, and the same for anybody who runs it again.

The lot of a determination comes from the month's seed and the case's number and round. A cap is spread over the month,
so that it is not used up in its third week.
"""

import hashlib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

LOTS = 10_000


class DrawReason(StrEnum):
    """Why a determination is read a second time, or not."""

    RETURNED = "returned"
    FIRST = "first"
    PANEL = "panel"
    EXPEDITED = "expedited"
    OVERTURNED = "overturned"
    LOT = "lot"
    NOT_DRAWN = "not_drawn"
    CAP = "cap"


@dataclass(frozen=True, slots=True)
class SamplingFigures:
    """What is in force: rate in percent, cap of a month, and what is always read."""

    rate: Decimal
    monthly_cap: int
    first_determinations: int
    always_panel: bool
    always_expedited: bool
    always_overturned: bool


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What is known of a determination when it is signed. `earlier` counts what its reviewer signed before it."""

    was_returned: bool
    earlier: int
    is_panel: bool
    is_expedited: bool
    is_overturned: bool


def lot_of(seed: str, case_number: str, round_: int) -> int:
    """0 to 9,999, from the SHA-256 of `seed:number/round`."""
    digest = hashlib.sha256(f"{seed}:{case_number}/{round_}".encode()).hexdigest()
    return int(digest[:12], 16) % LOTS


def allowance(monthly_cap: int, day: date) -> int:
    """How many lots may be drawn from the first of the month through `day`."""
    days = monthrange(day.year, day.month)[1]
    return -(-monthly_cap * day.day // days)


def draw(figures: SamplingFigures, facts: DrawFacts, *, lot: int, drawn_this_month: int, day: date) -> DrawReason:
    """Why the determination is read, or `NOT_DRAWN` or `CAP`. What is always read does not count toward the cap."""
    always = (
        (DrawReason.RETURNED, facts.was_returned),
        (DrawReason.FIRST, facts.earlier < figures.first_determinations),
        (DrawReason.PANEL, figures.always_panel and facts.is_panel),
        (DrawReason.EXPEDITED, figures.always_expedited and facts.is_expedited),
        (DrawReason.OVERTURNED, figures.always_overturned and facts.is_overturned),
    )
    for reason, applies in always:
        if applies:
            return reason
    if lot >= figures.rate * LOTS / 100:
        return DrawReason.NOT_DRAWN
    return DrawReason.LOT if drawn_this_month < allowance(figures.monthly_cap, day) else DrawReason.CAP


def is_read(reason: DrawReason) -> bool:
    """Whether the determination waits for the second read."""
    return reason not in {DrawReason.NOT_DRAWN, DrawReason.CAP}
