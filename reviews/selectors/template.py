"""Which fixed sentences a letter uses, and what changed from version to version."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from imr.core.redline import Piece, redline
from reviews.enums import TemplateStatus
from reviews.letters import LetterPart, LetterWording, TextKey
from reviews.letters.text_labels import PART_LABELS, TEXT_LABELS
from reviews.letters.wording import PLACEHOLDERS, required_texts
from reviews.models import LetterTemplate


class NoWordingError(LookupError):
    """No approved version is in force on that day, or there is no such version."""


def wording_on(day: date) -> LetterWording:
    """The approved wording in force on `day`, a day of decision. Raises `NoWordingError`."""
    template = LetterTemplate.objects.filter(
        Q(in_force_until__isnull=True) | Q(in_force_until__gt=day),
        status=TemplateStatus.APPROVED,
        in_force_from__lte=day,
    ).first()
    if template is None:
        raise NoWordingError(
            f"No letter template is in force on {day:%m/%d/%Y}. "
            "An operator can load the reviewed ones with: manage.py load_reference_data."
        )
    return wording_from(template)


def wording_of(version: str) -> LetterWording:
    """The wording of `version`, in force or not. Raises `NoWordingError`."""
    template = LetterTemplate.objects.filter(version=version).first()
    if template is None:
        raise NoWordingError(f"There is no letter template {version}.")
    return wording_from(template)


def wording_from(template: LetterTemplate) -> LetterWording:
    """The words of a template row, approved or not."""
    return LetterWording(
        version=template.version,
        layout=template.layout,
        organization_name=template.organization_name or settings.IMR_ORGANIZATION_NAME,
        reviewer_guideline_label=template.reviewer_guideline_label or settings.IMR_REVIEWER_GUIDELINE_LABEL,
        texts=template.texts,
        parts=frozenset(LetterPart(part) for part in template.parts),
    )


@dataclass(frozen=True, slots=True)
class ComparedText:
    """One fixed text in two versions; `pieces` is empty where they agree. `group` is set on the first of a group."""

    group: str
    label: str
    text: str
    pieces: tuple[Piece, ...] = ()


def text_label(key: str) -> str:
    """The name of a fixed text for the people who edit it."""
    return TEXT_LABELS[TextKey(key)]


def placeholders_of(key: str) -> frozenset[str]:
    """The placeholders that the text of `key` may hold."""
    return PLACEHOLDERS.get(TextKey(key), frozenset()) | {"organization"}


def placeholder_words(key: str) -> str:
    """What the text of `key` may hold, in words for who writes it; nothing but the organization needs no words."""
    more = sorted(placeholders_of(key) - {"organization"})
    return "May hold " + ", ".join("{" + name + "}" for name in more) + "." if more else ""


def part_label(part: str) -> str:
    """The name of a part of the letter for the people who choose it."""
    return PART_LABELS[LetterPart(part)]


def text_groups() -> list[tuple[str, list[TextKey]]]:
    """The fixed texts in the order of their list, under the part of the letter they belong to."""
    body = required_texts(())
    groups = {"Body of the letter": list(body)}
    for part in LetterPart:
        groups[part_label(part)] = [key for key in required_texts((part,)) if key not in body]
    grouped = {key for keys in groups.values() for key in keys}
    groups["Letterhead"] = [key for key in TextKey if key not in grouped]
    return [(label, keys) for label, keys in groups.items() if keys]


def templates() -> QuerySet[LetterTemplate]:
    """Every version, the newest first."""
    return LetterTemplate.objects.select_related("created_by", "approved_by")


def compared(template: LetterTemplate, other: LetterTemplate | None) -> list[ComparedText]:
    """Every fixed text of `template`, with what changed since `other` if there is one."""
    rows = []
    for group, keys in text_groups():
        for key in keys:
            text = template.texts.get(key, "")
            before = other.texts.get(key, "") if other else text
            pieces = redline(before, text) if before != text else ()
            rows.append(ComparedText(group if key == keys[0] else "", text_label(key), text, pieces))
    return rows


def predecessor(template: LetterTemplate) -> LetterTemplate | None:
    """The approved version that is in force on the day before `template` begins."""
    return (
        LetterTemplate.objects.filter(status=TemplateStatus.APPROVED, in_force_from__lt=template.in_force_from)
        .exclude(pk=template.pk)
        .order_by("-in_force_from")
        .first()
    )
