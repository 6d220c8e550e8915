"""Scans that no program can read: nobody can search them, and nothing in them is found by rules. Pure."""

from typing import Final

from cases.enums import RecordState
from cases.rules.records.facts import RecordPaper, RecordsFacts
from cases.rules.records.result import ChecklistLine, Place

TITLE: Final = "Pages without text that can be read"


def check_scans(facts: RecordsFacts) -> ChecklistLine:
    """A question for every document with pages that hold no text; a picture may be all that there should be."""
    waiting = [paper for paper in facts.papers if not paper.is_read]
    bare = [paper for paper in facts.papers if paper.is_read and paper.readable_pages < paper.page_count]
    if bare:
        return ChecklistLine(
            code="scans",
            title=TITLE,
            state=RecordState.QUESTION,
            words=f"{_documents(len(bare))} with pages that hold only a picture.",
            to_do="Open them. Where a page cannot be read well, replace the document by a better copy.",
            places=tuple(Place.of(paper, _share(paper)) for paper in bare),
        )
    if waiting:
        words = f"The text of {_documents(len(waiting))} is still being read."
        return ChecklistLine(code="scans", title=TITLE, state=RecordState.WAITING, words=words)
    return ChecklistLine(code="scans", title=TITLE, state=RecordState.HERE, words="Every page holds text.")


def _share(paper: RecordPaper) -> str:
    if paper.readable_pages == 0:
        return "no page holds text"
    return f"{paper.page_count - paper.readable_pages:,} of {paper.page_count:,} pages hold no text"


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"
