"""The short opinion of a colleague on a signed determination: asked by staff, blind to who signed, binding nobody.

Locks are taken in the order of everywhere: the case, its determination, the opinion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from cases.enums import CaseStatus
from cases.models import Case, Document
from cases.services.news import tell_of_case
from cases.services.transitions import lock_case
from imr.accounts.enums import Action, MailEvent
from imr.accounts.models import User
from imr.accounts.services.mail import only_while
from imr.audit.services import record
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import OPEN_COLLEAGUE, ColleagueStatus, ColleagueVerdict, ConflictRelation
from reviews.exceptions import AssignmentBlockedError
from reviews.models import ColleagueAnswer, ColleagueOpinion, Determination, Reviewer
from reviews.permissions import may_assign, may_read_for_opinion
from reviews.selectors.candidates import candidate_for
from reviews.selectors.colleague import authors_of, bars_to_opinion, opinions_over, reviewers_of, why_over
from reviews.selectors.period import end_of_period
from reviews.selectors.quality import BEING_READ
from reviews.services.identity_check import find_own_identity

NOTE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """What a colleague says of one item; reasons are needed where the colleague disagrees."""

    verdict: str
    reasons: str = ""


@transaction.atomic
def ask_colleague(*, determination_id: int, reviewer_id: int, actor: User, question: str = "") -> ColleagueOpinion:
    """The reviewer is asked for an opinion on the signed determination, and told by a mail without its words.

    The request ends by itself after the time that an offer of the case would have. Raises `AssignmentBlockedError`
    for a reviewer whom the rules of the case bar (LC 139.5(d)) or who had the case, `DomainError` for a question that
    tells who signed, `ConflictError` (409) when the determination was returned or served meanwhile, or this reviewer
    is asked already or gave an opinion.
    """
    may_assign(actor).require()
    case, determination = _lock(determination_id)
    _require_being_read(case, determination)
    reviewer = Reviewer.objects.select_related("user").get(pk=reviewer_id)
    if reviewer.user_id == actor.pk or reviewer.pk in reviewers_of(case):
        raise AssignmentBlockedError(f"{reviewer.code} has had this case. Ask somebody who does not know it.")
    bars = bars_to_opinion(candidate_for(case, reviewer))
    if bars:
        raise AssignmentBlockedError(f"{reviewer.code} cannot be asked. " + " ".join(bars))
    _require_blind(determination, question)
    now = clock.now()
    for earlier in ColleagueOpinion.objects.filter(determination=determination, reviewer=reviewer):
        if earlier.status == ColleagueStatus.ANSWERED:
            raise ConflictError(f"{reviewer.code} has given an opinion already.")
        if earlier.status in OPEN_COLLEAGUE and not _ended_by_itself(earlier, now):
            raise ConflictError(f"{reviewer.code} is asked already.")
    opinion = ColleagueOpinion.objects.create(
        determination=determination,
        reviewer=reviewer,
        question=question.strip(),
        asked_by=actor,
        answer_due_at=end_of_period("offer_answer", case, now),
    )
    tell_of_case(
        case,
        MailEvent.OPINION_ASKED,
        people=[reviewer.user],
        key=str(opinion.pk),
        subject_id=opinion.pk,
        due_at=opinion.answer_due_at,
        path=reverse("reviews:colleague-opinion", args=[opinion.pk]),
    )
    _record("colleague.ask", actor, opinion, reviewer=reviewer.code)
    return opinion


@transaction.atomic
def attest_for_opinion(
    *,
    opinion_id: int,
    actor: User,
    conflicts: Sequence[str],
    note: str,
    is_qualified: bool,
    is_in_active_practice: bool,
) -> ColleagueOpinion:
    """The determination is open to the colleague, unless the attestation stands against it: then the request is
    declined, and a declared relation (LC 139.5(d)(5)) bars the reviewer from the case too.

    Look at the status of what is returned. Raises `AssignmentBlockedError` when the reviewer's file bars the case
    today, `ConflictError` (409) when the request has ended.
    """
    opinion = _lock_own(opinion_id, actor)
    if opinion.status == ColleagueStatus.READING:
        return opinion
    if set(conflicts) - set(ConflictRelation.values):
        raise DomainError("Answer each of the five questions.")
    declared = [relation.value for relation in ConflictRelation if relation.value in conflicts]
    against = bool(declared) or not (is_qualified and is_in_active_practice)
    if against:
        ColleagueOpinion.objects.filter(pk=opinion.pk).update(attested_at=Now(), conflicts=declared)
        return _end(opinion, actor, ColleagueStatus.DECLINED, note)
    bars = bars_to_opinion(candidate_for(opinion.determination.case, opinion.reviewer))
    if bars:
        raise AssignmentBlockedError("You cannot give an opinion on this case. " + " ".join(bars))
    ColleagueOpinion.objects.filter(pk=opinion.pk).update(attested_at=Now(), status=ColleagueStatus.READING)
    opinion.refresh_from_db()
    _record("colleague.attest", actor, opinion)
    return opinion


@transaction.atomic
def answer_colleague(*, opinion_id: int, actor: User, verdicts: Mapping[int, ItemVerdict]) -> ColleagueOpinion:
    """The opinion is given, item by item, and cannot be changed. Neither the case nor its letter changes by it.

    `verdicts` by the position of the item. Raises `DomainError` with a field per item for one without a verdict, a
    disagreement without reasons, or words that tell who wrote them; `ConflictError` (409) when the request has ended.
    """
    opinion = _lock_own(opinion_id, actor)
    may_read_for_opinion(actor, opinion).require()
    positions = [int(item["position"]) for item in opinion.determination.snapshot["letter"]["items"]]
    _require_whole(positions, verdicts, reviewer_id=opinion.reviewer_id)
    ColleagueAnswer.objects.bulk_create(
        ColleagueAnswer(
            opinion=opinion,
            position=position,
            verdict=verdicts[position].verdict,
            reasons=verdicts[position].reasons.strip(),
        )
        for position in positions
    )
    return _end(opinion, actor, ColleagueStatus.ANSWERED, "")


@transaction.atomic
def decline_opinion(*, opinion_id: int, actor: User, note: str) -> ColleagueOpinion:
    """The reviewer gives no opinion, for the reason noted."""
    opinion = _lock_own(opinion_id, actor)
    if not note.strip():
        raise DomainError("Say why not.", fields={"note": ["Say why not."]})
    return _end(opinion, actor, ColleagueStatus.DECLINED, note)


@transaction.atomic
def withdraw_opinion(*, opinion_id: int, actor: User) -> ColleagueOpinion:
    """The staff no longer ask. `ConflictError` (409) when it was answered meanwhile."""
    may_assign(actor).require()
    opinion = _lock_opinion(opinion_id)
    if opinion.ended_at is not None:
        raise ConflictError(why_over(opinion, clock.now()))
    return _end(opinion, actor, ColleagueStatus.WITHDRAWN, "")


def end_opinions_over(*, now: datetime) -> int:
    """Requests that nobody can answer any more have ended; how many. Safe to run twice and side by side."""
    return sum(_end_if_over(pk, now) for pk in opinions_over(now))


def record_opinion_view(*, opinion: ColleagueOpinion, actor: User, document: Document | None = None) -> None:
    """It is on record that the colleague read the determination, or one of its records."""
    if document is None:
        _record("colleague.view", actor, opinion)
        return
    record(
        action="document.view",
        actor=actor,
        object_type="document",
        object_id=document.pk,
        case_id=document.case_id,
        detail={"sha256": document.sha256, "opinion": opinion.pk},
    )


@transaction.atomic
def _end_if_over(opinion_id: int, now: datetime) -> bool:
    return _ended_by_itself(_lock_opinion(opinion_id), now)


def _ended_by_itself(opinion: ColleagueOpinion, now: datetime) -> bool:
    why = why_over(opinion, now)
    if not why or opinion.ended_at is not None:
        return False
    _end(opinion, None, ColleagueStatus.EXPIRED, why)
    return True


def _lock(determination_id: int) -> tuple[Case, Determination]:
    case = lock_case(Determination.objects.values_list("case_id", flat=True).get(pk=determination_id))
    return case, Determination.objects.select_for_update(of=("self",)).select_related("case").get(pk=determination_id)


def _lock_opinion(opinion_id: int) -> ColleagueOpinion:
    _lock(ColleagueOpinion.objects.values_list("determination_id", flat=True).get(pk=opinion_id))
    opinions = ColleagueOpinion.objects.select_for_update(of=("self",))
    return opinions.select_related("determination__case", "reviewer__user").get(pk=opinion_id)


def _lock_own(opinion_id: int, actor: User) -> ColleagueOpinion:
    """The colleague's own request, while it can be answered."""
    mine = ColleagueOpinion.objects.filter(pk=opinion_id, reviewer__user=actor)
    if not actor.can(Action.ASSIGNMENT_ANSWER) or not mine.exists():
        raise NotAllowedError("Another reviewer was asked.")
    opinion = _lock_opinion(opinion_id)
    over = why_over(opinion, clock.now())
    if over:
        raise ConflictError(over)
    return opinion


def _require_being_read(case: Case, determination: Determination) -> None:
    if determination.voided_at is not None:
        raise ConflictError("This determination was returned for correction; ask about the next one.")
    if CaseStatus(case.status) not in BEING_READ:
        raise ConflictError(f"The case is “{case.get_status_display()}”; an opinion would come too late.")


def _require_blind(determination: Determination, question: str) -> None:
    for reviewer_id in authors_of(determination):
        if find_own_identity(reviewer_id=reviewer_id, texts={"question": question}):
            words = "The question tells who reviewed the case. Put it without a name or number."
            raise DomainError(words, fields={"question": [words]})


def _require_whole(positions: Sequence[int], verdicts: Mapping[int, ItemVerdict], *, reviewer_id: int) -> None:
    problems: dict[str, list[str]] = {}
    for position in positions:
        said = verdicts.get(position, ItemVerdict(""))
        if said.verdict not in ColleagueVerdict.values:
            problems[f"verdict_{position}"] = [f"Say whether you agree with item {position}."]
        elif said.verdict == ColleagueVerdict.DISAGREE and not said.reasons.strip():
            problems[f"reasons_{position}"] = [f"Say why you do not agree with item {position}."]
    texts = {f"reasons_{position}": said.reasons for position, said in verdicts.items()}
    for name, kinds in find_own_identity(reviewer_id=reviewer_id, texts=texts).items():
        problems[name] = [f"Remove what could identify you: {', '.join(kinds)}."]
    if problems:
        raise DomainError("Some answers are missing or cannot be kept.", fields=problems)


def _end(opinion: ColleagueOpinion, actor: User | None, status: ColleagueStatus, note: str) -> ColleagueOpinion:
    ColleagueOpinion.objects.filter(pk=opinion.pk).update(
        status=status, ended_at=Now(), ended_by=actor, end_note=note.strip()[:NOTE_LIMIT]
    )
    opinion.refresh_from_db()
    _record(_ACTIONS[status], actor, opinion)
    if status in {ColleagueStatus.ANSWERED, ColleagueStatus.DECLINED}:
        tell_of_case(
            opinion.determination.case,
            MailEvent.OPINION_ANSWERED,
            people=[opinion.asked_by],
            key=str(opinion.pk),
            path=reverse("reviews:colleague-ask", args=[opinion.determination_id]),
        )
    return opinion


_ACTIONS = {
    ColleagueStatus.ANSWERED: "colleague.answer",
    ColleagueStatus.DECLINED: "colleague.decline",
    ColleagueStatus.WITHDRAWN: "colleague.withdraw",
    ColleagueStatus.EXPIRED: "colleague.expire",
}


def _record(action: str, actor: User | None, opinion: ColleagueOpinion, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="determination",
        object_id=opinion.determination_id,
        case_id=opinion.determination.case_id,
        detail={"opinion": opinion.pk, **detail},
    )


only_while(
    lambda mail: ColleagueOpinion.objects.filter(pk=mail.subject_id or 0, status=ColleagueStatus.ASKED).exists(),
    MailEvent.OPINION_ASKED,
)
