"""The forms F0, F2 and F3: what is known is read, what is missing is named."""

from datetime import date

import pytest

from reviews.letters.reader import LetterFormat, ReadLetter, UnreadableLetterError, read_letter

F0 = """Independent Medical Review Final Determination Letter    Dated: 9/26/2013

Case Number: CM13-0000815
Date of Injury: 5/2/2011
UR Denial Date: 7/1/2013

1) MAXIMUS Federal Services, Inc. has determined the request for an MRI of the neck
is not medically necessary and appropriate.

2) MAXIMUS Federal Services, Inc. has determined the request for a wrist brace is medically necessary and appropriate.

INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE

Medical Qualifications of the Expert Reviewer:
The reviewer is Board Certified in Family Practice, has a subspecialty, and is licensed to practice in California.

Case Summary:
These are the words of the file. “Pain in the neck.”

1) MAXIMUS Federal Services, Inc. has determined the request for an MRI of the neck is not medically necessary and
appropriate.
"""
F2 = """MAXIMUS FEDERAL SERVICES, INC.
Independent Medical Review

Case Number: CM13-0001234 Date of Injury: 02/03/2010

CLINICAL CASE SUMMARY
A worker with pain.

IMR DECISION(S) AND RATIONALE(S)
1. Acupuncture, six visits is not medically necessary and appropriate.
The reviewer's decision rationale: Nothing was gained before.
2. The brace is medically necessary and appropriate.

DOCUMENTS REVIEWED
Nothing else.
"""
F3 = """MEDICAL PROFESSIONAL REVIEW

CM13-0004321

ISSUE AT DISPUTE:
Lumbar brace

CASE SUMMARY:
A worker with pain.

DOCUMENTS REVIEWED FOR DETERMINATION:
Reports.

MEDICAL TREATMENT GUIDELINE(S) RELIED UPON BY PROFESSIONAL REVIEWER AND WHY:
Low back chapter.

RATIONALE FOR WHY THE REQUESTED TREATMENT/SERVICE IS NOT MEDICALLY NECESSARY:
No benefit is expected.

MEDICAL REVIEWER QUALIFICATIONS:
Board certified.
"""


def _read(text: str, form: LetterFormat) -> ReadLetter:
    read = read_letter(text)
    assert read.format is form
    assert read.determination is None
    assert not read.is_certain
    assert not read.is_complete
    return read


def test_f0_gives_its_decisions_once_and_its_people() -> None:
    read = _read(F0, LetterFormat.F0)
    partial = read.partial

    assert partial is not None
    assert [(item.item, item.decision) for item in partial.items] == [
        ("an MRI of the neck", "Upheld"),
        ("a wrist brace", "Overturned"),
    ]
    assert partial.decision_date == date(2013, 9, 26)
    assert (partial.case_number, partial.date_of_injury) == ("CM13-0000815", date(2011, 5, 2))
    assert partial.states_of_licensure == ("California",)
    assert partial.certifications == ("Family Practice",)
    assert partial.clinical_case_summary.startswith("These are the words")
    assert {"Priority", "Application Received", "Item 1: Decision rationale"} <= set(read.missing)


def test_f2_gives_its_numbered_decisions() -> None:
    partial = _read(F2, LetterFormat.F2).partial

    assert partial is not None
    assert [(item.item, item.decision, item.decision_rationale) for item in partial.items] == [
        ("Acupuncture, six visits", "Upheld", "Nothing was gained before."),
        ("The brace", "Overturned", ""),
    ]
    assert partial.clinical_case_summary == "A worker with pain."


def test_f3_gives_its_one_issue() -> None:
    partial = _read(F3, LetterFormat.F3).partial

    assert partial is not None
    item = partial.items[0]
    assert (item.item, item.decision) == ("Lumbar brace", "Upheld")
    assert (item.reviewer_guideline, item.decision_rationale) == ("Low back chapter.", "No benefit is expected.")


def test_heading_alone_is_no_letter() -> None:
    with pytest.raises(UnreadableLetterError, match="case number or a decision"):
        read_letter("INDEPENDENT MEDICAL REVIEW DECISION AND RATIONALE\n\nNothing more.")
