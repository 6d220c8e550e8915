"""What a person is preparing to amend, read back into the forms of the application and checked together."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms

from cases.enums import DraftStep
from cases.forms.filing import STEP_FORMS
from cases.forms.filing_items import ItemForm
from cases.forms.filing_step import StepForm
from cases.forms.filing_whole import clean_steps, remember
from cases.models import AmendmentDraft, Case, DisputedItem
from cases.rules.amendment import Change, check_review_type, differences
from cases.selectors.amendment import frozen_sections, stops_of
from cases.selectors.draft import Draft, item_step_key, read_draft
from cases.services.amendment import ItemChanges
from cases.services.item import item_values
from imr.core import clock
from imr.core.forms import CleanCharField

ITEM, NEW_ITEM = "item-", "item-new-"
# The documents of a filed case have pages of their own.
PARTS = tuple(step for step in DraftStep if step in STEP_FORMS)


class ReasonForm(forms.Form):
    """Why the application is amended."""

    reason = CleanCharField(
        label="Why the application is amended",
        max_length=1000,
        multiline=True,
        help_text="Kept with the version and shown to both sides. Example: The claim number had two digits reversed.",
        error_messages={"required": "Write why the application is amended, in a sentence."},
    )


class LookForm(forms.Form):
    """Why the finding of eligibility stands after an amendment."""

    note = CleanCharField(
        label="Why the finding of eligibility stands",
        max_length=1000,
        multiline=True,
        help_text="Example: The corrected date of service is still within the time to file.",
        error_messages={"required": "Write why the finding stands, in a sentence."},
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A form of the application within an amendment: a step, a stored item, or a new one."""

    slug: str
    title: str
    step: DraftStep
    item: DisputedItem | None = None

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """Under which key of `Application.steps` the part's changes are noted."""
        if self.step == DraftStep.ITEMS:
            return item_step_key(self.item.pk if self.item else None)
        return self.step.value

    def form(
        self,
        draft: Draft,
        data: Mapping[str, Any] | None = None,
        *,
        typed: Mapping[str, str] | None = None,
    ) -> StepForm:
        """Unbound it shows what is on file, or `typed` where something is prepared."""
        if self.step == DraftStep.ITEMS:
            return ItemForm(data, draft=draft, item=self.item, typed=typed)
        return STEP_FORMS[self.step](data, draft=draft, typed=typed)


def find_part(slug: str, draft: Draft) -> Part | None:
    """The part of that name; None when there is none, or its item is gone."""
    if slug in {step.value for step in PARTS}:
        step = DraftStep(slug)
        return Part(slug, step.label, step)
    number = slug.removeprefix(NEW_ITEM)
    if number != slug and number.isascii() and number.isdigit() and len(number) <= 2:
        return Part(slug, "A further disputed item", DraftStep.ITEMS)
    number = slug.removeprefix(ITEM)
    item = next((row for row in draft.items if str(row.pk) == number), None)
    return Part(slug, f"Disputed item {item.position}", DraftStep.ITEMS, item) if item else None


def typed_of(prepared: AmendmentDraft, slug: str) -> dict[str, str] | None:
    """What is typed into the form of the part; None where nothing is prepared."""
    found: dict[str, str] | None = prepared.steps.get(slug, {}).get("typed")
    return found


def free_item_slug(prepared: AmendmentDraft) -> str:
    """The part of the next new item."""
    return next(f"{NEW_ITEM}{number}" for number in range(1, 100) if f"{NEW_ITEM}{number}" not in prepared.steps)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The amendment as it would be filed now: what it changes, what is wrong with it, and what the service takes.

    `problems` are by part the sentences of its form; `stops` are what the application would lack as a whole. `stale`
    are the parts that somebody amended since they were opened, `gone` the words of items that were removed since.
    """

    changes: tuple[Change, ...]
    problems: Mapping[str, list[str]]
    stops: tuple[str, ...]
    steps: Mapping[DraftStep, Mapping[str, Any]]
    items: ItemChanges
    parts: Mapping[str, Part] = field(default_factory=dict)
    stale: tuple[Part, ...] = ()
    gone: tuple[str, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        return bool(self.changes) and not self.problems and not self.stops and not self.stale


def read_prepared(prepared: AmendmentDraft, *, stored: Draft, overlay: Draft) -> Prepared:
    """What `prepared` makes of the application `stored`.

    `overlay` is the same application read once more: it is changed in memory and must not be saved.
    """
    parts = {slug: part for slug in prepared.steps if (part := find_part(slug, stored)) is not None}
    sent: dict[DraftStep, dict[str, str]] = {
        part.step: _full(STEP_FORMS[part.step], typed_of(prepared, slug) or {})
        for slug, part in parts.items()
        if part.step != DraftStep.ITEMS
    }
    checked: dict[str, StepForm] = {form.step.value: form for form in clean_steps(sent, overlay).values()}
    items, overlay_items = _items(prepared, parts, overlay, checked)
    problems = {slug: _sentences(form) for slug, form in checked.items() if form.errors}
    _refuse_review_type(checked, stored, problems)
    after = replace(overlay, items=overlay_items)
    today = clock.today()
    return Prepared(
        changes=tuple(differences(frozen_sections(stored), frozen_sections(after))),
        problems=problems,
        stops=() if problems else tuple(sorted(stops_of(after, today=today) - stops_of(stored, today=today))),
        steps={step: checked[step.value].cleaned_data for step in sent},
        items=items,
        parts=parts,
        stale=tuple(part for slug, part in parts.items() if is_stale(prepared, part, stored)),
        gone=tuple(
            str(entry.get("typed", {}).get("description", ""))
            for slug, entry in prepared.steps.items()
            if slug not in parts
        ),
        versions={part.key: prepared.steps[slug].get("based_on", 0) for slug, part in parts.items()},
    )


def changed_by(case: Case, steps: Mapping[DraftStep, Mapping[str, Any]], items: ItemChanges) -> list[Change]:
    """What these cleaned answers would change of what is on file now."""
    stored, overlay = read_draft(case), read_draft(case)
    for step, cleaned in steps.items():
        remember(overlay, step, cleaned)
    rows = [item for item in overlay.items if item.pk not in items.remove]
    for item in rows:
        _set(item, items.change.get(item.pk, {}))
    return differences(frozen_sections(stored), frozen_sections(replace(overlay, items=tuple(rows))))


def is_stale(prepared: AmendmentDraft, part: Part, stored: Draft) -> bool:
    """Whether somebody amended the part since the page that prepared it was opened."""
    entry = prepared.steps.get(part.slug)
    if entry is None:
        return False
    latest: int = stored.application.steps.get(part.key, {}).get("version", 0)
    return latest > int(entry.get("based_on", 0))


def _items(
    prepared: AmendmentDraft, parts: Mapping[str, Part], overlay: Draft, checked: dict[str, StepForm]
) -> tuple[ItemChanges, tuple[DisputedItem, ...]]:
    add: list[Mapping[str, Any]] = []
    change: dict[int, Mapping[str, Any]] = {}
    remove: list[int] = []
    rows = {item.pk: item for item in overlay.items}
    for slug, part in parts.items():
        if part.step != DraftStep.ITEMS:
            continue
        if prepared.steps[slug].get("removed") and part.item:
            remove.append(part.item.pk)
            rows.pop(part.item.pk, None)
            continue
        form = checked[slug] = part.form(overlay, typed_of(prepared, slug) or {})
        form.is_valid()
        if part.item:
            change[part.item.pk] = form.cleaned_data
            _set(rows[part.item.pk], form.cleaned_data)
        else:
            add.append(form.cleaned_data)
            new = DisputedItem(pk=-len(add), case=overlay.case)
            _set(new, form.cleaned_data)
            rows[-len(add)] = new
    shown = []
    for position, row in enumerate(rows.values(), start=1):
        shown.append(copy(row))
        shown[-1].position = position
    return ItemChanges(add, change, remove), tuple(shown)


def _set(item: DisputedItem, cleaned: Mapping[str, Any]) -> None:
    for name, value in item_values(cleaned).items():
        setattr(item, name, value)


def _full(form: type[StepForm], typed: Mapping[str, str]) -> dict[str, str]:
    """What a browser sent: a box that was not ticked sent nothing."""
    return {**dict.fromkeys(form().fields, ""), **typed}


def _sentences(form: forms.Form) -> list[str]:
    return [str(line) for lines in form.errors.values() for line in lines]


def _refuse_review_type(checked: Mapping[str, StepForm], stored: Draft, problems: dict[str, list[str]]) -> None:
    slug = DraftStep.REVIEW_TYPE.value
    form = checked.get(slug)
    new = form.cleaned_data.get("review_type", "") if form else ""
    if new and (why := check_review_type(stored.application.review_type, new)):
        problems.setdefault(slug, []).append(why)
