"""The whole checklist, in the order of the section and then of what else is worth a look. Pure."""

from collections.abc import Sequence

from cases.rules.records.facts import RecordsFacts, Requirement
from cases.rules.records.months import check_months
from cases.rules.records.named import check_named
from cases.rules.records.patient import check_patient
from cases.rules.records.required import check_required
from cases.rules.records.result import ChecklistLine
from cases.rules.records.scans import check_scans


def check_records(facts: RecordsFacts, requirements: Sequence[Requirement]) -> list[ChecklistLine]:
    """Every line of the checklist. None of them holds anything up."""
    return [
        *(check_required(facts, requirement) for requirement in requirements),
        check_months(facts),
        check_named(facts),
        check_scans(facts),
        check_patient(facts),
    ]
