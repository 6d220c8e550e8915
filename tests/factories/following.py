"""Cases after their determination, and cases that were asked for information."""

from datetime import datetime, timedelta
from uuid import uuid4

from cases.enums import CaseEvent, CaseStatus, DeadlineKind, DocumentKind, ItemStatus, Outcome
from cases.models import Case, Deadline, DisputedItem, Document, InformationAnswer, InformationRequest
from cases.services.implementation import begin_implementation
from cases.services.information import answer_information, request_information
from cases.services.transitions import transition_case
from imr.accounts.enums import Role
from imr.accounts.models import User
from tests.factories.accounts import make_user
from tests.factories.cases import make_case, make_document


def make_served(*outcomes: tuple[Outcome, bool], user: User | None = None) -> Case:
    """A served case with an item for each outcome; true where the treatment was given already. Overturned: it is in
    implementation."""
    case = make_case(CaseStatus.DETERMINED, user=user, items=len(outcomes))
    for item, (outcome, is_retrospective) in zip(case.items.all(), outcomes, strict=True):
        DisputedItem.objects.filter(pk=item.pk).update(
            status=ItemStatus.DECIDED, outcome=outcome, is_retrospective=is_retrospective
        )
    transition_case(case_id=case.pk, event=CaseEvent.ISSUE, actor=None)
    begin_implementation(case_id=case.pk)
    return Case.objects.get(pk=case.pk)


def running_clock(case: Case, kind: DeadlineKind) -> Deadline | None:
    """The running clock of this kind."""
    return Deadline.objects.filter(case=case, kind=kind, ended_at__isnull=True).first()


def last_day_to_appeal(case: Case) -> datetime:
    """The last instant of the time to appeal."""
    row = Deadline.objects.filter(case=case, kind=DeadlineKind.APPEAL).latest("pk")
    return row.due_at


def make_proof(case: Case) -> Document:
    """A proof of authorization or payment on file."""
    return make_document(case, DocumentKind.IMPLEMENTATION_PROOF)


def make_request(user: User, *, question: str = "Page 2 of the UR letter.") -> InformationRequest:
    """A request for information in a case of `user`."""
    case = make_case(CaseStatus.ELIGIBILITY_REVIEW, user=user)
    return request_information(case_id=case.pk, actor=make_user(Role.ADMINISTRATOR), question=question)


def answer(
    request: InformationRequest, user: User, *, text: str = "Here it is.", whole: bool = True
) -> InformationAnswer:
    """An answer of `user`."""
    return answer_information(request_id=request.pk, actor=user, text=text, is_complete=whole, token=uuid4())


DAY = timedelta(days=1)
