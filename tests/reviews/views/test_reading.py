"""The reading side of the workspace: parts of files, coverage, notes, references, settings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Document
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock, storage
from reviews.models import ConsideredDocument, DocumentVisit, PageNote, ReadingSettings, Review
from reviews.selectors.snapshot import draft_snapshot
from reviews.services.completeness import find_open_gaps
from tests.factories.pages import write_pages
from tests.factories.review_drafts import complete_review, make_record
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SignIn = Callable[[User], Client]


@pytest.fixture
def accepted() -> Accepted:
    found = make_accepted(make_ready_case())
    complete_review(found)
    return found


@pytest.fixture
def paper(accepted: Accepted) -> Document:
    return Document.objects.filter(case=accepted.case, kind="medical_report").get()


def address(name: str, accepted: Accepted, *more: int) -> str:
    return reverse(f"reviews:{name}", args=[accepted.assignment.pk, *more])


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def views() -> int:
    return Event.objects.filter(action="document.view").count()


def test_record_comes_in_parts_and_its_opening_is_recorded_once(
    accepted: Accepted, paper: Document, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    place = address("document", accepted, paper.pk)
    whole = client.get(place)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    data = body(whole)
    assert views() == 1
    first = client.get(place, headers={"Range": "bytes=0-99"})
    assert (first.status_code, first["Content-Range"]) == (206, f"bytes 0-99/{paper.size}")
    assert (first["Content-Type"], first["Cache-Control"]) == ("application/pdf", "no-store")
    assert body(first) == data[:100]
    assert views() == 2
    for begin in (100, 300, 200):
        assert body(client.get(place, headers={"Range": f"bytes={begin}-{begin + 49}"})) == data[begin : begin + 50]
    assert views() == 2
    assert client.get(place, headers={"Range": f"bytes={paper.size}-"}).status_code == 416
    # Another session that begins in the middle is an opening, too.
    body(client_of(accepted.user).get(place, headers={"Range": "bytes=100-149"}))
    assert views() == 3


def test_a_changed_file_is_not_sent_in_parts_either(accepted: Accepted, paper: Document, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    place = address("document", accepted, paper.pk)
    assert body(client.get(place, headers={"Range": "bytes=0-4"})) == b"%PDF-"
    path = storage.local_path(paper.sha256)
    path.write_bytes(b"x" * paper.size)
    assert client.get(place, headers={"Range": "bytes=10-19"}).status_code == 500
    path.unlink()
    assert client.get(place, headers={"Range": "bytes=10-19"}).status_code == 500


def test_pages_seen_are_kept_and_the_answer_says_how_far(
    accepted: Accepted, paper: Document, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    seen = address("document-pages-seen", accepted, paper.pk)
    refused = client.post(seen, {"pages": "1"}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "not_opened")
    body(client.get(address("document", accepted, paper.pk)))
    answer = client.post(seen, {"pages": "1"}).json()
    assert answer["words"] == "1 of 2 opened, 1 not; 1 of 2 pages read"
    assert answer["documents"][str(paper.pk)] == {"words": "Read", "state": "read", "is_proposed": False}
    for pages in ("2", "0", "1,", "one", "-1", "1" * 5_001):
        assert client.post(seen, {"pages": pages}).status_code == 400
    assert DocumentVisit.objects.get().seen_pages == [1]


def test_opened_records_are_marked_only_when_the_person_says_so(
    accepted: Accepted, paper: Document, client_of: SignIn
) -> None:
    client = client_of(accepted.user)
    ConsideredDocument.objects.all().delete()
    body(client.get(address("document", accepted, paper.pk)))
    page = client.get(address("workspace", accepted)).content.decode()
    assert "Mark what you opened as considered" in page
    assert page.count("data-proposed>") == 1
    assert not ConsideredDocument.objects.exists()
    client.post(address("documents-mark", accepted), {"propose": "opened"})
    marked = ConsideredDocument.objects.get()
    assert (marked.document_id, marked.use) == (paper.pk, "considered")


def test_workspace_opens_the_page_that_the_address_names(accepted: Accepted, client_of: SignIn) -> None:
    record = make_record(accepted.case, page_count=12)
    client = client_of(accepted.user)
    place = address("workspace", accepted)
    for asked, shown in [("7", 7), ("13", 1), ("0", 1), ("x", 1), ("²", 1), ("9" * 30, 1)]:
        page = client.get(place, {"document": str(record.pk), "page": asked}).content.decode()
        assert f'data-opened="{record.pk}" data-page="{shown}"' in page
    # Without scripts the browser's own viewer opens the same page.
    page = client.get(place, {"document": str(record.pk), "page": "7"}).content.decode()
    assert '#page=7&amp;navpanes=0&amp;view=FitH"></iframe>' in page


def test_search_can_be_kept_to_one_record(accepted: Accepted, client_of: SignIn) -> None:
    first = write_pages(accepted.case, "An antalgic gait.", title="Consultation")
    second = write_pages(accepted.case, "Gait is normal.", title="Therapy notes")
    client: Any = client_of(accepted.user)
    place = address("page-search", accepted)
    both = client.get(place, {"q": "gait"}, headers=HTMX).content.decode()
    assert f'data-document="{first.pk}" data-page="1" data-words="gait"' in both
    assert f'data-document="{second.pk}"' in both
    one = client.get(place, {"q": "gait", "document": second.pk}, headers=HTMX).content.decode()
    assert f'data-document="{second.pk}" data-page="1" data-words="Gait"' in one
    assert f'data-document="{first.pk}"' not in one
    foreign = make_record(make_ready_case())
    refused = client.get(place, {"q": "gait", "document": foreign.pk})
    assert (refused.status_code, "Choose another one" in refused.content.decode()) == (400, True)


def test_notes_are_added_refused_changed_and_removed(accepted: Accepted, paper: Document, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    add = address("note-add", accepted)
    data = {"document": paper.pk, "page": "1", "text": "<b>Gait</b>", "quote": "antalgic gait", "tags": "Gait,  MRI ,"}
    kept = client.post(add, data, headers=HTMX).content.decode()
    assert "The note is kept." in kept
    assert "&lt;b&gt;Gait&lt;/b&gt;" in kept
    assert "R2, page 1" in kept
    assert "<html" not in kept
    note = PageNote.objects.get()
    assert note.tags == ["gait", "mri"]
    refusals = [
        ({"page": "2"}, "The record has 1 page."),
        ({"page": "x"}, "Enter the page as a number."),
        ({"document": "9999999"}, "Choose a record of this case."),
        ({"text": "", "quote": ""}, "Write the note."),
        ({"text": "word " * 900}, "must have 4,000 characters or fewer"),
        ({"tags": ",".join("abcdefghi")}, "at most 8 tags"),
        ({"tags": "t" * 31}, "30 characters or fewer"),
    ]
    for change, words in refusals:
        answer = client.post(add, data | change, headers=HTMX)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    page = client.post(add, data | {"page": "2", "text": "Typed and kept"})
    assert (page.status_code, "Typed and kept" in page.content.decode()) == (422, True)
    edit = address("note-edit", accepted, note.pk)
    assert client.post(edit, {"text": "Limp", "tags": ""}).status_code == 302
    note.refresh_from_db()
    assert (note.text, note.quote, note.tags) == ("Limp", "antalgic gait", [])
    assert client.post(edit, {"text": "word " * 900, "tags": ""}, headers=HTMX).status_code == 422
    shown = client.get(address("note-list", accepted), {"tag": "gait"}).content.decode()
    assert "No note has the tag" in shown
    client.post(address("note-remove", accepted, note.pk))
    assert not PageNote.objects.exists()


def test_references_are_gates_until_they_can_be_printed(accepted: Accepted, paper: Document) -> None:
    review = Review.objects.get(assignment=accepted.assignment)
    finding = review.findings.get()
    good = finding.rationale
    item = finding.item_id

    def codes(text: str) -> list[tuple[str, str]]:
        finding.rationale = f"{good} {text}"
        finding.save()
        return [(gap.code, gap.place) for gap in find_open_gaps(review=review)]

    assert codes("") == []
    assert codes("[R2, page 1]") == []
    assert codes("[R7, page 1]") == [("reference_unknown", f"item_{item}_rationale")]
    assert codes("[R2, page 8]") == [("reference_page", f"item_{item}_rationale")]
    ConsideredDocument.objects.filter(document=paper).update(use="not_relevant")
    assert ("reference_not_considered", f"document_{paper.pk}") in codes("[R2, page 1] [R2, page 1]")


def test_letter_prints_references_as_its_list_numbers_them(accepted: Accepted, paper: Document) -> None:
    review = Review.objects.get(assignment=accepted.assignment)
    review.clinical_case_summary = "Numbness without weakness [R2, page 1]."
    review.save()
    finding = review.findings.get()
    finding.rationale += " See [R1, page 1]."
    finding.save()
    snapshot = draft_snapshot(assignment=accepted.assignment, decision_date=clock.today())
    assert snapshot.letter.clinical_case_summary == "Numbness without weakness (document 2, page 1)."
    assert snapshot.letter.items[0].rationale.endswith("See (document 1, page 1).")
    assert [one.id for one in snapshot.documents][1] == paper.pk


def test_settings_are_kept_for_the_person(accepted: Accepted, client_of: SignIn) -> None:
    client = client_of(accepted.user)
    place = reverse("reviews:reading-settings")
    assert client.post(place, {"divider": "35", "has_letter_keys": "0"}).status_code == 204
    kept = ReadingSettings.objects.get(user=accepted.user)
    assert (kept.divider, kept.has_letter_keys) == (35, False)
    page = client.get(address("workspace", accepted)).content.decode()
    assert 'data-divider-at="35"' in page
    assert "data-no-letter-keys" in page
    for wrong in ({"divider": "10"}, {"divider": "x"}, {"has_letter_keys": "maybe"}):
        assert client.post(place, wrong).status_code == 400
    assert client.post(place, {}).status_code == 204
    assert ReadingSettings.objects.get(user=accepted.user).divider == 35
