"""Paragraphs that are used again: whose they are, versions, proposals, keys."""

import pytest

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import ParagraphStatus
from reviews.models import Paragraph, ParagraphVersion
from reviews.selectors.paragraph import filled_paragraphs, paragraphs_for, proposals, search_paragraphs
from reviews.selectors.workspace import item_work
from reviews.services.paragraph import (
    ParagraphWords,
    create_paragraph,
    decide_version,
    edit_paragraph,
    propose_paragraph,
    remove_paragraph,
)
from reviews.services.review import open_review
from tests.factories.accounts import make_user
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import make_accepted, make_reviewer

pytestmark = pytest.mark.django_db

WORDS = ParagraphWords("pt-ext", "More therapy", "At {{age}} years, {{item}} is asked for on {{date of request}}.")


def texts(user: User) -> list[str]:
    """The words that hold for this person, by key."""
    return [str(getattr(row, "text", "")) for row in paragraphs_for(user)]


def test_own_paragraph_is_its_owners_alone_and_keeps_its_versions() -> None:
    one, two = make_reviewer().user, make_reviewer().user
    own = create_paragraph(actor=one, words=WORDS)
    edit_paragraph(paragraph_id=own.pk, actor=one, words=ParagraphWords("pt", "Therapy", "Shorter."))
    assert [(row.key, text) for row, text in zip(paragraphs_for(one), texts(one), strict=True)] == [("pt", "Shorter.")]
    assert not paragraphs_for(two).exists()
    assert ParagraphVersion.objects.filter(paragraph=own).count() == 2
    with pytest.raises(NotAllowedError):
        edit_paragraph(paragraph_id=own.pk, actor=two, words=WORDS)
    create_paragraph(actor=one, words=WORDS)
    with pytest.raises(DomainError, match="the key “pt” already"):
        create_paragraph(actor=one, words=ParagraphWords("pt", "Again", "Again."))
    with pytest.raises(NotAllowedError):
        remove_paragraph(paragraph_id=own.pk, actor=two, may_remove_shared=True)
    remove_paragraph(paragraph_id=own.pk, actor=one, may_remove_shared=False)
    assert [row.key for row in search_paragraphs(one, "pt")] == ["pt-ext"]


def test_shared_words_hold_when_somebody_else_has_approved_them() -> None:
    author, reader, director = make_reviewer().user, make_reviewer().user, make_user(Role.MEDICAL_DIRECTOR)
    own = create_paragraph(actor=author, words=WORDS)
    shared = propose_paragraph(paragraph_id=own.pk, actor=author)
    assert not paragraphs_for(reader).exists()
    [proposal] = proposals()
    assert proposal.version.paragraph == shared
    assert proposal.code.startswith("R-")
    with pytest.raises(NotAllowedError):
        decide_version(version_id=proposal.version.pk, actor=author, is_approved=True)
    decide_version(version_id=proposal.version.pk, actor=director, is_approved=True)
    with pytest.raises(ConflictError):
        decide_version(version_id=proposal.version.pk, actor=director, is_approved=False)
    assert texts(reader) == [WORDS.text]
    # A change is a proposal too; until it is approved the old words hold.
    change = edit_paragraph(paragraph_id=shared.pk, actor=reader, words=ParagraphWords("pt-ext", "New", "New words."))
    assert change.status == ParagraphStatus.PROPOSED
    assert texts(reader) == [WORDS.text]
    with pytest.raises(ConflictError, match="waits already"):
        edit_paragraph(paragraph_id=shared.pk, actor=author, words=WORDS)
    decide_version(version_id=change.pk, actor=director, is_approved=False)
    assert texts(reader) == [WORDS.text]
    assert Paragraph.objects.filter(owner__isnull=True).count() == 1


def test_marks_are_filled_from_the_case_and_what_it_does_not_say_is_left() -> None:
    accepted = make_accepted()
    prepare_case(accepted.case)
    review = open_review(assignment_id=accepted.assignment.pk, actor=accepted.user)
    work = item_work(review, accepted.case.items.get().pk)
    assert work is not None
    create_paragraph(actor=accepted.user, words=WORDS)
    text = "{{sex}}, {{date of injury}}, {{guideline}}"
    create_paragraph(actor=accepted.user, words=ParagraphWords("facts", "Facts", text))
    [found] = filled_paragraphs(accepted.user, work, "pt-ext", guideline="")
    assert found.text == "At {{age}} years, MRI of the lumbar spine is asked for on {{date of request}}."
    assert found.left == ("{{age}}", "{{date of request}}")
    [facts] = filled_paragraphs(accepted.user, work, "facts", guideline="Low Back 2004")
    assert facts.text.startswith("male, ")
    assert facts.text.endswith(", Low Back 2004")
    assert facts.left == ()
    # The key itself comes before words in titles and texts.
    assert filled_paragraphs(accepted.user, work, "f", guideline="")[0].paragraph.key == "facts"
