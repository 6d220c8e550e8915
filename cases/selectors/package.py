"""Reading the files of all records: what goes in, whose they are, how far they are, and their index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cases.enums import KEPT_REMOVALS, DocumentKind, DocumentRemoval, LeftOut, PackageState, ScanState
from cases.letters import PackageIndex, PackageLine
from cases.models import Case, CasePackage, Document, PackageEntry
from cases.rules.package import RecordFile
from imr.accounts.models import User
from imr.core import clock
from imr.core.models import JobState, OutboxJob


@dataclass(frozen=True, slots=True)
class PackageProgress:
    """A package with how far it is. `has_stopped`: no worker will go on with it."""

    package: CasePackage
    documents: int
    left_out: tuple[PackageEntry, ...]
    has_stopped: bool
    newer: int

    @property
    def is_at_work(self) -> bool:
        return self.package.state == PackageState.WORKING and not self.has_stopped

    @property
    def steps(self) -> int:
        """Parts, and one step more for the index."""
        return self.package.parts + 1


def record_files(case_id: int) -> list[Document]:
    """Every document that a package names: what counts, earlier versions, and what did not pass the virus check."""
    counted = Q(removed_at__isnull=True) | Q(removal__in=[*KEPT_REMOVALS, DocumentRemoval.VIRUS])
    return list(Document.objects.filter(counted, case_id=case_id))


def record_file(document: Document) -> RecordFile:
    """The document as the rules see it."""
    return RecordFile(**{name: getattr(document, name) for name in RecordFile.__slots__})


def kept_packages(user: User) -> QuerySet[CasePackage]:
    """The files of this person that are there or being made; nobody else's exist for them."""
    return CasePackage.objects.filter(requested_by=user, expires_at__gt=clock.now()).exclude(state=PackageState.EXPIRED)


def package_progress(package: CasePackage) -> PackageProgress:
    """How far the package is, what it had to leave out, and how many documents came after it was asked for."""
    entries = list(package.entries.select_related("document__upload_link__organization"))
    known = {entry.document_id for entry in entries}
    current = Document.objects.filter(case_id=package.case_id, removed_at__isnull=True).values_list("pk", flat=True)
    has_stopped = (
        package.state == PackageState.WORKING
        and OutboxJob.objects.filter(
            unique_key=f"package:{package.pk}:{package.parts_done + 1}", state=JobState.FAILED
        ).exists()
    )
    return PackageProgress(
        package=package,
        documents=sum(1 for entry in entries if not entry.left_out),
        left_out=tuple(entry for entry in entries if entry.left_out),
        has_stopped=has_stopped,
        newer=len(set(current) - known),
    )


def holds_refused(package: CasePackage) -> bool:
    """Whether a document in it has not passed a virus check since it was made."""
    return package.entries.filter(left_out="", document__scan=ScanState.REFUSED).exists()


def package_index(package: CasePackage, entries: Sequence[PackageEntry], starts: Mapping[int, int]) -> PackageIndex:
    """The index of the package; `starts` are first pages, counted from 0, by entry."""
    case: Case = package.case
    return PackageIndex(
        case_number=str(case),
        organization=case.organization.name,
        as_of=package.requested_at,
        lines=tuple(_line(entry, starts) for entry in entries),
    )


def _line(entry: PackageEntry, starts: Mapping[int, int]) -> PackageLine:
    document = entry.document
    return PackageLine(
        number=entry.number,
        kind=DocumentKind(document.kind).label,
        title=document.title,
        author=document.author,
        dated_on=document.dated_on,
        sender=document.sender,
        received_at=document.received_at,
        page_count=document.page_count,
        size=document.size,
        sha256=document.sha256,
        name=entry.name,
        first_page=starts[entry.pk] + 1 if entry.pk in starts else None,
        left_out=LeftOut(entry.left_out).label if entry.left_out else "",
    )
