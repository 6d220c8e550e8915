"""The kinds of reference data whose rows people edit in pages; another app registers its own when it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from cases.enums import EndingKind, IneligibilityReason, NoticeKind
from cases.models import EndingReason, Holiday, LegalParameter, NoticeWording
from cases.rules.notice import problem_of
from imr.core.words import mmddyyyy

type Problems = dict[str, list[str]]


def _nothing_wrong(values: Mapping[str, Any]) -> Problems:
    return {}


def _always(row: Any, today: date) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceKind:
    """A table whose rows people edit in pages.

    `fields` may be changed, in this order; the others are copied from the row that a new one succeeds. `identity` are
    the fields that make two rows versions of each other. A dated kind has `in_force_from` and `in_force_until`, and a
    row of it is succeeded; rows of another kind are added, and of a dated kind with `new_fields`, which only a further
    row asks for. `citation` is the field that says what the row rests on;
    it is never empty. `check` says what is wrong with the values. `may_correct` says why a row may not be corrected;
    the fields `always_corrected`, which say how sure it is, may all the same.
    `moves_dates` tells whether due dates hang on it: then running clocks are counted again after an approval.
    """

    slug: str
    label: str
    one: str
    model: type[models.Model]
    fields: tuple[str, ...]
    title: Callable[[Any], str]
    told: Callable[[Any], str]
    lead: str
    citation: str = "citation"
    new_fields: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    helps: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    check: Callable[[Mapping[str, Any]], Problems] = _nothing_wrong
    may_correct: Callable[[Any, date], str] = _always
    always_corrected: tuple[str, ...] = ()
    moves_dates: bool = False

    @property
    def is_dated(self) -> bool:
        return bool(self.identity)

    @property
    def may_add(self) -> bool:
        """Whether a further row can be proposed, apart from one that succeeds another."""
        return not self.is_dated or bool(self.new_fields)

    @property
    def all_fields(self) -> tuple[str, ...]:
        """What a further row asks for."""
        return (*self.new_fields, *self.fields)

    def correctable(self, row: Any, today: date) -> tuple[str, ...]:
        """The fields of the row that may be corrected."""
        return self.always_corrected if self.may_correct(row, today) else self.fields

    def label_of(self, name: str) -> str:
        """What the field is called by people."""
        own = self.labels.get(name)
        return own or str(getattr(self.model._meta.get_field(name), "verbose_name", name)).capitalize()  # noqa: SLF001

    def values_of(self, row: models.Model) -> dict[str, Any]:
        """The editable fields of a row as JSON."""
        return {name: as_json(getattr(row, name)) for name in self.fields}

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of JSON as the model takes them."""
        columns: dict[str, Any] = {column.name: column for column in self.model._meta.concrete_fields}  # noqa: SLF001
        return {name: columns[name].to_python(value) for name, value in values.items()}


def as_json(value: Any) -> Any:
    """A field's value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


KINDS: dict[str, ReferenceKind] = {}


def register(kind: ReferenceKind) -> ReferenceKind:
    """Let the rows of `kind` be edited in pages. Raises `RuntimeError` when its slug is taken."""
    if kind.slug in KINDS:
        raise RuntimeError(f"Two kinds of reference data are called {kind.slug!r}.")
    KINDS[kind.slug] = kind
    return kind


def _span(row: Any) -> str:
    until = f" until before {mmddyyyy(row.in_force_until)}" if row.in_force_until else ""
    return f"from {mmddyyyy(row.in_force_from)}{until}"


def _check_wording(values: Mapping[str, Any]) -> Problems:
    problems: Problems = {}
    texts = {name: str(values.get(name, "")) for name in ("title", "opening", "closing")}
    texts |= {f"reasons_{key}": str(text) for key, text in (values.get("reasons") or {}).items()}
    for name, text in texts.items():
        if words := problem_of(text):
            problems[name] = [words]
    return problems


def _check_reason(values: Mapping[str, Any]) -> Problems:
    problems: Problems = {}
    label = str(values.get("label", ""))
    if label.endswith("."):
        problems["label"] = ["Leave the period out: the notice goes on with the day."]
    if "code" in values and values.get("kind") not in EndingKind.values:
        problems["kind"] = ["Choose what it does."]
    return problems


def _correct_wording(row: Any, today: date) -> str:
    if row.in_force_from > today:
        return ""
    return (
        "Notices may have gone out in these words, so they stay. Give another wording from a day on. What the words "
        "rest on, and whether it was checked, can be corrected."
    )


register(
    ReferenceKind(
        slug="figures",
        label="Figures of law, fees and penalties",
        one="figure",
        model=LegalParameter,
        fields=(
            "value",
            "unit",
            "rolls_to_business_day",
            "is_roll_confirmed",
            "in_force_from",
            "in_force_until",
            "citation",
            "is_confirmed",
            "note",
        ),
        identity=("name",),
        search=("name", "label", "citation", "note"),
        title=lambda row: f"{row.label}{f' ({row.deadline_id})' if row.deadline_id else ''}",
        told=lambda row: f"{row.value:,} {row.get_unit_display().lower()}, {_span(row)}",
        lead="Periods, fees and penalties by the days on which they hold. A date of the case chooses the row.",
        labels={
            "value": "Figure",
            "rolls_to_business_day": "A last day on a weekend or holiday moves to the next business day",
            "is_roll_confirmed": "That it moves is checked against the section",
            "is_confirmed": "Checked against the section itself",
            "in_force_from": "In force from",
            "in_force_until": "In force until (the first day it no longer holds)",
            "note": "What is open, or how it is counted",
        },
        moves_dates=True,
    )
)
register(
    ReferenceKind(
        slug="holidays",
        label="Holidays",
        one="holiday",
        model=Holiday,
        fields=("day", "name", "closes_office", "basis", "is_confirmed"),
        citation="basis",
        search=("name", "basis"),
        title=lambda row: f"{row.name}, {mmddyyyy(row.day)}",
        told=lambda row: "Offices are closed" if row.closes_office else "Offices stay open",
        lead="Business days leave out those on which the state’s offices are closed (Gov. Code 6700, 19853).",
        labels={
            "closes_office": "The state’s offices are closed",
            "basis": "Citation",
            "is_confirmed": "Checked against the section itself",
        },
        helps={"closes_office": "A holiday that is no longer one stays in the list without this tick."},
        moves_dates=True,
    )
)
register(
    ReferenceKind(
        slug="wordings",
        label="Wordings of notices, with their reasons",
        one="wording",
        model=NoticeWording,
        fields=(
            "title",
            "opening",
            "closing",
            "reasons",
            "in_force_from",
            "in_force_until",
            "citation",
            "is_confirmed",
            "note",
        ),
        always_corrected=("citation", "is_confirmed", "note"),
        identity=("kind",),
        search=("kind", "title", "opening", "closing", "citation", "note"),
        title=lambda row: str(NoticeKind(row.kind).label),
        told=lambda row: _span(row).capitalize(),
        lead="The fixed sentences of each notice, reasons of ineligibility included, by the day on which it goes out.",
        labels={
            "in_force_from": "In force from",
            "in_force_until": "In force until (the first day it no longer holds)",
            "is_confirmed": "Checked against the section itself",
            "note": "What is open",
        },
        helps={
            "opening": "Paragraphs with a blank line between them. {organization}, {received_on} … are filled in.",
        },
        mappings={"reasons": {reason.value: f"{reason.value}: {reason.label}" for reason in IneligibilityReason}},
        check=_check_wording,
        may_correct=_correct_wording,
    )
)
register(
    ReferenceKind(
        slug="ending-reasons",
        label="Reasons of ends without a determination",
        one="reason",
        model=EndingReason,
        fields=(
            "label",
            "explanation",
            "position",
            "in_force_from",
            "in_force_until",
            "citation",
            "is_confirmed",
            "note",
        ),
        new_fields=("code", "kind"),
        identity=("code",),
        search=("code", "label", "explanation", "citation", "note"),
        title=lambda row: str(row.label),
        told=lambda row: f"{row.code}, {_span(row)}",
        lead="What people choose when treatment was authorized, settled or withdrawn, by the day of the report.",
        labels={
            "code": "Code",
            "kind": "What it does",
            "label": "Words of the choice, and of the notice",
            "position": "Place in the list",
            "in_force_from": "In force from",
            "in_force_until": "In force until (the first day it no longer holds)",
            "is_confirmed": "Checked against the section itself",
            "note": "What is open",
        },
        helps={
            "code": "Letters, digits, hyphens. It stays the same when the words change.",
            "kind": "How the case ends, which notice goes out, and whether the claims administrator has to report it.",
            "label": "A sentence without its period; the notice says it with the day.",
            "explanation": "It stands under the choice.",
        },
        check=_check_reason,
    )
)
