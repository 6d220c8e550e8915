"""What every mail of a case says, and what none of them may say."""

from datetime import timedelta

import pytest
from django.core import mail

from cases.enums import CaseEvent, DeadlineKind, EndingKind, NoticeKind, PartyRole
from cases.models import Application, Case, Deadline, DisputedItem, Document, Party
from cases.services.deadline_alert import raise_deadline_alerts
from cases.services.ending import report_ending
from cases.services.information import request_information
from cases.services.submission import submit_application
from cases.services.transitions import transition_case
from imr.accounts.enums import MailEvent, MailState, Role
from imr.accounts.models import Mail, User
from imr.accounts.rules.mails import MAILS
from imr.accounts.selectors.mail import written
from imr.accounts.services.mail_choice import choose_mails
from imr.core import clock
from reviews.models import License
from reviews.models.identity import ReviewerIdentity
from reviews.services.determination import return_for_correction
from reviews.services.file_warning import warn_of_lapses
from reviews.services.message import send_message
from reviews.services.offer import watch_assignments
from tests.access.canaries import Heard, find_canaries
from tests.factories.accounts import Cast, make_user
from tests.factories.cases import make_draft
from tests.factories.fees import make_late_case
from tests.factories.letters import Signable, make_signable
from tests.factories.mails import send_waiting

pytestmark = pytest.mark.django_db

MARKS = {
    "worker's first name": "Ottiwell",
    "worker's last name": "Marblethwaite",
    "claim number": "WCX-7731-QQ",
    "diagnosis": "Quillfever",
    "drug": "Zephyrinquamide",
    "employer": "Gossamer Foundry",
    "physician": "Thistlewick",
    "question": "Whybrowquestion",
    "message": "Murmurwords",
    "reason": "Refusereason",
    "reviewer's name": "Haverquist",
    "license": "LX-90871-K",
    "document": "Parchmentfile",
}


def mark(case: Case) -> None:
    """Every answer of the application that names somebody or something medical is a mark."""
    Application.objects.filter(case=case).update(
        claim_number=MARKS["claim number"],
        primary_diagnosis=MARKS["diagnosis"],
        signer_name=MARKS["worker's last name"],
    )
    Party.objects.filter(case=case, role=PartyRole.EMPLOYEE).update(
        first_name=MARKS["worker's first name"], last_name=MARKS["worker's last name"]
    )
    Party.objects.filter(case=case, role=PartyRole.EMPLOYER).update(firm_name=MARKS["employer"])
    Party.objects.filter(case=case, role=PartyRole.REQUESTING_PHYSICIAN).update(last_name=MARKS["physician"])
    DisputedItem.objects.filter(case=case).update(description=f"{MARKS['drug']} 40 mg, 60 tablets")
    Document.objects.filter(case=case).update(title=MARKS["document"])


def file_and_ask(cast: Cast) -> Case:
    """A filed case of which information is asked, whose time runs out."""
    draft = make_draft(cast.claims)
    mark(draft)
    case = submit_application(case_id=draft.pk, actor=cast.claims, attested_name=cast.claims.display_name)
    transition_case(case_id=case.pk, event=CaseEvent.START_SCREENING, actor=cast.administrator)
    request_information(case_id=case.pk, actor=cast.administrator, question=MARKS["question"])
    due = Deadline.objects.get(case=case, kind=DeadlineKind.INFORMATION, ended_at__isnull=True).due_at
    raise_deadline_alerts(now=due - timedelta(hours=1))
    raise_deadline_alerts(now=due + timedelta(hours=1))
    return case


def review_and_return(cast: Cast) -> Signable:
    """A reviewed case: written about, reported as over, signed and returned, and due soon."""
    signable = make_signable(organization=cast.home)
    mark(signable.case)
    ReviewerIdentity.objects.filter(reviewer=signable.reviewer).update(last_name=MARKS["reviewer's name"])
    License.objects.filter(reviewer=signable.reviewer).update(
        number=MARKS["license"], expires_on=clock.today() + timedelta(days=50)
    )
    pk = signable.assignment.pk
    send_message(assignment_id=pk, actor=signable.user, text=MARKS["message"])
    send_message(assignment_id=pk, actor=cast.administrator, text=MARKS["message"])
    report_ending(
        case_id=signable.case.pk,
        actor=cast.claims,
        reason_code=EndingKind.AUTHORIZED,
        item_ids=list(DisputedItem.objects.filter(case=signable.case).values_list("pk", flat=True)),
        happened_on=clock.today(),
        note=MARKS["reason"],
    )
    due = Deadline.objects.get(case=signable.case, kind=DeadlineKind.DETERMINE, ended_at__isnull=True).due_at
    raise_deadline_alerts(now=due - timedelta(hours=1))
    watch_assignments()
    warn_of_lapses()
    return signable


def test_no_mail_of_two_cases_full_of_marks_holds_one(cast: Cast) -> None:
    file_and_ask(cast)
    signable = review_and_return(cast)
    Mail.objects.filter(state=MailState.FOR_DIGEST).update(state=MailState.WAITING)
    send_waiting()
    Application.objects.filter(case=signable.case).update(claim_number="CL-1")
    DisputedItem.objects.filter(case=signable.case).update(description="MRI of the lumbar spine, part 1")
    determination = signable.sign()
    return_for_correction(determination_id=determination.pk, actor=cast.medical_director, reason=MARKS["reason"])
    send_waiting()
    # The message as it travels: every header, the plain text and the HTML.
    heard = [Heard(str(message.subject), message.message().as_bytes()) for message in mail.outbox]
    assert find_canaries(heard, MARKS) == []
    assert set(Mail.objects.filter(state=MailState.SENT).values_list("event", flat=True)) >= {
        MailEvent.APPLICATION_RECEIVED,
        MailEvent.INFORMATION_REQUESTED,
        MailEvent.DUE_SOON,
        MailEvent.OVERDUE,
        MailEvent.ENDING_REPORTED,
        MailEvent.MESSAGE,
        MailEvent.FILE_ENDS,
        MailEvent.RETURNED,
    }
    # The search finds what is there.
    number = str(signable.case.number)
    assert find_canaries(heard, {"number": number})


@pytest.mark.parametrize("event", [event for event in MailEvent if event != MailEvent.DIGEST])
def test_every_mail_names_the_case_at_most_and_leads_to_a_page_that_asks_to_sign_in(
    cast: Cast, event: MailEvent
) -> None:
    row = Mail(
        recipient=cast.claims, event=event, key="1", case_number="CM26-0000042", due_at=clock.now(), path="/cases/42/"
    )
    words = written(row)
    assert ("CM26-0000042" in words.text) == ("{number}" in MAILS[event].line)
    assert "/cases/42/" in words.text
    assert "You have to sign in" in words.text
    assert "{" not in words.text
    assert bool(words.unsubscribe_url) == (not MAILS[event].why_fixed)
    assert cast.claims.full_name not in words.text


def test_people_of_another_organization_and_reviewers_hear_nothing_of_a_filing(cast: Cast) -> None:
    case = file_and_ask(cast)
    told = Mail.objects.filter(case_id=case.pk)
    assert set(told.exclude(recipient__organization=cast.imr).values_list("recipient", flat=True)) == {cast.claims.pk}
    assert not told.filter(recipient__role=Role.REVIEWER).exists()


def test_managers_are_told_where_the_filer_is_gone(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    User.objects.filter(pk=cast.claims.pk).update(is_active=False, deactivated_at=clock.now())
    submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Somebody")
    (row,) = Mail.objects.filter(event=MailEvent.APPLICATION_RECEIVED)
    assert row.recipient == cast.manager


def test_parties_get_mail_of_a_served_letter_and_of_notices(cast: Cast) -> None:
    signable = make_signable(organization=cast.home)
    signable.served(cast.administrator)
    row = Mail.objects.get(event=MailEvent.DETERMINATION_SERVED)
    assert (row.recipient, row.case_number) == (signable.case.received_by, signable.case.number)
    assert row.state == MailState.WAITING
    assert not Mail.objects.filter(recipient__role=Role.REVIEWER, event=MailEvent.DETERMINATION_SERVED).exists()


def test_alert_is_mailed_once_and_not_when_the_clock_has_stopped(cast: Cast) -> None:
    case = make_late_case(user=cast.claims)
    for _ in range(2):
        raise_deadline_alerts()
    told = Mail.objects.filter(case_id=case.pk, event=MailEvent.OVERDUE, recipient=cast.claims)
    assert told.count() == 1
    Deadline.objects.filter(case=case, ended_at__isnull=True).update(ended_at=clock.now())
    send_waiting(MailEvent.OVERDUE)
    assert told.get().state == MailState.CANCELED


def test_escalated_date_of_the_organization_reaches_every_administrator(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    case = submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Somebody")
    Case.objects.filter(pk=case.pk).update(analyst=cast.administrator)
    due = Deadline.objects.get(case=case, kind=DeadlineKind.SCREEN).due_at
    raise_deadline_alerts(now=due + timedelta(hours=1))
    overdue = Mail.objects.filter(case_id=case.pk, event=MailEvent.OVERDUE)
    assert set(overdue.values_list("recipient", flat=True)) == {cast.administrator.pk}
    raise_deadline_alerts(now=due + timedelta(days=9))
    assert set(overdue.values_list("recipient", flat=True)) == {cast.administrator.pk, cast.other_administrator.pk}


def test_notice_kinds_share_their_words() -> None:
    """What a notice is about would tell of the case: all but the request for information read alike."""
    assert len(NoticeKind) > 2
    assert MAILS[MailEvent.NOTICE_ISSUED].line == "A notice was issued in case {number}."


def test_somebody_who_wants_all_cases_hears_of_a_colleagues(cast: Cast) -> None:
    choose_mails(user=cast.colleague, modes={}, digest_hour=7, is_for_all_cases=True)
    stranger = make_user()
    choose_mails(user=stranger, modes={}, digest_hour=7, is_for_all_cases=True)
    case = file_and_ask(cast)
    told = Mail.objects.filter(case_id=case.pk).exclude(recipient__organization=cast.imr)
    assert set(told.values_list("recipient", flat=True)) == {cast.claims.pk, cast.colleague.pk}
