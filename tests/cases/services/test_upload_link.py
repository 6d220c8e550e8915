"""One-time links: made, mailed, revoked, used once, all or nothing."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import IntegrityError

from cases.enums import CaseEvent, CaseStatus, DocumentSource, Lateness, UploadLinkRole
from cases.exceptions import GoneError, IncompleteError
from cases.models import Document, UploadLink, UploadLinkFile
from cases.rules.upload_link import MAX_OPEN
from cases.selectors.information import enclosures
from cases.selectors.manifest import received_files
from cases.selectors.upload_link import link_of
from cases.services import upload_link as service
from cases.services.information import request_information
from cases.services.transitions import transition_case
from cases.services.upload_link import SentFileError, revoke_upload_link, send_upload_link
from imr.accounts.enums import MailEvent
from imr.accounts.models import Mail
from imr.accounts.services.secret import secret_hash
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_case, make_document, make_draft, make_pdf
from tests.factories.upload_links import make_link, sent, use_link
from tests.races import REPETITIONS, race


def test_secret_is_kept_as_a_hash_alone(cast: Cast) -> None:
    made = make_link(make_case(user=cast.claims))
    assert len(made.secret) >= 43
    stored = UploadLink.objects.filter(pk=made.link.pk).values().get()
    assert stored["token_hash"] == secret_hash(made.secret)
    assert made.secret not in str(stored)
    assert made.secret not in str(list(Event.objects.values()))
    assert link_of(made.secret) == made.link
    assert link_of(made.secret[:-1]) is None
    assert make_link(made.link.case).secret != made.secret


def test_documents_say_who_sent_them(cast: Cast) -> None:
    case = make_case(CaseStatus.AWAITING_RECORDS, user=cast.claims)
    made = make_link(case)
    used = use_link(made.link, sent(), sent(make_pdf(mark="b"), position=2, kind="other"))
    documents = list(Document.objects.filter(upload_link=used).order_by("pk"))
    assert [row.kind for row in documents] == ["medical_report", "other"]
    assert {row.uploaded_by for row in documents} == {None}
    assert {row.source for row in documents} == {DocumentSource.PHYSICIAN}
    words = f"Physician: Ada Lindqvist, through a one-time link of {cast.home.name}"
    assert {row.sender for row in documents} == {words}
    assert [file.sender for file in received_files(case)][-2:] == [words, words]
    assert [(row.position, row.sha256) for row in used.files.all()] == [
        (1, documents[0].sha256),
        (2, documents[1].sha256),
    ]


def test_audit_record_names_the_link_and_no_person(cast: Cast) -> None:
    made = make_link(make_case(user=cast.claims))
    use_link(made.link)
    acts = Event.objects.filter(detail__link=made.link.pk).order_by("pk")
    assert [(row.action, row.actor) for row in acts] == [
        ("upload_link.make", cast.claims),
        ("document.upload", None),
        ("upload_link.use", None),
    ]
    assert "Lindqvist" not in str(list(acts.values()))


def test_whoever_made_the_link_is_told(cast: Cast) -> None:
    made = make_link(make_case(user=cast.claims), cast.colleague)
    use_link(made.link)
    told = Mail.objects.get(event=MailEvent.LINK_USED)
    assert told.recipient == cast.colleague


def test_one_bad_file_keeps_all_out_and_the_link_open(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    made = make_link(case)
    before = case.documents.count()
    with pytest.raises(SentFileError) as refused:
        use_link(made.link, sent(), sent(b"PK\x03\x04 not a pdf", position=2))
    assert refused.value.position == 2
    assert "not a PDF" in refused.value.message
    assert case.documents.count() == before
    assert link_of(made.secret) is not None
    assert Event.objects.filter(action="upload_link.refuse", detail__link=made.link.pk).count() == 1


def test_full_case_takes_nothing_and_does_not_say_what_it_holds(cast: Cast, settings: Any) -> None:
    case = make_case(user=cast.claims)
    made = make_link(case)
    settings.IMR_MAX_CASE_FILES = case.documents.count() + 1
    with pytest.raises(SentFileError, match=f"Ask {cast.home.name}") as refused:
        use_link(made.link, sent(), sent(make_pdf(mark="b"), position=2))
    assert refused.value.position == 2
    assert not UploadLinkFile.objects.exists()
    assert link_of(made.secret) is not None


def test_same_bytes_are_one_document_and_the_sender_has_a_receipt(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    data = make_pdf(mark="held")
    held = make_document(case, data=data)
    used = use_link(make_link(case).link, sent(data))
    file = used.files.get()
    assert (file.document, file.is_new) == (held, False)
    assert not Document.objects.filter(upload_link=used).exists()


def test_late_documents_are_flagged_like_others(cast: Cast) -> None:
    case = make_case(CaseStatus.READY_FOR_REVIEW, user=cast.claims)
    used = use_link(make_link(case).link)
    assert used.documents.get().lateness == Lateness.AFTER_COMPLETE


def test_what_came_through_the_own_link_can_answer_a_request(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=cast.claims)
    request_information(case_id=case.pk, actor=cast.administrator, question="Send the report.")
    request = case.information_requests.get()
    used = use_link(make_link(case).link)
    assert list(enclosures(request, cast.colleague)) == [used.documents.get()]
    assert not enclosures(request, cast.away_claims).exists()


@pytest.mark.parametrize("end", ["used", "revoked", "expired", "closed"])
def test_link_that_ended_takes_nothing(cast: Cast, end: str) -> None:
    case = make_case(user=cast.claims)
    link = make_link(case).link
    if end == "used":
        use_link(link)
    elif end == "revoked":
        revoke_upload_link(link_id=link.pk, actor=cast.claims)
    elif end == "expired":
        UploadLink.objects.filter(pk=link.pk).update(expires_at=clock.now())
    else:
        transition_case(case_id=case.pk, event=CaseEvent.WITHDRAW, actor=None)
    before = case.documents.count()
    with pytest.raises(GoneError):
        use_link(link, sent(make_pdf(mark="second")))
    assert case.documents.count() == before


def test_claims_people_do_not_revoke_what_staff_made(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    by_staff, by_claims = make_link(case, cast.administrator).link, make_link(case).link
    with pytest.raises(NotAllowedError):
        revoke_upload_link(link_id=by_staff.pk, actor=cast.claims)
    assert revoke_upload_link(link_id=by_claims.pk, actor=cast.administrator).revoked_by == cast.administrator
    with pytest.raises(ConflictError, match="revoked meanwhile"):
        revoke_upload_link(link_id=by_claims.pk, actor=cast.claims)


def test_drafts_and_ended_cases_have_no_links(cast: Cast) -> None:
    for case in (make_draft(cast.claims), make_case(CaseStatus.WITHDRAWN, user=cast.claims)):
        with pytest.raises(ConflictError):
            make_link(case)


def test_links_are_limited_in_time_and_number(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    with pytest.raises(IncompleteError) as refused:
        make_link(case, last_day=clock.today() - timedelta(days=1))
    assert set(refused.value.fields) == {"last_day"}
    first = make_link(case).link
    for _ in range(MAX_OPEN - 1):
        make_link(case)
    with pytest.raises(ConflictError, match="Revoke one"):
        make_link(case)
    revoke_upload_link(link_id=first.pk, actor=cast.claims)
    assert make_link(case).link.number == MAX_OPEN + 1


def test_mail_holds_case_number_and_link_and_nothing_of_the_worker(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    made = make_link(case, email="records@clinic.example")
    send_upload_link(link_id=made.link.pk)
    message = outbox.outbox[-1]
    assert message.to == ["records@clinic.example"]
    text = f"{message.subject} {message.body}"
    assert made.secret in text
    assert str(case.number) in text
    for told in ("Sandoval", "Lumbago", "Personal Trainer", case.application.claim_number):
        assert told not in text
    revoke_upload_link(link_id=made.link.pk, actor=cast.claims)
    send_upload_link(link_id=made.link.pk)
    assert len(outbox.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_submissions_at_once_one_is_taken() -> None:
    cast = make_cast()
    for number in range(REPETITIONS):
        case = make_case(user=cast.claims)
        link = make_link(case).link
        files = [sent(make_pdf(mark=f"{number} {side}")) for side in "ab"]
        results = race(*[partial(use_link, link, file) for file in files])
        assert sorted(type(one).__name__ for one in results) == ["GoneError", "UploadLink"]
        assert UploadLinkFile.objects.filter(link=link).count() == 1
        assert Document.objects.filter(upload_link=link).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_the_second_submission_gets_as_far_as_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nobody asks whether the link is open; the constraint on a link's files has to refuse it."""
    monkeypatch.setattr(service, "_require_open", lambda _: None)
    link = make_link(make_case(user=make_cast().claims)).link
    results = race(*[partial(use_link, link, sent(make_pdf(mark=side))) for side in "ab"])
    assert any(isinstance(one, IntegrityError) for one in results)


def test_sender_of_the_other_side_is_named_so(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    used = use_link(make_link(case).link, sender_role=UploadLinkRole.EMPLOYEE_SIDE)
    assert used.documents.get().sender.startswith("Injured worker or representative: Ada Lindqvist")
