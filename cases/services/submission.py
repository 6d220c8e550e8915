"""Filing the application: it becomes a numbered case (8 CCR 9792.10.1(b))."""

from collections.abc import Collection

from django.db import transaction

from cases.enums import CaseEvent, Priority, ReviewType
from cases.exceptions import IncompleteError, StaleVersionError
from cases.models import Application, Case
from cases.rules.application import Finding, stopping, to_confirm
from cases.selectors.draft import draft_findings, read_draft
from cases.services.numbers import next_case_number
from cases.services.receipt import freeze_receipt
from cases.services.transitions import lock_case, transition_case
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
) -> Case:
    """The application is filed: it has a number, the time of receipt by the server's clock, and a receipt.

    `attested_name` is what the filer typed as signature of the attestation. `confirmed` are the codes of the
    shortcomings that the filer ticked. `version` is the draft's version that the filer saw; None does not ask.
    A second submission by the same person returns the same case. Raises `IncompleteError` when a rule stops the
    filing or a tick is missing, `StaleVersionError` when the draft was changed since it was seen, and
    `TransitionError` when somebody else has filed it.
    """
    case = lock_case(case_id)
    if not case.is_draft and case.received_by_id == actor.pk:
        return case
    received_at = clock.now()
    if case.is_draft:
        _check(case, version=version, confirmed=confirmed, received_on=clock.pacific_date(received_at))
        application = Application.objects.get(case=case)
        application.attested_by_name = attested_name
        application.attested_at = received_at
        application.save(update_fields=["attested_by_name", "attested_at"])
        number = next_case_number(at=received_at)
        is_expedited = application.review_type == ReviewType.EXPEDITED
    else:
        number, is_expedited = case.number or "", False
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
        detail={"number": number, "confirmed": sorted(confirmed)},
        at=received_at,
    )
    draft = read_draft(case)
    findings = draft_findings(draft, today=clock.pacific_date(received_at))
    freeze_receipt(
        case=case, draft=draft, actor=actor, received_at=received_at, confirmed=to_confirm(findings)
    )
    return case
