"""Case numbers: `CM`, two digits of the Pacific year, a dash, seven digits. Gaps may be, doubles never."""

from datetime import datetime

from cases.models import CaseNumberSequence
from imr.core.clock import pacific_date


def next_case_number(*, at: datetime) -> str:
    """The next number of the Pacific year of `at`. The year's row stays locked until the transaction ends."""
    year = pacific_date(at).year
    CaseNumberSequence.objects.get_or_create(year=year)
    row = CaseNumberSequence.objects.select_for_update().get(year=year)
    CaseNumberSequence.objects.filter(pk=row.pk).update(last=row.last + 1)
    return f"CM{year % 100:02d}-{row.last + 1:07d}"
