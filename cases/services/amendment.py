"""Amending an application after it was filed: a new frozen version, eligibility and clocks looked at again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from cases.enums import DraftStep, FilingChannel, ItemStatus
from cases.exceptions import GoneError, IncompleteError, StaleVersionError
from cases.models import (
    AmendmentDraft,
    Application,
    ApplicationVersion,
    Case,
    CheckAnswer,
    DisputedItem,
)
from cases.rules.amendment import (
    BEFORE_FINDING,
    Section,
    check_review_type,
    differences,
    is_signed,
    why_items_stay,
    why_not_amendable,
)
from cases.rules.items import MAX_ITEMS
from cases.selectors.amendment import amounts_to, frozen_sections, screened_differently, sections_sha256, stops_of
from cases.selectors.deadline import employee_place
from cases.selectors.draft import Draft, item_step_key, read_draft
from cases.selectors.eligibility import CaseChecks, case_checks
from cases.services.deadlines import recount_deadlines
from cases.services.draft import check_fresh, forget, touch, write_answers
from cases.services.item import item_values, number_items, refuse_repeated
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What becomes of the items: cleaned answers of new ones and, by id, of changed ones; the ids of removed ones."""

    add: Sequence[Mapping[str, Any]] = ()
    change: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    remove: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """What is compared before and after."""

    sections: list[Section]
    checks: CaseChecks
    stops: frozenset[str]
    place: str
    is_signed: bool


@transaction.atomic
def amend_application(
    *,
    case_id: int,
    actor: User,
    steps: Mapping[DraftStep, Mapping[str, Any]],
    items: ItemChanges | None = None,
    reason: str,
    version: int | Mapping[str, int],
) -> ApplicationVersion:
    """The application holds the new answers, and both versions are on record with what changed, by whom and why.

    The moment of receipt stays (8 CCR 9792.10.1(b)); an item that is added, and a signature that was missing, count
    from now. The checks of eligibility run again, and a clock that depends on what changed is counted again, in this
    same transaction. `steps` and `items` are cleaned data of their forms; `version` is the application's when they
    were read, or that of each of them by its key in `Application.steps`.

    Raises `ConflictError` (409) when the case no longer allows it, `StaleVersionError` (409) when one of these parts
    was changed since `version`, `GoneError` (409) for an item that is not there or no longer open, `IncompleteError`
    when something would be missing or wrong afterwards, and `DomainError` when nothing would change.
    """
    case = lock_case(case_id)
    require_amendable(case, actor)
    _require_reason(reason)
    planned = items or ItemChanges()
    if (planned.add or planned.remove) and (why := why_items_stay(case.status)):
        raise ConflictError(why)
    application = Application.objects.get(case=case)
    application.case = case
    _require_fresh(application, [step.value for step in steps], planned, version)
    before = _state(case)
    _refuse_review_type(application, steps)
    _keep_first(case, before.sections)
    for step, cleaned in steps.items():
        write_answers(application, step, cleaned)
        touch(application, step.value, is_done=True)
    _write_items(application, planned)
    application.save()
    after = _state(case)
    if after.is_signed and not before.is_signed:
        Application.objects.filter(pk=application.pk).update(completed_at=clock.now())
        after = _state(case)
    if appeared := sorted(after.stops - before.stops):
        raise IncompleteError("The amended application would not be complete: " + " ".join(appeared))
    made = _keep(case, actor, reason, before, after)
    if after.place != before.place:
        recount_deadlines(case=case, actor=actor, reason="The employee's address was amended.", has_moved=True)
    AmendmentDraft.objects.filter(case=case, person=actor).delete()
    return made


@transaction.atomic
def confirm_finding(*, case_id: int, number: int, actor: User, note: str) -> ApplicationVersion:
    """A person has looked at the eligibility after amendment `number`: the finding stands, for the reason in `note`.

    Raises `ConflictError` (409) when nothing is to be looked at, or somebody has looked meanwhile.
    """
    case = lock_case(case_id)
    row = ApplicationVersion.objects.get(case=case, number=number)
    if not row.needs_look or row.looked_at is not None:
        raise ConflictError("Nobody has to look at the eligibility after this amendment, or somebody has meanwhile.")
    if not note.strip():
        words = "Write why the finding stands, in a sentence."
        raise IncompleteError(words, fields={"note": [words]})
    ApplicationVersion.objects.filter(pk=row.pk).update(looked_at=Now(), looked_by=actor, look_note=note)
    row.refresh_from_db()
    _record(case, actor, "amendment.finding_stands", note, {"version": number})
    return row


def require_amendable(case: Case, actor: User) -> None:
    """Raise `ConflictError` with the reason when `actor` may not amend the application of `case` now."""
    if why := why_closed(case, actor):
        raise ConflictError(why, code="not_amendable")


def why_closed(case: Case, person: User) -> str:
    """Why `person` may not amend the application of `case` now; "" when it is possible."""
    is_paper = Application.objects.filter(case=case).exclude(channel=FilingChannel.ONLINE).exists()
    return why_not_amendable(case.status, role=person.role, is_paper=is_paper)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        words = "Write why the application is amended, in a sentence."
        raise IncompleteError(words, fields={"reason": [words]})


def _require_fresh(
    application: Application, keys: list[str], planned: ItemChanges, version: int | Mapping[str, int]
) -> None:
    keys = [*keys, *(item_step_key(pk) for pk in (*planned.change, *planned.remove))]
    try:
        for key in keys:
            check_fresh(application, key, version=version if isinstance(version, int) else version.get(key, 0))
    except StaleVersionError as error:
        raise StaleVersionError(
            "A part of the application was amended meanwhile. Nothing was overwritten: compare what is on file now "
            "with what you are about to file, then file it again."
        ) from error


def _refuse_review_type(application: Application, steps: Mapping[DraftStep, Mapping[str, Any]]) -> None:
    new = steps.get(DraftStep.REVIEW_TYPE, {}).get("review_type", application.review_type)
    if why := check_review_type(application.review_type, new):
        raise IncompleteError(why, fields={"review_type": [why]})


def _state(case: Case) -> _State:
    draft = read_draft(case)
    return _State(
        sections=frozen_sections(draft),
        checks=case_checks(case, today=clock.today()),
        stops=stops_of(draft, today=clock.today()),
        place=employee_place(case.pk),
        is_signed=_is_signed(draft),
    )


def _is_signed(draft: Draft) -> bool:
    return is_signed(
        draft.application.signer,
        designation_signed_on=draft.application.designation_signed_on,
        decided_on=draft.ur_decision.decided_on,
    )


def _keep_first(case: Case, sections: list[Section]) -> None:
    """What was filed is version 1; it is written before the first amendment changes it."""
    if ApplicationVersion.objects.filter(case=case).exists() or case.received_by is None:
        return
    ApplicationVersion.objects.create(
        case=case,
        number=1,
        sections=sections,
        sections_sha256=sections_sha256(sections),
        case_status=case.status,
        made_at=case.received_at or Now(),
        made_by=case.received_by,
    )


def _write_items(application: Application, planned: ItemChanges) -> None:
    case_id = application.case_id
    rows = list(DisputedItem.objects.select_for_update(of=("self",)).filter(case_id=case_id))
    for pk, cleaned in planned.change.items():
        item = _open_item(rows, pk)
        for name, value in item_values(cleaned).items():
            setattr(item, name, value)
        item.save()
        touch(application, item_step_key(pk))
    for pk in planned.remove:
        _remove_item(application, rows, _open_item(rows, pk))
    if len(rows) + len(planned.add) > MAX_ITEMS:
        raise DomainError(f"An application holds at most {MAX_ITEMS} items.", code="too_many_items")
    for cleaned in planned.add:
        values = item_values(cleaned)
        item = DisputedItem.objects.create(case_id=case_id, position=len(rows) + 1, added_at=clock.now(), **values)
        rows.append(item)
        touch(application, item_step_key(item.pk))
    # Only now: an item may take the words of one that is removed.
    for row in rows:
        refuse_repeated(rows, {"description": row.description}, own_id=row.pk)
    if planned.add or planned.change or planned.remove:
        touch(application, DraftStep.ITEMS.value, is_done=True)


def _open_item(rows: list[DisputedItem], pk: int) -> DisputedItem:
    for row in rows:
        if row.pk != pk:
            continue
        if row.status != ItemStatus.OPEN:
            raise GoneError(f"Item {row.position} is {row.get_status_display().lower()} and can no longer be amended.")
        return row
    raise GoneError("This item was removed meanwhile. Look at the application as it is now.")


def _remove_item(application: Application, rows: list[DisputedItem], item: DisputedItem) -> None:
    if item.ending_reports.exists():
        raise GoneError(f"Item {item.position} was reported as no longer in dispute, so it stays on record.")
    rows.remove(item)
    # What people decided about checks of items is kept under the items' places, which change.
    answered = CheckAnswer.objects.filter(case_id=application.case_id, superseded_at__isnull=True, key__contains=":")
    answered.update(superseded_at=Now())
    forget(application, item_step_key(item.pk))
    item.delete()
    number_items(rows)


def _keep(case: Case, actor: User, reason: str, before: _State, after: _State) -> ApplicationVersion:
    changes = differences(before.sections, after.sections)
    if not changes:
        raise DomainError("Nothing differs from what is on file.", code="unchanged")
    was_found = case.status not in BEFORE_FINDING
    latest = ApplicationVersion.objects.filter(case=case).order_by("-number").first()
    made = ApplicationVersion.objects.create(
        case=case,
        number=(latest.number if latest else 1) + 1,
        sections=after.sections,
        sections_sha256=sections_sha256(after.sections),
        changes=[change.as_json() for change in changes],
        reason=reason,
        case_status=case.status,
        screening=screened_differently(before.checks, after.checks),
        made_by=actor,
        needs_look=was_found and amounts_to(before.checks.proposal) != amounts_to(after.checks.proposal),
    )
    fields = [f"{change.section}: {change.label}" for change in changes]
    detail = {"version": made.number, "fields": fields, "needs_look": made.needs_look}
    _record(case, actor, "amendment.file", reason, detail)
    return made


def _record(case: Case, actor: User, action: str, reason: str, detail: dict[str, Any]) -> None:
    record(
        action=action,
        actor=actor,
        object_type="case",
        object_id=case.pk,
        case_id=case.pk,
        reason=reason,
        detail=detail,
    )
