"""Paragraphs that are used again: a reviewer's own, and shared ones that somebody else approved."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import ParagraphStatus
from reviews.models import Paragraph, ParagraphVersion
from reviews.selectors.paragraph import current_version

MOST_OWN = 300


@dataclass(frozen=True, slots=True)
class ParagraphWords:
    """What a paragraph says; clean and within the model's lengths."""

    key: str
    title: str
    text: str


def create_paragraph(*, actor: User, words: ParagraphWords) -> Paragraph:
    """A paragraph of the actor's own, in its first version. Raises `DomainError` for a key that is taken."""
    if Paragraph.objects.filter(owner=actor, removed_at__isnull=True).count() >= MOST_OWN:
        raise DomainError(f"You have {MOST_OWN} paragraphs already. Remove one that you no longer use.")
    return _create(owner=actor, actor=actor, words=words, status=ParagraphStatus.OWN)


@transaction.atomic
def edit_paragraph(*, paragraph_id: int, actor: User, words: ParagraphWords) -> ParagraphVersion:
    """The paragraph has one more version. Of a shared one it is a proposal; the approved words stay until then.

    Raises `DomainError` for a key that is taken, and `ConflictError` when the paragraph was removed or a proposal
    waits already.
    """
    paragraph = _lock(paragraph_id)
    if paragraph.owner_id not in {None, actor.pk}:
        raise NotAllowedError("This paragraph belongs to another reviewer.")
    if not paragraph.is_shared and paragraph.key != words.key:
        _set_key(paragraph, words.key)
    return _add_version(
        paragraph, actor, words, ParagraphStatus.PROPOSED if paragraph.is_shared else ParagraphStatus.OWN
    )


@transaction.atomic
def propose_paragraph(*, paragraph_id: int, actor: User) -> Paragraph:
    """The actor's own paragraph is proposed for everybody as a shared one of the same key; the own one stays."""
    own = _lock(paragraph_id)
    if own.owner_id != actor.pk:
        raise NotAllowedError("Only your own paragraphs can be proposed.")
    version = current_version(own)
    if version is None:
        raise ConflictError("This paragraph has no text.")
    words = ParagraphWords(own.key, version.title, version.text)
    shared = Paragraph.objects.filter(owner__isnull=True, key=own.key, removed_at__isnull=True).first()
    if shared is None:
        return _create(owner=None, actor=actor, words=words, status=ParagraphStatus.PROPOSED)
    _add_version(_lock(shared.pk), actor, words, ParagraphStatus.PROPOSED)
    return shared


@transaction.atomic
def decide_version(*, version_id: int, actor: User, is_approved: bool) -> ParagraphVersion:
    """The proposed words are everybody's, or are refused. Raises `ConflictError` when somebody decided already."""
    version = ParagraphVersion.objects.select_for_update(of=("self",)).select_related("paragraph").get(pk=version_id)
    if version.status != ParagraphStatus.PROPOSED or version.paragraph.removed_at is not None:
        raise ConflictError("This proposal was decided upon already.")
    if version.written_by_id == actor.pk:
        raise NotAllowedError("A proposal is decided upon by somebody else.")
    status = ParagraphStatus.APPROVED if is_approved else ParagraphStatus.REFUSED
    ParagraphVersion.objects.filter(pk=version.pk).update(status=status, decided_by=actor, decided_at=Now())
    version.refresh_from_db()
    _record("paragraph.decided", actor, version.paragraph, version=version.number, status=status.value)
    return version


@transaction.atomic
def remove_paragraph(*, paragraph_id: int, actor: User, may_remove_shared: bool) -> None:
    """The paragraph is offered no more; letters and drafts that used it keep their words."""
    paragraph = _lock(paragraph_id)
    if paragraph.owner_id != actor.pk and not (paragraph.is_shared and may_remove_shared):
        raise NotAllowedError("This paragraph is not yours to remove.")
    Paragraph.objects.filter(pk=paragraph.pk).update(removed_at=Now(), removed_by=actor)
    _record("paragraph.removed", actor, paragraph)


def _create(*, owner: User | None, actor: User, words: ParagraphWords, status: ParagraphStatus) -> Paragraph:
    try:
        with transaction.atomic():
            paragraph = Paragraph.objects.create(key=words.key, owner=owner)
            _add_version(paragraph, actor, words, status)
    except IntegrityError as error:
        raise _taken(words.key) from error
    return paragraph


def _set_key(paragraph: Paragraph, key: str) -> None:
    try:
        with transaction.atomic():
            Paragraph.objects.filter(pk=paragraph.pk).update(key=key)
    except IntegrityError as error:
        raise _taken(key) from error


def _add_version(paragraph: Paragraph, actor: User, words: ParagraphWords, status: ParagraphStatus) -> ParagraphVersion:
    waiting = paragraph.versions.filter(status=ParagraphStatus.PROPOSED)
    if status == ParagraphStatus.PROPOSED and waiting.exists():
        raise ConflictError("A proposal for this paragraph waits already. It has to be decided upon first.")
    last = paragraph.versions.aggregate(last=Max("number"))["last"] or 0
    version = ParagraphVersion.objects.create(
        paragraph=paragraph, number=last + 1, title=words.title, text=words.text, status=status, written_by=actor
    )
    _record("paragraph.written", actor, paragraph, version=version.number, status=status.value)
    return version


def _lock(paragraph_id: int) -> Paragraph:
    paragraph = Paragraph.objects.select_for_update(of=("self",)).get(pk=paragraph_id)
    if paragraph.removed_at is not None:
        raise ConflictError("This paragraph was removed.")
    return paragraph


def _taken(key: str) -> DomainError:
    words = f"You have a paragraph with the key “{key}” already. Choose another key."
    return DomainError(words, code="key_taken", fields={"key": [words]})


def _record(action: str, actor: User, paragraph: Paragraph, **detail: object) -> None:
    record(action=action, actor=actor, object_type="paragraph", object_id=paragraph.pk, detail=detail)
