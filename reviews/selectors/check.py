"""Determinations as the checks want them: drafts, signed ones, published ones read back, and files in exchange form."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from cases.enums import ItemEligibility, ItemStatus
from cases.models import Application, DisputedItem, Party
from reviews.letters import ExchangedDetermination, FinalDeterminationLetter
from reviews.models import ArchivedDetermination, Assignment, Determination
from reviews.rules.checks.determination import CheckedDetermination, CheckedItem
from reviews.selectors.panel import opinions_in
from reviews.selectors.shared_rationale import shared_positions
from reviews.selectors.snapshot import draft_snapshot, snapshot_of

STOPPED_ITEMS = frozenset({ItemStatus.TERMINATED, ItemStatus.WITHDRAWN})


def checked_draft(assignment: Assignment, decision_date: date) -> CheckedDetermination:
    """What the reviewer has written so far; raises `ValueError` when the case lacks a field of the header."""
    letter = draft_snapshot(assignment=assignment, decision_date=decision_date).letter
    return checked_letter(letter, assignment.case_id, shared=shared_positions(assignment.pk))


def signed_determinations(numbers: Iterable[str] | None = None) -> Iterator[tuple[Determination, CheckedDetermination]]:
    """The valid signed determinations of these cases, of all cases for None, in the order in which they were signed.

    A panel's comes once for each opinion.
    """
    found = Determination.objects.filter(voided_at__isnull=True).order_by("signed_at", "pk")
    if numbers is not None:
        found = found.filter(case__number__in=list(numbers))
    for determination in found.iterator(chunk_size=100):
        # Each reviewer of a panel is read alone: a combined rationale holds both outcomes.
        letters = [(line.snapshot.letter, line.opinion.assignment_id) for line in opinions_in(determination)]
        for letter, assignment_id in letters or [(snapshot_of(determination).letter, determination.assignment_id)]:
            shared = shared_positions(assignment_id)
            yield determination, checked_letter(letter, determination.case_id, shared=shared)


def archived_determinations(numbers: Iterable[str] | None = None) -> Iterator[CheckedDetermination]:
    """The determinations read back from published letters, by case number. Records and parties are not known."""
    found = ArchivedDetermination.objects.order_by("case_number").prefetch_related("items")
    if numbers is not None:
        found = found.filter(case_number__in=list(numbers))
    for archived in found.iterator(chunk_size=100):
        yield CheckedDetermination(
            case_number=archived.case_number,
            date_of_injury=archived.date_of_injury,
            ur_denial_date=archived.ur_denial_date,
            summary=archived.clinical_case_summary,
            items=tuple(
                CheckedItem(
                    position=item.position,
                    text=item.text,
                    outcome=item.outcome,
                    claims_guideline=item.claims_guideline,
                    reviewer_guideline=item.reviewer_guideline,
                    rationale=item.rationale,
                )
                for item in sorted(archived.items.all(), key=lambda item: item.position)
            ),
        )


def checked_exchange(exchanged: ExchangedDetermination) -> CheckedDetermination:
    """A determination in the exchange form; the items are numbered in their order."""
    return CheckedDetermination(
        case_number=exchanged.case_number,
        date_of_injury=exchanged.date_of_injury,
        ur_denial_date=exchanged.ur_denial_date,
        summary=exchanged.clinical_case_summary,
        items=tuple(
            CheckedItem(
                position=position,
                text=item.item,
                outcome=item.outcome,
                claims_guideline=item.claims_administrator_guideline,
                reviewer_guideline=item.reviewer_guideline,
                rationale=item.decision_rationale,
            )
            for position, item in enumerate(exchanged.items, start=1)
        ),
    )


def checked_letter(
    letter: FinalDeterminationLetter, case_id: int, *, shared: Mapping[int, tuple[int, ...]]
) -> CheckedDetermination:
    """A letter, drafted or signed, with what its case knows: items of the application, claim numbers, names.

    `shared` names by position the items whose rationale the reviewer chose to be one.
    """
    claims = Application.objects.filter(case_id=case_id).values_list("claim_number", "wcis_number")
    requested = DisputedItem.objects.filter(case_id=case_id, eligibility=ItemEligibility.ELIGIBLE)
    names = [party.person_name for party in Party.objects.filter(case_id=case_id)]
    return CheckedDetermination(
        case_number=letter.case_number,
        date_of_injury=letter.date_of_injury,
        ur_denial_date=letter.ur_denial_date,
        summary=letter.clinical_case_summary,
        items=tuple(
            CheckedItem(
                position=item.position,
                text=item.text,
                outcome=item.outcome or "",
                claims_guideline=item.claims_administrator.printed,
                reviewer_guideline=item.reviewer.printed,
                rationale=item.rationale,
                shared_with=shared.get(item.position, ()),
            )
            for item in letter.items
        ),
        request_items=tuple(
            item.description for item in requested.order_by("position", "pk") if item.status not in STOPPED_ITEMS
        ),
        claim_numbers=tuple(number for pair in claims for number in pair if number),
        names=tuple(name for name in names if name),
    )
