"""Changing reference data: proposed by one person, approved by another, kept with its history."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now

from cases.enums import CorrectionState, ReferenceAct
from cases.exceptions import IncompleteError, StaleVersionError
from cases.models import ReferenceChange
from cases.selectors.reference_kind import ReferenceKind
from cases.services.recount import promise_recount
from guidelines.services.reference import record_edit
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError
from imr.core.words import mmddyyyy

BACKWARDS = "The day on which it no longer holds has to be later than its first day."
TAKEN = "There is such a row already. Correct that one."
OVERLAP = "Two rows would hold on the same day. Give this one other days, or end the other one first."


@transaction.atomic
def propose_change(
    *,
    kind: ReferenceKind,
    act: ReferenceAct,
    actor: User,
    values: Mapping[str, Any],
    reason: str,
    object_id: int | None = None,
) -> ReferenceChange:
    """The change waits for a second person; nothing else has changed yet.

    `values` are the editable fields as JSON. Raises `IncompleteError` beside the fields for what could not be
    approved as it stands, days that overlap those of another row included, and `ConflictError` (409) when a change of
    the row waits already.
    """
    row = _locked(kind, object_id)
    former = kind.values_of(row) if row else {}
    _refuse(kind, act, row, values, former)
    if row and ReferenceChange.objects.filter(**_open(kind, row.pk)).exists():
        raise ConflictError("Another change of this row waits for a second person. Decide that one first.")
    with transaction.atomic():
        made = _apply(kind, act, row, values)
        title = kind.title(made)
        # It was only tried: the rows change when a second person approves.
        transaction.set_rollback(True)
    change = ReferenceChange.objects.create(
        kind=kind.slug,
        act=act,
        object_id=object_id,
        title=title,
        former=former,
        values=dict(values),
        reason=reason,
        proposed_by=actor,
    )
    _record(change, actor, "reference.propose", reason)
    return change


@transaction.atomic
def decide_change(
    *, kind: ReferenceKind, change_id: int, actor: User, is_approved: bool, note: str = ""
) -> ReferenceChange:
    """Approved, the rows are as proposed, later loads of the reference data leave them so, and running clocks that
    depend on them are counted again by a worker. Whoever proposed the change may only take it back.

    Raises `NotAllowedError` (403) when it is approved by who proposed it, `ConflictError` (409) when it was decided
    meanwhile or does not fit the rows any more, and `StaleVersionError` (409) when the row itself has changed since.
    """
    change = ReferenceChange.objects.select_for_update(of=("self",)).get(pk=change_id, kind=kind.slug)
    if change.state != CorrectionState.PROPOSED:
        raise ConflictError(f"This change was decided meanwhile: {change.get_state_display().lower()}.")
    if is_approved and change.proposed_by_id == actor.pk:
        raise NotAllowedError("You proposed this change, so a second person has to approve it.")
    made_id = None
    if is_approved:
        row = _locked(kind, change.object_id)
        # A field that the product did not know when it was proposed has not changed since.
        now = kind.values_of(row) if row else {}
        if any(now[name] != value for name, value in change.former.items()):
            raise StaleVersionError(
                "The row has changed since this was proposed. Refuse it, and propose it anew from the row as it is."
            )
        if change.act == ReferenceAct.CORRECT:
            _refuse_correction(kind, row, change.values)
        try:
            made = _apply(kind, ReferenceAct(change.act), row, change.values)
        except IncompleteError as error:
            raise ConflictError(f"The rows have changed since this was proposed. {error.message}") from error
        made_id = made.pk
        for edited in {made.pk: made, **({row.pk: row} if row else {})}.values():
            record_edit(actor=actor, instance=edited, fields=change.values)
    state = CorrectionState.APPROVED if is_approved else CorrectionState.REFUSED
    ReferenceChange.objects.filter(pk=change.pk).update(
        state=state, decided_by=actor, decided_at=Now(), decision_note=note, made_id=made_id
    )
    change.refresh_from_db()
    _record(change, actor, "reference.approve" if is_approved else "reference.refuse", note or change.reason)
    if is_approved and kind.moves_dates:
        promise_recount(change=change)
    return change


def _open(kind: ReferenceKind, object_id: int) -> dict[str, Any]:
    return {"kind": kind.slug, "object_id": object_id, "state": CorrectionState.PROPOSED}


def _locked(kind: ReferenceKind, object_id: int | None) -> Any:
    if object_id is None:
        return None
    return kind.model._default_manager.select_for_update(of=("self",)).get(pk=object_id)  # noqa: SLF001


def _refuse(
    kind: ReferenceKind, act: ReferenceAct, row: Any, values: Mapping[str, Any], former: Mapping[str, Any]
) -> None:
    problems = dict(kind.check(values))
    if not str(values.get(kind.citation, former.get(kind.citation, ""))).strip():
        problems[kind.citation] = ["Enter the citation: what does it rest on?"]
    if act == ReferenceAct.CORRECT:
        _refuse_correction(kind, row, values)
    if act == ReferenceAct.CORRECT and all(former.get(name) == value for name, value in values.items()):
        raise IncompleteError("Nothing differs from the row as it is.")
    if problems:
        raise IncompleteError("The change cannot be approved as it stands.", fields=problems)


def _refuse_correction(kind: ReferenceKind, row: Any, values: Mapping[str, Any]) -> None:
    """Of what stays as it is only the fields that are always corrected may differ."""
    former = kind.values_of(row)
    allowed = kind.correctable(row, clock.today())
    if any(former[name] != value for name, value in values.items() if name not in allowed):
        raise ConflictError(kind.may_correct(row, clock.today()))


def _apply(kind: ReferenceKind, act: ReferenceAct, row: Any, values: Mapping[str, Any]) -> Any:
    """Write the rows; the row that holds the values. Raises `IncompleteError` for what does not fit."""
    try:
        fields = kind.read(values)
        with transaction.atomic():
            if act == ReferenceAct.SUCCEED:
                return _succeed(kind, row, fields)
            made = kind.model() if row is None else row
            return _written(made, fields)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        words = BACKWARDS if name.endswith("_span") else OVERLAP
        raise IncompleteError(words, fields={_first_field(kind): [words]}) from error
    except ValidationError as error:
        raise IncompleteError("The change does not fit.", fields=_told(kind, error)) from error


def _succeed(kind: ReferenceKind, row: Any, fields: Mapping[str, Any]) -> Any:
    """A new row from its first day on; the one before ends there."""
    first = fields["in_force_from"]
    if first <= row.in_force_from or (row.in_force_until is not None and first >= row.in_force_until):
        until = f" and before {mmddyyyy(row.in_force_until)}" if row.in_force_until else ""
        words = f"Enter a day after {mmddyyyy(row.in_force_from)}{until}: the row holds then."
        raise IncompleteError(words, fields={"in_force_from": [words]})
    copied = {
        column.attname: getattr(row, column.attname)
        for column in kind.model._meta.concrete_fields  # noqa: SLF001
        if not column.primary_key
    }
    new = kind.model(**copied)
    kind.model._default_manager.filter(pk=row.pk).update(in_force_until=first)  # noqa: SLF001
    return _written(new, {"in_force_until": row.in_force_until, **fields})


def _written(row: models.Model, fields: Mapping[str, Any]) -> models.Model:
    for name, value in fields.items():
        setattr(row, name, value)
    # Days that overlap are the database's to refuse, whoever writes at the same moment.
    row.full_clean(validate_constraints=False)
    row.save()
    return row


def _first_field(kind: ReferenceKind) -> str:
    return "in_force_from" if kind.is_dated else kind.fields[0]


def _told(kind: ReferenceKind, error: ValidationError) -> dict[str, list[str]]:
    """The model's errors beside the fields."""
    found: dict[str, list[str]] = {}
    for name, lines in error.error_dict.items():
        place = name if name in kind.fields else _first_field(kind)
        for line in lines:
            taken = line.code == "unique"
            found.setdefault(place, []).extend([TAKEN] if taken else line.messages)
    return found


def _record(change: ReferenceChange, actor: User, action: str, reason: str) -> None:
    record(
        action=action,
        actor=actor,
        object_type="referencechange",
        object_id=change.pk,
        reason=reason,
        detail={"kind": change.kind, "act": change.act, "row": change.made_id or change.object_id},
    )
