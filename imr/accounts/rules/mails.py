"""What every mail to a person says, and whom it is for: the one list, printed in `docs/mails.md`.

A mail says in neutral words that something happened, in which case, until when, and where to sign in. Its words have
two gaps and no more, for the case's number and for an instant: so no name, treatment or reason can get into one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from imr.accounts.enums import MailEvent, MailMode, Role

_FILERS: Final = frozenset({Role.CLAIMS_STAFF, Role.CLAIMS_MANAGER})
_WORKERS: Final = frozenset({Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR})
_REVIEWERS: Final = frozenset({Role.REVIEWER})
# Programs sign in nowhere, and their addresses are none.
PEOPLE: Final = frozenset(Role) - {Role.API_CLIENT}

LEGAL: Final = "This mail tells of a paper that is served on you, so it cannot be switched off."
LOSS: Final = "This mail warns you before something of yours is deleted, so it cannot be switched off."
SECURITY: Final = "This mail keeps your account safe, so it cannot be switched off."


@dataclass(frozen=True, slots=True)
class MailWords:
    """A mail: its subject, its line with the gaps `{number}` and `{due}`, and the roles that it is for.

    `usual` is when a person gets it who chose nothing. With `why_fixed` it always goes out at once.
    """

    subject: str
    line: str
    roles: frozenset[Role]
    usual: MailMode = MailMode.AT_ONCE
    why_fixed: str = ""


MAILS: Final[Mapping[MailEvent, MailWords]] = MappingProxyType(
    {
        MailEvent.APPLICATION_RECEIVED: MailWords(
            "Your application was received",
            "The application that you submitted was received. Its case number is {number}.",
            _FILERS,
        ),
        MailEvent.DRAFT_WAITS: MailWords(
            "An application waits to be submitted",
            "An application that you began is not submitted yet. Until it is, nothing is filed and no case is open. "
            "Go on with it by {due}: as far as its answers tell, it has to be received by then, or it is deleted then.",
            _FILERS | {Role.ADMINISTRATOR},
            why_fixed=LOSS,
        ),
        MailEvent.INFORMATION_REQUESTED: MailWords(
            "Information is requested",
            "Information is requested in case {number}. Please answer by {due}.",
            _FILERS,
            why_fixed=LEGAL,
        ),
        MailEvent.NOTICE_ISSUED: MailWords(
            "A notice was issued", "A notice was issued in case {number}.", _FILERS, why_fixed=LEGAL
        ),
        MailEvent.DETERMINATION_SERVED: MailWords(
            "A determination was served",
            "The final determination in case {number} was served. You can download the letter.",
            _FILERS,
            why_fixed=LEGAL,
        ),
        MailEvent.DUE_SOON: MailWords(
            "Something is due soon",
            "In case {number} something is due by {due}.",
            _FILERS | _REVIEWERS,
        ),
        MailEvent.OVERDUE: MailWords(
            "Something is overdue",
            "In case {number} something was due by {due} and is not done. A late act is still possible.",
            _FILERS | _REVIEWERS | _WORKERS,
        ),
        MailEvent.INVOICE_ISSUED: MailWords(
            "A document about fees was issued",
            "An invoice or a credit note was issued to your organization.",
            frozenset({Role.CLAIMS_MANAGER}),
            MailMode.DIGEST,
        ),
        MailEvent.ENDING_REPORTED: MailWords(
            "An end of a dispute was reported",
            "In case {number} somebody reported that all or part of the dispute is over. Please confirm or refuse it.",
            _WORKERS,
            MailMode.DIGEST,
        ),
        MailEvent.REPORT_AWAITED: MailWords(
            "A report is awaited from you",
            "The IMR organization was told that all or part of the dispute in case {number} is over. "
            "If so, please report it by {due}.",
            _FILERS,
        ),
        MailEvent.DETERMINATION_SIGNED: MailWords(
            "A determination waits for the second read",
            "The determination in case {number} was signed and waits for the second read.",
            frozenset({Role.MEDICAL_DIRECTOR}),
            MailMode.DIGEST,
        ),
        MailEvent.OFFER_MADE: MailWords(
            "A case is offered to you",
            "Case {number} is offered to you for review. Please accept or decline it by {due}. "
            "Without an answer the offer ends then, and another reviewer is asked.",
            _REVIEWERS,
        ),
        MailEvent.OFFER_REMINDER: MailWords(
            "An offer waits for your answer",
            "The offer of case {number} ends on {due}. Please accept or decline it before.",
            _REVIEWERS,
        ),
        MailEvent.OFFER_ENDED: MailWords(
            "An offer has ended",
            "The offer of case {number} ended without an answer. There is nothing left for you to do. "
            "If you are away, enter the days under Availability, so that no case is offered to you then.",
            _REVIEWERS,
        ),
        MailEvent.CASE_TAKEN_BACK: MailWords(
            "A case was taken back",
            "Case {number} is no longer with you, and its records are closed. What you wrote is kept.",
            _REVIEWERS,
        ),
        MailEvent.START_REMINDER: MailWords(
            "A case waits for your review",
            "You accepted case {number} and have not begun to write. If you cannot review it in time, please give it "
            "back, so that another reviewer can.",
            _REVIEWERS,
        ),
        MailEvent.REQUEST_ANSWERED: MailWords(
            "Your request for records was answered",
            "The IMR organization answered your request for records in case {number}.",
            _REVIEWERS,
        ),
        MailEvent.RECORDS_ARRIVED: MailWords(
            "Records have arrived",
            "Records that you asked for in case {number} are there. The case is back with you.",
            _REVIEWERS,
        ),
        MailEvent.LINK_USED: MailWords(
            "Documents came through your link",
            "Documents came to case {number} through a one-time link that you made.",
            _FILERS | _WORKERS,
        ),
        MailEvent.APPLICATION_AMENDED: MailWords(
            "An application was amended",
            "The application of case {number} was amended after you accepted it. "
            "What changed stands at the head of your workspace.",
            _REVIEWERS,
        ),
        MailEvent.RETURNED: MailWords(
            "A determination came back",
            "Your determination in case {number} was returned for correction. Comments are waiting for you.",
            _REVIEWERS,
        ),
        MailEvent.MESSAGE: MailWords(
            "A message waits for you",
            "Somebody wrote to you about case {number}.",
            _FILERS | _REVIEWERS | _WORKERS,
        ),
        MailEvent.FILE_ENDS: MailWords(
            "Your reviewer file ends soon",
            "Something in your reviewer file holds through {due} and no longer. "
            "Afterwards no case can be decided on it.",
            _REVIEWERS,
        ),
        MailEvent.OPINION_ASKED: MailWords(
            "Your opinion is asked for",
            "The IMR organization asks for your short opinion on the determination of case {number}. "
            "Please give or decline it by {due}.",
            _REVIEWERS,
        ),
        MailEvent.OPINION_ANSWERED: MailWords(
            "A colleague answered",
            "The reviewer whom you asked for an opinion in case {number} has answered.",
            _WORKERS,
        ),
        MailEvent.STATEMENT_APPROVED: MailWords(
            "Your statement was approved",
            "A month of your fees was approved. The statement is under My fees.",
            _REVIEWERS,
            MailMode.DIGEST,
        ),
        MailEvent.PASSWORD_CHANGED: MailWords(
            "Your password was changed",
            "The password of your account was changed on {due}. If that was not you, tell us at once.",
            PEOPLE,
            why_fixed=SECURITY,
        ),
        MailEvent.ROLE_CHANGED: MailWords(
            "Your role was changed",
            "The role of your account was changed on {due}. Sign in again to go on.",
            PEOPLE,
            why_fixed=SECURITY,
        ),
        MailEvent.DIGEST: MailWords("Your daily digest", "", PEOPLE),
    }
)


def events_for(role: str) -> tuple[MailEvent, ...]:
    """What people of `role` may be told of by mail, in the order of the list; the digest is a form and no event."""
    return tuple(event for event, mail in MAILS.items() if role in mail.roles and event != MailEvent.DIGEST)


def mode_of(event: MailEvent, chosen: str | None) -> MailMode:
    """When a mail about `event` goes to a person who chose `chosen`, or nothing."""
    mail = MAILS[event]
    if mail.why_fixed:
        return MailMode.AT_ONCE
    return MailMode(chosen) if chosen else mail.usual


def line_of(event: MailEvent, *, number: str, due: str) -> str:
    """The sentence of a mail about `event`, its gaps filled."""
    return MAILS[event].line.format(number=number, due=due or "the due date")
