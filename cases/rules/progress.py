"""Where a case stands, what comes next and who has it, in plain words for the parties. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cases.enums import CaseStatus, DeadlineKind


class Holder(StrEnum):
    """Who has the next step; the values are the words."""

    IMR = "IMR organization"
    REVIEWER = "Expert reviewer"
    CLAIMS = "Claims administrator"
    PARTIES = "Parties"
    WCAB = "WCAB"
    NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status alone does not tell: overturned treatment that nobody confirmed, and whether the time to appeal
    still runs."""

    is_outstanding: bool = False
    is_window_open: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """`now` is a sentence about the status, `next_step` one about what comes, `short` the same for a line of a list.

    `clocks` are the kinds of clock that matter to the filer now, the most important first.
    """

    now: str
    next_step: str
    holder: Holder
    short: str
    clocks: tuple[DeadlineKind, ...] = ()


S, D, H = CaseStatus, DeadlineKind, Holder

_SIMPLE: Final[Mapping[CaseStatus, Progress]] = {
    S.DRAFT: Progress(
        "The application is not submitted yet. Nothing is filed.",
        "Finish the application and submit it before the last day to file.",
        H.CLAIMS,
        "finish and submit the application",
    ),
    S.RECEIVED: Progress(
        "The application was received and waits for an analyst.",
        "An analyst checks whether the application is eligible for review.",
        H.IMR,
        "eligibility is checked",
        (D.SCREEN,),
    ),
    S.MERGED: Progress(
        "The same dispute was filed before; this application goes on in the earlier case.",
        "Nothing more happens here. Follow the earlier case.",
        H.NOBODY,
        "follow the earlier case",
    ),
    S.ELIGIBILITY_REVIEW: Progress(
        "An analyst is checking whether the application is eligible for review.",
        "The analyst finds the application eligible or ineligible, or asks for information.",
        H.IMR,
        "eligibility is decided",
        (D.SCREEN,),
    ),
    S.INFO_REQUESTED: Progress(
        "The IMR organization needs more information to decide on eligibility.",
        "Answer the request for information. Without an answer the case is decided on what is on file.",
        H.PARTIES,
        "answer the request for information",
        (D.INFORMATION,),
    ),
    S.DEFERRED: Progress(
        "The review is on hold because liability for the treatment is disputed.",
        "The review can go on when the liability dispute is resolved, or when the claims administrator agrees to it.",
        H.PARTIES,
        "resolve the liability dispute",
    ),
    S.ELIGIBLE: Progress(
        "The application is eligible for review.",
        "The notice of assignment goes out; it asks for the medical records.",
        H.IMR,
        "the notice of assignment goes out",
        (D.SERVE_NOARFI,),
    ),
    S.CONSOLIDATED: Progress(
        "This case is reviewed together with another one of the same worker.",
        "Nothing more happens here. Follow the case in which both are decided.",
        H.NOBODY,
        "follow the other case",
    ),
    S.AWAITING_RECORDS: Progress(
        "The case is assigned for review, and the medical records are awaited.",
        "Send the medical records that the notice of assignment asks for.",
        H.CLAIMS,
        "send the medical records",
        (D.RECORDS,),
    ),
    S.INSUFFICIENT_RECORDS: Progress(
        "The time for records has passed, and nothing has arrived on which a decision may rest.",
        "Send the medical records now. They are still accepted; each day may cost a penalty.",
        H.CLAIMS,
        "send the missing medical records",
        (D.RECORDS, D.DETERMINE),
    ),
    S.READY_FOR_REVIEW: Progress(
        "The records are complete. The case waits for an expert reviewer.",
        "An expert reviewer without a conflict of interest is assigned.",
        H.IMR,
        "a reviewer is assigned",
        (D.DETERMINE,),
    ),
    S.IN_REVIEW: Progress(
        "An expert reviewer has the case.",
        "The reviewer decides every disputed item.",
        H.REVIEWER,
        "every item is decided",
        (D.DETERMINE,),
    ),
    S.DOCS_REQUESTED: Progress(
        "The review needs further documents.",
        "Send the documents that were requested.",
        H.PARTIES,
        "send the requested documents",
        (D.DOCUMENTS, D.DETERMINE),
    ),
    S.QA: Progress(
        "The decision is being finished.",
        "The decision is checked, and its letter is prepared.",
        H.IMR,
        "the decision is checked",
        (D.DETERMINE,),
    ),
    S.DETERMINED: Progress(
        "The decision is being finished.",
        "The letter with the decision is served on the parties.",
        H.IMR,
        "the letter is served",
        (D.DETERMINE,),
    ),
    S.APPEALED: Progress(
        "The decision is under appeal. It stays in force until the appeals board decides.",
        "The appeals board (WCAB) decides on the appeal.",
        H.WCAB,
        "the appeal is decided",
    ),
    S.REMANDED: Progress(
        "The appeals board set the decision aside and returned the case.",
        "A new review is opened with a different reviewer.",
        H.IMR,
        "a new review is opened",
        (D.REMAND,),
    ),
    S.TERMINATED: Progress(
        "The case ended without a decision: the dispute is over.",
        "Nothing more happens in this case.",
        H.NOBODY,
        "ended",
    ),
    S.WITHDRAWN: Progress(
        "The case ended without a decision: the application was withdrawn.",
        "Nothing more happens in this case.",
        H.NOBODY,
        "ended",
    ),
    S.DISMISSED: Progress(
        "The case was dismissed: it was found ineligible after it had been assigned.",
        "Nothing more happens in this case.",
        H.NOBODY,
        "ended",
    ),
    S.CLOSED: Progress(
        "The case is closed. The decision is final.",
        "Nothing more happens in this case. Everything stays readable.",
        H.NOBODY,
        "closed",
    ),
    S.PUBLISHED: Progress(
        "The case is closed. The decision is final, and a copy without names is public.",
        "Nothing more happens in this case. Everything stays readable.",
        H.NOBODY,
        "closed",
    ),
}

_CLOSING = ("The IMR organization closes the case.", H.IMR, "the case is closed")


def _ineligible(standing: Standing) -> Progress:
    now = "The application was found ineligible for review."
    if standing.is_window_open:
        step = "The finding can be appealed to the appeals board (WCAB). A new application is possible while in time."
        return Progress(now, step, H.PARTIES, "an appeal is possible", (D.APPEAL,))
    return Progress(now, "Nothing more happens in this case. The time to appeal is over.", H.NOBODY, "ended")


def _issued(standing: Standing) -> Progress:
    if standing.is_outstanding:
        return _implementation(standing)
    now = "The decision was served. No treatment was overturned, so nothing is to be authorized or paid."
    if standing.is_window_open:
        step = "The decision becomes final when the time to appeal to the appeals board (WCAB) is over."
        return Progress(now, step, H.PARTIES, "an appeal is possible", (D.APPEAL,))
    return Progress(now, *_CLOSING)


def _implementation(standing: Standing) -> Progress:
    if standing.is_outstanding:
        return Progress(
            "The decision was served. Treatment was overturned and has to be authorized or paid.",
            "Authorize treatment still to be given, pay for what was given already, and confirm both here with proof.",
            H.CLAIMS,
            "authorize or pay, and confirm it",
            (D.AUTHORIZE, D.REIMBURSE),
        )
    now = "The decision was served, and nothing is left to be authorized or paid."
    if standing.is_window_open:
        step = "The decision becomes final when the time to appeal to the appeals board (WCAB) is over."
        return Progress(now, step, H.PARTIES, "an appeal is possible", (D.APPEAL,))
    return Progress(now, *_CLOSING)


_DEPENDENT: Final[Mapping[CaseStatus, Callable[[Standing], Progress]]] = {
    S.INELIGIBLE: _ineligible,
    S.ISSUED: _issued,
    S.IMPLEMENTATION: _implementation,
}

# For whom the next step of a case in these statuses is the claims administrator's own, alone or with others.
WAITS_FOR_CLAIMS: Final = frozenset(
    {S.DRAFT, S.INFO_REQUESTED, S.AWAITING_RECORDS, S.INSUFFICIENT_RECORDS, S.DOCS_REQUESTED}
)
# Where treatment may be outstanding: those of them where it is wait for the claims administrator as well.
MAY_BE_OUTSTANDING: Final = frozenset({S.ISSUED, S.IMPLEMENTATION})

CLOCK_WORDS: Final[Mapping[DeadlineKind, str]] = {
    D.SCREEN: "Until then the IMR organization means to decide on eligibility.",
    D.INFORMATION: "Until then the answer is due. A late one is accepted while eligibility is open, and marked late.",
    D.SERVE_NOARFI: "Until then the IMR organization sends the notice of assignment.",
    D.RECORDS: "Until then the records have to reach the IMR organization.",
    D.ASSIGN: "Until then the IMR organization means to assign a reviewer.",
    D.DOCUMENTS: "Until then the requested documents are due.",
    D.DETERMINE: "Until then the decision is due.",
    D.APPEAL: "The last day on which an appeal to the appeals board (WCAB) can be filed.",
    D.AUTHORIZE: "Until then overturned treatment that is still to be given has to be authorized.",
    D.REIMBURSE: "Until then overturned treatment that was given already has to be paid for.",
    D.REMAND: "Until then a new review is to be opened.",
    D.REPORT_ENDING: "Until then the claims administrator has to report what others told.",
}


def progress_of(status: CaseStatus, standing: Standing) -> Progress:
    """Where a case in `status` stands, what comes next, and who has it (8 CCR 9792.10.1-9792.10.9)."""
    if status in _DEPENDENT:
        return _DEPENDENT[status](standing)
    return _SIMPLE[status]
