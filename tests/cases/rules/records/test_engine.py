"""The whole checklist (B9, N10)."""

from cases.rules.records.engine import check_records
from cases.rules.records.facts import Requirement
from tests.factories.records import facts, paper


def test_lines_stand_in_the_order_of_the_section_then_of_what_else_is_worth_a_look() -> None:
    rows = [Requirement(code, code, ("other",), "Add it.", "8 CCR", True) for code in ("a", "b")]
    lines = check_records(facts(paper()), rows)
    assert [line.code for line in lines] == ["a", "b", "months", "named", "scans", "patient"]
