"""Reading requests for information and what was answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.enums import CaseStatus, DeadlineKind
from cases.models import Case, Deadline, Document, InformationAnswer, InformationRequest
from imr.accounts.models import User
from imr.core import clock

# While eligibility is open an answer can still change what is decided.
ANSWERABLE = frozenset({CaseStatus.INFO_REQUESTED, CaseStatus.ELIGIBILITY_REVIEW, CaseStatus.DEFERRED})
_COMPLETE = InformationAnswer.objects.filter(request=OuterRef("pk"), is_complete=True)


@dataclass(frozen=True, slots=True)
class ToldRequest:
    """A request with its answers, what became of it in words, and whether it can be answered now."""

    request: InformationRequest
    answers: list[InformationAnswer]
    state: str
    kind: str
    is_answerable: bool


def answer_due_at(request: InformationRequest) -> datetime:
    """The last instant to answer: that of the clock, which may have been lengthened since the request."""
    row = None
    if request.answered_at is None and request.expired_at is None:
        running = Deadline.objects.filter(case_id=request.case_id, kind=DeadlineKind.INFORMATION)
        row = running.filter(ended_at__isnull=True).first()
    return row.due_at if row else request.due_at


def complete_answer(request: InformationRequest) -> InformationAnswer | None:
    """The answer that left nothing open."""
    return InformationAnswer.objects.filter(request=request, is_complete=True).select_related("sent_by").first()


def enclosures(request: InformationRequest, user: User) -> QuerySet[Document]:
    """What the person's side has added to the case since the request and not sent with an answer yet."""
    sent = InformationAnswer.documents.through.objects.filter(
        document_id=OuterRef("pk"), informationanswer__request=request
    )
    own = Q(uploaded_by__organization_id=user.organization_id) | Q(upload_link__organization_id=user.organization_id)
    return Document.objects.filter(
        own,
        ~Exists(sent),
        case_id=request.case_id,
        removed_at__isnull=True,
        received_at__gte=request.requested_at,
    )


def requests_of(case: Case) -> list[ToldRequest]:
    """Every request of the case with its answers, the latest first."""
    rows = InformationRequest.objects.filter(case=case).select_related("requested_by", "answered_by")
    sent = InformationAnswer.objects.filter(request__case=case).select_related("sent_by__organization")
    answers: dict[int, list[InformationAnswer]] = {}
    for answer in sent.prefetch_related("documents"):
        answers.setdefault(answer.request_id, []).append(answer)
    now = clock.now()
    return [_told(row, answers.get(row.pk, []), case, now) for row in rows.order_by("-requested_at", "-pk")]


def open_requests() -> QuerySet[InformationRequest]:
    """Requests that wait for an answer or for an administrator: open ones, and late answers while eligibility is open.

    Annotated with `is_complete` and `answer_count`.
    """
    rows = InformationRequest.objects.filter(answered_at__isnull=True).annotate(
        is_complete=Exists(_COMPLETE), answer_count=Count("answers")
    )
    late = Q(answer_count__gt=0, case__status__in=ANSWERABLE)
    return rows.filter(Q(expired_at__isnull=True) | late).select_related("case__organization", "case__analyst")


def request_state(*, is_complete: bool, has_answers: bool, is_closed: bool, is_overdue: bool) -> tuple[str, str]:
    """What became of a request, and how its tag looks."""
    if is_complete:
        return ("Answered", "good") if not is_closed else ("Closed", "ended")
    if is_closed:
        return "Closed", "ended"
    if has_answers:
        return ("Partly answered, time over", "bad") if is_overdue else ("Partly answered", "waiting")
    return ("Not answered in time", "bad") if is_overdue else ("Waiting for an answer", "waiting")


def _told(row: InformationRequest, answers: list[InformationAnswer], case: Case, now: datetime) -> ToldRequest:
    is_complete = any(answer.is_complete for answer in answers)
    state, kind = request_state(
        is_complete=is_complete,
        has_answers=bool(answers),
        is_closed=row.answered_at is not None,
        is_overdue=row.expired_at is not None or now > answer_due_at(row),
    )
    is_answerable = not is_complete and row.answered_at is None and CaseStatus(case.status) in ANSWERABLE
    return ToldRequest(row, answers, state, kind, is_answerable)
