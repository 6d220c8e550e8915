"""Asking for pages to be turned, a document to be divided, or several to be joined. A worker does it afterwards.

What was received is never changed: a document that was turned is an earlier version, one that was divided or joined
stays readable under its own name, and every page can be followed back to it (`cases.models.arrangement`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from cases.enums import ArrangementKind, ArrangementState, DocumentKind, ScanState
from cases.exceptions import IncompleteError
from cases.models import ArrangedDocument, Arrangement, Case, Document, PageOrigin
from cases.rules.arrangement import MAX_PARTS, TURNS, Joinable, division_problems, turn_problems, why_not_joined
from cases.rules.documents import CLOSED_TO_OPENING
from cases.selectors.arrangement import has_stopped, in_work, job_key
from cases.services.document import refuse_change, refuse_over_quota, still_current
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage, virus
from imr.core.errors import ConflictError, UnavailableError
from imr.core.jobs import enqueue
from imr.core.pdf_intake import MAX_BYTES, MAX_PAGES
from imr.core.words import file_size

ARRANGE_JOB: Final = "cases.work_arrangement"
# Left free on the disk, as for files that come in.
RESERVE_BYTES: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Described:
    """What a made document is said to be."""

    kind: str
    title: str
    author: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a divided document: its pages, in their order, and what it is."""

    pages: Sequence[int]
    described: Described


@dataclass(frozen=True, slots=True)
class _Taken:
    source: Document
    pages: Sequence[int]
    turns: Sequence[int]


@transaction.atomic
def turn_document(*, document_id: int, actor: User, turns: Mapping[int, Sequence[int]]) -> Arrangement:
    """A worker will make a new version in which the pages of `turns` are turned right by 90, 180 or 270 degrees.

    Raises `IncompleteError` without pages, for pages that are not there or are to be turned in two ways; else as
    `divide_document`.
    """
    case, (document,) = _lock(document_id)
    degrees = {page: turn for turn, pages in turns.items() for page in pages}
    if not degrees or not set(turns) <= set(TURNS):
        raise IncompleteError("Say which pages are to be turned.")
    if problems := turn_problems(turns):
        raise IncompleteError("; ".join(problems.values()))
    _require_pages(document, degrees)
    described = Described(document.kind, document.title, document.author, document.dated_on)
    pages = range(1, document.page_count + 1)
    taken = _Taken(document, list(pages), [degrees.get(page, 0) for page in pages])
    return _ask(case, actor, ArrangementKind.TURN, [(described, [taken])])


@transaction.atomic
def divide_document(
    *, document_id: int, actor: User, parts: Sequence[Part], left_out: Collection[int] = ()
) -> Arrangement:
    """A worker will make a document of each part; the divided one stays readable and no longer counts.

    Every page is in one part, or in `left_out`. Raises `IncompleteError` when that is not so, `GoneError` when the
    document was replaced or removed meanwhile, `ConflictError` after the signature, while the document is being
    arranged already or checked for viruses, and for a proof; `DomainError` over the quota, `UnavailableError` when
    the disk has no room.
    """
    case, (document,) = _lock(document_id)
    problems = division_problems([part.pages for part in parts], left_out, page_count=document.page_count)
    if problems:
        raise IncompleteError(problems[0].message)
    if len(parts) > MAX_PARTS:
        raise IncompleteError(f"Divide into at most {MAX_PARTS} parts at a time.")
    _require_pages(document, [*left_out, *(page for part in parts for page in part.pages)])
    wanted = [(part.described, [_Taken(document, part.pages, [0] * len(part.pages))]) for part in parts]
    return _ask(case, actor, ArrangementKind.DIVIDE, wanted, left_out=sorted(left_out))


@transaction.atomic
def join_into_one(*, case_id: int, actor: User, document_ids: Sequence[int], described: Described) -> Arrangement:
    """A worker will make one document of these, in this order; they stay readable and no longer count.

    Raises `IncompleteError` for fewer than two, for more pages or bytes than one file may have, and for documents that
    do not stand alike (`cases.rules.arrangement.why_not_joined`); else as `divide_document`.
    """
    if len(document_ids) < 2 or len(set(document_ids)) != len(document_ids):
        raise IncompleteError("Choose at least two documents, each once.")
    case, documents = _lock(*document_ids)
    if case.pk != case_id:
        raise IncompleteError("Join documents of one case only.")
    if words := why_not_joined([Joinable(sender_key(one), one.lateness, one.late_decision) for one in documents]):
        raise IncompleteError(words)
    pages, size = sum(one.page_count for one in documents), sum(one.size for one in documents)
    if pages > MAX_PAGES or size > MAX_BYTES:
        raise IncompleteError(
            f"Together these have {pages:,} pages and {file_size(size)}. One document may have {MAX_PAGES:,} pages and "
            f"{file_size(MAX_BYTES)}. Choose fewer."
        )
    taken = [_Taken(one, list(range(1, one.page_count + 1)), [0] * one.page_count) for one in documents]
    return _ask(case, actor, ArrangementKind.JOIN, [(described, taken)])


def promise_step(arrangement_id: int, step: int) -> None:
    """A worker will do this step. Call it in the transaction that makes it due."""
    enqueue(ARRANGE_JOB, unique_key=job_key(arrangement_id, step), arrangement_id=arrangement_id, step=step)


def record_arrangement(arrangement: Arrangement, actor: User | None, action: str, **detail: Any) -> None:
    """The act is on the audit record of the case."""
    record(
        action=action,
        actor=actor,
        object_type="arrangement",
        object_id=arrangement.pk,
        case_id=arrangement.case_id,
        detail={"kind": arrangement.kind, **detail},
    )


def _ask(
    case: Case,
    actor: User,
    kind: ArrangementKind,
    wanted: Sequence[tuple[Described, Sequence[_Taken]]],
    *,
    left_out: Sequence[int] = (),
) -> Arrangement:
    """The arrangement is on record and promised. The case is locked."""
    sources = {taken.source.pk: taken.source for _, parts in wanted for taken in parts}
    refuse_over_quota(case, 0, files=len(wanted) - len(sources) - 1)
    needed = 2 * sum(source.size for source in sources.values()) + RESERVE_BYTES
    if storage.free_bytes() < needed:
        raise UnavailableError(
            "There is no room for this just now. Nothing was changed; please try again later.",
            code="storage_unavailable",
        )
    # Each file is made, then checked for viruses where that is done, and at the end all take their places at once.
    steps = len(wanted) * (2 if virus.is_configured() else 1) + 1
    arrangement = Arrangement.objects.create(
        case=case, kind=kind, requested_by=actor, steps=steps, left_out=list(left_out)
    )
    sender = next(iter(sources.values())).source
    for position, (described, parts) in enumerate(wanted, start=1):
        result = ArrangedDocument.objects.create(
            arrangement=arrangement,
            position=position,
            kind=DocumentKind(described.kind),
            source=sender,
            title=described.title,
            author=described.author,
            dated_on=described.dated_on,
        )
        PageOrigin.objects.bulk_create(
            PageOrigin(
                result=result, position=at, source=taken.source, pages=list(taken.pages), turns=list(taken.turns)
            )
            for at, taken in enumerate(parts, start=1)
        )
    record_arrangement(
        arrangement, actor, "arrangement.request", sources=sorted(sources), results=len(wanted), left_out=len(left_out)
    )
    promise_step(arrangement.pk, 1)
    return arrangement


def _lock(*document_ids: int) -> tuple[Case, list[Document]]:
    """The locked case and its documents in that order, all of which may be arranged."""
    case = lock_case(Document.objects.values_list("case_id", flat=True).get(pk=document_ids[0]))
    refuse_change(case)
    documents = [still_current(pk) for pk in document_ids]
    for document in documents:
        document.case = case
        refuse_arranging(document)
    for arrangement in in_work([document.pk for document in documents]):
        if not has_stopped(arrangement):
            raise ConflictError(
                "The pages of this document are being arranged already. Wait until that is done.",
                code="being_arranged",
            )
        refuse_arrangement(arrangement, "The work was interrupted and given up.")
    return case, documents


def refuse_arranging(document: Document) -> None:
    """Raise `ConflictError` when the pages of the document have to stay as they are."""
    if words := CLOSED_TO_OPENING.get(ScanState(document.scan)):
        raise ConflictError(words, code="virus_check")
    if document.kind == DocumentKind.IMPLEMENTATION_PROOF:
        raise ConflictError("A proof of authorization or payment stays as it was sent.", code="proof")


def sender_key(document: Document) -> str:
    """The same for documents of one sender."""
    return f"{document.source}:{document.upload_link_id or ''}"


def refuse_arrangement(arrangement: Arrangement, words: str) -> None:
    """The arrangement ends without having changed anything, and says why."""
    arrangement.state, arrangement.refusal = ArrangementState.REFUSED, words
    arrangement.finished_at = clock.now()
    arrangement.save(update_fields=["state", "refusal", "finished_at"])
    record_arrangement(arrangement, None, "arrangement.refuse", reason=words)


def _require_pages(document: Document, pages: Collection[int]) -> None:
    if any(not 1 <= page <= document.page_count for page in pages):
        raise IncompleteError(f"The document has {document.page_count:,} pages. Name only these.")
