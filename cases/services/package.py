"""All records of a case as one file: asked for, made by workers a part at a time, and removed when its time is over.

The file lies beside the store, not in it: it may be removed although a document with the same bytes must not be.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from cases.enums import LeftOut, PackageForm, PackageState
from cases.exceptions import IncompleteError
from cases.models import CasePackage, PackageEntry
from cases.rules.package import plan_package, why_left_out
from cases.selectors.package import kept_packages, record_file, record_files
from cases.services.package_making import add_to_pdf, add_to_zip, finish_pdf, finish_zip
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage
from imr.core.errors import DomainError, UnavailableError
from imr.core.jobs import JobCanceledError, confirm_lease, enqueue

PACKAGE_JOB: Final = "cases.work_package"
# Left free on the disk, so that files for taking along cannot fill it.
RESERVE_BYTES: Final = 256 * 1024 * 1024


@transaction.atomic
def request_package(*, case_id: int, actor: User, form: str) -> CasePackage:
    """A worker will make the records of the case, as they are now, into one file for this person.

    What cannot be put in has its line and its reason from the beginning. An earlier file of the same case and form is
    removed. Raises `IncompleteError` when there is nothing to put in, `DomainError` when the person keeps too many,
    `UnavailableError` when the disk has no room.
    """
    wanted = PackageForm(form)
    case = lock_case(case_id)
    documents = record_files(case.pk)
    plan = plan_package([record_file(document) for document in documents], wanted)
    parts = max((entry.part for entry in plan), default=0)
    if parts == 0:
        raise IncompleteError("No document of this case can be put into a file yet.", code="nothing_to_package")
    own = kept_packages(actor)
    for former in own.filter(case=case, form=wanted):
        _remove(former, actor, "package.remove")
    if own.count() >= settings.IMR_MAX_PACKAGES:
        raise DomainError(
            f"You keep {settings.IMR_MAX_PACKAGES} such files already. Remove one of them first, or wait: each is "
            "removed by itself.",
            code="too_many_packages",
        )
    included = {entry.document for entry in plan if entry.part}
    _require_room(sum(document.size for document in documents if document.pk in included), wanted)
    package = CasePackage.objects.create(
        case=case,
        form=wanted,
        requested_by=actor,
        parts=parts,
        expires_at=clock.now() + settings.IMR_PACKAGE_KEPT,
    )
    PackageEntry.objects.bulk_create(
        PackageEntry(
            package=package,
            document_id=entry.document,
            number=entry.number,
            name=entry.name,
            part=entry.part,
            left_out=entry.left_out or "",
        )
        for entry in plan
    )
    _record(package, actor, "package.request", documents=len(included), left_out=len(plan) - len(included))
    _promise(package.pk, 1)
    return package


def work_package(*, package_id: int, part: int) -> CasePackage | None:
    """The documents of `part` are in the file; after the last part the file is whole and can be downloaded.

    Safe to run twice, and after a worker that died half way. None when the file is no longer wanted.
    """
    package = (
        CasePackage.objects.select_related("case__organization")
        .filter(pk=package_id, state=PackageState.WORKING)
        .first()
    )
    if package is None or package.parts_done >= part:
        return package
    folder = folder_of(package.pk)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if part > package.parts:
        return _finish(package, folder)
    entries = list(package.entries.filter(part=part).select_related("document").order_by("number"))
    open_ones = [entry for entry in entries if _still_open(entry)]
    add = add_to_pdf if package.form == PackageForm.PDF else add_to_zip
    add(folder, part, open_ones)
    return _keep(package, part, entries)


@transaction.atomic
def remove_package(*, package_id: int, actor: User) -> None:
    """The file is gone; that it was there stays on record."""
    package = CasePackage.objects.select_for_update(of=("self",)).get(pk=package_id)
    if package.state != PackageState.EXPIRED:
        _remove(package, actor, "package.remove")


def drop_expired_packages() -> int:
    """Files whose time is over are gone, and folders that belong to none; how many there were."""
    expired = list(CasePackage.objects.filter(expires_at__lt=clock.now()).exclude(state=PackageState.EXPIRED))
    for package in expired:
        with transaction.atomic():
            _remove(package, None, "package.expire")
    orphans = 0
    for folder in _root().glob("*"):
        wanted = folder.name.isdigit() and (
            CasePackage.objects.filter(pk=int(folder.name)).exclude(state=PackageState.EXPIRED).exists()
        )
        if not wanted:
            shutil.rmtree(folder, ignore_errors=True)
            orphans += 1
    return len(expired) + orphans


def record_package_download(*, package: CasePackage, actor: User) -> None:
    """The download is on record, with the documents that it holds."""
    held = package.entries.filter(left_out="").values_list("document_id", flat=True)
    _record(package, actor, "package.download", sha256=package.sha256, documents=list(held))


def folder_of(package_id: int) -> Path:
    """Where the file of a package lies, and what it is made of."""
    return _root() / str(package_id)


def file_of(package: CasePackage) -> Path:
    """The file of the package; it may not exist."""
    return folder_of(package.pk) / f"whole.{package.form}"


def _still_open(entry: PackageEntry) -> bool:
    """Whether the document may still be put in: its bytes may have become a virus since the file was asked for."""
    document = entry.document
    reason = why_left_out(record_file(document))
    if reason is None or reason == LeftOut.REPLACED:
        try:
            storage.open_verified(document.sha256).close()
        except storage.IntegrityError:
            reason = LeftOut.UNREADABLE
        else:
            reason = None
    entry.left_out = reason or ""
    return reason is None


@transaction.atomic
def _keep(package: CasePackage, part: int, entries: list[PackageEntry]) -> CasePackage:
    package = _lock(package.pk)
    if package.parts_done >= part:
        return package
    PackageEntry.objects.bulk_update(entries, ["left_out", "page_count"])
    package.parts_done = part
    package.save(update_fields=["parts_done"])
    _promise(package.pk, part + 1)
    confirm_lease()
    return package


def _finish(package: CasePackage, folder: Path) -> CasePackage:
    entries = list(package.entries.select_related("document").order_by("number"))
    make = finish_pdf if package.form == PackageForm.PDF else finish_zip
    page_count = make(package, folder, entries)
    path = file_of(package)
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    size = path.stat().st_size
    with transaction.atomic():
        package = _lock(package.pk)
        package.state, package.finished_at = PackageState.READY, clock.now()
        package.expires_at = clock.now() + settings.IMR_PACKAGE_KEPT
        package.size, package.sha256, package.page_count = size, digest, page_count
        package.save()
        _record(package, None, "package.made", size=size, sha256=digest, documents=len(entries))
        confirm_lease()
    for rest in folder.iterdir():
        if rest != path:
            rest.unlink(missing_ok=True)
    return package


def _lock(package_id: int) -> CasePackage:
    package = CasePackage.objects.select_for_update(of=("self",)).get(pk=package_id)
    if package.state != PackageState.WORKING:
        raise JobCanceledError("the file is no longer wanted")
    return package


def _remove(package: CasePackage, actor: User | None, action: str) -> None:
    package.state = PackageState.EXPIRED
    package.save(update_fields=["state"])
    _record(package, actor, action)
    transaction.on_commit(lambda: shutil.rmtree(folder_of(package.pk), ignore_errors=True))


def _require_room(size: int, form: PackageForm) -> None:
    # A PDF is joined from its parts, which lie beside it until then.
    needed = size * (2 if form == PackageForm.PDF else 1) + RESERVE_BYTES
    if storage.free_bytes() < needed:
        raise UnavailableError(
            "There is no room for such a file just now. Please try again later, or download single documents.",
            code="storage_unavailable",
        )


def _promise(package_id: int, part: int) -> None:
    enqueue(PACKAGE_JOB, unique_key=f"package:{package_id}:{part}", package_id=package_id, part=part)


def _root() -> Path:
    return Path(settings.IMR_DOCUMENT_ROOT) / "packages"


def _record(package: CasePackage, actor: User | None, action: str, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="package",
        object_id=package.pk,
        case_id=package.case_id,
        detail={"form": package.form, **detail},
    )
