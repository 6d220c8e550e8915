"""Beginning an application with answers that are known already: from a preset, or from an earlier case."""

from collections.abc import Iterable

from django.db import transaction

from cases.enums import PRESET_ROLES, DraftStep, PartyRole
from cases.models import AddressEntry, Application, Case, DisputedItem, FilingPreset, Party, URDecision
from cases.services.address import note_use
from cases.services.draft import PARTY_FIELDS, create_draft, lock_draft, touch
from cases.services.item import ITEM_FIELDS
from imr.accounts.models import User
from imr.audit.services import record

# What an earlier case tells about the claim. Not the decision under review, its service, documents or signatures:
# those belong to the new dispute alone.
_COPIED_ANSWERS = (
    "employee_birth_date",
    "employee_sex",
    "claim_number",
    "date_of_injury",
    "is_cumulative_injury",
    "date_of_injury_end",
    "wcis_number",
    "adj_number",
    "primary_diagnosis",
    "icd_code",
    "has_attorney",
)
# A designation has to be newer than the decision that it is for (LC 4610.5(j)), so its representative is not copied.
_COPIED_PARTIES = (
    PartyRole.EMPLOYEE,
    PartyRole.EMPLOYER,
    PartyRole.REQUESTING_PHYSICIAN,
    PartyRole.CLAIMS_ADMINISTRATOR,
    PartyRole.ATTORNEY,
)
_PRESET_STEPS = {
    PartyRole.CLAIMS_ADMINISTRATOR: DraftStep.CLAIMS_ADMINISTRATOR,
    PartyRole.REQUESTING_PHYSICIAN: DraftStep.PHYSICIAN,
    PartyRole.ATTORNEY: DraftStep.REPRESENTATIVE,
}


@transaction.atomic
def start_from_preset(*, actor: User, preset: FilingPreset) -> Case:
    """A new application with the preset's parties and answers; a step that they fill counts as answered."""
    case = create_draft(actor=actor, organization=preset.organization)
    application = lock_draft(case.pk)
    done: list[DraftStep] = []
    for role in PRESET_ROLES:
        entry: AddressEntry | None = getattr(preset, role.value)
        if entry is None:
            continue
        answers = {field: getattr(entry, field) for field in PARTY_FIELDS}
        Party.objects.update_or_create(case=case, role=role, defaults=answers)
        note_use(entry=entry)
        if role in _PRESET_STEPS:
            done.append(_PRESET_STEPS[role])
    if preset.attorney_id is not None:
        application.has_attorney, application.has_designee = True, False
    if preset.review_type:
        application.review_type = preset.review_type
        done.append(DraftStep.REVIEW_TYPE)
    if preset.service_method:
        URDecision.objects.filter(case=case).update(service_method=preset.service_method)
    application.preset_name = preset.name
    _finish(application, done)
    record(
        action="draft.from_preset",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        detail={"preset": preset.pk},
    )
    return case


@transaction.atomic
def start_from_case(*, actor: User, source: Case, with_items: bool = False) -> Case:
    """A new application about the same worker, claim and parties as `source`, which stays as it is.

    The decision under review, documents, signatures and the designation are left to be given anew; the disputed
    items come along only when `with_items`, as what utilization review did may differ this time.
    """
    case = create_draft(actor=actor, organization=source.organization)
    application = lock_draft(case.pk)
    earlier = Application.objects.get(case=source)
    for name in _COPIED_ANSWERS:
        setattr(application, name, getattr(earlier, name))
    parties = {party.role: party for party in Party.objects.filter(case=source, role__in=_COPIED_PARTIES)}
    for role, party in parties.items():
        answers = {field: getattr(party, field) for field in PARTY_FIELDS}
        Party.objects.update_or_create(case=case, role=role, defaults=answers)
    if with_items:
        for item in DisputedItem.objects.filter(case=source):
            answers = {name: getattr(item, name) for name in ITEM_FIELDS}
            DisputedItem.objects.create(case=case, position=item.position, **answers)
    application.copied_from = source
    done = [DraftStep.EMPLOYEE, DraftStep.CLAIM, DraftStep.PHYSICIAN, DraftStep.CLAIMS_ADMINISTRATOR]
    _finish(application, [*done, *([DraftStep.ITEMS] if with_items else [])])
    record(
        action="draft.copy",
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        detail={"from": source.pk, "with_items": with_items},
    )
    return case


def _finish(application: Application, done: Iterable[DraftStep]) -> None:
    for step in done:
        touch(application, step.value, is_done=True)
    application.save()
