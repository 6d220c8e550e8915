"""The trial rendering of a signature: taken when it is whole and current, else the letter is rendered once more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from imr.accounts.enums import Role
from imr.audit.models import Event
from imr.core import pdf, pdf_engine, storage
from imr.core.errors import UnavailableError
from imr.core.models import JobState, OutboxJob
from reviews.enums import LetterKind
from reviews.exceptions import LetterTextError
from reviews.models import Determination, Letter
from reviews.selectors.snapshot import snapshot_of
from reviews.services import letter as letters
from reviews.services import trial as trials
from reviews.services.correction import approve_correction, propose_correction
from reviews.services.letter import render_letter
from reviews.services.rendering import letter_source_sha256, render_letter_pdf
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import Signable, make_signable

pytestmark = pytest.mark.django_db

type Commits = Callable[..., Any]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cases whose letter was rendered by the worker."""
    numbers: list[str] = []

    def noting(letter: Any, **options: Any) -> pdf.RenderedPdf:
        numbers.append(letter.case_number)
        return render_letter_pdf(letter, **options)

    monkeypatch.setattr(letters, "render_letter_pdf", noting)
    return numbers


@pytest.fixture
def signed(django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch) -> Determination:
    """Signed and committed: the trial is kept. No message leaves."""
    monkeypatch.setattr("imr.core.jobs.publish", lambda _ids: 0)
    with django_capture_on_commit_callbacks(execute=True):
        return make_signable(items=[{}, {}]).sign()


def _letter(determination: Determination) -> Letter:
    render_letter(determination_id=determination.pk)
    return Letter.objects.get(determination=determination, kind=LetterKind.FINAL)


def _bytes_of(letter: Letter) -> bytes:
    with storage.open_verified(letter.sha256) as handle:
        return handle.read()


def _from_trial(letter: Letter) -> bool:
    return bool(Event.objects.get(action="letter.render", object_id=str(letter.pk)).detail["from_trial"])


def test_kept_trial_is_the_letter(signed: Determination, rendered: list[str]) -> None:
    letter = _letter(signed)

    assert rendered == []
    assert _from_trial(letter)
    again = render_letter_pdf(snapshot_of(signed).letter)
    assert _bytes_of(letter) == again.data
    assert (letter.sha256, letter.size, letter.page_count) == (signed.trial_sha256, len(again.data), again.page_count)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_trial_is_rendered_again_and_mended(signed: Determination, rendered: list[str], damage: str) -> None:
    path = storage.local_path(signed.trial_sha256)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")

    letter = _letter(signed)

    assert len(rendered) == 1
    assert not _from_trial(letter)
    assert _bytes_of(letter) == render_letter_pdf(snapshot_of(signed).letter).data


def test_trial_of_another_renderer_is_not_taken(
    signed: Determination, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_engine, "_versions", lambda: b"a later renderer")
    assert not _from_trial(_letter(signed))
    assert len(rendered) == 1


def test_trial_in_another_look_is_not_taken(
    signed: Determination, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment between signature and worker that touched the page or a style sheet."""
    monkeypatch.setattr(pdf_engine, "_bytes_of", lambda path: path.read_bytes() + b" ")
    assert not _from_trial(_letter(signed))
    assert len(rendered) == 1


def test_file_is_written_after_the_commit_and_before_the_message_leaves(
    django_capture_on_commit_callbacks: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        determination = make_signable().sign()
    path = storage.local_path(determination.trial_sha256)
    assert not path.exists()
    was_kept: dict[int, bool] = {}

    def publish(ids: list[int]) -> int:
        was_kept.update(dict.fromkeys(ids, path.exists()))
        return len(ids)

    monkeypatch.setattr("imr.core.jobs.publish", publish)
    for callback in callbacks:
        callback()
    assert was_kept[OutboxJob.objects.get(unique_key=f"letter:{determination.pk}:final:1").pk]


def test_store_that_refuses_does_not_refuse_the_signature(
    django_capture_on_commit_callbacks: Commits, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[int] = []

    def full(data: bytes) -> storage.StoredFile:
        raise UnavailableError("The disk is full.", code="storage_unavailable")

    def publish(ids: list[int]) -> int:
        published.extend(ids)
        return len(ids)

    monkeypatch.setattr("imr.core.jobs.publish", publish)
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(storage, "store_bytes", full)
        determination = make_signable().sign()

    job = OutboxJob.objects.get(unique_key=f"letter:{determination.pk}:final:1")
    assert job.pk in published
    assert job.state == JobState.PENDING
    assert not _from_trial(_letter(determination))
    assert len(rendered) == 1


def test_letter_that_fails_its_trial_is_neither_signed_nor_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_signable(summary="The worker said \U00012000.")
    kept: list[bytes] = []
    monkeypatch.setattr(trials, "_keep", kept.append)
    with pytest.raises(LetterTextError):
        made.sign()
    assert not kept
    assert not Determination.objects.filter(case=made.case).exists()


def test_what_was_tried_is_frozen_and_whole(signed: Determination) -> None:
    for change in (
        {"trial_sha256": "0" * 64},
        {"trial_source_sha256": "0" * 64},
        {"trial_page_count": 9},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Determination.objects.filter(pk=signed.pk).update(**change)
    with pytest.raises(DatabaseError, match="determination_trial_whole"), transaction.atomic():
        Determination.objects.create(
            case=signed.case,
            round=2,
            assignment=signed.assignment,
            outcome=signed.outcome,
            snapshot=signed.snapshot,
            snapshot_sha256=signed.snapshot_sha256,
            signed_by=signed.signed_by,
            reauthenticated_at=signed.reauthenticated_at,
            trial_sha256="0" * 64,
        )


def test_source_is_the_same_however_the_letter_came(signed: Determination) -> None:
    """From the draft, from the stored words, and from the document that was made."""
    letter = snapshot_of(signed).letter
    assert letter_source_sha256(letter) == render_letter_pdf(letter).source_sha256 == signed.trial_source_sha256
    assert render_letter_pdf(letter, is_draft=True).source_sha256 != signed.trial_source_sha256


def test_correction_has_no_trial_and_is_rendered(rendered: list[str]) -> None:
    administrator, director = make_user(Role.ADMINISTRATOR), make_user(Role.MEDICAL_DIRECTOR)
    made: Signable = make_signable()
    letter = made.served(administrator)
    rendered.clear()
    correction = propose_correction(
        determination_id=letter.determination_id,
        actor=administrator,
        texts={"clinical_case_summary": "The worker is a 55-year-old male."},
        reason="Wrong age.",
    )
    corrected = approve_correction(
        correction_id=correction.pk, actor=director, password=PASSWORD, snapshot_sha256=correction.snapshot_sha256
    )
    assert corrected.trial_sha256 == ""
    assert not _from_trial(_letter(corrected))
    assert len(rendered) == 1
