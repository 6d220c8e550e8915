"""Sending a notice: its words are frozen and served on every party, and a worker makes the PDF, once."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string

from cases.enums import DeadlineKind, NoticeKind, ServiceMethod
from cases.letters import NoticeLetter
from cases.models import Case, Deadline, DisputedItem, Notice, NoticeDelivery
from cases.selectors.draft import read_draft
from cases.selectors.notice import compose_notice, recipients_of, usual_channel
from cases.services.news import claims_people, tell_of_case
from cases.services.rendering import render_paper
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage
from imr.core.jobs import confirm_lease, enqueue

NOTICE_JOB = "cases.render_notice"


@transaction.atomic
def issue_notice(
    *,
    case: Case,
    kind: NoticeKind,
    actor: User,
    reason: str = "",
    ended_because: str = "",
    items: Iterable[DisputedItem] | None = None,
    free_text: str = "",
    channels: Mapping[str, str] | None = None,
    on: date | None = None,
) -> Notice:
    """The notice is on record with its words and everybody whom it is served on (`on`, today); its PDF is promised.

    Called within the act that it tells of, after the clocks have started, so that its dates are theirs. `channels`
    maps a party's role to the way of service; the usual one otherwise.
    """
    day, chosen = on or clock.today(), channels or {}
    letter = compose_notice(
        case,
        kind,
        on=day,
        reason=reason,
        ended_because=ended_because,
        items=items,
        free_text=free_text,
        channels=chosen,
    )
    notice = Notice.objects.create(
        case=case, kind=kind, letter=letter.as_json(), letter_sha256=letter.sha256(), issued_by=actor
    )
    NoticeDelivery.objects.bulk_create(
        NoticeDelivery(
            notice=notice,
            role=party.role,
            name=party.display_name,
            channel=ServiceMethod(chosen.get(party.role) or usual_channel(party)),
            served_on=day,
        )
        for party in recipients_of(read_draft(case))
    )
    record(
        action="notice.issue",
        actor=actor,
        object_type="notice",
        object_id=notice.pk,
        case_id=case.pk,
        detail={"kind": kind.value, "sha256": notice.letter_sha256},
    )
    enqueue(NOTICE_JOB, unique_key=f"notice:{notice.pk}", notice_id=notice.pk)
    _tell(case, notice)
    return notice


def _tell(case: Case, notice: Notice) -> None:
    """Who follows the case at the claims administrator gets a mail; of a request for information, with its due date."""
    due_at = None
    if notice.kind == NoticeKind.INFORMATION:
        running = Deadline.objects.filter(case=case, kind=DeadlineKind.INFORMATION, ended_at__isnull=True)
        due_at = running.values_list("due_at", flat=True).first()
    event = MailEvent.INFORMATION_REQUESTED if due_at else MailEvent.NOTICE_ISSUED
    tell_of_case(case, event, people=claims_people(case), key=f"notice:{notice.pk}", due_at=due_at)


def render_notice(*, notice_id: int) -> Notice:
    """The notice's PDF is stored, once; a second call changes nothing. Raises `RenderError` when it cannot be."""
    notice = Notice.objects.get(pk=notice_id)
    if notice.rendered_at is not None:
        return notice
    letter = NoticeLetter.from_json(notice.letter)
    html = render_to_string("letters/notice.html", {"letter": letter})
    pdf = render_paper(html, style_sheet="notice.css")
    stored = storage.store_bytes(pdf.data)
    with transaction.atomic():
        confirm_lease()
        changed = Notice.objects.filter(pk=notice.pk, rendered_at__isnull=True).update(
            pdf_sha256=stored.sha256, pdf_size=stored.size, rendered_at=Now()
        )
        if changed:
            record(
                action="notice.render",
                actor=None,
                object_type="notice",
                object_id=notice.pk,
                case_id=notice.case_id,
                detail={"sha256": stored.sha256, "pages": pdf.page_count},
            )
    notice.refresh_from_db()
    return notice
