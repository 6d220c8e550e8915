"""Cases of one worker, physician and injury."""

from cases.enums import CaseStatus
from cases.models import Application, Case, DisputedItem, Party
from imr.accounts.models import User
from tests.factories.cases import make_case


def siblings(user: User, *statuses: CaseStatus) -> list[Case]:
    """A case in each status, of one worker, physician and injury, each with an item of its own."""
    found = [make_case(status, user=user) for status in statuses]
    first = Application.objects.get(case=found[0])
    for number, case in enumerate(found):
        Application.objects.filter(case=case).update(date_of_injury=first.date_of_injury)
        for party in Party.objects.filter(case=found[0], role__in=["employee", "requesting_physician"]):
            Party.objects.filter(case=case, role=party.role).update(
                first_name=party.first_name, last_name=party.last_name
            )
        DisputedItem.objects.filter(case=case).update(description=f"Treatment number {number + 1}")
    return found
