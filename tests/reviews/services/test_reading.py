"""Visits, openings, pages seen and notes: what is kept, and for whom."""

from datetime import timedelta
from typing import Any

import pytest

from cases.enums import DocumentRemoval
from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core import clock
from imr.core.context import WorkContext, use
from imr.core.errors import DomainError, NotAllowedError
from reviews.models import DocumentVisit, PageNote, ReadingSettings, ReadingVisit
from reviews.selectors.note import notes_of
from reviews.selectors.records import ReadingState, coverage_of, numbered_records, settings_of
from reviews.services.assignment import recall_assignment
from reviews.services.note import add_note, change_note, remove_note
from reviews.services.reading import begin_visit, keep_pages_seen, open_document, save_settings
from reviews.services.review import mark_documents, open_review
from tests.factories.accounts import make_user
from tests.factories.review_drafts import make_record
from tests.factories.reviews import Accepted, make_accepted, make_ready_case, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted() -> Accepted:
    return make_accepted(make_ready_case())


@pytest.fixture
def who(accepted: Accepted) -> dict[str, Any]:
    return {"assignment_id": accepted.assignment.pk, "actor": accepted.user}


def views() -> int:
    return Event.objects.filter(action="document.view").count()


def test_parts_of_one_opening_are_recorded_once_and_another_session_again(
    accepted: Accepted, who: dict[str, Any]
) -> None:
    paper = make_record(accepted.case)
    use(WorkContext(session_hash="first"))
    open_document(**who, document=paper)
    for _ in range(3):
        open_document(**who, document=paper, is_part=True)
    assert views() == 1
    # Bytes never leave without a record: a session that skipped the beginning has one of its own.
    use(WorkContext(session_hash="second"))
    open_document(**who, document=paper, is_part=True)
    assert views() == 2
    DocumentVisit.objects.update(
        first_opened_at=clock.now() - timedelta(days=2), last_opened_at=clock.now() - timedelta(hours=13)
    )
    open_document(**who, document=paper, is_part=True)
    assert views() == 3
    use(WorkContext())
    open_document(**who, document=paper, is_part=True)
    assert views() == 4


def test_new_is_what_arrived_since_the_last_visit(accepted: Accepted, who: dict[str, Any]) -> None:
    old = make_record(accepted.case)
    begin_visit(**who)
    begin_visit(**who)
    assert coverage_of(accepted.assignment).readings[old.pk].state == ReadingState.UNOPENED
    late = make_record(accepted.case, received_at=clock.now() - timedelta(hours=1))
    ReadingVisit.objects.update(seen_at=clock.now() - timedelta(hours=5))
    old.received_at = clock.now() - timedelta(hours=9)
    old.save()
    begin_visit(**who)
    coverage = coverage_of(accepted.assignment)
    assert {pk: reading.state for pk, reading in coverage.readings.items()} == {
        old.pk: ReadingState.UNOPENED,
        late.pk: ReadingState.NEW,
    }
    assert coverage.new == 1
    open_document(**who, document=late)
    assert coverage_of(accepted.assignment).new == 0


def test_pages_seen_add_up_and_unknown_pages_are_refused(accepted: Accepted, who: dict[str, Any]) -> None:
    paper = make_record(accepted.case, page_count=4)
    with pytest.raises(DomainError, match="Open the document first"):
        keep_pages_seen(**who, document=paper, pages=[1])
    open_document(**who, document=paper)
    keep_pages_seen(**who, document=paper, pages=[3, 1])
    keep_pages_seen(**who, document=paper, pages=[2, 3])
    visit = DocumentVisit.objects.get()
    assert visit.seen_pages == [1, 2, 3]
    assert coverage_of(accepted.assignment).words == "1 of 1 opened; 3 of 4 pages read"
    for pages in ([0], [5], list(range(1, 600))):
        with pytest.raises(DomainError, match="not in the document"):
            keep_pages_seen(**who, document=paper, pages=pages)
    assert DocumentVisit.objects.get().seen_pages == [1, 2, 3]
    keep_pages_seen(**who, document=paper, pages=[4])
    assert coverage_of(accepted.assignment).readings[paper.pk].words == "Read"


def test_opened_or_referred_to_is_proposed_until_it_is_marked(accepted: Accepted, who: dict[str, Any]) -> None:
    opened, referred, neither = (make_record(accepted.case) for _ in range(3))
    open_review(**who)
    open_document(**who, document=opened)
    texts = {"rationale": "As [R2, page 1] has it."}

    def proposed() -> set[int]:
        return {pk for pk, one in coverage_of(accepted.assignment, texts).readings.items() if one.is_proposed}

    assert proposed() == {opened.pk, referred.pk}
    mark_documents(**who, uses={opened.pk: "not_relevant"})
    assert proposed() == {referred.pk}
    assert coverage_of(accepted.assignment, texts).words == "1 of 3 opened, 2 not; 0 of 3 pages read"
    assert neither.pk in coverage_of(accepted.assignment).readings


def test_record_numbers_stay_when_a_record_is_removed(accepted: Accepted) -> None:
    papers = [make_record(accepted.case) for _ in range(4)]
    assert accepted.case.received_at is not None
    moments = {0: accepted.case.received_at - timedelta(days=1), 2: clock.now()}
    for at, moment in moments.items():
        papers[at].removed_at, papers[at].removed_by = moment, accepted.case.created_by
        papers[at].removal = DocumentRemoval.WITHDRAWN
        papers[at].save()
    found = [(one.document_id, one.number, one.listed) for one in numbered_records(accepted.assignment)]
    # What was thrown away before the filing never counted; what is removed later keeps its number to itself.
    assert found == [(papers[1].pk, 1, 1), (papers[3].pk, 3, 2)]


def test_notes_are_kept_changed_filtered_and_removed(accepted: Accepted, who: dict[str, Any]) -> None:
    paper = make_record(accepted.case, page_count=3)
    other = make_record(accepted.case)
    first = add_note(**who, document=other, page=1, text="Compare.", quote="", tags=["mri"])
    add_note(**who, document=paper, page=3, text="", quote="antalgic gait", tags=["gait", "mri"])
    notes = notes_of(accepted.assignment)
    assert [(one.token, one.is_used) for one in notes.shown] == [("[R1, page 3]", False), ("[R2, page 1]", False)]
    assert notes.tags == (("gait", 1), ("mri", 2))
    assert [one.note.quote for one in notes_of(accepted.assignment, tag="gait").shown] == ["antalgic gait"]
    change_note(**who, note_id=first.pk, text="Compare the two.", tags=[])
    change_note(**who, note_id=first.pk, text="Compare the two.", tags=[])
    with pytest.raises(DomainError, match="Write the note"):
        change_note(**who, note_id=first.pk, text="", tags=[])
    remove_note(**who, note_id=first.pk)
    remove_note(**who, note_id=first.pk)
    assert PageNote.objects.count() == 1
    events = Event.objects.filter(object_type="page_note").order_by("pk")
    assert [event.action for event in events] == ["note.added", "note.added", "note.changed", "note.removed"]
    assert "gait" not in str([event.detail for event in events])
    with pytest.raises(DomainError, match="not among the records"):
        add_note(**who, document=paper, page=4, text="Beyond the end", quote="", tags=[])
    paper.removed_at, paper.removed_by = clock.now(), accepted.case.created_by
    paper.removal = DocumentRemoval.WITHDRAWN
    paper.save()
    assert notes_of(accepted.assignment).total == 0
    assert PageNote.objects.count() == 1


def test_note_says_whether_its_page_is_in_the_text(accepted: Accepted, who: dict[str, Any]) -> None:
    paper = make_record(accepted.case, page_count=9)
    review = open_review(**who)
    for page in (2, 4, 7):
        add_note(**who, document=paper, page=page, text="Look", quote="", tags=[])
    review.clinical_case_summary = "Numbness [R1, page 2]; weakness [R1, pages 3-5]."
    review.save()
    assert [one.is_used for one in notes_of(accepted.assignment).shown] == [True, True, False]


def test_nobody_else_writes_and_nothing_after_the_end_of_the_assignment(
    accepted: Accepted, who: dict[str, Any]
) -> None:
    paper = make_record(accepted.case)
    stranger = {"assignment_id": accepted.assignment.pk, "actor": make_reviewer().user}
    words: dict[str, Any] = {"document": paper, "page": 1, "text": "Mine", "quote": "", "tags": []}
    acts: list[tuple[Any, dict[str, Any]]] = [
        (begin_visit, {}),
        (open_document, {"document": paper}),
        (keep_pages_seen, {"document": paper, "pages": [1]}),
        (add_note, words),
    ]
    for act, arguments in acts:
        with pytest.raises(NotAllowedError):
            act(**stranger, **arguments)
    recall_assignment(
        assignment_id=accepted.assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="Another specialty is needed."
    )
    for act, arguments in acts:
        with pytest.raises(NotAllowedError):
            act(**who, **arguments)
    assert views() == 0


def test_settings_are_those_of_the_person(accepted: Accepted) -> None:
    assert (settings_of(accepted.user).divider, settings_of(accepted.user).has_letter_keys) == (50, True)
    save_settings(actor=accepted.user, divider=40)
    save_settings(actor=accepted.user, has_letter_keys=False)
    kept = settings_of(accepted.user)
    assert (kept.divider, kept.has_letter_keys, kept.is_header_hidden) == (40, False, False)
    assert ReadingSettings.objects.count() == 1
