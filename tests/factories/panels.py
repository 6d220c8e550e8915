"""Cases with several reviewers, by the services themselves."""

from dataclasses import dataclass
from typing import Any

from cases.models import Case
from imr.accounts.enums import Role
from imr.core import clock
from reviews.models import Determination, Opinion, Panel
from reviews.services.opinion import sign_opinion
from reviews.services.panel import record_panel
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import Signable, make_signable, write_draft
from tests.factories.reviews import accept_offer, make_offer


@dataclass(frozen=True, slots=True)
class Seated:
    """A panel whose every seat has a complete draft."""

    case: Case
    panel: Panel
    seats: tuple[Signable, ...]

    def sign(self, number: int, **arguments: Any) -> Opinion:
        """The opinion of seat `number`, from 1."""
        seat = self.seats[number - 1]
        return sign_opinion(
            **{"assignment_id": seat.assignment.pk, "actor": seat.user, "password": PASSWORD, **arguments}
        )

    def sign_all(self) -> Determination:
        for number in range(1, len(self.seats) + 1):
            self.sign(number)
        return Determination.objects.get(case=self.case, voided_at__isnull=True)


def approve_panel(case: Case, *, seats: int = 2, **fields: Any) -> Panel:
    """The approval on file."""
    return record_panel(
        **{
            "case_id": case.pk,
            "actor": make_user(Role.ADMINISTRATOR),
            "seats": seats,
            "approved_on": clock.today(),
            "approved_by_name": "Jordan Directorate",
            "reason": "Two fields of medicine meet in this request.",
            "chunks": [b"%PDF-1.4 approval"],
            "name": "approval.pdf",
            **fields,
        }
    )


def make_panel(outcomes: list[list[str]], **fields: Any) -> Seated:
    """A panel with a draft per seat: the outcomes of its items in their order. `fields` as for `make_signable`."""
    first = make_signable(
        items=[{} for _ in outcomes[0]], findings=_findings(1, outcomes[0]), summary=_summary(1), **fields
    )
    panel = approve_panel(first.case, seats=len(outcomes))
    seats = [first]
    for number, decided in enumerate(outcomes[1:], start=2):
        offer = make_offer(first.case)
        assignment = accept_offer(offer)
        write_draft(assignment, offer.reviewer.user, summary=_summary(number), findings=_findings(number, decided))
        seats.append(Signable(first.case, assignment, offer.reviewer, offer.reviewer.user))
    return Seated(Case.objects.get(pk=first.case.pk), panel, tuple(seats))


def _summary(number: int) -> str:
    return f"The worker is a 54-year-old male who was injured at work. Account {number} of his treatment."


def _findings(number: int, outcomes: list[str]) -> dict[int, dict[str, str]]:
    ends = {"upheld": "The request is not medically necessary.", "overturned": "The request is medically necessary."}
    return {
        position: {"outcome": outcome, "rationale": f"Analysis {number} of the lumbar spine MRI. {ends[outcome]}"}
        for position, outcome in enumerate(outcomes, start=1)
    }
