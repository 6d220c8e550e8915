"""Keeping determinations that were published elsewhere: once each, never changed, with where they came from."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import batched
from typing import Any, Final

from django.db import IntegrityError, transaction

from cases.models import Case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.words import mmddyyyy
from reviews.enums import CitationSide
from reviews.letters import ExchangedDetermination, digest_of
from reviews.letters.archive import archive_notes, archive_problem, differences
from reviews.letters.reader import BlockFacts, DateFact
from reviews.letters.source import SourcedDetermination
from reviews.models import ArchivedCitation, ArchivedDetermination, ArchivedItem
from reviews.selectors.exchange import archived_determinations, exchange_of, signed_determinations
from reviews.services.precedent import index_archived

BATCH: Final = 200
MOST_PLACES: Final = 5
MAX_CHAPTER: Final = 300
_MAX_NAME, _MAX_LABEL, _MAX_ORGANIZATION = 255, 100, 200


@dataclass(frozen=True, slots=True)
class ImportSource:
    """The file that determinations come from: its name without folders, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(slots=True)
class ImportResult:
    """What became of one file. With any `problems`, sentences, nothing of it was stored."""

    stored: int = 0
    unchanged: int = 0
    items: int = 0
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.stored + self.unchanged


def import_determinations(
    *,
    source: ImportSource,
    found: Iterable[SourcedDetermination],
    actor: User | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
) -> ImportResult:
    """All determinations of one file are archived with their source, or none is, and the audit record says so.

    A determination whose words, white space folded, are archived already, or are those that were signed here, is left
    alone. One that says something else of a case that is known is a problem, as is one that cannot be kept and, with
    `is_strict`, one that may have been read wrong. A dry run finds all that and stores nothing. `found` is taken once,
    `BATCH` at a time.
    """
    result = ImportResult()
    try:
        with transaction.atomic():
            known: dict[str, str] = {}
            for batch in batched(found, BATCH):
                _import_batch(batch, source, actor, result, known, is_dry_run=is_dry_run)
                if is_strict:
                    result.problems += [_doubtful(one) for one in batch if one.doubts]
            if result.problems:
                transaction.set_rollback(True)
            elif result.stored and not is_dry_run:
                _record(source, actor, result, outcome="done")
    except IntegrityError:
        # Somebody else archived the same case in this moment; a second look finds it.
        return ImportResult(problems=["Another import of the same case is running. Run this file again."])
    if result.problems and not is_dry_run:
        _record(source, actor, result, outcome="refused")
    return result


def record_export(*, actor: User | None, how: str, count: int, numbers: Sequence[str] = ()) -> None:
    """That `count` determinations leave the system stands in the audit record. `how` names the form (json, pdf)."""
    record(
        action="archive.export",
        actor=actor,
        object_type="archive",
        detail={"how": how, "count": count, "cases": list(numbers[:100])},
    )


def record_archive_access(*, archived: ArchivedDetermination, actor: User, how: str) -> None:
    """A view (`page`) or download (`json`, `pdf`) of an archived determination stands in the audit record."""
    record(
        action="archive.view" if how == "page" else "archive.download",
        actor=actor,
        object_type="archiveddetermination",
        object_id=archived.pk,
        detail={"number": archived.case_number, "how": how, "sha256": archived.content_sha256},
    )


def _record(source: ImportSource, actor: User | None, result: ImportResult, *, outcome: str) -> None:
    record(
        action="archive.import",
        actor=actor,
        object_type="archive",
        outcome=outcome,
        detail={
            "source_sha256": source.sha256,
            "stored": 0 if result.problems else result.stored,
            "unchanged": result.unchanged,
            "problems": len(result.problems),
        },
    )


def _import_batch(
    batch: Sequence[SourcedDetermination],
    source: ImportSource,
    actor: User | None,
    result: ImportResult,
    seen: dict[str, str],
    *,
    is_dry_run: bool,
) -> None:
    numbers = [one.determination.case_number for one in batch]
    archived = dict(
        ArchivedDetermination.objects.filter(case_number__in=numbers).values_list("case_number", "content_sha256")
    )
    live = set(Case.objects.filter(number__in=numbers).values_list("number", flat=True))
    new = []
    for one in batch:
        number = one.determination.case_number
        if problem := archive_problem(one.determination):
            result.problems.append(f"{number[:30]}: {problem}")
            continue
        digest = digest_of(one.determination.to_data())
        result.items += len(one.determination.items)
        result.doubts += one.doubts
        if number in live:
            problem = _differs_from_live(one.determination)
        elif number in seen:
            problem = "" if seen[number] == digest else "The file holds it twice, with different words."
        elif number in archived:
            problem = "" if archived[number] == digest else _differs_from_archived(one.determination)
        else:
            new.append((one, digest))
            result.stored += 1
            seen[number] = digest
            continue
        if problem:
            result.problems.append(f"{number}: {problem}")
        else:
            result.unchanged += 1
    if new and not result.problems and not is_dry_run:
        _store(new, source, actor)


def _doubtful(one: SourcedDetermination) -> str:
    return f"{one.determination.case_number}: It was not read with certainty. It was not archived."


def _differs_from_live(determination: ExchangedDetermination) -> str:
    signed = signed_determinations().filter(case__number=determination.case_number).first()
    if signed is None:
        return "This is a case of ours without a valid determination. It was not archived."
    places = differences(exchange_of(signed), determination)
    return f"Differs from what was signed here in: {_some(places)}. Nothing was changed." if places else ""


def _differs_from_archived(determination: ExchangedDetermination) -> str:
    kept = archived_determinations().get(case_number=determination.case_number)
    places = differences(exchange_of(kept), determination)
    return (
        f"Differs from what was archived on {mmddyyyy(kept.imported_at)} from {kept.source_name} "
        f"in: {_some(places)}. Nothing was changed."
    )


def _some(places: Sequence[str]) -> str:
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return ", ".join(places[:MOST_PLACES]) + more


def _store(new: Sequence[tuple[SourcedDetermination, str]], source: ImportSource, actor: User | None) -> None:
    """The rows of the determinations; four statements, whatever their number."""
    rows = ArchivedDetermination.objects.bulk_create([_row(one, digest, source, actor) for one, digest in new])
    items = ArchivedItem.objects.bulk_create(
        [item for (one, _), row in zip(new, rows, strict=True) for item in _items(one, row)]
    )
    facts = [fact for one, _ in new for fact in one.facts]
    citations = ArchivedCitation.objects.bulk_create(
        [
            citation
            for item, fact in zip(items, facts, strict=True)
            for side, block in (
                (CitationSide.CLAIMS_ADMINISTRATOR, fact.claims_administrator),
                (CitationSide.REVIEWER, fact.reviewer),
            )
            for citation in _citations(item, side, block)
        ]
    )
    index_archived(items, citations)


def _row(one: SourcedDetermination, digest: str, source: ImportSource, actor: User | None) -> ArchivedDetermination:
    determination = one.determination
    outcome = determination.outcome
    if outcome is None:
        raise ValueError("A determination without an outcome cannot be archived.")
    return ArchivedDetermination(
        case_number=determination.case_number,
        priority=determination.priority,
        date_assigned=determination.date_assigned,
        date_of_injury=determination.date_of_injury,
        decision_date=determination.decision_date,
        ur_denial_date=determination.ur_denial_date,
        application_received=determination.application_received,
        states_of_licensure=list(determination.states_of_licensure),
        certifications=list(determination.certifications),
        clinical_case_summary=determination.clinical_case_summary,
        outcome=outcome,
        reviewer_guideline_label=one.label[:_MAX_LABEL],
        organization_name=one.organization[:_MAX_ORGANIZATION],
        format=one.format,
        source_name=source.name[-_MAX_NAME:],
        source_sha256=source.sha256,
        content_sha256=digest,
        problems=[*one.doubts, *one.notes, *archive_notes(determination)],
        facts=_facts(one),
        imported_by=actor,
    )


def _facts(one: SourcedDetermination) -> dict[str, Any]:
    return {
        "is_certain": not one.doubts,
        "codes": list(one.codes),
        "dates": _dates(one.dates),
        "items": [
            {
                "original_request": fact.original_request,
                "authorized": fact.authorized,
                "disputed": fact.disputed,
                "codes": list(fact.codes),
                "dates": _dates(fact.dates),
            }
            for fact in one.facts
        ],
    }


def _dates(dates: Iterable[DateFact]) -> list[dict[str, Any]]:
    return [asdict(one) | {"day": one.day.isoformat() if one.day else None} for one in dates]


def _items(one: SourcedDetermination, row: ArchivedDetermination) -> Iterable[ArchivedItem]:
    pairs = zip(one.determination.items, one.facts, strict=True)
    for position, (item, fact) in enumerate(pairs, start=1):
        yield ArchivedItem(
            determination=row,
            position=position,
            text=item.item,
            shape=fact.shape,
            is_retrospective=fact.is_retrospective,
            outcome=item.outcome,
            claims_guideline=item.claims_administrator_guideline,
            claims_basis=fact.claims_administrator.basis or "",
            reviewer_guideline=item.reviewer_guideline,
            reviewer_basis=fact.reviewer.basis or "",
            rationale=item.decision_rationale,
        )


def _citations(item: ArchivedItem, side: CitationSide, block: BlockFacts) -> Iterable[ArchivedCitation]:
    for position, chapter in enumerate(block.mtus, start=1):
        yield ArchivedCitation(
            item=item,
            side=side,
            position=position,
            is_mtus=True,
            chapter=chapter.chapter[:MAX_CHAPTER],
            year=chapter.year,
            sections=list(chapter.sections),
            pages=chapter.pages,
            text=chapter.text,
        )
    for position, outside in enumerate(block.outside, start=len(block.mtus) + 1):
        yield ArchivedCitation(
            item=item,
            side=side,
            position=position,
            is_mtus=False,
            year=outside.years[0] if len(outside.years) == 1 else None,
            pages=outside.pages,
            text=outside.text,
        )
