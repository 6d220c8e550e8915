"""Whether what 8 CCR 9792.10.5(a)(1) requires is on file, one row of law at a time. Pure."""

from cases.enums import RecordState
from cases.rules.records.facts import RecordsFacts, Requirement
from cases.rules.records.result import ChecklistLine, Place


def check_required(facts: RecordsFacts, requirement: Requirement) -> ChecklistLine:
    """Here when a document of a fitting kind is on file; else missing, or a question where it may not exist."""
    found = facts.of_kinds(requirement.kinds)
    if found:
        count = "1 document" if len(found) == 1 else f"{len(found)} documents"
        state, words, to_do = RecordState.HERE, f"{count} on file.", ""
    elif not requirement.kinds:
        state, words, to_do = (
            RecordState.QUESTION,
            "No kind of document stands for it; a person looks.",
            requirement.to_do,
        )
    elif requirement.asks:
        state, words, to_do = RecordState.QUESTION, "Nothing of this kind is on file.", requirement.to_do
    else:
        state, words, to_do = RecordState.MISSING, "Not on file.", requirement.to_do
    return ChecklistLine(
        code=requirement.code,
        title=requirement.title,
        state=state,
        words=words,
        to_do=to_do,
        citation=requirement.citation,
        is_confirmed=requirement.is_confirmed,
        places=tuple(Place.of(paper) for paper in found),
    )
