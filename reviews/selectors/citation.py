"""What a reviewer cites: lately, and what the claims administrator cited, found in the catalog."""

from datetime import date

from cases.enums import GuidelineBasis
from guidelines.models import GuidelineSection
from guidelines.selectors.catalog import MAXIMUM_QUERY, CatalogRow, catalog_row, sections_matching
from imr.accounts.models import User
from reviews.enums import CitationSide
from reviews.models import Citation, Finding

MOST_RECENT = 6


def recent_places(user: User) -> list[CatalogRow]:
    """The sections that this reviewer cited last, in any case, the latest first; sources no longer active left out."""
    cited = Citation.objects.filter(
        side=CitationSide.REVIEWER,
        finding__review__assignment__reviewer__user=user,
        section__edition__source__is_active=True,
    )
    latest = dict(cited.order_by("section_id", "pk").values_list("section_id", "pk"))
    wanted = sorted(latest, key=lambda section_id: -latest[section_id])[:MOST_RECENT]
    found = GuidelineSection.objects.select_related("edition__source").in_bulk(wanted)
    return [catalog_row(found[section_id]) for section_id in wanted]


def claims_section(finding: Finding, on: date) -> GuidelineSection | None:
    """The section of the catalog that the claims administrator's words name, when it is the only one in force."""
    words = " ".join(finding.claims_text.split())
    if not words or len(words) > MAXIMUM_QUERY:
        return None
    rows = sections_matching(words, on=on, limit=2)
    if len(rows) != 1:
        return None
    return GuidelineSection.objects.select_related("edition__source").get(pk=rows[0].section_id)


def followed_basis(finding: Finding) -> str:
    """The basis that the citations speak for; it only grows, since words beside them may name more."""
    kinds = set(Citation.objects.filter(finding=finding, side=CitationSide.REVIEWER).values_list("is_mtus", flat=True))
    named = {
        GuidelineBasis.MTUS: {True},
        GuidelineBasis.NON_MTUS: {False},
        GuidelineBasis.BOTH: {True, False},
    }
    kinds |= named.get(GuidelineBasis(finding.reviewer_basis), set()) if finding.reviewer_basis else set()
    for basis, covered in named.items():
        if covered == kinds:
            return basis.value
    return finding.reviewer_basis
