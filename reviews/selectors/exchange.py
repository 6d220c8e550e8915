"""Determinations in the exchange form: signed here, and archived from elsewhere."""

from collections.abc import Iterable, Iterator
from heapq import merge

from django.db.models import Prefetch, QuerySet

from reviews.enums import PublicationState
from reviews.letters import ExchangedDetermination, ExchangedItem, FinalDeterminationLetter
from reviews.letters.public import Redaction, public_letter
from reviews.models import ArchivedDetermination, ArchivedItem, Determination, PublicCopy
from reviews.selectors.archive import letter_of
from reviews.selectors.letter import STOPPED
from reviews.selectors.snapshot import snapshot_of

type SomeDetermination = Determination | ArchivedDetermination

PAGE = 200


def signed_determinations() -> QuerySet[Determination]:
    """The determination of each case that holds, by case number: neither returned, superseded by a correction nor set
    aside on appeal. Those of cases that were stopped are not among them."""
    return (
        Determination.objects.filter(
            voided_at__isnull=True, superseded_at__isnull=True, set_aside_at__isnull=True, case__number__isnull=False
        )
        .exclude(case__status__in=STOPPED)
        .select_related("case")
        .order_by("case__number", "-round")
        .distinct("case__number")
    )


def archived_determinations() -> QuerySet[ArchivedDetermination]:
    """All that is archived with its items, by case number."""
    items = Prefetch("items", queryset=ArchivedItem.objects.defer("search"))
    return ArchivedDetermination.objects.prefetch_related(items).order_by("case_number")


def all_determinations() -> Iterator[SomeDetermination]:
    """Every determination by case number, a page of rows at a time in memory. What was signed here goes before an
    archived one of the same number."""
    last = ""
    for determination in merge(_signed_by_page(), _archived_by_page(), key=number_of):
        if (number := number_of(determination)) != last:
            yield determination
        last = number


def determination_count() -> int:
    """How many `all_determinations` gives."""
    signed = signed_determinations()
    doubled = ArchivedDetermination.objects.filter(case_number__in=signed.values("case__number"))
    return signed.count() + ArchivedDetermination.objects.count() - doubled.count()


def determinations_of(numbers: Iterable[str]) -> Iterator[tuple[str, SomeDetermination | None]]:
    """Each case number with its determination, None where there is none."""
    for number in numbers:
        yield (
            number,
            (
                signed_determinations().filter(case__number=number).first()
                or archived_determinations().filter(case_number=number).first()
            ),
        )


def number_of(determination: SomeDetermination) -> str:
    """The case number."""
    if isinstance(determination, Determination):
        return str(determination.case.number)
    return determination.case_number


def exchange_of(determination: SomeDetermination) -> ExchangedDetermination:
    """The determination in the exchange form; of a signed one, what its letter says."""
    if isinstance(determination, Determination):
        return exchange_of_letter(snapshot_of(determination).letter)
    return ExchangedDetermination(
        case_number=determination.case_number,
        priority=determination.priority,
        date_assigned=determination.date_assigned,
        date_of_injury=determination.date_of_injury,
        decision_date=determination.decision_date,
        ur_denial_date=determination.ur_denial_date,
        application_received=determination.application_received,
        states_of_licensure=tuple(determination.states_of_licensure),
        certifications=tuple(determination.certifications),
        clinical_case_summary=determination.clinical_case_summary,
        items=tuple(
            ExchangedItem(
                item=item.text,
                decision=item.get_outcome_display(),
                claims_administrator_guideline=item.claims_guideline,
                reviewer_guideline=item.reviewer_guideline,
                decision_rationale=item.rationale,
            )
            for item in determination.items.all()
        ),
    )


def exchange_of_letter(letter: FinalDeterminationLetter) -> ExchangedDetermination:
    """What a letter says, in the exchange form. Raises `ValueError` for a draft with an undecided item."""
    items = []
    for item in letter.items:
        if item.outcome is None:
            raise ValueError(f"Item {item.position} is not decided.")
        items.append(
            ExchangedItem(
                item=item.text,
                decision=item.outcome.label,
                claims_administrator_guideline=item.claims_administrator.printed,
                reviewer_guideline=item.reviewer.printed,
                decision_rationale=item.rationale,
            )
        )
    return ExchangedDetermination(
        case_number=letter.case_number,
        priority=letter.priority,
        date_assigned=letter.date_assigned,
        date_of_injury=letter.date_of_injury,
        decision_date=letter.decision_date,
        ur_denial_date=letter.ur_denial_date,
        application_received=letter.application_received,
        states_of_licensure=letter.states_of_licensure,
        certifications=letter.certifications,
        clinical_case_summary=letter.clinical_case_summary,
        items=tuple(items),
    )


def full_letter_of(determination: SomeDetermination) -> FinalDeterminationLetter:
    """The letter of the determination: as signed, or as archived. Raises `NoWordingError`."""
    if isinstance(determination, Determination):
        return snapshot_of(determination).letter
    return letter_of(determination)


def public_copy_of(determination: SomeDetermination) -> FinalDeterminationLetter | None:
    """What may be published of the letter; None where no public copy is approved. What is archived was published.

    Raises `NoWordingError`.
    """
    if isinstance(determination, ArchivedDetermination):
        return public_letter(letter_of(determination)).as_letter()
    copy = PublicCopy.objects.filter(letter__determination=determination, state=PublicationState.APPROVED).first()
    if copy is None:
        return None
    redactions = [Redaction.from_data(row) for row in copy.redactions]
    return public_letter(snapshot_of(determination).letter, redactions).as_letter()


def _signed_by_page() -> Iterator[SomeDetermination]:
    last = ""
    while rows := list(signed_determinations().filter(case__number__gt=last)[:PAGE]):
        yield from rows
        last = str(rows[-1].case.number)


def _archived_by_page() -> Iterator[SomeDetermination]:
    last = ""
    while rows := list(archived_determinations().filter(case_number__gt=last)[:PAGE]):
        yield from rows
        last = rows[-1].case_number
