"""A whole application in one piece, as programs file it: all of it is stored, or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from cases.enums import DraftStep
from cases.models import Case
from cases.services.draft import create_draft, save_steps
from cases.services.item import add_item
from cases.services.submission import submit_application
from imr.accounts.models import Organization, User
from imr.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who attests that the answers are true and complete, and the shortcomings accepted by their codes."""

    name: str
    confirmed: Collection[str] = ()


@transaction.atomic
def file_application(
    *,
    actor: User,
    organization: Organization | None = None,
    steps: Mapping[DraftStep, Mapping[str, Any]],
    items: Sequence[Mapping[str, Any]] = (),
    attestation: Attestation | None = None,
) -> Case:
    """A new draft holds these answers and items; with `attestation` it is submitted.

    `steps` and `items` are cleaned data of their forms. Raises as `create_draft`, `add_item` (its fields then start
    with `items.<index>.`) and `submit_application`; nothing is kept then.
    """
    case = create_draft(actor=actor, organization=organization)
    version = case.application.version
    if steps:
        version = save_steps(case_id=case.pk, actor=actor, steps=steps, version=version).version
    for index, cleaned in enumerate(items):
        try:
            add_item(case_id=case.pk, actor=actor, cleaned=cleaned, version=version)
        except DomainError as error:
            fields = {f"items.{index}.{name}": lines for name, lines in error.fields.items()}
            raise DomainError(error.message, code=error.code, fields=fields) from error
    if attestation is not None:
        # A program, or a file of a thousand rows, has its answers at once; a mail for each would bury them.
        return submit_application(
            case_id=case.pk,
            actor=actor,
            attested_name=attestation.name,
            confirmed=attestation.confirmed,
            is_told=False,
        )
    return case
