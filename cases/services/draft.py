"""An application before it is submitted: beginning it, saving its steps, keeping what is typed, removing it.

Each form of the application (a step, an item) has an entry in `Application.steps`: the version of the draft at its
last change (`version`), the page that made it (`editor`), whether it was saved as finished (`done`), and what is
typed and not yet saved (`typed`). A save from a page that is older than the entry is refused, unless the page is the
one that made the last change itself. The form of a new item serves many pages, one after the other: its entry keeps
at which version each page had its item (`ended`), so that words of that page which arrive late are refused.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cases.enums import DraftStep, PartyRole
from cases.exceptions import GoneError, StaleVersionError, SubmittedError, TooLongError
from cases.models import AmendmentDraft, Application, Case, DisputedItem, Party, URDecision
from cases.selectors.draft import item_of_key, organization_address
from cases.services.transitions import lock_case
from imr.accounts.enums import OrganizationKind, Role
from imr.accounts.models import Organization, User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import DomainError

type Versioned = Application | AmendmentDraft

MAX_TYPED_CHARACTERS = 60_000
# Pages whose late words are still recognized; older ones have long been closed.
MAX_ENDED_PAGES = 20

APPLICATION_FIELDS: Mapping[DraftStep, tuple[str, ...]] = {
    DraftStep.REVIEW_TYPE: ("review_type",),
    DraftStep.EMPLOYEE: ("employee_birth_date", "employee_sex"),
    DraftStep.CLAIM: (
        "claim_number",
        "date_of_injury",
        "is_cumulative_injury",
        "date_of_injury_end",
        "wcis_number",
        "adj_number",
    ),
    DraftStep.UR_DECISION: ("primary_diagnosis", "icd_code", "is_liability_disputed", "liability_reason"),
    DraftStep.REPRESENTATIVE: ("has_attorney", "has_designee", "designation_signed_on"),
    DraftStep.SIGNATURE: ("signer", "signer_name", "signed_on", "consent_signed_on", "has_threat_certification"),
}
DECISION_FIELDS = ("decided_on", "served_on", "service_method", "request_received_on", "reference", "is_conditional")
PARTY_FIELDS = (
    "first_name",
    "middle_initial",
    "last_name",
    "firm_name",
    "specialty",
    "bar_number",
    "relationship",
    "address_line_1",
    "address_line_2",
    "city",
    "state",
    "zip_code",
    "phone",
    "fax",
    "email",
)
# Which parties a step writes, and what their fields are called in its form.
STEP_PARTIES: Mapping[DraftStep, tuple[tuple[PartyRole, str], ...]] = {
    DraftStep.EMPLOYEE: ((PartyRole.EMPLOYEE, ""),),
    DraftStep.CLAIM: ((PartyRole.EMPLOYER, "employer_"),),
    DraftStep.PHYSICIAN: ((PartyRole.REQUESTING_PHYSICIAN, ""),),
    DraftStep.CLAIMS_ADMINISTRATOR: ((PartyRole.CLAIMS_ADMINISTRATOR, ""),),
    DraftStep.REPRESENTATIVE: ((PartyRole.ATTORNEY, "attorney_"), (PartyRole.DESIGNEE, "designee_")),
}
PARTY_SWITCH = {PartyRole.ATTORNEY: "has_attorney", PartyRole.DESIGNEE: "has_designee"}


@transaction.atomic
def create_draft(*, actor: User, organization: Organization | None = None) -> Case:
    """A new, empty application of `organization` (default: the actor's own), its claims administrator prefilled.

    Raises `DomainError` when the organization is not an active claims administrator.
    """
    owner = organization or actor.organization
    if owner.kind != OrganizationKind.CLAIMS_ADMINISTRATOR or not owner.is_active:
        raise DomainError(
            "Choose the claims administrator that the application is about.",
            fields={"organization": ["Choose the claims administrator that the application is about."]},
        )
    case = Case.objects.create(organization=owner, created_by=actor)
    Application.objects.create(case=case, saved_at=clock.now())
    URDecision.objects.create(case=case)
    Party.objects.create(
        case=case,
        role=PartyRole.CLAIMS_ADMINISTRATOR,
        **organization_address(owner),
        **_contact(actor, owner),
    )
    _record(case, actor, "draft.create")
    return case


@transaction.atomic
def save_step(
    *,
    case_id: int,
    actor: User,
    step: DraftStep,
    cleaned: Mapping[str, Any],
    version: int,
    editor: str = "",
) -> Application:
    """The answers of `step` are stored and the step counts as finished; what was typed before is gone.

    `cleaned` is the cleaned data of the step's form; answers it does not name stay. `version` is the draft's version
    when the form was shown. Raises `StaleVersionError` when the step was changed since by another page, and
    `SubmittedError` when it is no longer a draft.
    """
    return save_steps(case_id=case_id, actor=actor, steps={step: cleaned}, version=version, editor=editor)


@transaction.atomic
def save_steps(
    *,
    case_id: int,
    actor: User,
    steps: Mapping[DraftStep, Mapping[str, Any]],
    version: int,
    editor: str = "",
) -> Application:
    """The answers of all `steps` are stored, or of none, under one lock and one audit record. As `save_step`."""
    application = lock_draft(case_id)
    for step, cleaned in steps.items():
        check_fresh(application, step.value, version=version, editor=editor)
        write_answers(application, step, cleaned)
        touch(application, step.value, editor=editor, is_done=True)
    application.save()
    saved = ", ".join(step.value for step in steps)
    _record(application.case, actor, "draft.save_step", {"step": saved, "version": application.version})
    return application


@transaction.atomic
def keep_typed(
    *,
    case_id: int,
    actor: User,
    key: str,
    typed: Mapping[str, str],
    version: int,
    editor: str = "",
    typed_at: int = 0,
    is_left: bool = False,
) -> Application:
    """What is typed into the form of `key` (a step's slug or an item's key) is kept as it is, unchecked.

    `typed_at` orders saves of one page, so that a slow one does not undo a later one. With `is_left` the page is
    gone: a save of it that is still on the way is refused. Raises `StaleVersionError` and `SubmittedError` as
    `save_step` does, `GoneError` when the item was removed, and `TooLongError` when there is more text than any form
    holds.
    """
    application = lock_draft(case_id)
    item_id = item_of_key(key)
    if item_id is not None and not DisputedItem.objects.filter(pk=item_id, case_id=case_id).exists():
        raise GoneError("This item was removed meanwhile.")
    if sum(len(name) + len(value) for name, value in typed.items()) > MAX_TYPED_CHARACTERS:
        raise TooLongError("This is more text than the application can hold. Shorten it, then save again.")
    entry = application.steps.get(key, {})
    is_own = bool(editor) and entry.get("editor") == editor
    if is_own and "typed" in entry and typed_at and typed_at < entry.get("typed_at", 0):
        return application
    if version < entry.get("ended", {}).get(editor, 0):
        raise StaleVersionError("The item was saved already. These words arrived after it and change nothing.")
    check_fresh(application, key, version=version, editor=editor if "typed" in entry else "")
    is_first = "typed" not in entry
    touch(
        application,
        key,
        editor="" if is_left else editor,
        typed={name: value.replace("\x00", "\ufffd") for name, value in typed.items()},
        typed_at=typed_at,
    )
    application.save(update_fields=["steps", "version", "saved_at"])
    if is_first:
        _record(application.case, actor, "draft.keep_typed", {"key": key})
    return application


@transaction.atomic
def discard_typed(*, case_id: int, actor: User, key: str, version: int, editor: str = "") -> Application:
    """What was typed into the form of `key` and not saved is gone; the saved answers stay.

    Raises as `keep_typed`, so that one page does not throw away what another one typed.
    """
    application = lock_draft(case_id)
    if "typed" in application.steps.get(key, {}):
        check_fresh(application, key, version=version, editor=editor)
        touch(application, key, editor=editor)
        application.save(update_fields=["steps", "version", "saved_at"])
        _record(application.case, actor, "draft.discard_typed", {"key": key})
    return application


@transaction.atomic
def delete_draft(*, case_id: int, actor: User) -> None:
    """The draft and all its parts are gone. Raises `SubmittedError` when it is no longer a draft."""
    application = lock_draft(case_id)
    case = application.case
    _record(case, actor, "draft.delete", {"documents": case.documents.count(), "items": case.items.count()})
    case.delete()


def lock_draft(case_id: int) -> Application:
    """The draft's application, its case locked until the transaction ends. Raises `SubmittedError`."""
    case = lock_case(case_id)
    if not case.is_draft:
        raise SubmittedError(
            f"This application was already submitted as {case.number} and can no longer be changed here."
        )
    application = Application.objects.get(case=case)
    application.case = case
    return application


def write_answers(application: Application, step: DraftStep, cleaned: Mapping[str, Any]) -> None:
    """The answers of `step` that `cleaned` names are those of the case. The caller saves the application's row."""
    for name in APPLICATION_FIELDS.get(step, ()):
        if name in cleaned:
            setattr(application, name, cleaned[name])
    if step == DraftStep.UR_DECISION:
        answers = {name: cleaned[name] for name in DECISION_FIELDS if name in cleaned}
        URDecision.objects.filter(case_id=application.case_id).update(**answers)
    for role, prefix in STEP_PARTIES.get(step, ()):
        _save_party(application.case_id, role, prefix, cleaned)


def check_fresh(application: Versioned, key: str, *, version: int, editor: str = "") -> None:
    """Raise `StaleVersionError` when the form of `key` was changed by another page since `version`."""
    entry = application.steps.get(key, {})
    if editor and entry.get("editor") == editor:
        return
    if entry.get("version", 0) > version:
        raise StaleVersionError(
            "This part of the application was changed meanwhile, in another window or by a colleague. Nothing was "
            "overwritten: compare both below and save again."
        )


def touch(application: Versioned, key: str, *, editor: str = "", is_done: bool = False, **more: Any) -> None:
    """Give the draft its next version and note the change of `key`. The caller saves the row."""
    application.version += 1
    application.saved_at = clock.now()
    entry = application.steps.get(key, {})
    application.steps[key] = {
        "version": application.version,
        "editor": editor,
        "done": is_done or bool(entry.get("done")),
        **({"ended": entry["ended"]} if "ended" in entry else {}),
        **more,
    }


def end_page(application: Application, key: str, *, editor: str) -> None:
    """What was typed under `key` is gone, and later words of the page `editor` are refused by their version.

    Other pages of the same form go on: nothing of theirs was overwritten. The caller saves the row.
    """
    ended = application.steps.get(key, {}).get("ended", {})
    if editor:
        ended = {**ended, editor: application.version}
    latest = sorted(ended.items(), key=lambda page: page[1])[-MAX_ENDED_PAGES:]
    application.steps[key] = {"ended": dict(latest)}


def forget(application: Versioned, key: str) -> None:
    """The entry of a form that no longer exists. The caller saves the row."""
    application.steps.pop(key, None)


def _contact(actor: User, owner: Organization) -> dict[str, str]:
    """The person who files is the claims administrator's contact until somebody else is named."""
    if actor.organization_id != owner.pk or actor.role == Role.API_CLIENT:
        return {}
    first, _, last = actor.full_name.strip().rpartition(" ")
    return {"first_name": first[:120], "last_name": last[:120], "email": actor.email}


def _save_party(case_id: int, role: PartyRole, prefix: str, cleaned: Mapping[str, Any]) -> None:
    switch = PARTY_SWITCH.get(role)
    if switch is not None and switch in cleaned and not cleaned[switch]:
        Party.objects.filter(case_id=case_id, role=role).delete()
        return
    answers = {name: cleaned[prefix + name] for name in PARTY_FIELDS if prefix + name in cleaned}
    if answers:
        Party.objects.bulk_create(
            [Party(case_id=case_id, role=role, **answers)],
            update_conflicts=True,
            unique_fields=["case", "role"],
            update_fields=list(answers),
        )


def _record(case: Case, actor: User, action: str, detail: dict[str, Any] | None = None) -> None:
    record(action=action, actor=actor, object_type="case", object_id=case.pk, case_id=case.pk, detail=detail)
