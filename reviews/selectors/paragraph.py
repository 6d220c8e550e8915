"""Reading paragraphs: those a person may use or decide upon, and their words for one item."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cases.models import Application, URDecision
from imr.accounts.enums import Action
from imr.accounts.models import User
from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.enums import ParagraphStatus
from reviews.models import Paragraph, ParagraphVersion, Reviewer
from reviews.rules.placeholders import fill, unfilled
from reviews.rules.text import age_on
from reviews.selectors.workspace import ItemWork

# What a mark may be called, and what stands in its place.
MARKS: Mapping[str, str] = {
    "age": "the worker’s age in years",
    "sex": "the worker’s sex",
    "date of injury": "the date of injury",
    "diagnosis": "the primary diagnosis",
    "item": "the item as it was requested",
    "quantity": "the quantity requested",
    "date of request": "the day on which the request for authorization was received",
    "ur date": "the day of the UR decision",
    "guideline": "the first place that you cite for the item",
}
MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class FilledParagraph:
    """A paragraph as it would be inserted for one item; `left` are the marks that nothing fills."""

    paragraph: Paragraph
    title: str
    text: str
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed words with the approved ones that they would replace, and the code of the reviewer who wrote them."""

    version: ParagraphVersion
    approved: ParagraphVersion | None
    code: str


def paragraphs_for(user: User) -> QuerySet[Paragraph]:
    """The paragraphs that exist for `user`, each with the words that hold (`title`, `text`), by key.

    A reviewer's own and the approved shared ones; shared ones alone for those who decide upon them.
    """
    whose = Q(owner__isnull=True)
    if user.can(Action.PARAGRAPH_WRITE):
        whose |= Q(owner=user)
    holds = ParagraphVersion.objects.filter(
        paragraph=OuterRef("pk"), status__in=[ParagraphStatus.OWN, ParagraphStatus.APPROVED]
    ).order_by("-number")
    return (
        Paragraph.objects.filter(whose, removed_at__isnull=True)
        .annotate(title=Subquery(holds.values("title")[:1]), text=Subquery(holds.values("text")[:1]))
        .filter(text__isnull=False)
        .order_by("key", "pk")
    )


def current_version(paragraph: Paragraph) -> ParagraphVersion | None:
    """The words that hold: the last own ones, or the last approved ones."""
    holds = [ParagraphStatus.OWN, ParagraphStatus.APPROVED]
    return paragraph.versions.filter(status__in=holds).order_by("-number").first()


def search_paragraphs(user: User, query: str) -> QuerySet[Paragraph]:
    """Paragraphs whose key begins with the query or whose title or text holds all of its words."""
    found = paragraphs_for(user)
    words = query.split()[:10]
    if not words:
        return found
    holds_all = Q()
    for word in words:
        holds_all &= Q(title__icontains=word) | Q(text__icontains=word) | Q(key__istartswith=word)
    return found.filter(Q(key__istartswith=query.strip()) | holds_all)


def proposals() -> list[Proposal]:
    """What waits for a decision, the oldest first."""
    waiting = (
        ParagraphVersion.objects.filter(status=ParagraphStatus.PROPOSED, paragraph__removed_at__isnull=True)
        .select_related("paragraph")
        .order_by("written_at", "pk")
    )
    codes = dict(Reviewer.objects.filter(user__in=waiting.values("written_by")).values_list("user_id", "code"))
    return [Proposal(one, current_version(one.paragraph), codes.get(one.written_by_id, "")) for one in waiting]


def waiting_keys() -> frozenset[int]:
    """The shared paragraphs for which a proposal waits."""
    waiting = ParagraphVersion.objects.filter(status=ParagraphStatus.PROPOSED)
    return frozenset(waiting.values_list("paragraph_id", flat=True))


def filled_paragraphs(user: User, work: ItemWork, query: str, *, guideline: str) -> list[FilledParagraph]:
    """The paragraphs that match, with the marks filled from the case and the item; one with the key itself first."""
    values = mark_values(work, guideline=guideline)
    rows = list(search_paragraphs(user, query)[:200])
    rows.sort(key=lambda row: (row.key != query.strip().lower(), row.is_shared, row.key))
    return [_filled(row, values) for row in rows[:MOST_FOUND]]


def filled_paragraph(user: User, work: ItemWork, paragraph_id: int, *, guideline: str) -> FilledParagraph | None:
    """One paragraph of the user's, filled; None when there is none of this id."""
    row = paragraphs_for(user).filter(pk=paragraph_id).first()
    return _filled(row, mark_values(work, guideline=guideline)) if row else None


def mark_values(work: ItemWork, *, guideline: str) -> dict[str, str]:
    """What stands in the place of each mark for the item; empty where the case does not say it. Never a name."""
    item = work.item
    application = Application.objects.get(case_id=item.case_id)
    decision = URDecision.objects.filter(case_id=item.case_id).first()
    born_on = application.employee_birth_date
    requested_on = decision.request_received_on if decision else None
    decided_on = decision.decided_on if decision else None
    injured_on = application.date_of_injury
    return {
        "age": str(age_on(born_on, decided_on or clock.today())) if born_on else "",
        "sex": application.employee_sex.lower(),
        "date of injury": mmddyyyy(injured_on) if injured_on else "",
        "diagnosis": application.primary_diagnosis,
        "item": item.description,
        "quantity": item.quantity,
        "date of request": mmddyyyy(requested_on) if requested_on else "",
        "ur date": mmddyyyy(decided_on) if decided_on else "",
        "guideline": guideline,
    }


def _filled(row: Paragraph, values: Mapping[str, str]) -> FilledParagraph:
    text = fill(str(getattr(row, "text", "")), values)
    return FilledParagraph(row, str(getattr(row, "title", "")), text, tuple(unfilled(text)))
