"""Saving a review: versions, two connections at once, and an end that comes while typing."""

import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from cases.enums import ItemStatus
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core.errors import ConflictError
from reviews.enums import Keep
from reviews.exceptions import StaleVersionError
from reviews.models import Finding, Review, Revision
from reviews.selectors.revision import field_history
from reviews.services.assignment import recall_assignment
from reviews.services.review import (
    Choice,
    FindingWords,
    mark_documents,
    open_review,
    restore_revision,
    save_finding,
    save_summary,
)
from reviews.services.revision import SavedFrom
from tests.factories.accounts import make_user
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_ready_case, make_reviewer


def start() -> tuple[Accepted, Review, dict[str, Any]]:
    accepted = make_accepted()
    prepare_case(accepted.case)
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    return accepted, open_review(**who), who


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run each act in a thread with a connection of its own; what it returned or raised."""
    results: list[object] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=10)
            results[place] = act()
        except ConflictError as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


@pytest.mark.django_db
def test_opening_twice_keeps_one_finding_per_item_with_the_filed_guideline() -> None:
    case = make_ready_case()
    case.items.update(claims_guideline_basis="non_mtus", claims_guideline_text="ACOEM, Table 2")
    accepted = make_accepted(case)
    who: dict[str, Any] = {"assignment_id": accepted.assignment.pk, "actor": accepted.user}
    assert open_review(**who) == open_review(**who)
    finding = Finding.objects.get()
    assert (finding.claims_basis, finding.claims_text, finding.outcome) == ("non_mtus", "ACOEM, Table 2", "")


@pytest.mark.django_db
def test_stale_save_changes_nothing_and_hands_back_what_is_stored() -> None:
    accepted, review, who = start()
    save_summary(**who, version=1, clinical_case_summary="First")
    with pytest.raises(StaleVersionError) as refused:
        save_summary(**who, version=1, clinical_case_summary="Second")
    assert refused.value.current_version == 2
    assert refused.value.current == {"clinical_case_summary": "First"}
    # A repeated request, whose first answer was lost, is no conflict.
    assert save_summary(**who, version=1, clinical_case_summary="First").version == 2
    item = accepted.case.items.get()
    written = FindingWords(outcome="upheld", rationale="One")
    save_finding(**who, item_id=item.pk, version=1, written=written)
    with pytest.raises(StaleVersionError) as again:
        save_finding(**who, item_id=item.pk, version=1, written=FindingWords(outcome="overturned", rationale="Two"))
    assert again.value.current == asdict(written)
    assert review.findings.get().rationale == "One"
    saved = Event.objects.filter(action="review.finding_saved").get()
    assert saved.detail["fields"] == ["outcome", "rationale"]
    assert "One" not in str(saved.detail)


@pytest.mark.django_db
def test_windows_that_changed_different_fields_both_keep_their_words() -> None:
    accepted, review, who = start()
    item = accepted.case.items.get()
    one, two = SavedFrom("one", 1), SavedFrom("two", 1)
    save: dict[str, Any] = {**who, "item_id": item.pk, "version": 1}
    save_finding(**save, written=FindingWords(rationale="From the desk."), window=one)
    finding = save_finding(**save, written=FindingWords(outcome="upheld"), window=two)
    assert (finding.rationale, finding.outcome, finding.version) == ("From the desk.", "upheld", 3)
    # The same field: both texts and what they were made of come back, and nothing was stored.
    save_finding(**save, written=FindingWords(rationale="From the desk. More."), window=SavedFrom("one", 2))
    with pytest.raises(StaleVersionError) as refused:
        save_finding(**save, written=FindingWords(outcome="upheld", rationale="By phone."), window=SavedFrom("two", 2))
    assert refused.value.base.get("rationale", "") == ""
    assert refused.value.current["rationale"] == "From the desk. More."
    # The answer to an own save was lost: what the window saved before is what it goes on from.
    mine = SavedFrom("one", 3)
    finding = save_finding(**save, written=FindingWords(rationale="From the desk. More. And on."), window=mine)
    assert finding.rationale == "From the desk. More. And on."
    # An own save that took its time does not undo a later one.
    late = save_finding(**save, written=FindingWords(rationale="From"), window=SavedFrom("one", 2))
    assert late.rationale == "From the desk. More. And on."
    assert Revision.objects.filter(review=review, field="rationale").count() == 3


@pytest.mark.django_db
def test_chosen_text_counts_and_the_other_stays_in_the_history() -> None:
    accepted, review, who = start()
    item = accepted.case.items.get()
    save: dict[str, Any] = {**who, "item_id": item.pk, "version": 1}
    save_finding(**save, written=FindingWords(rationale="Stored."), window=SavedFrom("one", 1))
    mine = FindingWords(rationale="Mine.")
    # Chosen over a text that meanwhile is another: asked again.
    with pytest.raises(StaleVersionError):
        save_finding(**save, written=mine, choice=Choice(Keep.MINE, 1))
    assert save_finding(**save, written=mine, choice=Choice(Keep.STORED, 2)).rationale == "Stored."
    given_up = Revision.objects.get(review=review, is_set_aside=True)
    assert given_up.text == "Mine."
    assert save_finding(**save, written=mine, choice=Choice(Keep.MERGED, 2)).rationale == "Stored. Mine."
    lines = field_history(review, item.pk, "rationale")
    assert {line.revision.text for line in lines} == {"Stored.", "Mine.", "Stored. Mine."}
    assert [line.revision.text for line in lines if line.is_current] == ["Stored. Mine."]
    restore_revision(**who, revision_id=given_up.pk)
    finding = Finding.objects.get()
    assert (finding.rationale, finding.version) == ("Mine.", 4)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Revision.objects.update(text="Forged")


@pytest.mark.django_db
def test_saves_of_one_sitting_are_one_line_of_the_history() -> None:
    accepted, review, who = start()
    item = accepted.case.items.get()
    texts = ["The", "The records", "The records show"]
    for number, text in enumerate(texts, start=1):
        window = SavedFrom("one", number)
        save_finding(**who, item_id=item.pk, version=number, written=FindingWords(rationale=text), window=window)
    save_finding(**who, item_id=item.pk, version=4, written=FindingWords(rationale="T"), window=SavedFrom("one", 4))
    lines = field_history(review, item.pk, "rationale")
    assert [line.revision.text for line in lines] == ["T", "The records show"]
    assert {line.window for line in lines} == {1}


@pytest.mark.django_db(transaction=True)
def test_two_connections_with_one_version_store_one_text_and_return_it_to_the_other() -> None:
    accepted, _, who = start()
    item = accepted.case.items.get()

    def save(text: str) -> Callable[[], object]:
        return lambda: save_finding(**who, item_id=item.pk, version=1, written=FindingWords(rationale=text))

    texts = ["From the desk. " * 100, "From the telephone. " * 100]
    results = at_once(*map(save, texts))
    won = [result for result in results if isinstance(result, Finding)]
    lost = [result for result in results if isinstance(result, StaleVersionError)]
    assert (len(won), len(lost)) == (1, 1)
    stored = Finding.objects.get()
    assert stored.version == 2
    assert lost[0].current["rationale"] == stored.rationale == won[0].rationale
    assert stored.rationale in texts


@pytest.mark.django_db(transaction=True)
def test_recall_while_saving_never_discards_what_was_stored() -> None:
    accepted, _, who = start()
    item = accepted.case.items.get()
    staff = make_user(Role.ADMINISTRATOR)
    save_finding(**who, item_id=item.pk, version=1, written=FindingWords(rationale="Stored"))
    results = at_once(
        lambda: save_finding(**who, item_id=item.pk, version=2, written=FindingWords(rationale="At the same time")),
        lambda: recall_assignment(assignment_id=accepted.assignment.pk, actor=staff, reason="Another specialty."),
    )
    saved = not isinstance(results[0], ConflictError)
    assert Finding.objects.get().rationale == ("At the same time" if saved else "Stored")
    with pytest.raises(ConflictError, match="What was saved before is kept"):
        save_finding(**who, item_id=item.pk, version=3, written=FindingWords(rationale="Too late"))


@pytest.mark.django_db
def test_item_that_left_the_review_takes_no_decision() -> None:
    accepted, _, who = start()
    item = accepted.case.items.get()
    accepted.case.items.update(status=ItemStatus.WITHDRAWN)
    with pytest.raises(ConflictError, match=r"Item 1 .* is no longer under review"):
        save_finding(**who, item_id=item.pk, version=1, written=FindingWords(rationale="Late"))


@pytest.mark.django_db
def test_review_of_somebody_else_and_documents_of_another_case_stay_untouched() -> None:
    accepted, review, who = start()
    stranger = make_reviewer().user
    with pytest.raises(ConflictError):
        save_summary(assignment_id=accepted.assignment.pk, actor=stranger, version=1, clinical_case_summary="Mine")
    other = make_ready_case()
    prepare_case(other)
    mark_documents(**who, uses={document.pk: "considered" for document in other.documents.all()})
    assert not review.considered_documents.exists()
