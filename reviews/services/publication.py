"""Public copies: made, tested for leaks, redacted, confirmed, approved by a second person, withdrawn (LC 4610.6(m))."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from imr.accounts.models import User
from imr.audit.services import record
from imr.core import clock, storage, words
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import LetterKind, PublicationState
from reviews.letters.public import Redaction, public_letter
from reviews.models import Letter, PublicCopy
from reviews.rules.leaks import LeakHit
from reviews.selectors.publication import findings_of, redactions_of
from reviews.selectors.rarity import rarities_of
from reviews.selectors.snapshot import snapshot_of
from reviews.services.leak_search import leaks_in
from reviews.services.publishing import publish_case
from reviews.services.rendering import render_letter_pdf

MOST_REDACTIONS = 200
MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class _Made:
    stored: storage.StoredFile
    page_count: int
    hits: tuple[LeakHit, ...]


@transaction.atomic
def propose_copy(*, letter_id: int, actor: User) -> PublicCopy:
    """The served letter has a public copy, tested for leaks and waiting for redactions or approval.

    Raises `ConflictError` (409) when it has one, or is not the letter that holds.
    """
    letter = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("case__organization", "determination")
        .get(pk=letter_id)
    )
    _require_current(letter)
    if PublicCopy.objects.filter(letter=letter).exclude(state=PublicationState.WITHDRAWN).exists():
        raise ConflictError(f"{letter.case.number}: there is a public copy of this letter already.")
    made = _make(letter, ())
    copy = PublicCopy.objects.create(
        case=letter.case,
        letter=letter,
        state=_state(made.hits, []),
        report=[hit.to_data() for hit in made.hits],
        sha256=made.stored.sha256,
        size=made.stored.size,
        page_count=made.page_count,
        edited_by=actor,
    )
    _record("publication.propose", copy, actor, hits=len(made.hits))
    return copy


def redact_words(*, copy_id: int, actor: User, text: str, place: str = "") -> PublicCopy:
    """The words no longer stand in the public copy, in that place or anywhere, and it is tested again.

    The private letter stays. Raises `DomainError` when the words do not stand there, `ConflictError` (409) when the
    copy was approved or withdrawn meanwhile.
    """
    wanted = Redaction(text=" ".join(text.split()), place=place)
    if not wanted.text or len(wanted.text) > MOST_TEXT:
        problem = f"Enter the words to take out, at most {MOST_TEXT} characters."
        raise DomainError(problem, fields={"text": [problem]})
    with transaction.atomic():
        copy = _lock_open(copy_id)
        redactions = redactions_of(copy)
        if len(redactions) >= MOST_REDACTIONS:
            raise ConflictError(f"A public copy has at most {MOST_REDACTIONS} redactions.")
        letter = snapshot_of(copy.letter.determination).letter
        before = public_letter(letter, redactions)
        if public_letter(letter, (*redactions, wanted)) == before:
            problem = "These words do not stand in the public copy (any more)."
            raise DomainError(problem, fields={"text": [problem]})
        return _edited(copy, actor, (*redactions, wanted))


def redact_certain(*, copy_id: int, actor: User) -> PublicCopy:
    """Every certain finding is taken out everywhere, and the copy is tested again. Raises `ConflictError` (409)."""
    with transaction.atomic():
        copy = _lock_open(copy_id)
        before = redactions_of(copy)
        found = dict.fromkeys(
            Redaction(text=finding.found)
            for finding in findings_of(copy)
            if finding.is_certain and 0 < len(finding.found) <= MOST_TEXT
        )
        redactions = (*before, *(rule for rule in found if rule not in before))
        if len(redactions) == len(before):
            raise ConflictError("There is no certain finding that can be taken out by itself.")
        if len(redactions) > MOST_REDACTIONS:
            raise ConflictError(f"A public copy has at most {MOST_REDACTIONS} redactions.")
        return _edited(copy, actor, redactions)


def undo_redaction(*, copy_id: int, actor: User, position: int) -> PublicCopy:
    """The redaction at `position` (from 0) is gone and the copy is tested again. Raises `ConflictError` (409)."""
    with transaction.atomic():
        copy = _lock_open(copy_id)
        redactions = list(redactions_of(copy))
        if not 0 <= position < len(redactions):
            raise ConflictError("This redaction was undone already.")
        del redactions[position]
        return _edited(copy, actor, tuple(redactions))


@transaction.atomic
def confirm_hit(*, copy_id: int, actor: User, key: str, reason: str) -> PublicCopy:
    """A possible hit stays in the copy: the person has looked, and says why it names nobody.

    Raises `ConflictError` (409) for a hit that is certain or no longer there.
    """
    copy = _lock_open(copy_id)
    hits = [LeakHit.from_data(row) for row in copy.report]
    mine = [hit for hit in hits if hit.key == key]
    if not mine:
        raise ConflictError("This finding is not in the report any more.")
    if any(hit.is_certain for hit in mine):
        raise ConflictError("A certain finding cannot be kept; take the words out.")
    confirmation = {"key": key, "reason": reason, "by": actor.pk, "at": clock.now().isoformat()}
    copy.confirmations = [*(row for row in copy.confirmations if row["key"] != key), confirmation]
    PublicCopy.objects.filter(pk=copy.pk).update(
        confirmations=copy.confirmations, state=_state(hits, copy.confirmations), edited_at=Now(), edited_by=actor
    )
    _record("publication.confirm", copy, actor, reason=reason, kind=mine[0].kind)
    copy.refresh_from_db()
    return copy


def approve_copy(*, copy_id: int, actor: User, sha256: str) -> PublicCopy:
    """The copy is published as a letter of kind `public`; the former public copy of the case is no longer current.

    `sha256` is that of the bytes the person looked at. The stored bytes are tested for leaks once more. Raises
    `ConflictError` (409) when the test finds something (the report then says what), the copy or its letter changed
    meanwhile; `NotAllowedError` for the person who edited it last; `IntegrityError` when the bytes were changed.
    """
    with transaction.atomic():
        copy = _lock_open(copy_id)
        _require_current(copy.letter)
        if copy.sha256 != sha256:
            raise ConflictError("The public copy was changed after you opened this page. Look at it again.")
        if copy.edited_by_id == actor.pk:
            raise NotAllowedError("You changed this copy last; another person has to approve it.")
        with storage.open_verified(copy.sha256) as handle:
            data = handle.read()
        letter = public_letter(snapshot_of(copy.letter.determination).letter, redactions_of(copy)).as_letter()
        hits = leaks_in(letter, data, copy.case)
        if _state(hits, copy.confirmations) == PublicationState.PROPOSED:
            return _approved(copy, actor)
        PublicCopy.objects.filter(pk=copy.pk).update(
            state=PublicationState.REFUSED, report=[hit.to_data() for hit in hits], tested_at=Now()
        )
    raise ConflictError("The leak test found something that may not leave; nothing was published.", code="leak_found")


@transaction.atomic
def withdraw_copy(*, copy_id: int, actor: User, reason: str) -> PublicCopy:
    """The copy is not, or no longer, published; what was published stays on record. A new one can be made.

    Raises `ConflictError` (409) when it was withdrawn before.
    """
    copy = _lock(copy_id)
    if copy.withdrawn_at is not None:
        raise ConflictError(f"The public copy was withdrawn on {words.pacific(copy.withdrawn_at)} already.")
    PublicCopy.objects.filter(pk=copy.pk).update(
        state=PublicationState.WITHDRAWN, withdrawn_at=Now(), withdrawn_by=actor, withdrawal_reason=reason
    )
    if copy.published_id is not None:
        Letter.objects.filter(pk=copy.published_id, superseded_at__isnull=True).update(superseded_at=Now())
    _record("publication.withdraw", copy, actor, reason=reason, was=copy.state)
    copy.refresh_from_db()
    return copy


def record_copy_access(*, copy: PublicCopy, actor: User, how: str) -> None:
    """Whoever looks at a copy that may still name somebody is on record. `how` is `view` or `download`."""
    _record(f"publication.{how}", copy, actor)


def _lock(copy_id: int) -> PublicCopy:
    return (
        PublicCopy.objects.select_for_update(of=("self",))
        .select_related("case__organization", "letter__case", "letter__determination")
        .get(pk=copy_id)
    )


def _lock_open(copy_id: int) -> PublicCopy:
    copy = _lock(copy_id)
    if copy.withdrawn_at is not None:
        raise ConflictError(f"The public copy was withdrawn on {words.pacific(copy.withdrawn_at)}.")
    if copy.approved_at is not None:
        raise ConflictError(f"The public copy was approved on {words.pacific(copy.approved_at)} and cannot be changed.")
    return copy


def _require_current(letter: Letter) -> None:
    if letter.kind != LetterKind.SERVED:
        raise ConflictError(f"{letter.case.number}: only a letter that was served is published.")
    if letter.superseded_at is not None:
        raise ConflictError(f"{letter.case.number}: a newer version took the place of this letter.")
    if letter.determination.set_aside_at is not None:
        raise ConflictError(f"{letter.case.number}: the determination was set aside on appeal.")


def _edited(copy: PublicCopy, actor: User, redactions: tuple[Redaction, ...]) -> PublicCopy:
    made = _make(copy.letter, redactions)
    PublicCopy.objects.filter(pk=copy.pk).update(
        state=_state(made.hits, copy.confirmations),
        redactions=[rule.to_data() for rule in redactions],
        report=[hit.to_data() for hit in made.hits],
        sha256=made.stored.sha256,
        size=made.stored.size,
        page_count=made.page_count,
        tested_at=Now(),
        edited_at=Now(),
        edited_by=actor,
    )
    _record("publication.edit", copy, actor, redactions=len(redactions), hits=len(made.hits))
    copy.refresh_from_db()
    return copy


def _approved(copy: PublicCopy, actor: User) -> PublicCopy:
    Letter.objects.filter(case=copy.case, kind=LetterKind.PUBLIC, superseded_at__isnull=True).update(
        superseded_at=Now()
    )
    latest = Letter.objects.filter(determination=copy.letter.determination, kind=LetterKind.PUBLIC).aggregate(
        version=Max("version")
    )["version"]
    published = Letter.objects.create(
        case=copy.case,
        determination=copy.letter.determination,
        kind=LetterKind.PUBLIC,
        version=(latest or 0) + 1,
        snapshot_sha256=copy.letter.snapshot_sha256,
        template_version=copy.letter.template_version,
        sha256=copy.sha256,
        size=copy.size,
        page_count=copy.page_count,
        released_at=clock.now(),
        released_by=actor,
    )
    PublicCopy.objects.filter(pk=copy.pk).update(
        state=PublicationState.APPROVED, approved_at=Now(), approved_by=actor, published=published, tested_at=Now()
    )
    _record(
        "publication.approve",
        copy,
        actor,
        letter=published.pk,
        confirmed=len(copy.confirmations),
        rare=[rarity.kind for rarity in rarities_of(copy)],
    )
    publish_case(case_id=copy.case_id, actor=actor)
    copy.refresh_from_db()
    return copy


def _make(letter: Letter, redactions: tuple[Redaction, ...]) -> _Made:
    public = public_letter(snapshot_of(letter.determination).letter, redactions).as_letter()
    rendered = render_letter_pdf(public)
    hits = leaks_in(public, rendered.data, letter.case)
    return _Made(stored=storage.store_bytes(rendered.data), page_count=rendered.page_count, hits=hits)


def _state(hits: tuple[LeakHit, ...] | list[LeakHit], confirmations: list[dict[str, str]]) -> PublicationState:
    kept = {row["key"] for row in confirmations}
    if all(not hit.is_certain and hit.key in kept for hit in hits):
        return PublicationState.PROPOSED
    return PublicationState.REFUSED


def _record(action: str, copy: PublicCopy, actor: User, *, reason: str = "", **detail: object) -> None:
    record(
        action=action,
        actor=actor,
        object_type="public_copy",
        object_id=copy.pk,
        case_id=copy.case_id,
        reason=reason,
        detail={"letter": copy.letter_id, "sha256": copy.sha256} | detail,
    )
