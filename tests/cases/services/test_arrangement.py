"""Turning, dividing and joining documents: nothing filed is lost, and every page can be followed (B12)."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pytest_django import Settings

from cases.enums import ArrangementState, CaseStatus, DocumentRemoval, Lateness, ScanState
from cases.exceptions import GoneError, IncompleteError
from cases.models import Arrangement, Case, Document, DocumentPage
from cases.selectors.arrangement import PagePlace, open_arrangements, origin_words, page_places
from cases.selectors.document import (
    current_documents,
    former_documents,
    openable_documents,
    readable_records,
    reviewable_documents,
)
from cases.selectors.manifest import received_files
from cases.services import arrangement_making
from cases.services.arrangement import Described, Part, divide_document, join_into_one, turn_document
from cases.services.arrangement_making import work_arrangement
from cases.services.page import read_pages
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, storage
from imr.core.errors import ConflictError, DomainError
from imr.core.models import JobState, OutboxJob
from imr.core.pdf_binder import BindingError
from tests.factories.accounts import Cast
from tests.factories.arrangements import divide, join, made_by, turn, work_off
from tests.factories.cases import make_case, make_document
from tests.factories.clamd import clamd

TEN_DAYS = timedelta(days=10)


def paged(words: list[str]) -> bytes:
    """A PDF with one page for each of `words`, and a bookmark to the last."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for text in words:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Last", len(pdf.pages) - 1))
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def scan_of(case: Case, *words: str, **fields: Any) -> Document:
    """A document received ten days ago with a page for each of `words`, its text read."""
    document = make_document(
        case,
        data=paged(list(words)),
        page_count=len(words),
        text_page_count=len(words),
        **{"title": "Scan", "received_at": clock.now() - TEN_DAYS, **fields},
    )
    read_pages(document_id=document.pk)
    return document


def texts_of(document: Document) -> list[str]:
    """What stands on the pages of the stored file."""
    with storage.open_verified(document.sha256) as handle, pikepdf.open(handle) as pdf:
        found = []
        for page in pdf.pages:
            line = page.Contents.read_bytes().split(b"(")[1].split(b")")[0]
            found.append(line.decode())
        return found


def test_division_makes_documents_and_keeps_what_was_received(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "a", "b", "blank", "c")
    receipts = received_files(case)

    first, second = divide(scan, cast.administrator, "4, 1", "2", left_out=[3])

    assert [texts_of(one) for one in (first, second)] == [["c", "a"], ["b"]]
    scan.refresh_from_db()
    assert (scan.removal, scan.removed_by, scan.replaced_by) == (DocumentRemoval.DIVIDED, cast.administrator, None)
    assert scan in openable_documents()
    assert scan in former_documents(case.pk)
    assert {first, second} <= set(reviewable_documents(case.pk))
    assert scan not in reviewable_documents(case.pk)
    assert scan in readable_records(case.pk)
    # The pages came when they came, from whom they came: neither a clock nor a penalty nor a receipt moves.
    for one in (first, second):
        assert (one.received_at, one.uploaded_by, one.source) == (scan.received_at, scan.uploaded_by, scan.source)
        assert (one.lateness, one.scan) == ("", ScanState.NOT_CHECKED)
    assert [(file.sha256, file.received_at) for file in received_files(case)] == [
        (file.sha256, file.received_at) for file in receipts
    ]
    assert [file.is_replaced for file in received_files(case) if file.sha256 == scan.sha256] == [True]
    assert page_places(case.pk) == {
        (scan.pk, 4): PagePlace(first.pk, 1, is_turned=False),
        (scan.pk, 1): PagePlace(first.pk, 2, is_turned=False),
        (scan.pk, 2): PagePlace(second.pk, 1, is_turned=False),
    }
    assert {pk: [one.words for one in found] for pk, found in origin_words([first.pk, second.pk, scan.pk]).items()} == {
        first.pk: ["Pages 4, 1 of “Scan”"],
        second.pk: ["Page 2 of “Scan”"],
    }
    actions = Event.objects.filter(object_type="document", case_id=case.pk).values_list("action", flat=True)
    assert {"document.divide", "document.made"} <= set(actions)


def test_text_can_be_searched_at_once_and_is_read_again(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "alpha", "beta")
    DocumentPage.objects.filter(document=scan, number=2).update(is_recognized=True)

    both = join([scan, scan_of(case, "gamma")], cast.claims)

    pages = DocumentPage.objects.filter(document=both).values_list("number", "text", "is_recognized")
    assert list(pages) == [(1, "alpha", False), (2, "beta", True), (3, "gamma", False)]
    assert OutboxJob.objects.filter(unique_key=f"pages:{both.pk}").exists()
    reading = read_pages(document_id=both.pk)
    assert reading is not None
    assert (reading.pages_read, reading.text_pages) == (3, 3)


def test_turned_pages_are_a_newer_version_with_all_else_as_it_was(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    scan = scan_of(case, "a", "b", "c", lateness=Lateness.AFTER_DUE, author="Noah Bell, MD")

    made = turn(scan, cast.claims, {90: [1], 270: [3]})

    scan.refresh_from_db()
    assert (scan.removal, scan.replaced_by) == (DocumentRemoval.REPLACED, made)
    assert (made.title, made.author, made.lateness, made.original_name) == (
        "Scan",
        "Noah Bell, MD",
        "after_due",
        scan.original_name,
    )
    assert made.received_at == scan.received_at
    with storage.open_verified(made.sha256) as handle, pikepdf.open(handle) as pdf:
        assert [int(page.get("/Rotate", 0)) for page in pdf.pages] == [90, 0, 270]
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["Last"]
    assert page_places(case.pk)[scan.pk, 1] == PagePlace(made.pk, 1, is_turned=True)
    assert page_places(case.pk)[scan.pk, 2] == PagePlace(made.pk, 2, is_turned=False)
    # What lay on its side is read anew.
    assert list(DocumentPage.objects.filter(document=made).values_list("number", flat=True)) == [2]


def test_joined_documents_stand_in_the_chosen_order_under_bookmarks(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    early = scan_of(case, "a", "b", title="First visit")
    late = scan_of(case, "c", title="Second visit", received_at=clock.now() - timedelta(days=2))

    made = join([late, early], cast.administrator)

    assert texts_of(made) == ["c", "a", "b"]
    # No page may look as if it had come earlier than it did.
    assert made.received_at == late.received_at
    with storage.open_verified(made.sha256) as handle, pikepdf.open(handle) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Second visit", "First visit"]
    assert set(current_documents(case.pk).filter(pk__in=[early.pk, late.pk])) == set()
    assert {early.pk, late.pk} <= set(readable_records(case.pk).values_list("pk", flat=True))


def test_pages_are_followed_through_several_arrangements(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "a", "b", "c")
    first, second = divide(scan, cast.claims, "1-2", "3")
    turned = turn(second, cast.claims, {180: [1]})
    whole = join([turned, first], cast.claims)

    places = page_places(case.pk)

    assert places[scan.pk, 3] == PagePlace(whole.pk, 1, is_turned=True)
    assert places[scan.pk, 1] == PagePlace(whole.pk, 2, is_turned=False)
    assert places[first.pk, 2] == PagePlace(whole.pk, 3, is_turned=False)


def test_late_pages_stay_late(cast: Cast) -> None:
    """C10: what waits for somebody's decision never joins the records by being divided."""
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    held = scan_of(case, "a", "b", lateness=Lateness.AFTER_COMPLETE)
    in_time = scan_of(case, "c")

    parts = divide(held, cast.claims, "1", "2")

    assert [one.lateness for one in parts] == [Lateness.AFTER_COMPLETE] * 2
    assert not reviewable_documents(case.pk).filter(pk__in=[one.pk for one in parts]).exists()
    with pytest.raises(IncompleteError, match="came late"):
        join([parts[0], in_time], cast.claims)


@pytest.mark.parametrize("status", [CaseStatus.QA, CaseStatus.ISSUED, CaseStatus.CLOSED])
def test_nothing_is_arranged_after_the_signature(cast: Cast, status: CaseStatus) -> None:
    document = scan_of(make_case(status, user=cast.claims), "a", "b")
    with pytest.raises(ConflictError, match="can no longer be changed"):
        turn_document(document_id=document.pk, actor=cast.claims, turns={90: [1]})


def test_what_was_signed_meanwhile_ends_the_work_and_changes_nothing(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    scan = scan_of(case, "a", "b")
    arrangement = turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})
    work_arrangement(arrangement_id=arrangement.pk, step=1)
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.QA)

    work_off(arrangement)

    scan.refresh_from_db()
    assert (arrangement.state, scan.removed_at) == (ArrangementState.REFUSED, None)
    assert "can no longer be changed" in arrangement.refusal
    assert [one.arrangement for one in open_arrangements(case.pk)] == [arrangement]
    assert Document.objects.filter(case=case).count() == current_documents(case.pk).count()


def test_replacement_meanwhile_wins(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "a", "b")
    arrangement = turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})
    newer = make_document(case)
    Document.objects.filter(pk=scan.pk).update(
        removed_at=clock.now(), removed_by=cast.claims, removal="replaced", replaced_by=newer
    )
    assert "replaced by a newer version" in work_off(arrangement).refusal
    with pytest.raises(GoneError):
        turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})


def test_one_arrangement_of_a_document_at_a_time_until_its_work_has_stopped(cast: Cast) -> None:
    scan = scan_of(make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims), "a", "b")
    first = turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})
    with pytest.raises(ConflictError, match="being arranged already"):
        turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [2]})
    OutboxJob.objects.filter(unique_key=f"arrange:{first.pk}:1").update(state=JobState.FAILED, finished_at=clock.now())

    second = turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [2]})

    first.refresh_from_db()
    assert first.state == ArrangementState.REFUSED
    assert work_off(second).state == ArrangementState.DONE


def test_steps_are_safe_to_run_twice_and_after_a_worker_that_died(cast: Cast) -> None:
    scan = scan_of(make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims), "a", "b")
    parts = [Part([1], Described("other", "One")), Part([2], Described("other", "Two"))]
    arrangement = divide_document(document_id=scan.pk, actor=cast.claims, parts=parts)
    for step in (1, 1, 2, 1, 3, 2, 3):
        work_arrangement(arrangement_id=arrangement.pk, step=step)
    arrangement.refresh_from_db()
    assert (arrangement.state, arrangement.steps_done) == (ArrangementState.DONE, 3)
    assert [one.title for one in made_by(arrangement)] == ["One", "Two"]
    assert Document.objects.filter(case=scan.case, arranged__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("parts", "left_out", "words"),
    [
        ([[1]], [], "at least two parts"),
        ([[1], [1, 2, 3]], [], "in an earlier part"),
        ([[1], [2]], [], "Page 3 is in no part"),
        ([[1, 2], [3, 9]], [], "has 3 pages"),
        ([[1, 2], [3]], [8], "has 3 pages"),
    ],
)
def test_divisions_that_lose_or_double_pages_are_refused(
    cast: Cast, parts: list[list[int]], left_out: list[int], words: str
) -> None:
    scan = scan_of(make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims), "a", "b", "c")
    wanted = [Part(pages, Described("other", "Part")) for pages in parts]
    with pytest.raises(IncompleteError, match=words):
        divide_document(document_id=scan.pk, actor=cast.claims, parts=wanted, left_out=left_out)
    assert not Arrangement.objects.exists()


def test_joining_is_refused_over_the_limits_across_cases_and_of_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    one, two = scan_of(case, "a"), scan_of(case, "b")
    for chosen, words in (([one], "at least two"), ([one, one], "at least two")):
        with pytest.raises(IncompleteError, match=words):
            ask_to_join(chosen, cast.claims)
    monkeypatch.setattr("cases.services.arrangement.MAX_PAGES", 1)
    with pytest.raises(IncompleteError, match="Together these have 2 pages"):
        ask_to_join([one, two], cast.claims)


def ask_to_join(documents: list[Document], actor: User) -> Arrangement:
    return join_into_one(
        case_id=documents[0].case_id,
        actor=actor,
        document_ids=[document.pk for document in documents],
        described=Described("other", "Joined"),
    )


def test_files_over_the_quota_and_unscanned_files_are_refused(cast: Cast, settings: Settings) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "a", "b")
    parts = [Part([1], Described("other", "One")), Part([2], Described("other", "Two"))]
    settings.IMR_MAX_CASE_FILES = current_documents(case.pk).count()
    with pytest.raises(DomainError, match="holds at most"):
        divide_document(document_id=scan.pk, actor=cast.claims, parts=parts)
    Document.objects.filter(pk=scan.pk).update(scan=ScanState.WAITING)
    with pytest.raises(ConflictError, match="being checked for viruses"):
        turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})


def test_file_that_cannot_be_taken_apart_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = scan_of(make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims), "a", "b")

    def give_up(*args: object, **kwargs: object) -> None:
        raise BindingError("timeout")

    monkeypatch.setattr(arrangement_making, "turn_pages", give_up)
    ended = work_off(turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]}))
    assert (ended.state, "too complex" in ended.refusal) == (ArrangementState.REFUSED, True)


def test_made_files_pass_the_virus_check_before_they_count(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    scan = scan_of(case, "a", "b", scan=ScanState.CLEAN, scanned_at=clock.now())
    with clamd() as scanner:
        settings.IMR_CLAMD_ADDRESS = scanner.address
        arrangement = turn_document(document_id=scan.pk, actor=cast.claims, turns={90: [1]})
        assert arrangement.steps == 3
        (made,) = made_by(work_off(arrangement))
    assert made.scan == ScanState.CLEAN
    monkeypatch.setattr("tests.factories.clamd.EICAR", b"%PDF")
    with clamd() as scanner:
        settings.IMR_CLAMD_ADDRESS = scanner.address
        refused = work_off(turn_document(document_id=made.pk, actor=cast.claims, turns={90: [1]}))
    made.refresh_from_db()
    assert (refused.state, made.removed_at) == (ArrangementState.REFUSED, None)
    assert not Path(storage.local_path(refused.results.get().sha256)).exists()
