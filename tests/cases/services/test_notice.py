"""Notices: made from the reason, served on every party, rendered once."""

import re
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from cases.enums import CaseStatus, DeadlineKind, IneligibilityReason, NoticeKind, PartyRole
from cases.letters import NoticeLetter
from cases.models import Application, Case, Deadline, InformationRequest, Notice, NoticeWording, Party
from cases.rules.notice import problem_of
from cases.selectors.notice import LATER, compose_notice
from cases.services.eligibility import consent_to_review, find_ineligible, reverse_ineligibility
from cases.services.information import receive_information, request_information, return_unanswered_cases
from cases.services.notice import issue_notice, render_notice
from cases.services.records import find_records_insufficient, record_notice_served
from imr.audit.models import Event
from imr.core import clock, storage
from imr.core.errors import ConflictError
from imr.core.models import OutboxJob
from imr.core.words import mmddyyyy
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document


def words(notice: Notice) -> str:
    letter = NoticeLetter.from_json(notice.letter)
    return "\n".join((letter.title, *letter.opening, letter.free_text, *letter.closing))


def refuse(case: Case, cast: Cast, reason: str, free_text: str = "") -> Notice:
    find_ineligible(case_id=case.pk, actor=cast.administrator, reason=reason, note="n", free_text=free_text)
    return Notice.objects.get(case=case)


@pytest.mark.parametrize("reason", IneligibilityReason)
def test_every_reason_has_a_notice_with_its_own_words(cast: Cast, reason: IneligibilityReason) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    notice = refuse(case, cast, reason, free_text="Two pages were blank.")
    text = words(notice)
    assert "{" not in text
    assert "Two pages were blank." in text
    if reason == IneligibilityReason.LIABILITY:
        assert notice.kind == NoticeKind.DEFERRED
    else:
        wording = NoticeWording.objects.get(kind=NoticeKind.INELIGIBLE)
        assert wording.reasons[reason] in text
        due = Deadline.objects.get(case=case, kind=DeadlineKind.APPEAL)
        assert mmddyyyy(due.due_at) in text


def test_every_wording_has_known_placeholders_only_and_can_be_composed(cast: Cast) -> None:
    case = make_case()
    assert set(NoticeWording.objects.values_list("kind", flat=True)) == set(NoticeKind.values)
    for wording in NoticeWording.objects.all():
        for text in (wording.opening, wording.closing, *wording.reasons.values()):
            assert problem_of(text) == ""
        letter = compose_notice(case, NoticeKind(wording.kind), on=clock.today(), ended_because="x")
        assert letter.opening
        assert NoticeLetter.from_json(letter.as_json()) == letter


def test_notice_of_assignment_says_what_the_regulation_asks_for(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBLE, items=2)
    assert LATER in "\n".join(compose_notice(case, NoticeKind.ASSIGNMENT, on=clock.today()).opening)
    record_notice_served(case_id=case.pk, actor=cast.administrator, method="mail", served_at=clock.now())
    notice = Notice.objects.get(case=case)
    letter, text = NoticeLetter.from_json(notice.letter), words(notice)
    facts = {fact.label: fact.value for fact in letter.facts}
    assert facts["Application received"] == mmddyyyy(case.received_at or clock.now())
    assert facts["Type of review"] == "Standard"
    assert {"UR decision", "Requesting physician", "Claim number"} <= set(facts)
    assert len(letter.items) == 2
    due = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
    assert mmddyyyy(due.due_at) in text
    assert "$500" in text
    served = {delivery.role: delivery.channel for delivery in notice.deliveries.all()}
    assert served == {
        "employee": "mail",
        "claims_administrator": "mail",
        "employer": "mail",
        "requesting_physician": "mail",
    }


def test_attorney_is_served_only_where_the_worker_has_one(cast: Cast) -> None:
    case = make_case()
    Party.objects.update_or_create(case=case, role=PartyRole.ATTORNEY, defaults={"firm_name": "Example Law"})
    for has_attorney in (False, True):
        Application.objects.filter(case=case).update(has_attorney=has_attorney)
        letter = compose_notice(case, NoticeKind.DEFERRED, on=clock.today())
        assert ("Example Law" in [party.name for party in letter.parties]) is has_attorney


def test_pdf_is_made_once_and_the_record_is_frozen(cast: Cast) -> None:
    case = make_case()
    name = "<b>Ana</b> & 中"
    Party.objects.filter(case=case, role=PartyRole.EMPLOYEE).update(first_name=name)
    notice = issue_notice(case=case, kind=NoticeKind.DEFERRED, actor=cast.administrator, free_text="<i>kept</i>")
    assert OutboxJob.objects.filter(name="cases.render_notice").count() == 1
    first = render_notice(notice_id=notice.pk)
    second = render_notice(notice_id=notice.pk)
    assert first.pdf_sha256 == second.pdf_sha256
    with storage.open_verified(first.pdf_sha256) as file:
        data = file.read()
    assert data.startswith(b"%PDF-")
    assert Event.objects.filter(action="notice.render", case_id=case.pk).count() == 1
    with pytest.raises(ProgrammingError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(kind=NoticeKind.DISMISSED)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(pdf_size=1)


def test_wording_is_that_of_the_day_of_sending(cast: Cast) -> None:
    case, tomorrow = make_case(), clock.today() + timedelta(days=1)
    former = NoticeWording.objects.get(kind=NoticeKind.DEFERRED)
    NoticeWording.objects.filter(pk=former.pk).update(in_force_until=tomorrow)
    NoticeWording.objects.create(
        kind=NoticeKind.DEFERRED, title="New title", opening="New.", citation="x", in_force_from=tomorrow
    )
    assert compose_notice(case, NoticeKind.DEFERRED, on=clock.today()).title == former.title
    assert compose_notice(case, NoticeKind.DEFERRED, on=tomorrow).title == "New title"


def test_request_for_information_waits_for_an_answer(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    request_information(case_id=case.pk, actor=cast.administrator, question="Page 2 of the UR letter.")
    case.refresh_from_db()
    assert case.status == CaseStatus.INFO_REQUESTED
    assert "Page 2 of the UR letter." in words(Notice.objects.get(case=case))
    receive_information(case_id=case.pk, actor=cast.administrator, answer="It came by fax.")
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBILITY_REVIEW
    assert InformationRequest.objects.get(case=case).answer == "It came by fax."


def test_unanswered_request_brings_the_case_back_once_its_time_is_over(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    request_information(case_id=case.pk, actor=cast.administrator, question="Page 2.")
    due = Deadline.objects.get(case=case, kind=DeadlineKind.INFORMATION).due_at
    assert return_unanswered_cases(now=due) == 0
    assert return_unanswered_cases(now=due + timedelta(seconds=1)) == 1
    assert return_unanswered_cases(now=due + timedelta(seconds=1)) == 0
    case.refresh_from_db()
    assert case.status == CaseStatus.ELIGIBILITY_REVIEW
    assert InformationRequest.objects.get(case=case).expired_at is not None


def test_consent_and_reversal_make_the_items_eligible_again(cast: Cast) -> None:
    for reason, act in (("INE-LIAB", consent_to_review), ("INE-LATE", reverse_ineligibility)):
        case = make_case(CaseStatus.ELIGIBILITY_REVIEW)
        refuse(case, cast, reason)
        after = act(case_id=case.pk, actor=cast.administrator, reason="By letter of the adjuster.")
        assert after.status == CaseStatus.ELIGIBLE
        assert set(case.items.values_list("eligibility", "ineligibility_reason")) == {("eligible", "")}


def test_records_are_insufficient_only_after_their_time_and_without_a_record(cast: Cast) -> None:
    case = make_case(CaseStatus.ELIGIBLE)
    at = clock.now()
    record_notice_served(case_id=case.pk, actor=cast.administrator, method="electronic", served_at=at)
    with pytest.raises(ConflictError, match="has not passed yet"):
        find_records_insufficient(case_id=case.pk, actor=cast.administrator)
    Deadline.objects.filter(case=case, kind=DeadlineKind.RECORDS).update(ended_at=at)
    after = find_records_insufficient(case_id=case.pk, actor=cast.administrator, free_text="The 2025 reports.")
    assert after.status == CaseStatus.INSUFFICIENT_RECORDS
    find_records_insufficient(case_id=case.pk, actor=cast.administrator)
    assert Notice.objects.filter(case=case, kind=NoticeKind.INSUFFICIENT_RECORDS).count() == 2
    make_document(case)
    with pytest.raises(ConflictError, match="records have arrived"):
        find_records_insufficient(case_id=case.pk, actor=cast.administrator)


def test_no_notice_names_a_reviewer(cast: Cast) -> None:
    fields = set(NoticeLetter.__slots__)
    assert not [name for name in fields if re.search("review", name)]
