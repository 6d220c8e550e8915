"""Reading an organization's address book and its presets."""

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from cases.models import AddressEntry, Case, FilingPreset
from cases.selectors.case import visible_to
from imr.accounts.enums import Action
from imr.accounts.models import Organization, User

# The longest list of one kind that a chooser in a form offers; the book itself has no limit.
OFFERED = 500


def book_of(user: User, *, role: str = "", q: str = "") -> QuerySet[AddressEntry]:
    """The address book of the person's organization, by name; `q` is looked for in names, firms and cities."""
    entries = AddressEntry.objects.filter(organization_id=user.organization_id, removed_at__isnull=True)
    # People stand under their last names, firms under theirs.
    entries = entries.annotate(sort_name=Lower(Coalesce(NullIf("last_name", Value("")), "firm_name")))
    if role:
        entries = entries.filter(role=role)
    for word in q.split():
        entries = entries.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(firm_name__icontains=word)
            | Q(city__icontains=word)
        )
    return entries


def entries_for(organization: Organization, role: str) -> QuerySet[AddressEntry]:
    """The entries of one role to choose from, those used last first."""
    entries = AddressEntry.objects.filter(organization=organization, role=role, removed_at__isnull=True)
    return entries.order_by(F("used_at").desc(nulls_last=True), "last_name", "firm_name", "pk")[:OFFERED]


def entry_of(organization: Organization, role: str, key: str) -> AddressEntry | None:
    """The entry that a form named by `key`; None for anything that is not an entry of this book and role."""
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        return None
    return AddressEntry.objects.filter(
        organization=organization, role=role, removed_at__isnull=True, pk=int(key)
    ).first()


def presets_of(organization: Organization) -> QuerySet[FilingPreset]:
    """The organization's presets by name, with their parties."""
    return FilingPreset.objects.filter(organization=organization).select_related(
        "requesting_physician", "employer", "claims_administrator", "attorney"
    )


def earlier_case(user: User, number: str) -> Case | None:
    """The submitted case of that case number, or the newest one with that claim number, that the person may see."""
    cases = visible_to(user, action=Action.CASE_VIEW).filter(number__isnull=False)
    return cases.filter(Q(number__iexact=number) | Q(application__claim_number__iexact=number)).order_by("-pk").first()
