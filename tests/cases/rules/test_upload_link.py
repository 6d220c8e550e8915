"""How long a link may be good, and how it stands."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases.enums import UploadLinkRole, UploadLinkState
from cases.rules.upload_link import LONGEST_DAYS, SOURCES, check_last_day, link_state

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "is over already"), (0, ""), (LONGEST_DAYS, ""), (LONGEST_DAYS + 1, "60 days at most")],
)
def test_last_day_lies_within_sixty_days(days: int, words: str) -> None:
    said = check_last_day(TODAY + timedelta(days=days), today=TODAY)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("used", "revoked", "ends", "state"),
    [
        (None, None, NOW + timedelta(seconds=1), UploadLinkState.OPEN),
        (None, None, NOW, UploadLinkState.EXPIRED),
        (NOW, None, NOW, UploadLinkState.USED),
        (None, NOW, NOW, UploadLinkState.REVOKED),
    ],
)
def test_what_was_done_with_a_link_says_more_than_that_it_is_over(
    used: datetime | None, revoked: datetime | None, ends: datetime, state: UploadLinkState
) -> None:
    assert link_state(used_at=used, revoked_at=revoked, expires_at=ends, now=NOW) == state


def test_every_role_has_a_side() -> None:
    assert set(SOURCES) == set(UploadLinkRole)
