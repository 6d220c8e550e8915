"""Cases that may be reviewed together with another one (8 CCR 9792.10.4(a))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import OuterRef, Subquery

from cases.enums import CaseEvent, Priority
from cases.models import Case, NoticeService
from cases.rules.consolidation import Candidate, check_consolidation
from cases.selectors.duplicate import dispute_facts
from cases.workflow import TRANSITIONS

CONSOLIDABLE = TRANSITIONS[CaseEvent.CONSOLIDATE].sources
MOST = 20


def consolidation_candidates(case: Case) -> list[Case]:
    """The open cases of the same worker, physician and injury, the earliest first."""
    injured_on = dispute_facts([case.pk])[case.pk].date_of_injury
    if injured_on is None or case.status not in CONSOLIDABLE:
        return []
    others = Case.objects.filter(
        organization_id=case.organization_id,
        status__in=CONSOLIDABLE,
        priority=case.priority,
        application__date_of_injury=injured_on,
    ).exclude(pk=case.pk)
    rows = list(others.select_related("application").order_by("received_at", "pk")[:MOST])
    described = {one.case_id: one.candidate for one in candidates([case, *rows])}
    return [row for row in rows if not check_consolidation([described[case.pk], described[row.pk]])]


@dataclass(frozen=True, slots=True)
class Described:
    """A case with what consolidation looks at."""

    case_id: int
    candidate: Candidate


def candidates(cases: Iterable[Case]) -> list[Described]:
    """These cases as the rule takes them; a fixed number of queries."""
    rows = {case.pk: case for case in cases}
    facts = dispute_facts(rows)
    first = NoticeService.objects.filter(case=OuterRef("pk")).order_by("served_at")
    served = dict(
        Case.objects.filter(pk__in=rows).values_list("pk").annotate(at=Subquery(first.values("served_at")[:1]))
    )
    return [
        Described(
            pk,
            Candidate(
                number=case.number or "",
                organization_id=case.organization_id,
                is_expedited=case.priority == Priority.EXPEDITED,
                received_at=cast("datetime", case.received_at),
                notice_at=served[pk],
                facts=facts[pk],
            ),
        )
        for pk, case in rows.items()
    ]
