"""What counts as a reviewer's load."""

import pytest

from cases.enums import CaseEvent
from cases.services.transitions import transition_case
from reviews.models import Reviewer
from reviews.selectors.reviewer import reviewer_facts, with_credentials
from tests.factories.reviews import make_accepted


@pytest.mark.django_db
def test_load_counts_what_still_asks_for_work() -> None:
    accepted = make_accepted()

    def loads() -> set[int]:
        annotated = with_credentials(Reviewer.objects.all()).get(pk=accepted.reviewer.pk)
        return {reviewer_facts(annotated).load, reviewer_facts(Reviewer.objects.get(pk=accepted.reviewer.pk)).load}

    assert loads() == {1}
    transition_case(case_id=accepted.case.pk, event=CaseEvent.SIGN, actor=None)
    assert loads() == {0}
