"""Which fixed sentences a letter uses."""

from datetime import date

from django.conf import settings
from django.db.models import Q

from reviews.enums import TemplateStatus
from reviews.letters import LetterPart, LetterWording
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
