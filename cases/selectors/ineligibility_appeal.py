"""Reading appeals of a finding of ineligibility."""

from cases.models import Case, IneligibilityAppeal


def appeals_of(case: Case) -> list[IneligibilityAppeal]:
    """Every appeal of a finding of ineligibility of the case, the latest first."""
    return list(IneligibilityAppeal.objects.filter(case=case).select_related("recorded_by", "decided_by"))


def open_appeal(case: Case) -> IneligibilityAppeal | None:
    """The appeal that the board has not decided."""
    return IneligibilityAppeal.objects.filter(case=case, outcome="").first()
