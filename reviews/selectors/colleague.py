"""Opinions of colleagues: who may be asked, what waits for a reviewer, what was said of a determination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.models import Case, Document
from cases.selectors.document import readable_records
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import OPEN_COLLEAGUE, ColleagueStatus
from reviews.letters import ReviewedDocument, SignedSnapshot
from reviews.models import Assignment, ColleagueAnswer, ColleagueOpinion, Determination
from reviews.selectors.candidates import Candidate, candidates_for
from reviews.selectors.quality import BEING_READ
from reviews.selectors.snapshot import snapshot_of

# A short opinion is no case: neither the load nor an absence of the weeks to come bars it.
SOFT_CHECKS = frozenset({"load", "availability"})
BATCH = 500


@dataclass(frozen=True, slots=True)
class RecordToRead:
    """A record that lay before the author: its line in the letter, its words, the file when it can be opened."""

    number: int
    paper: ReviewedDocument
    document: Document | None


def opinions_asked(determination: Determination) -> QuerySet[ColleagueOpinion]:
    """What was asked about the determination, with the answers by item, the latest first."""
    asked = ColleagueOpinion.objects.filter(determination=determination)
    return asked.select_related("reviewer").prefetch_related("answers")


def opinions_wanted_of(user: User) -> QuerySet[ColleagueOpinion]:
    """The opinions that this reviewer was asked for, whatever became of them; nobody else's."""
    if user.scope(Action.ASSIGNMENT_ANSWER) != Scope.ASSIGNED:
        return ColleagueOpinion.objects.none()
    return ColleagueOpinion.objects.filter(reviewer__user=user).select_related("determination__case", "reviewer")


def opinions_waiting_for(user: User) -> QuerySet[ColleagueOpinion]:
    """Those that wait for the reviewer's answer now, the first due first."""
    return opinions_wanted_of(user).filter(_can_be_answered(clock.now())).order_by("answer_due_at", "pk")


def opinions_over(at: datetime) -> list[int]:
    """Ids of the requests that nobody can answer any more at `at` and nobody ended, the oldest first."""
    rows = ColleagueOpinion.objects.filter(status__in=OPEN_COLLEAGUE).exclude(_can_be_answered(at))
    return list(rows.order_by("answer_due_at", "pk").values_list("pk", flat=True)[:BATCH])


def why_over(opinion: ColleagueOpinion, at: datetime) -> str:
    """Why the request cannot be answered at `at`, in a sentence; empty when it can.

    The moment itself counts: nothing has to be ended by anybody first.
    """
    determination = opinion.determination
    if opinion.ended_at is not None:
        return f"This request ended ({opinion.get_status_display().lower()})."
    if determination.voided_at is not None:
        return "The determination was returned for correction, so there is nothing left to give an opinion on."
    if determination.case.status not in BEING_READ:
        return f"The case is “{determination.case.get_status_display()}”; an opinion would come too late."
    if opinion.answer_due_at < at:
        return "The time for this opinion is over."
    return ""


def bars_to_opinion(candidate: Candidate) -> list[str]:
    """Why the reviewer may not be asked, a sentence each: the rules of an assignment without those of time."""
    return [check.words for check in candidate.failures if check.code not in SOFT_CHECKS]


def colleagues_for(determination: Determination) -> list[Candidate]:
    """The reviewers who may be asked: fit by the rules of the case, never given it, and not asked or heard already."""
    now = clock.now()
    heard = [
        one.reviewer_id
        for one in ColleagueOpinion.objects.filter(determination=determination).select_related("determination__case")
        if one.status == ColleagueStatus.ANSWERED or not why_over(one, now)
    ]
    known = reviewers_of(determination.case).union(heard)
    found = candidates_for(determination.case)
    return [one for one in found if one.reviewer.pk not in known and not bars_to_opinion(one)]


def reviewers_of(case: Case) -> frozenset[int]:
    """The reviewers to whom the case was ever offered."""
    return frozenset(Assignment.objects.filter(case=case).values_list("reviewer_id", flat=True))


def authors_of(determination: Determination) -> frozenset[int]:
    """The reviewers whose words the determination may hold."""
    held = Assignment.objects.filter(case_id=determination.case_id, round=determination.round)
    return frozenset(held.values_list("reviewer_id", flat=True))


def answers_of(opinion: ColleagueOpinion) -> Sequence[ColleagueAnswer]:
    """What the colleague said, item by item."""
    return list(ColleagueAnswer.objects.filter(opinion=opinion))


def records_before_author(determination: Determination, snapshot: SignedSnapshot) -> list[RecordToRead]:
    """The records of the signature, numbered as the letter lists them."""
    files = {document.pk: document for document in _files(determination, snapshot)}
    return [
        RecordToRead(number, paper, files.get(paper.id)) for number, paper in enumerate(snapshot.documents, start=1)
    ]


def files_before_author(determination: Determination) -> QuerySet[Document]:
    """The records that lay before the author and can be opened; what came after the signature is not among them."""
    return _files(determination, snapshot_of(determination))


def _files(determination: Determination, snapshot: SignedSnapshot) -> QuerySet[Document]:
    return readable_records(determination.case_id).filter(pk__in=[paper.id for paper in snapshot.documents])


def _can_be_answered(at: datetime) -> Q:
    return Q(
        status__in=OPEN_COLLEAGUE,
        answer_due_at__gte=at,
        determination__voided_at__isnull=True,
        determination__case__status__in=BEING_READ,
    )
