"""Comments of the second read."""

import pytest
from django.db import ProgrammingError, connection, transaction

from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.models import Determination, QualityComment
from reviews.selectors.quality import comments_by_item, comments_on
from reviews.selectors.snapshot import snapshot_of
from reviews.services.determination import pass_determination, return_for_correction
from reviews.services.quality import add_comment, remove_comment
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

pytestmark = pytest.mark.django_db


def _comment(determination: Determination, **arguments: object) -> QualityComment:
    return add_comment(
        **{  # type: ignore[arg-type]
            "determination_id": determination.pk,
            "actor": make_user(Role.MEDICAL_DIRECTOR),
            "position": 1,
            "kind": "facts",
            "text": "The right shoulder, not the left one.",
            **arguments,
        }
    )


def test_comments_stand_beside_their_items_and_are_on_record() -> None:
    determination = make_signable(items=[{}, {}]).sign()
    second = _comment(determination, position=2)
    whole = _comment(determination, position=None, kind="language")

    rows = comments_by_item(snapshot_of(determination).letter, comments_on(determination))

    assert [list(row.comments) for row in rows] == [[], [second], [whole]]
    event = Event.objects.filter(action="quality.comment").latest("pk")
    assert event.detail == {"comment": whole.pk, "position": None, "kind": "language"}


def test_only_items_of_the_letter_and_known_kinds_take_comments() -> None:
    determination = make_signable().sign()
    with pytest.raises(DomainError) as refusal:
        _comment(determination, position=7)
    assert list(refusal.value.fields) == ["position"]
    with pytest.raises(DomainError, match="kind"):
        _comment(determination, kind="taste")


def test_only_the_medical_director_comments_and_only_the_writer_removes() -> None:
    determination = make_signable().sign()
    with pytest.raises(NotAllowedError):
        _comment(determination, actor=make_user(Role.ADMINISTRATOR))
    comment = _comment(determination)
    with pytest.raises(NotAllowedError, match="wrote"):
        remove_comment(comment_id=comment.pk, actor=make_user(Role.MEDICAL_DIRECTOR))
    remove_comment(comment_id=comment.pk, actor=comment.written_by)
    remove_comment(comment_id=comment.pk, actor=comment.written_by)
    assert not QualityComment.objects.exists()


def test_what_was_returned_keeps_its_comments_as_they_are() -> None:
    determination = make_signable().sign()
    comment = _comment(determination)
    return_for_correction(determination_id=determination.pk, actor=comment.written_by, reason="See the comments.")
    with pytest.raises(ConflictError):
        remove_comment(comment_id=comment.pk, actor=comment.written_by)
    with pytest.raises(ConflictError):
        _comment(determination)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_qualitycomment SET text = 'x'")


def test_a_pass_covers_the_words_that_were_signed() -> None:
    """A return after the pass takes the pass with it: the next signature needs a read of its own."""
    made = make_signable()
    director = make_user(Role.MEDICAL_DIRECTOR)
    passed = pass_determination(determination_id=made.sign().pk, actor=director)
    assert passed.passed_sha256 == passed.snapshot_sha256
    return_for_correction(determination_id=passed.pk, actor=director, reason="The year.")
    assert made.sign().passed_at is None
