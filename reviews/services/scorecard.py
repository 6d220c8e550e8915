"""Scorecards that leave the system."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from imr.accounts.models import User
from imr.audit.services import record
from reviews.selectors.scorecard import Scorecard
from reviews.services.letter_archive import safe_cell

HEADINGS = ("Reviewer", "Signed", "Returned", "In time", "With due date", "Comments", "Outcomes")


def scorecards_csv(*, cards: Sequence[Scorecard], actor: User, since: date, until: date) -> str:
    """The scorecards as a spreadsheet takes them, no cell a formula; it is on record that they left."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for card in cards:
        cells = (
            card.code,
            str(card.signed),
            str(card.returned),
            str(card.in_time),
            str(card.with_due_date),
            card.comment_words,
            card.outcome_words,
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    record_scorecard_view(actor=actor, since=since, until=until, count=len(cards), how="csv")
    # The mark tells a spreadsheet that the file is UTF-8.
    return "\ufeff" + text.getvalue()


def record_scorecard_view(*, actor: User, since: date, until: date, count: int, how: str) -> None:
    """It is on record that `actor` saw (`page`) or downloaded (`csv`) the scorecards of a period."""
    record(
        action="quality.scorecard",
        actor=actor,
        object_type="reviewer",
        detail={"how": how, "since": since.isoformat(), "until": until.isoformat(), "count": count},
    )
