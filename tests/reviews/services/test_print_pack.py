"""The print pack: what is in it, what is not, and that every copy that leaves is on record."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cases.models import Application, Document, Party
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core.errors import ConflictError
from imr.core.jobs import JobCanceledError
from imr.core.models import JobState, OutboxJob
from imr.core.pdf import RenderError
from imr.core.storage import IntegrityError, open_verified
from reviews.models import PrintPack
from reviews.models.identity import ReviewerIdentity
from reviews.rules import print_pack as cap
from reviews.services import print_pack as service
from reviews.services import print_pack_making
from reviews.services.assignment import recall_assignment
from reviews.services.print_pack import make_pack, request_pack
from reviews.services.print_pack_making import WATERMARK
from reviews.services.review import add_citation
from tests.factories.accounts import make_user
from tests.factories.cases import make_document, make_pdf
from tests.factories.letters import Signable, make_signable
from tests.factories.reviews import make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def ask(made: Signable) -> PrintPack:
    return request_pack(assignment_id=made.assignment.pk, actor=made.user)


def pages_of(pack: PrintPack) -> list[str]:
    with open_verified(pack.pdf_sha256) as handle:
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(handle.read())).pages]


def test_pack_holds_the_case_without_a_name_and_says_on_each_page_what_to_do_with_it() -> None:
    made = make_signable(items=[{"description": f"Treatment {number} of many"} for number in range(1, 13)])
    Application.objects.filter(case=made.case).update(employee_birth_date="1961-02-03", employee_sex="Male")
    who: dict[str, Any] = {"assignment_id": made.assignment.pk, "actor": made.user}
    item = made.case.items.order_by("position")[0]
    add_citation(**who, item_id=item.pk, section=None, text="A study of exercise, 2019", pages="46-47")
    pack = make_pack(pack_id=ask(made).pk)
    pages = pages_of(pack)
    assert len(pages) == pack.page_count > 1
    assert all(page.count(WATERMARK) + page.count(WATERMARK.upper()) >= 2 for page in pages)
    text = " ".join(pages)
    for words in (made.case.number, "Treatment 12 of many", "A study of exercise, 2019, Page(s): 46-47", "R1", "Male"):
        assert str(words) in text
    identity = ReviewerIdentity.objects.get(reviewer=made.reviewer)
    names = [identity.last_name, made.reviewer.code, made.user.email]
    for party in Party.objects.filter(case=made.case):
        names += [party.last_name, party.firm_name]
    assert not [name for name in names if name and name in text]
    # Once made it stays as it is.
    assert make_pack(pack_id=pack.pk).pdf_sha256 == pack.pdf_sha256


def test_one_pack_at_a_time_is_promised_and_none_after_the_end() -> None:
    made = make_signable()
    pack = ask(made)
    assert ask(made) == pack
    assert OutboxJob.objects.filter(name=service.PRINT_PACK).count() == 1
    recall_assignment(assignment_id=made.assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="Another field.")
    with pytest.raises(JobCanceledError):
        make_pack(pack_id=pack.pk)
    pack.refresh_from_db()
    assert pack.problem == "The case is no longer with you."
    with pytest.raises(ConflictError):
        ask(made)


def test_a_pack_that_cannot_be_printed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_signable()
    pack = ask(made)

    def fail(*_: object, **__: object) -> None:
        raise RenderError("The document takes more memory than a process may have.")

    monkeypatch.setattr(print_pack_making, "render_paper", fail)
    assert "more memory" in make_pack(pack_id=pack.pk).problem
    assert ask(made) != pack


def test_each_download_is_on_record_and_closes_with_the_records(client_of: SignIn) -> None:
    made = make_signable()
    client: Any = client_of(made.user)
    page = reverse("reviews:print-pack", args=[made.assignment.pk])
    assert client.post(page).status_code == 302
    pack = PrintPack.objects.get()
    file = reverse("reviews:print-pack-download", args=[made.assignment.pk, pack.pk])
    assert "Being made" in client.get(page).content.decode()
    assert client.get(file).status_code == 404
    make_pack(pack_id=pack.pk)
    assert file in client.get(page).content.decode()
    answer = client.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert str(made.case.number) in answer["Content-Disposition"]
    assert Event.objects.filter(action="print_pack.download", actor=made.user).count() == 1
    assert client_of(make_reviewer().user).get(file).status_code == 404
    recall_assignment(assignment_id=made.assignment.pk, actor=make_user(Role.ADMINISTRATOR), reason="Another field.")
    assert client.get(file).status_code == 404


def records_of(made: Signable, *pages: int) -> list[Document]:
    """Records with that many pages each, which can be opened, behind the two of the factory, which cannot."""
    return [
        make_document(
            made.case,
            title=f"Report {number}",
            data=make_pdf(count, text=f"Words of report {number}", mark=str(number)),
            page_count=count,
        )
        for number, count in enumerate(pages, start=1)
    ]


def test_records_follow_the_list_with_bookmarks_and_labels_and_what_is_missing_has_its_reason() -> None:
    made = make_signable()
    records_of(made, 3, 2)
    make_document(made.case, title="Not sound", data=b"%PDF-1.7 nothing", page_count=4)
    pack = make_pack(pack_id=ask(made).pk)
    pages = pages_of(pack)
    front = pack.page_count - 5
    assert ["Words of report 1" in page for page in pages] == [False] * front + [True] * 3 + [False] * 2
    assert pages[-1] == pages[-2] == "Words of report 2"
    listed = " ".join(pages[:front])
    assert f"pages {front + 1}–{front + 3}" in listed
    assert f"pages {front + 4}–{front + 5}" in listed
    # Two whose bytes are gone, and one that is no PDF inside.
    assert listed.count("it cannot be read") == 3
    with open_verified(pack.pdf_sha256) as handle:
        reader = PdfReader(io.BytesIO(handle.read()))
        assert reader.page_labels == [*(str(at + 1) for at in range(front)), "R3-1", "R3-2", "R3-3", "R4-1", "R4-2"]
        kids: Any = reader.outline[2]
        assert [(kid.title, reader.get_destination_page_number(kid)) for kid in kids] == [
            ("3. Report 1", front),
            ("4. Report 2", front + 3),
        ]


def test_records_over_the_cap_are_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cap, "MOST_PAGES", 6)
    made = make_signable()
    records_of(made, 3, 2, 1)
    pages = pages_of(make_pack(pack_id=ask(made).pk))
    # The factory's two take four pages of the six, so the first report does not fit and the second one does.
    assert [page for page in pages if page.startswith("Words of report")] == ["Words of report 2"] * 2
    assert sum(page.count("200 MB in all") for page in pages) == 2


def test_work_that_was_given_up_says_so_and_can_be_tried_again(client_of: SignIn) -> None:
    made = make_signable()
    client: Any = client_of(made.user)
    page = reverse("reviews:print-pack", args=[made.assignment.pk])
    client.post(page)
    first = PrintPack.objects.get()
    assert "Being made" in client.get(page).content.decode()
    OutboxJob.objects.filter(name=service.PRINT_PACK).update(state=JobState.FAILED, finished_at=Now())
    failed = client.get(page).content.decode()
    assert "Being made" not in failed
    assert "every 2s" not in failed
    assert "The work was given up after several tries." in failed
    assert "Try again" in failed
    client.post(page)
    first.refresh_from_db()
    second = PrintPack.objects.latest("pk")
    assert (first.problem, second == first) == (service.GIVEN_UP, False)
    assert make_pack(pack_id=second.pk).page_count
    assert "Try again" not in client.get(page).content.decode()


def test_only_the_latest_pack_is_kept(django_capture_on_commit_callbacks: Any, client_of: SignIn) -> None:
    made = make_signable()
    records_of(made, 1)
    first = make_pack(pack_id=ask(made).pk)
    records_of(made, 2)
    with django_capture_on_commit_callbacks(execute=True):
        second = make_pack(pack_id=ask(made).pk)
    with pytest.raises(IntegrityError):
        open_verified(first.pdf_sha256)
    open_verified(second.pdf_sha256).close()
    client: Any = client_of(made.user)
    file = reverse("reviews:print-pack-download", args=[made.assignment.pk, first.pk])
    assert client.get(file).status_code == 404
    page = client.get(reverse("reviews:print-pack", args=[made.assignment.pk]))
    assert "Replaced by a later one" in page.content.decode()
