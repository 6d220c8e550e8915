"""The second read of a signed determination: comments, before it is passed or returned."""

from django.db import transaction

from cases.enums import CaseStatus
from cases.services.transitions import lock_case
from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import QualityErrorKind
from reviews.models import Determination, QualityComment
from reviews.permissions import may_check_quality
from reviews.selectors.quality import BEING_READ, MOST_COMMENTS


@transaction.atomic
def add_comment(*, determination_id: int, actor: User, position: int | None, kind: str, text: str) -> QualityComment:
    """The comment stands beside the item at `position`, or beside the letter as a whole without one.

    The reviewer reads it once the determination is returned. Raises `DomainError` for an item that the letter does not
    have, `ConflictError` (409) when the determination was returned or served meanwhile.
    """
    determination = _lock_readable(determination_id, actor)
    if kind not in QualityErrorKind.values:
        raise DomainError("Choose a kind.", fields={"kind": ["Choose a kind."]})
    positions = {item["position"] for item in determination.snapshot["letter"]["items"]}
    if position is not None and position not in positions:
        raise DomainError("Choose an item of this letter.", fields={"position": ["Choose an item of this letter."]})
    if QualityComment.objects.filter(determination=determination).count() >= MOST_COMMENTS:
        raise DomainError(f"A determination takes at most {MOST_COMMENTS} comments. Put some of them together.")
    comment = QualityComment.objects.create(
        determination=determination, position=position, kind=kind, text=text, written_by=actor
    )
    _record("quality.comment", actor, determination, comment=comment.pk, position=position, kind=kind)
    return comment


@transaction.atomic
def remove_comment(*, comment_id: int, actor: User) -> None:
    """The comment is gone, as its writer wished; nothing happens when it was gone already.

    Raises `NotAllowedError` for somebody else's, `ConflictError` (409) once the determination was returned or served.
    """
    found = QualityComment.objects.filter(pk=comment_id).values_list("determination_id", flat=True).first()
    if found is None:
        return
    determination = _lock_readable(found, actor)
    comment = QualityComment.objects.filter(pk=comment_id).first()
    if comment is None:
        return
    if comment.written_by_id != actor.pk:
        raise NotAllowedError("Only who wrote a comment can remove it.")
    comment.delete()
    _record("quality.comment_removed", actor, determination, position=comment.position, kind=comment.kind)


def _lock_readable(determination_id: int, actor: User) -> Determination:
    may_check_quality(actor).require()
    case = lock_case(Determination.objects.values_list("case_id", flat=True).get(pk=determination_id))
    determination = Determination.objects.select_for_update(of=("self",)).get(pk=determination_id)
    if determination.voided_at is not None:
        raise ConflictError("This determination was returned for correction already; comments belong to the next one.")
    if CaseStatus(case.status) not in BEING_READ:
        raise ConflictError(f"The case is “{case.get_status_display()}”; the second read is over.")
    return determination


def _record(action: str, actor: User, determination: Determination, **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="determination",
        object_id=determination.pk,
        case_id=determination.case_id,
        detail=detail,
    )
