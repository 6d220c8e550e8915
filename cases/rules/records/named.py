"""Whether the records that the UR decision letter names have arrived (8 CCR 9792.10.5(a)(1)(A)). Pure."""

from typing import Final

from cases.enums import DocumentKind, RecordState
from cases.rules.records.facts import NamedRecord, RecordsFacts
from cases.rules.records.result import ChecklistLine

TITLE: Final = "Records that the UR decision names"
CITATION: Final = "8 CCR 9792.10.5(a)(1)(A)"


def check_named(facts: RecordsFacts) -> ChecklistLine:
    """Every record that the letter names with a date is looked for by that date; without a date a person looks."""
    if not facts.has_letter:
        return _line(RecordState.MISSING, "The UR decision letter is not on file.", "Add the UR decision letter.")
    if not facts.is_letter_read:
        return _line(RecordState.WAITING, "The text of the UR decision letter is still being read.")
    if not facts.named:
        return _line(
            RecordState.QUESTION,
            "No list of records was found in the UR decision letter.",
            "Look through the letter and add the reports that it rests on.",
        )
    dates = {day for paper in facts.papers if paper.kind != DocumentKind.UR_DECISION for day in paper.all_dates}
    open_ones = [one for one in facts.named if one.dated_on is None or one.dated_on not in dates]
    if not open_ones:
        return _line(RecordState.HERE, f"All {len(facts.named)} that were found in the letter are on file, by date.")
    return _line(
        RecordState.QUESTION,
        f"{len(open_ones)} of {len(facts.named)} that were found in the letter have no document of that date.",
        "Add them. Where one is on file under another date, correct the date of the document.",
        details=tuple(_words(one) for one in open_ones),
    )


def _words(one: NamedRecord) -> str:
    return f"{one.text} (page {one.page} of the letter)"


def _line(state: RecordState, words: str, to_do: str = "", *, details: tuple[str, ...] = ()) -> ChecklistLine:
    return ChecklistLine(
        code="named", title=TITLE, state=state, words=words, to_do=to_do, citation=CITATION, details=details
    )
