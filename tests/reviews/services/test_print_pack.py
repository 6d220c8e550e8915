"""The print pack: what is in it, what is not, and that every copy that leaves is on record."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cases.models import Application, Party
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core.errors import ConflictError
from imr.core.jobs import JobCanceledError
from imr.core.models import OutboxJob
from imr.core.pdf import RenderError
from imr.core.storage import open_verified
from reviews.models import PrintPack
from reviews.models.identity import ReviewerIdentity
from reviews.services import print_pack as service
from reviews.services.assignment import recall_assignment
from reviews.services.print_pack import WATERMARK, make_pack, request_pack
from reviews.services.review import add_citation
from tests.factories.accounts import make_user
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

    monkeypatch.setattr(service, "render_paper", fail)
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
