"""What every step of the application has in common as a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms

from cases.enums import DraftStep, PartyRole
from cases.forms.filing_fields import yes_no
from cases.models import Party
from cases.rules.finding import Finding
from cases.selectors.draft import Draft
from cases.services.draft import APPLICATION_FIELDS, DECISION_FIELDS, PARTY_FIELDS, STEP_PARTIES
from imr.core import clock
from imr.core.forms import PacificDateField
from imr.core.words import mmddyyyy

# Booleans that are one tick; the others are questions with yes and no.
CHECKBOXES = frozenset({"is_cumulative_injury", "has_threat_certification"})


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading, row by row. `shown_when` is `field=value`: with JavaScript hidden otherwise.

    `book` is the role whose fields these are: they can be filled in from the address book, and kept there.
    """

    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    hint: str = ""
    shown_when: str = ""
    book: PartyRole | None = None


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A group with its fields, for the template."""

    title: str
    hint: str
    shown_when: str
    rows: list[list[forms.BoundField]]
    book: PartyRole | None = None


class StepForm(forms.Form):
    """A step of the application. Unbound it shows the stored answers, or `typed` where something is not saved yet."""

    step: ClassVar[DraftStep]
    intro: ClassVar[str] = ""
    groups: ClassVar[tuple[Group, ...]] = ()
    # Required once another answer makes them apply: never called optional.
    conditional: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: Draft | None = None,
        typed: Mapping[str, str] | None = None,
        today: date | None = None,
    ) -> None:
        self.draft = draft
        self.today = today or clock.today()
        stored = stored_answers(draft, self.step) if draft is not None else {}
        super().__init__(data, initial=stored)
        if typed is not None and data is None:
            # A box that was not ticked sends nothing, so what is not there is empty.
            self.initial = {**dict.fromkeys(stored, ""), **typed}

    def __iter__(self) -> Iterator[forms.BoundField]:
        """The fields in the order of the page, so that what is wrong is listed in that order too."""
        shown = [name for group in self.groups for row in group.rows for name in row]
        yield from (self[name] for name in dict.fromkeys((*shown, *self.fields)))

    def bound_groups(self) -> list[BoundGroup]:
        """The groups of the page."""
        return [
            BoundGroup(
                group.title,
                group.hint,
                group.shown_when,
                [[self[name] for name in row] for row in group.rows],
                group.book,
            )
            for group in self.groups
        ]

    def typed_values(self) -> dict[str, str]:
        """What was typed, as it is, by field."""
        return {name: str(self.data[name]) for name in self.fields if name in self.data}

    def as_typed(self) -> dict[str, str]:
        """What the page shows now, as a browser would send it."""
        return {name: text for name in self.fields if (text := as_sent(self[name].value()))}

    def add_findings(self, findings: list[Finding]) -> None:
        """Show the rules' findings beside their fields."""
        for finding in findings:
            self.add_error(finding.field if finding.field in self.fields else None, finding.message)

    def require(self, *names: str) -> None:
        """Fields that became necessary by another answer; each is named in its own words when empty."""
        for name in names:
            if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, str(self.fields[name].error_messages["required"]))

    def drop(self, *names: str) -> None:
        """Answers that another answer made meaningless are emptied, and not complained about."""
        for name in names:
            self.errors.pop(name, None)
            self.cleaned_data[name] = None if isinstance(self.fields[name], PacificDateField) else ""


def as_sent(value: Any) -> str:
    """The text of a control that shows `value`; empty when it is left blank or is a box without a tick."""
    if isinstance(value, date):
        return mmddyyyy(value)
    if isinstance(value, bool):
        return "on" if value else ""
    return "" if value is None else str(value)


def stored_answers(draft: Draft, step: DraftStep) -> dict[str, Any]:
    """The saved answers of `step` under the names of its form's fields."""
    found: dict[str, Any] = {name: getattr(draft.application, name) for name in APPLICATION_FIELDS.get(step, ())}
    if step == DraftStep.UR_DECISION:
        found |= {name: getattr(draft.ur_decision, name) for name in DECISION_FIELDS}
        if not draft.is_done(step):
            found["is_conditional"] = None
    for role, prefix in STEP_PARTIES.get(step, ()):
        party: Party = draft.parties[role]
        found |= {prefix + name: getattr(party, name) for name in PARTY_FIELDS}
    return {
        name: yes_no(value) if isinstance(value, bool) and name not in CHECKBOXES else value
        for name, value in found.items()
    }
