"""The demo's address book and preset, made of the parties of its cases."""

from cases.enums import PartyRole, ReviewType
from cases.models import AddressEntry, Case, FilingPreset
from cases.services.address import keep_party, save_preset
from reviews.demo.filing import Cast

_KEPT = (PartyRole.REQUESTING_PHYSICIAN, PartyRole.EMPLOYER, PartyRole.ATTORNEY)


def fill_book(cast: Cast) -> None:
    """The first claims administrator has the parties of its first cases at hand; nothing happens a second time."""
    filer = cast.filer("sierra")
    organization = filer.organization
    if AddressEntry.objects.filter(organization=organization).exists():
        return
    names: set[str] = set()
    for case in Case.objects.filter(organization=organization, number__isnull=False).order_by("pk")[:6]:
        for party in case.parties.filter(role__in=_KEPT):
            if party.display_name not in names:
                names.add(party.display_name)
                keep_party(actor=filer, case=case, role=PartyRole(party.role))
    known = AddressEntry.objects.filter(organization=organization)
    physician = known.filter(role=PartyRole.REQUESTING_PHYSICIAN).first()
    employer = known.filter(role=PartyRole.EMPLOYER).first()
    if physician is not None and employer is not None and not FilingPreset.objects.exists():
        save_preset(
            actor=filer,
            organization=organization,
            name=f"{employer.firm_name}, {physician.last_name}",
            answers={
                "review_type": ReviewType.REGULAR,
                "requesting_physician": physician,
                "employer": employer,
            },
        )
