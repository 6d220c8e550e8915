"""Applications that are about the dispute of another one."""

from cases.enums import CaseStatus
from cases.models import Application, Case, DisputedItem, Party, URDecision
from imr.accounts.models import User
from tests.factories.cases import make_case, make_draft


def repeat(original: Case, *, user: User | None = None, status: CaseStatus = CaseStatus.RECEIVED) -> Case:
    """A further application with the claim, decision, parties and items of `original`."""
    case = make_draft(user or original.created_by) if status == CaseStatus.DRAFT else make_case(status, user=user)
    take_dispute(case, original)
    return case


def take_dispute(case: Case, original: Case) -> None:
    """`case` disputes what `original` does."""
    theirs = Application.objects.get(case=original)
    Application.objects.filter(case=case).update(claim_number=theirs.claim_number, date_of_injury=theirs.date_of_injury)
    decided = URDecision.objects.get(case=original).decided_on
    URDecision.objects.filter(case=case).update(decided_on=decided, served_on=decided)
    for party in Party.objects.filter(case=original):
        Party.objects.filter(case=case, role=party.role).update(first_name=party.first_name, last_name=party.last_name)
    DisputedItem.objects.filter(case=case).delete()
    for item in DisputedItem.objects.filter(case=original):
        DisputedItem.objects.create(
            case=case,
            position=item.position,
            description=item.description,
            category=item.category,
            ur_outcome=item.ur_outcome,
        )
