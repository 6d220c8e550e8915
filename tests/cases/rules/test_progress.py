"""Every status tells where the case stands, what comes next and who has it."""

import pytest

from cases.enums import CaseStatus, DeadlineKind
from cases.rules.progress import (
    CLOCK_WORDS,
    MAY_BE_OUTSTANDING,
    WAITS_FOR_CLAIMS,
    Holder,
    Standing,
    progress_of,
)
from cases.workflow import TERMINAL, TRANSITIONS

S, D, H = CaseStatus, DeadlineKind, Holder
HOLDERS = {
    S.DRAFT: H.CLAIMS,
    S.RECEIVED: H.IMR,
    S.MERGED: H.NOBODY,
    S.ELIGIBILITY_REVIEW: H.IMR,
    S.INFO_REQUESTED: H.PARTIES,
    S.DEFERRED: H.PARTIES,
    S.INELIGIBLE: H.NOBODY,
    S.ELIGIBLE: H.IMR,
    S.CONSOLIDATED: H.NOBODY,
    S.AWAITING_RECORDS: H.CLAIMS,
    S.INSUFFICIENT_RECORDS: H.CLAIMS,
    S.READY_FOR_REVIEW: H.IMR,
    S.IN_REVIEW: H.REVIEWER,
    S.DOCS_REQUESTED: H.PARTIES,
    S.QA: H.IMR,
    S.DETERMINED: H.IMR,
    S.ISSUED: H.IMR,
    S.IMPLEMENTATION: H.IMR,
    S.APPEALED: H.WCAB,
    S.REMANDED: H.IMR,
    S.TERMINATED: H.NOBODY,
    S.WITHDRAWN: H.NOBODY,
    S.DISMISSED: H.NOBODY,
    S.CLOSED: H.NOBODY,
    S.PUBLISHED: H.NOBODY,
}
DEPENDENT = [
    (S.INELIGIBLE, Standing(is_window_open=True), H.PARTIES, (D.APPEAL,)),
    (S.ISSUED, Standing(is_window_open=True), H.PARTIES, (D.APPEAL,)),
    (S.ISSUED, Standing(is_outstanding=True, is_window_open=True), H.CLAIMS, (D.AUTHORIZE, D.REIMBURSE)),
    (S.IMPLEMENTATION, Standing(is_outstanding=True), H.CLAIMS, (D.AUTHORIZE, D.REIMBURSE)),
    (S.IMPLEMENTATION, Standing(is_window_open=True), H.PARTIES, (D.APPEAL,)),
]


def test_every_status_has_words_and_a_holder() -> None:
    assert set(HOLDERS) == set(CaseStatus)
    for status, holder in HOLDERS.items():
        told = progress_of(status, Standing())
        assert (told.holder, told.now.endswith("."), told.next_step.endswith(".")) == (holder, True, True), status
        assert told.short
        assert not told.short.endswith(".")


@pytest.mark.parametrize(("status", "standing", "holder", "clocks"), DEPENDENT)
def test_end_of_a_case_depends_on_what_is_outstanding(
    status: CaseStatus, standing: Standing, holder: Holder, clocks: tuple[DeadlineKind, ...]
) -> None:
    told = progress_of(status, standing)
    assert (told.holder, told.clocks) == (holder, clocks)


def test_nobody_holds_an_end_and_somebody_everything_else() -> None:
    ended = {status for status, holder in HOLDERS.items() if holder == H.NOBODY}
    assert ended - {S.INELIGIBLE, S.CLOSED} == TERMINAL


def test_clock_of_a_status_is_one_that_runs_there() -> None:
    """A kind that no transition into the status starts, and none before it, could never be shown."""
    started = {kind for row in TRANSITIONS.values() for kind in row.starts}
    for status in CaseStatus:
        for standing in (Standing(), Standing(is_outstanding=True), Standing(is_window_open=True)):
            assert set(progress_of(status, standing).clocks) <= started
    assert set(CLOCK_WORDS) == set(DeadlineKind)


def test_statuses_that_wait_for_the_claims_administrator() -> None:
    for status in CaseStatus:
        waits = progress_of(status, Standing(is_outstanding=True)).holder in {H.CLAIMS, H.PARTIES}
        known = status in WAITS_FOR_CLAIMS | MAY_BE_OUTSTANDING
        # On hold, somebody else's dispute has to end first.
        assert waits == known or status == S.DEFERRED, status
