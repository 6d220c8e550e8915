"""Filing the application: it becomes a numbered case (8 CCR 9792.10.1(b))."""

from collections.abc import Collection

from django.db import transaction

from cases.enums import CaseEvent, Priority, ReviewType
from cases.exceptions import IncompleteError, StaleVersionError, SubmittedError
from cases.models import Case
from cases.rules.finding import Finding, stopping, to_confirm
from cases.selectors.draft import draft_findings, read_draft
from cases.services.news import claims_people, tell_of_case
from cases.services.numbers import next_case_number
from cases.services.receipt import freeze_receipt
from cases.services.transitions import lock_case, transition_case
from imr.accounts.enums import MailEvent
from imr.accounts.models import User
from imr.core import clock


@transaction.atomic
def submit_application(
    *,
    case_id: int,
    actor: User,
    attested_name: str,
    confirmed: Collection[str] = (),
    version: int | None = None,
    is_told: bool = True,
) -> Case:
    """The application is filed: it has a number, the time of receipt, and a receipt.

    The time of receipt is the server's clock, or the arrival of the paper that staff keyed in.

    `attested_name` is what the filer typed as signature of the attestation. `confirmed` are the codes of the
    shortcomings that the filer ticked. `version` is the draft's version that the filer saw; None does not ask.
    With `is_told` the people of the claims administrator who follow the case get a mail.
    A second submission by the same person returns the same case. Raises `IncompleteError` when a rule stops the
    filing or a tick is missing, `StaleVersionError` when the draft was changed since it was seen, and
    `SubmittedError` when somebody else has filed it.
    """
    case = lock_case(case_id)
    if not case.is_draft:
        if case.received_by_id == actor.pk:
            return case
        raise SubmittedError(f"A colleague has already submitted this application; it is case {case.number}.")
    draft = read_draft(case)
    # Paper counts from its arrival, whenever it is keyed in.
    received_at = draft.application.arrived_at or clock.now()
    findings = draft_findings(draft, today=clock.pacific_date(received_at))
    if version is not None and draft.application.version != version:
        raise StaleVersionError("The application was changed since you saw it. Check it again before you submit it.")
    _refuse_incomplete(findings, confirmed)
    draft.application.attested_by_name = attested_name
    draft.application.attested_at = clock.now()
    draft.application.save(update_fields=["attested_by_name", "attested_at"])
    number = next_case_number(at=received_at)
    is_expedited = draft.application.review_type == ReviewType.EXPEDITED
    ticked = to_confirm(findings)
    case = transition_case(
        case_id=case.pk,
        event=CaseEvent.SUBMIT,
        actor=actor,
        changes={
            "number": number,
            "received_at": received_at,
            "received_by": actor,
            "priority": Priority.EXPEDITED if is_expedited else Priority.STANDARD,
        },
        detail={
            "number": number,
            "items": len(draft.items),
            "documents": len(draft.documents),
            "filed_in_spite_of": [finding.code for finding in ticked],
            "channel": draft.application.channel,
        },
        at=received_at,
    )
    freeze_receipt(case=case, draft=draft, actor=actor, received_at=received_at, confirmed=ticked)
    if is_told:
        tell_of_case(case, MailEvent.APPLICATION_RECEIVED, people=claims_people(case), key=str(case.pk))
    return case


def _refuse_incomplete(findings: list[Finding], confirmed: Collection[str]) -> None:
    stops = stopping(findings)
    if stops:
        raise IncompleteError(
            "The application cannot be submitted yet: " + " ".join(finding.message for finding in stops[:5]),
            fields={f"{finding.step}.{finding.field}".rstrip("."): [finding.message] for finding in stops},
        )
    unticked = [finding for finding in to_confirm(findings) if finding.code not in confirmed]
    if unticked:
        raise IncompleteError(
            "Tick that you want to submit the application in spite of this: "
            + " ".join(finding.message for finding in unticked),
            code="confirmation_needed",
            fields={f"confirm_{finding.code}": [finding.message] for finding in unticked},
        )
