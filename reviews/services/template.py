"""Letter templates: a new version from an old one, its words, its approval by a second person."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, pdf
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import TemplateStatus
from reviews.exceptions import LetterTextError
from reviews.letters import LetterPart
from reviews.letters.sample import sample_letter
from reviews.letters.wording import required_texts
from reviews.models import LetterTemplate
from reviews.selectors.template import placeholders_of, text_label, wording_from
from reviews.services.rendering import render_letter_pdf

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """What the form of a draft holds; `texts` by `TextKey`."""

    in_force_from: date
    note: str
    organization_name: str
    reviewer_guideline_label: str
    texts: Mapping[str, str]
    parts: Sequence[str]


@transaction.atomic
def copy_template(*, template_id: int, actor: User) -> LetterTemplate:
    """A draft with the words of `template_id` under the next free version of this year; in force from tomorrow."""
    source = LetterTemplate.objects.get(pk=template_id)
    tomorrow = date.fromordinal(clock.today().toordinal() + 1)
    draft = LetterTemplate.objects.create(
        version=_next_version(tomorrow.year),
        layout=source.layout,
        organization_name=source.organization_name,
        reviewer_guideline_label=source.reviewer_guideline_label,
        texts=source.texts,
        parts=source.parts,
        in_force_from=tomorrow,
        created_by=actor,
    )
    _record("template.create", actor, draft, {"from": source.version})
    return draft


@transaction.atomic
def edit_template(*, template_id: int, actor: User, entry: TemplateEntry) -> LetterTemplate:
    """The draft holds the entry. Raises `DomainError` beside the field for a text with an unknown placeholder,
    `ConflictError` (409) once it is approved."""
    draft = _locked_draft(template_id)
    problems = {f"text_{key}": [sentence] for key, text in entry.texts.items() if (sentence := _bad_braces(key, text))}
    if problems:
        raise DomainError("A text has a placeholder that letters do not know.", fields=problems)
    changed = sorted(key for key in {*draft.texts, *entry.texts} if draft.texts.get(key) != entry.texts.get(key))
    draft.in_force_from = entry.in_force_from
    draft.note = entry.note
    draft.organization_name = entry.organization_name
    draft.reviewer_guideline_label = entry.reviewer_guideline_label
    draft.texts = dict(entry.texts)
    draft.parts = list(entry.parts)
    # Who changed the words last cannot be the one who approves them.
    draft.created_by = actor
    draft.save()
    _record("template.edit", actor, draft, {"texts": changed})
    return draft


@transaction.atomic
def discard_template(*, template_id: int, actor: User) -> None:
    """The draft is gone. Raises `ConflictError` (409) once it is approved."""
    draft = _locked_draft(template_id)
    _record("template.discard", actor, draft, {})
    draft.delete()


@transaction.atomic
def approve_template(*, template_id: int, actor: User) -> LetterTemplate:
    """The version is approved for letters decided from its first day on; the one before ends on that day.

    Letters decided earlier keep their version. Raises `NotAllowedError` (403) for who wrote it, `ConflictError`
    (409) when it is approved already, its first day has come, or an approved later version begins on that day or
    after; `LetterTextError` when a letter in these words cannot be made.
    """
    rows = list(LetterTemplate.objects.select_for_update().order_by("in_force_from", "pk"))
    draft = _locked_draft(template_id)
    if draft.created_by_id == actor.pk:
        raise NotAllowedError("A second person approves a version: you changed it last.")
    if draft.in_force_from <= clock.today():
        raise ConflictError(
            f"The version would be in force from {draft.in_force_from:%m/%d/%Y}, and letters of that day may be signed "
            "already. Give it a first day that is still to come."
        )
    needed = required_texts(LetterPart(part) for part in draft.parts)
    if missing := [text_label(key) for key in needed if not draft.texts.get(key)]:
        raise ConflictError(f"The version lacks a text: {missing[0]}. Write it, then have the version approved.")
    later = [row for row in rows if row.status == TemplateStatus.APPROVED and row.in_force_from >= draft.in_force_from]
    if later:
        raise ConflictError(
            f"Version {later[0].version} is approved from {later[0].in_force_from:%m/%d/%Y}; "
            "a new version has to begin after it."
        )
    preview_template(template=draft)
    LetterTemplate.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=draft.in_force_from),
        status=TemplateStatus.APPROVED,
    ).update(in_force_until=draft.in_force_from)
    LetterTemplate.objects.filter(pk=draft.pk).update(
        status=TemplateStatus.APPROVED, approved_by=actor, approved_at=Now()
    )
    _record("template.approve", actor, draft, {"in_force_from": draft.in_force_from.isoformat()})
    draft.refresh_from_db()
    return draft


def preview_template(*, template: LetterTemplate) -> pdf.RenderedPdf:
    """A sample letter in the words of `template`, approved or not. Raises `LetterTextError`."""
    wording = wording_from(template)
    try:
        return render_letter_pdf(sample_letter(wording, template.in_force_from), wording=wording, is_draft=True)
    except pdf.RenderError as error:
        raise LetterTextError([str(error)]) from error


def _locked_draft(template_id: int) -> LetterTemplate:
    draft = LetterTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if draft.status != TemplateStatus.DRAFT:
        raise ConflictError(f"Version {draft.version} is approved; its words never change. Copy it to a new version.")
    return draft


def _next_version(year: int) -> str:
    taken = set(LetterTemplate.objects.filter(version__startswith=f"{year}-").values_list("version", flat=True))
    return next(f"{year}-{number}" for number in range(1, len(taken) + 2) if f"{year}-{number}" not in taken)


def _bad_braces(key: str, text: str) -> str:
    placeholders = placeholders_of(key)
    for found in _BRACES.finditer(text):
        if found.group(1) not in placeholders:
            known = ", ".join("{" + name + "}" for name in sorted(placeholders))
            return f"“{found.group()[:40]}” is no placeholder of letters. Use {known}, or leave the braces out."
    return ""


def _record(action: str, actor: User, template: LetterTemplate, detail: dict[str, object]) -> None:
    record(
        action=action,
        actor=actor,
        object_type="lettertemplate",
        object_id=template.pk,
        detail={"version": template.version, **detail},
    )
