"""Newer versions of documents, and documents that came late (B13, B16; C10, C11)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, LateDecision, Lateness
from cases.exceptions import GoneError, IncompleteError
from cases.models import Case, Deadline, Document
from cases.rules.documents import CHANGES_DOCUMENTS, TAKES_DOCUMENTS, late_decisions, lateness_of
from cases.selectors.document import readable_records, reviewable_documents, undecided_documents
from cases.services import document as document_service
from cases.services.document import add_document, replace_document
from cases.services.lateness import decide_late_document
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_pdf, upload_file
from tests.races import race

type ClientOf = Callable[..., Client]

NOON = clock.now()
HOUR = timedelta(hours=1)


def add(case: Case, actor: User, mark: str = "late") -> Document:
    return add_document(
        case_id=case.pk, actor=actor, file=upload_file("late.pdf", make_pdf(mark=mark)), name="late.pdf"
    ).document


def meet_after(monkeypatch: pytest.MonkeyPatch, name: str, *, is_guarded: bool) -> None:
    """Two acts wait for each other where `name` of the service has looked; unguarded, without the lock of the case.

    With the lock on the second one never gets there while the first one waits, so that goes on alone.
    """
    look, meeting = getattr(document_service, name), Barrier(2)

    def looked(*args: object, **options: object) -> object:
        found = look(*args, **options)
        with suppress(BrokenBarrierError):
            meeting.wait(timeout=0.5 if is_guarded else 20)
        return found

    monkeypatch.setattr(document_service, name, looked)
    if not is_guarded:
        monkeypatch.setattr(document_service, "lock_case", lambda case_id: Case.objects.get(pk=case_id))


def newer(document: Document, actor: User, mark: str = "newer") -> Document:
    file = upload_file("newer.pdf", make_pdf(2, mark=mark))
    return replace_document(document_id=document.pk, actor=actor, file=file, name="newer.pdf").document


@pytest.mark.parametrize(
    ("status", "due_at", "expected"),
    [
        (CaseStatus.AWAITING_RECORDS, NOON + HOUR, None),
        (CaseStatus.AWAITING_RECORDS, NOON, None),
        (CaseStatus.AWAITING_RECORDS, NOON - HOUR, Lateness.AFTER_DUE),
        (CaseStatus.INSUFFICIENT_RECORDS, NOON - HOUR, Lateness.AFTER_DUE),
        (CaseStatus.AWAITING_RECORDS, None, None),
        (CaseStatus.READY_FOR_REVIEW, None, Lateness.AFTER_COMPLETE),
        (CaseStatus.IN_REVIEW, NOON + HOUR, Lateness.AFTER_COMPLETE),
        (CaseStatus.DOCS_REQUESTED, NOON - HOUR, None),
        (CaseStatus.QA, None, Lateness.AFTER_SIGNATURE),
        (CaseStatus.ISSUED, None, Lateness.AFTER_SIGNATURE),
        (CaseStatus.REMANDED, None, None),
        (CaseStatus.RECEIVED, None, None),
    ],
)
def test_lateness_follows_the_status_and_the_due_date(
    status: CaseStatus, due_at: object, expected: Lateness | None
) -> None:
    assert lateness_of(status, received_at=NOON, records_due_at=due_at) == expected  # type: ignore[arg-type]


def test_after_the_signature_nothing_reaches_the_reviewer() -> None:
    for status in CaseStatus:
        possible = late_decisions(status)
        assert (LateDecision.FORWARDED in possible) == (status in CHANGES_DOCUMENTS)
        assert bool(possible) == (status in TAKES_DOCUMENTS)


def test_late_document_joins_the_records_only_by_a_decision(cast: Cast, client_of: ClientOf) -> None:
    """C10: it never joins silently."""
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    before = set(reviewable_documents(case.pk))

    document = add(case, cast.claims)

    assert document.lateness == Lateness.AFTER_COMPLETE
    assert set(reviewable_documents(case.pk)) == before
    assert document in undecided_documents()
    page = client_of(cast.administrator).get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Received after the records were complete" in page
    assert "Decide what becomes of it" in page
    address = reverse("cases:document-late", args=[case.pk, document.pk])
    client = client_of(cast.administrator)
    assert "Enter the reason" in client.post(address, {"decision": "forwarded"}).content.decode()
    done = client.post(address, {"decision": "forwarded", "reason": "A new MRI."}, follow=True)
    assert "forwarded to the reviewer" in done.content.decode()

    document.refresh_from_db()
    assert (document.late_decided_by, document.late_reason) == (cast.administrator, "A new MRI.")
    assert document in reviewable_documents(case.pk)
    event = Event.objects.get(action="document.late_decided")
    assert event.detail == {"late": "after_complete", "decision": "forwarded", "before": ""}


def test_document_after_the_determination_is_kept_and_flagged(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.ISSUED, user=cast.claims)

    document = add(case, cast.claims)

    assert document.lateness == Lateness.AFTER_SIGNATURE
    assert document not in reviewable_documents(case.pk)
    with pytest.raises(ConflictError):
        decide_late_document(document_id=document.pk, actor=cast.administrator, decision="forwarded", reason="x")
    decide_late_document(document_id=document.pk, actor=cast.administrator, decision="too_late", reason="Too late.")
    assert document not in undecided_documents()
    shown = client_of(cast.claims).get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    assert "Came to the file after the determination: too late: not considered" in shown


def test_late_decision_needs_a_late_document_and_a_reason(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    late = make_document(case, lateness=Lateness.AFTER_COMPLETE)
    with pytest.raises(IncompleteError):
        decide_late_document(document_id=late.pk, actor=cast.administrator, decision="considered", reason="  ")
    with pytest.raises(ConflictError, match="in time"):
        decide_late_document(
            document_id=make_document(case).pk, actor=cast.administrator, decision="considered", reason="x"
        )


def test_records_after_the_due_date_are_among_the_records(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    due_at = Deadline.objects.get(case=case, kind="records", ended_at__isnull=True).due_at
    monkeypatch.setattr("cases.services.lateness.clock", SimpleNamespace(now=lambda: due_at + HOUR))

    document = add(case, cast.claims)

    assert document.lateness == Lateness.AFTER_DUE
    assert document in reviewable_documents(case.pk)


def test_new_version_takes_the_place_and_the_old_one_stays_readable(cast: Cast, client_of: ClientOf) -> None:
    """C11: a submitted document is never removed, only replaced; the reviewer can read both."""
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    old = make_document(case, author="Noah Bell, MD", title="Progress report")
    client = client_of(cast.claims)

    address = reverse("cases:document-replace", args=[case.pk, old.pk])
    done = client.post(address, {"file": upload_file("newer.pdf", make_pdf(2, mark="newer"))}, follow=True)

    new = Document.objects.get(original_name="newer.pdf")
    old.refresh_from_db()
    assert (new.title, new.author, new.lateness, new.earlier_version) == ("Progress report", "Noah Bell, MD", "", old)
    assert (old.removal, old.replaced_by, old.removed_by) == ("replaced", new, cast.claims)
    assert new in reviewable_documents(case.pk)
    assert old not in reviewable_documents(case.pk)
    assert {old, new} <= set(readable_records(case.pk))
    assert "Replaced by a newer version" in done.content.decode()
    assert b"".join(client.get(reverse("cases:document-download", args=[case.pk, old.pk])))[:5] == b"%PDF-"
    assert client.get(address).status_code == 404
    assert Event.objects.filter(action="document.replace", object_id=str(old.pk)).exists()


def test_replacement_is_refused_in_words(cast: Cast, client_of: ClientOf) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    old = make_document(case, data=make_pdf(mark="same"))
    client = client_of(cast.claims)
    address = reverse("cases:document-replace", args=[case.pk, old.pk])

    same = client.post(address, {"file": upload_file("same.pdf", make_pdf(mark="same"))})
    assert (same.status_code, "already on file" in same.content.decode()) == (409, True)
    other = client.post(address, {"file": upload_file("CM16-0001234 report.pdf", make_pdf(mark="o"))})
    assert (other.status_code, "speaks of case CM16-0001234" in other.content.decode()) == (422, True)
    none = client.post(address)
    assert (none.status_code, "Choose the new version." in none.content.decode()) == (422, True)
    signed = make_document(make_case(CaseStatus.QA, user=cast.claims))
    with pytest.raises(ConflictError, match="can no longer be changed"):
        newer(signed, cast.claims)


@pytest.mark.django_db(transaction=True)
def test_two_replacements_at_once_make_one_version() -> None:
    """C11: the second one is told that the document was replaced meanwhile."""
    from tests.factories.accounts import make_cast

    cast = make_cast()
    old = make_document(make_case(CaseStatus.IN_REVIEW, user=cast.claims))

    results = race(lambda: newer(old, cast.claims, "a"), lambda: newer(old, cast.colleague, "b"))

    assert sorted(type(result).__name__ for result in results) == ["Document", "GoneError"]
    assert Document.objects.filter(original_name="newer.pdf").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_replacement_that_has_looked_waits_for_the_other_one(monkeypatch: pytest.MonkeyPatch, is_guarded: bool) -> None:
    """The control of C11: without the lock of the case both look before either writes, and two versions are current."""
    from tests.factories.accounts import make_cast

    cast = make_cast()
    old = make_document(make_case(CaseStatus.IN_REVIEW, user=cast.claims))
    meet_after(monkeypatch, "still_current", is_guarded=is_guarded)

    results = race(lambda: newer(old, cast.claims, "a"), lambda: newer(old, cast.colleague, "b"))

    current = Document.objects.filter(original_name="newer.pdf", removed_at__isnull=True)
    assert current.count() == (1 if is_guarded else 2)
    assert max(type(result).__name__ for result in results) == ("GoneError" if is_guarded else "Document")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_second_upload_of_a_file_waits_for_the_first(monkeypatch: pytest.MonkeyPatch, is_guarded: bool) -> None:
    """The control of C19: without the lock neither finds the other's file, and only the database stops the second."""
    from tests.factories.accounts import make_cast

    cast = make_cast()
    case = make_case(user=cast.claims)
    meet_after(monkeypatch, "lateness_now", is_guarded=is_guarded)

    results = race(lambda: add(case, cast.claims), lambda: add(case, cast.colleague))

    assert Document.objects.filter(case=case, original_name="late.pdf").count() == 1
    refused = [result for result in results if isinstance(result, IntegrityError)]
    assert len(refused) == (0 if is_guarded else 1)


@pytest.mark.django_db(transaction=True)
def test_same_file_twice_at_once_is_one_document() -> None:
    """C19; without the lock of the case the database's constraint would refuse one of them instead."""
    from tests.factories.accounts import make_cast

    cast = make_cast()
    case = make_case(user=cast.claims)

    results = race(lambda: add(case, cast.claims), lambda: add(case, cast.colleague))

    assert results[0] == results[1]
    assert Document.objects.filter(case=case, original_name="late.pdf").count() == 1


def test_old_version_that_was_replaced_cannot_be_changed(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    old = make_document(case)
    newer(old, cast.claims)

    with pytest.raises(GoneError, match="replaced"):
        newer(old, cast.claims, "again")
