"""Returned for correction: comments beside the fields, what changed since, answers, and signing again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.core.errors import ConflictError
from reviews.exceptions import NotCompleteError
from reviews.models import CommentAnswer, Determination, Finding, QualityComment
from reviews.selectors.returned import LETTER, earlier_answers, returned_parts
from reviews.services.determination import return_for_correction
from reviews.services.quality import add_comment
from reviews.services.returned import answer_comment
from reviews.services.review import FindingWords, save_finding
from tests.factories.accounts import Cast
from tests.factories.letters import RATIONALE, Signable, make_signable

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
FAULT = "The report of 02/27 says weakness; the rationale says none."


@pytest.fixture
def returned(cast: Cast) -> Signable:
    made = make_signable(organization=cast.home)
    determination = made.sign()
    director = cast.medical_director
    add_comment(determination_id=determination.pk, actor=director, position=1, kind="record", text=FAULT)
    add_comment(determination_id=determination.pk, actor=director, position=None, kind="language", text="Say it so.")
    return_for_correction(determination_id=determination.pk, actor=director, reason="See the comments.")
    return made


def _rewrite(made: Signable, rationale: str) -> None:
    finding = Finding.objects.get(review__assignment=made.assignment)
    words = {name: getattr(finding, name) for name in FindingWords.__dataclass_fields__} | {"rationale": rationale}
    save_finding(
        assignment_id=made.assignment.pk,
        item_id=finding.item_id,
        actor=made.user,
        version=finding.version,
        written=FindingWords(**words),
    )


def _answer(made: Signable, text: str = "Corrected.") -> None:
    for comment in QualityComment.objects.all():
        answer_comment(assignment_id=made.assignment.pk, actor=made.user, comment_id=comment.pk, text=text)


def test_comments_stand_beside_their_item_with_what_changed_since(returned: Signable) -> None:
    parts = returned_parts(returned.assignment)
    assert [one.comment.text for one in parts[1].comments] == [FAULT]
    assert [one.comment.text for one in parts[LETTER].comments] == ["Say it so."]
    assert parts[1].changes == ()
    _rewrite(returned, RATIONALE.replace("does not show", "shows"))
    (change,) = returned_parts(returned.assignment)[1].changes
    assert change.label == "Item 1, decision rationale"
    assert [piece.text for piece in change.pieces if piece.mark == "added"] == ["shows"]


def test_long_comment_is_cut_between_words_and_shows_that_it_is_cut(cast: Cast) -> None:
    made = make_signable(organization=cast.home)
    director, words = cast.medical_director, "measured " * 30
    determination = made.sign()
    add_comment(determination_id=determination.pk, actor=director, position=1, kind="record", text=words)
    return_for_correction(determination_id=determination.pk, actor=director, reason="See the comments.")
    with pytest.raises(NotCompleteError) as refused:
        made.sign()
    assert refused.value.missing[0].endswith("measured …")


def test_signing_again_waits_for_an_answer_to_each(returned: Signable) -> None:
    with pytest.raises(NotCompleteError) as refused:
        returned.sign()
    assert [one.startswith("Answer the comment on") for one in refused.value.missing] == [True, True]
    _answer(returned)
    again = returned.sign()
    assert again.voided_at is None
    assert [one.answer.text for one in earlier_answers(again) if one.answer] == ["Corrected.", "Corrected."]
    with pytest.raises(ConflictError):
        _answer(returned, "Too late")


def test_answer_can_be_changed_until_the_signature(returned: Signable) -> None:
    _answer(returned)
    _answer(returned, "Rewritten.")
    assert set(CommentAnswer.objects.values_list("text", flat=True)) == {"Rewritten."}
    assert CommentAnswer.objects.count() == 2


def test_comment_of_an_earlier_return_is_not_asked_again(returned: Signable, cast: Cast) -> None:
    _answer(returned)
    again = returned.sign()
    return_for_correction(determination_id=again.pk, actor=cast.medical_director, reason="Once more.")
    assert all(not part.comments for part in returned_parts(returned.assignment).values())
    assert returned.sign().voided_at is None
    old = QualityComment.objects.first()
    assert old is not None
    with pytest.raises(ConflictError):
        answer_comment(assignment_id=returned.assignment.pk, actor=returned.user, comment_id=old.pk, text="Late")


def test_workspace_shows_comments_and_takes_answers(returned: Signable, cast: Cast, client_of: SignIn) -> None:
    client, workspace = client_of(returned.user), reverse("reviews:workspace", args=[returned.assignment.pk])
    _rewrite(returned, "Another rationale altogether.")
    page = client.get(workspace).content.decode()
    assert FAULT in page
    assert "What changed since you signed" in page
    assert "Answer the comment on item 1" in page
    comment = QualityComment.objects.get(position=1)
    url = reverse("reviews:comment-answer", args=[returned.assignment.pk, comment.pk])
    empty = client.post(url, {"text": " "})
    assert empty.status_code == 422
    long = client.post(url, {"text": "word " * 500})
    assert long.status_code == 422
    assert "word word" in long.content.decode()
    answer = client.post(url, {"text": "The report is quoted now."})
    assert answer["Location"] == f"{workspace}#returned_1"
    assert "The report is quoted now." in client.get(workspace).content.decode()
    assert client_of(cast.other_reviewer).get(url).status_code == 404
    assert client.get(reverse("reviews:comment-answer", args=[returned.assignment.pk, 999_999])).status_code == 404


def test_second_read_sees_the_answers(returned: Signable, cast: Cast, client_of: SignIn) -> None:
    _answer(returned, "The weakness is described now.")
    returned.sign()
    again = Determination.objects.get(voided_at__isnull=True)
    page = client_of(cast.medical_director).get(reverse("reviews:quality-detail", args=[again.pk])).content.decode()
    assert FAULT in page
    assert "The weakness is described now." in page
