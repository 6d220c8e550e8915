"""Case numbers for the apps below, which know ids only."""

from collections.abc import Iterable

from cases.models import Case


def case_id_for(number: str) -> int | None:
    """The id of the case with this number, in whatever letters it was typed; None when there is none."""
    return Case.objects.filter(number=number.strip().upper()).values_list("pk", flat=True).first()


def case_numbers_of(case_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of these cases by id; drafts have none."""
    found = Case.objects.filter(pk__in=list(case_ids), number__isnull=False).values_list("pk", "number")
    return {pk: number for pk, number in found if number}
