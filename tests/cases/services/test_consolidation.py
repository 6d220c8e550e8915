"""Consolidation: same worker, physician and injury; one lead; nothing lost when two people do it at once (C13)."""

from typing import Any

import pytest

from cases.enums import CaseLinkKind, CaseStatus, DocumentKind, Priority, ServiceMethod
from cases.models import Application, Case, CaseLink, DisputedItem, Document, Party
from cases.selectors.consolidation import consolidation_candidates
from cases.services import consolidation
from cases.services.consolidation import consolidate_cases
from cases.services.records import record_notice_served
from cases.services.transitions import lock_cases
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_document
from tests.factories.together import siblings
from tests.races import REPETITIONS, race

pytestmark = pytest.mark.django_db
E, A = CaseStatus.ELIGIBLE, CaseStatus.AWAITING_RECORDS


def together(actor: User, *cases: Case) -> Case:
    return consolidate_cases(case_ids={case.pk for case in cases}, actor=actor, reason="One set of records")


def descriptions(case: Case) -> list[str]:
    return list(DisputedItem.objects.filter(case=case).values_list("description", flat=True))


def test_first_received_leads_with_the_items_and_documents_of_all(cast: Cast) -> None:
    first, second, third = siblings(cast.claims, E, E, E)
    report = make_document(second, DocumentKind.MEDICAL_REPORT)

    lead = together(cast.administrator, third, first, second)

    assert lead == first
    assert descriptions(first) == ["Treatment number 1", "Treatment number 2", "Treatment number 3"]
    assert Document.objects.filter(case=first, sha256=report.sha256).exists()
    for case in (second, third):
        case.refresh_from_db()
        assert case.status == CaseStatus.CONSOLIDATED
        assert (case.link.lead, case.link.kind) == (first, CaseLinkKind.CONSOLIDATED)
        assert not case.deadlines.filter(ended_at__isnull=True).exists()
        # What was filed there stays on record there.
        assert len(descriptions(case)) == 1
    assert Event.objects.filter(case_id=first.pk, action="case.consolidated_joined").count() == 2


def test_case_whose_notice_was_served_first_leads(cast: Cast) -> None:
    first, second = siblings(cast.claims, E, E)
    record_notice_served(
        case_id=second.pk, actor=cast.administrator, method=ServiceMethod.ELECTRONIC, served_at=clock.now()
    )
    assert together(cast.administrator, first, second) == second


def test_item_that_both_dispute_stands_once_and_ineligible_ones_stay_behind(cast: Cast) -> None:
    first, second = siblings(cast.claims, E, E)
    DisputedItem.objects.filter(case=second).update(description="treatment  number 1")
    DisputedItem.objects.create(
        case=second,
        position=2,
        description="Refused",
        eligibility="ineligible",
        ineligibility_reason="INE-CNC",
        ur_outcome="denied",
    )
    together(cast.administrator, first, second)
    assert descriptions(first) == ["Treatment number 1"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda case: Party.objects.filter(case=case, role="employee").update(last_name="Other"), "another worker"),
        (
            lambda case: Party.objects.filter(case=case, role="requesting_physician").update(last_name="Other"),
            "another requesting physician",
        ),
        (lambda case: Application.objects.filter(case=case).update(date_of_injury="2020-01-01"), "date of injury"),
        (lambda case: Case.objects.filter(pk=case.pk).update(priority=Priority.EXPEDITED), "only one is expedited"),
    ],
    ids=["worker", "physician", "injury", "priority"],
)
def test_what_differs_is_said_and_nothing_is_joined(cast: Cast, change: Any, words: str) -> None:
    first, second = siblings(cast.claims, E, E)
    change(second)
    assert second not in consolidation_candidates(first)
    with pytest.raises(ConflictError, match=words):
        together(cast.administrator, first, second)
    assert not CaseLink.objects.exists()


def test_candidates_are_the_siblings_that_are_still_open(cast: Cast) -> None:
    first, second, received, ready = siblings(cast.claims, E, A, CaseStatus.RECEIVED, CaseStatus.READY_FOR_REVIEW)
    siblings(cast.away_claims, E)
    assert consolidation_candidates(first) == [second]
    assert consolidation_candidates(received) == []
    for other in (received, ready):
        with pytest.raises(ConflictError, match="until the records are complete"):
            together(cast.administrator, first, other)
    with pytest.raises(ConflictError, match="at least one other"):
        together(cast.administrator, first)


def test_consolidated_case_neither_leads_nor_joins_again(cast: Cast) -> None:
    first, second, third = siblings(cast.claims, E, E, E)
    together(cast.administrator, first, second)
    with pytest.raises(ConflictError, match="Consolidated"):
        together(cast.administrator, second, third)


@pytest.mark.django_db(transaction=True)
def test_two_consolidations_of_one_case_lose_nothing() -> None:  # C13
    """A with B, and B with C, at the same moment: whoever comes second is refused or finds everything."""
    for _ in range(REPETITIONS):
        cast = make_cast()
        first, second, third = siblings(cast.claims, E, E, E)
        race(
            lambda: together(cast.administrator, first, second),  # noqa: B023
            lambda: together(cast.other_administrator, second, third),  # noqa: B023
        )
        ended = CaseLink.objects.filter(case__in=[second, third])
        assert ended
        held = descriptions(second if not ended.filter(case=second) else first)
        assert not [words for link in ended for words in descriptions(link.case) if words not in held]


def test_without_the_locks_an_item_ends_in_a_case_that_has_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: another consolidation comes between the look at a case and the writing."""
    first, second, third = siblings(cast.claims, E, E, E)

    def looks_without_locking(*ids: int) -> dict[int, Case]:
        found = {case.pk: case for case in Case.objects.filter(pk__in=ids)}
        monkeypatch.setattr(consolidation, "lock_cases", lock_cases)
        together(cast.administrator, first, second)
        return found

    monkeypatch.setattr(consolidation, "lock_cases", looks_without_locking)
    together(cast.other_administrator, second, third)
    second.refresh_from_db()
    assert second.status == CaseStatus.CONSOLIDATED
    assert CaseLink.objects.get(case=third).lead == second
    assert "Treatment number 3" not in descriptions(first)
