"""Mails to reviewers and about them. They carry a case number and a link: no party, no treatment, no reason."""

from django.urls import reverse

from cases.enums import AlertLevel, CaseStatus
from cases.models import ApplicationVersion, DeadlineAlert
from cases.services.news import administrators, tell_of_case
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import Mail, User
from imr.accounts.services.mail import only_while
from reviews.enums import AssignmentStatus
from reviews.models import Assignment, Determination

_OFFER_PAGE = frozenset({MailEvent.OFFER_MADE, MailEvent.OFFER_REMINDER})


def tell_reviewer(event: MailEvent, *, assignment_id: int, again: str = "") -> None:
    """The mail is promised with the caller's transaction; a second promise changes nothing unless `again` differs."""
    assignment = Assignment.objects.select_related("case", "reviewer__user").get(pk=assignment_id)
    path = reverse("reviews:worklist")
    if event in _OFFER_PAGE:
        path = reverse("reviews:assignment-offer", args=[assignment.pk])
    elif event == MailEvent.MESSAGE:
        path = reverse("reviews:own-thread", args=[assignment.pk])
    tell_of_case(
        assignment.case,
        event,
        people=[assignment.reviewer.user],
        key=f"{assignment.pk}{again}",
        subject_id=assignment.pk,
        due_at=assignment.answer_due_at,
        path=path,
    )


def tell_staff_of_message(assignment: Assignment, *, message_id: int) -> None:
    """Who offered the case is told that the reviewer wrote; every administrator where that account is closed."""
    offered_by = assignment.offered_by
    tell_of_case(
        assignment.case,
        MailEvent.MESSAGE,
        people=[offered_by] if offered_by.is_active else administrators(),
        key=f"{assignment.pk}:{message_id}",
        path=reverse("reviews:staff-thread", args=[assignment.pk]),
    )


def tell_of_due(alert: DeadlineAlert) -> None:
    """Those who review the case are told that the determination is due soon or overdue, once for each alert."""
    deadline = alert.deadline
    holders = Assignment.objects.filter(
        case=deadline.case_id, round=deadline.case.round, status=AssignmentStatus.ACCEPTED
    ).select_related("reviewer__user")
    event = MailEvent.DUE_SOON if alert.level == AlertLevel.SOON else MailEvent.OVERDUE
    tell_of_case(
        deadline.case,
        event,
        people=[one.reviewer.user for one in holders],
        key=f"deadline:{deadline.pk}:{alert.level}",
        subject_id=deadline.pk,
        due_at=deadline.due_at,
        path=reverse("reviews:worklist"),
    )


def tell_of_amendment(version: ApplicationVersion) -> int:
    """Those who accepted the case before its application was amended are told of it, once each; how many they are."""
    holders = Assignment.objects.filter(
        case=version.case_id,
        round=version.case.round,
        status=AssignmentStatus.ACCEPTED,
        accepted_at__lt=version.made_at,
    ).select_related("reviewer__user")
    for one in holders:
        tell_reviewer(MailEvent.APPLICATION_AMENDED, assignment_id=one.pk, again=f":{version.number}")
    return len(holders)


def tell_medical_directors(determination: Determination) -> None:
    """Every medical director is told that the determination was signed and waits for the second read."""
    tell_of_case(
        determination.case,
        MailEvent.DETERMINATION_SIGNED,
        people=User.objects.filter(is_active=True, role=Role.MEDICAL_DIRECTOR),
        key=str(determination.pk),
        subject_id=determination.pk,
        path=reverse("reviews:quality-queue"),
    )


def _is(status: AssignmentStatus, mail: Mail) -> bool:
    return Assignment.objects.filter(pk=mail.subject_id or 0, status=status).exists()


only_while(lambda mail: _is(AssignmentStatus.OFFERED, mail), *_OFFER_PAGE)
only_while(
    lambda mail: _is(AssignmentStatus.ACCEPTED, mail),
    MailEvent.START_REMINDER,
    MailEvent.REQUEST_ANSWERED,
    MailEvent.RECORDS_ARRIVED,
    MailEvent.APPLICATION_AMENDED,
    MailEvent.RETURNED,
)
only_while(
    lambda mail: Determination.objects.filter(pk=mail.subject_id or 0, case__status=CaseStatus.QA).exists(),
    MailEvent.DETERMINATION_SIGNED,
)
