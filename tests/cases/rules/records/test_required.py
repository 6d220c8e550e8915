"""What 9792.10.5(a)(1) requires, row by row (B9)."""

import pytest

from cases.enums import DocumentKind, RecordState
from cases.rules.records.facts import Requirement
from cases.rules.records.required import check_required
from tests.factories.records import facts, paper

RFA = Requirement("rfa", "The request", (DocumentKind.REQUEST_FOR_AUTHORIZATION,), "Add it.", "8 CCR", False)


def test_a_document_of_the_kind_is_named_and_nothing_is_left_to_do() -> None:
    line = check_required(facts(paper(7, DocumentKind.REQUEST_FOR_AUTHORIZATION), paper(8)), RFA)
    assert (line.state, line.to_do, [place.document for place in line.places]) == (RecordState.HERE, "", [7])
    assert not line.is_confirmed


@pytest.mark.parametrize(
    ("asks", "kinds", "state"),
    [
        (False, ("rfa",), RecordState.MISSING),
        (True, ("other",), RecordState.QUESTION),
        (True, (), RecordState.QUESTION),
    ],
)
def test_what_is_not_there_is_missing_or_a_question_with_what_to_do(
    asks: bool, kinds: tuple[str, ...], state: RecordState
) -> None:
    line = check_required(facts(paper()), Requirement("x", "X", kinds, "Add it.", "8 CCR", True, asks))
    assert (line.state, line.to_do) == (state, "Add it.")
