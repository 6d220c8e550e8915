"""What a document of a submitted case is, with what it was said to be before (B10)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, DocumentKind
from cases.models import Case, Document, DocumentDescription
from cases.services.document import describe_document
from imr.audit.models import Event
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_draft

type ClientOf = Callable[..., Client]

SAID = {"kind": "diagnostic_report", "title": "MRI", "author": "Noah Bell, MD", "dated_on": "02/27/2026"}


def page(case: Case, document: Document) -> str:
    return reverse("cases:document-describe", args=[case.pk, document.pk])


def test_author_and_date_are_added_and_what_was_said_stays(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = make_document(case, title="scan 4711")
    client = client_of(cast.claims)
    assert "Add what is missing" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()

    answer = client.post(page(case, document), {**SAID, "source": "physician"})

    assert answer.status_code == 302
    document.refresh_from_db()
    assert (document.kind, document.author, document.dated_on) == (
        DocumentKind.DIAGNOSTIC_REPORT,
        "Noah Bell, MD",
        date(2026, 2, 27),
    )
    # Who sent it is for staff to say.
    assert document.source == "claims_administrator"
    former = DocumentDescription.objects.get(document=document)
    assert (former.title, former.author, former.changed_by) == ("scan 4711", "", cast.claims)
    text = client.get(page(case, document)).content.decode()
    assert "scan 4711" in text
    event = Event.objects.get(action="document.describe", object_id=document.pk)
    assert event.detail["changed"] == ["author", "dated_on", "kind", "title"]


def test_staff_say_who_sent_it(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = make_document(case)
    client_of(cast.administrator).post(page(case, document), {**SAID, "source": "physician"})
    document.refresh_from_db()
    assert document.source == "physician"


def test_wrong_answers_stand_beside_their_fields_and_nothing_is_lost(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(user=cast.claims)
    document = make_document(case)
    answer = client_of(cast.claims).post(page(case, document), {**SAID, "dated_on": "31/31/2026"})
    assert answer.status_code == 422
    assert "31/31/2026" in answer.content.decode()
    assert not DocumentDescription.objects.exists()


def test_history_cannot_be_rewritten(cast: Cast) -> None:
    document = make_document(make_case(user=cast.claims))
    describe_document(document_id=document.pk, actor=cast.claims, kind="other", title="New", author="", dated_on=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentDescription.objects.update(title="Another")


def test_the_same_again_and_drafts_make_no_history(cast: Cast) -> None:
    for case in (make_draft(cast.claims), make_case(user=cast.claims)):
        document = make_document(case)
        describe_document(
            document_id=document.pk,
            actor=cast.claims,
            kind=document.kind,
            title=document.title if not case.is_draft else "Another",
            author="",
            dated_on=None,
        )
    assert not DocumentDescription.objects.exists()


def test_after_the_signature_it_stays_as_the_letter_has_it(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.QA, user=cast.claims)
    document = make_document(case)
    with pytest.raises(ConflictError):
        describe_document(document_id=document.pk, actor=cast.claims, kind="other", title="x", author="", dated_on=None)
    text = client_of(cast.claims).get(page(case, document)).content.decode()
    assert "can no longer be changed" in text
