"""Correcting a served letter: proposed, decided by a second person, served as a new version (E48, N6)."""

from functools import partial

import pytest
from django.db import DatabaseError, transaction

from cases.enums import Outcome
from cases.models import Case
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import pdf, signing
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import CorrectionStatus, LetterKind
from reviews.exceptions import LetterTextError, ReauthenticationError
from reviews.letters import ServedLetter
from reviews.letters.correction import corrected, places_of
from reviews.models import Correction, Determination, Letter
from reviews.models.identity import ReviewerIdentity
from reviews.selectors.letter import LetterState, letter_status, release_queue, visible_letters
from reviews.selectors.snapshot import snapshot_of
from reviews.services import correction as correcting
from reviews.services import letter as letters
from reviews.services import serving
from reviews.services.correction import (
    approve_correction,
    propose_correction,
    refuse_correction,
    withdraw_correction,
)
from reviews.services.letter import render_letter
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import make_signable, serve
from tests.races import REPETITIONS, race

NEW = "The worker is a 45-year-old male who was injured at work. Treatment so far: modified work."


@pytest.fixture
def administrator() -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def director() -> User:
    return make_user(Role.MEDICAL_DIRECTOR)


def _propose(letter: Letter, actor: User, **texts: str) -> Correction:
    return propose_correction(
        determination_id=letter.determination_id,
        actor=actor,
        texts=texts or {"clinical_case_summary": NEW},
        reason="The age was wrong.",
    )


def _words(letter: Letter) -> ServedLetter:
    assert letter.dispatch.context is not None
    return ServedLetter.from_data(letter.dispatch.context)


def _approve(correction: Correction, actor: User) -> Determination:
    return approve_correction(
        correction_id=correction.pk, actor=actor, password=PASSWORD, snapshot_sha256=correction.snapshot_sha256
    )


@pytest.mark.django_db
def test_correction_becomes_the_letter_in_force_when_it_is_served(administrator: User, director: User) -> None:
    made = make_signable()
    first = made.served(administrator)
    until = _words(first).appeal_until
    correction = _propose(first, administrator)
    case, claims = Case.objects.get(pk=made.case.pk), made.case.created_by
    with pytest.raises(NotAllowedError):
        _approve(correction, administrator)
    with pytest.raises(ReauthenticationError):
        approve_correction(
            correction_id=correction.pk, actor=director, password="wrong", snapshot_sha256=correction.snapshot_sha256
        )
    with pytest.raises(ConflictError, match="not those that you read"):
        approve_correction(correction_id=correction.pk, actor=director, password=PASSWORD, snapshot_sha256="0" * 64)
    new = _approve(correction, director)
    assert (new.corrects_id, new.outcome, new.passed_sha256) == (
        first.determination_id,
        first.determination.outcome,
        new.snapshot_sha256,
    )
    with pytest.raises(ConflictError, match="was approved"):
        _approve(correction, director)

    # Never a moment without a letter in force.
    first.refresh_from_db()
    assert first.superseded_at is None
    assert letter_status(case=case, user=director).following == new
    render_letter(determination_id=new.pk)
    assert [row.pk for row in release_queue()] == [new.pk]
    second = serve(Letter.objects.get(determination=new, kind=LetterKind.FINAL), administrator, without_check=False)
    first = Letter.objects.select_related("case", "determination").get(pk=first.pk)
    assert (first.superseded_at is None, second.version, second.superseded_at) == (False, 2, None)
    assert first.file_name.endswith("_superseded.pdf")
    assert first.state_words == "Superseded by version 2"
    assert second.file_name.endswith("_v2.pdf")
    words = _words(second)
    assert (words.version, words.supersedes_date, words.appeal_until) == (2, first.service_date, until)
    assert words.correction_reason == "The age was wrong."
    assert [(change.place, change.new) for change in words.changes] == [("Clinical case summary", NEW)]
    assert words.letter.clinical_case_summary == NEW
    status = letter_status(case=case, user=claims)
    assert (status.state, status.letter, [row.pk for row in status.former]) == (LetterState.SERVED, second, [first.pk])
    # Staff keep the former one, the parties have the one in force.
    assert visible_letters(director).filter(pk=first.pk).exists()
    assert [row.pk for row in visible_letters(claims)] == [second.pk]
    assert Event.objects.filter(action="case.issue", case_id=case.pk).count() == 1
    with pytest.raises(ConflictError, match="not the letter in force"):
        _propose(first, administrator, clinical_case_summary="Third words.")


@pytest.mark.django_db
def test_correction_is_checked_like_what_is_typed_first(administrator: User) -> None:
    made = make_signable()
    letter = made.letter()
    with pytest.raises(ConflictError, match="not the letter in force"):
        _propose(letter, administrator)
    served = serve(letter, administrator)
    present = snapshot_of(served.determination).letter.clinical_case_summary
    with pytest.raises(DomainError, match="Nothing is changed"):
        _propose(served, administrator, clinical_case_summary=present)
    name = ReviewerIdentity.objects.get(reviewer=made.reviewer).last_name
    with pytest.raises(DomainError, match="identify the reviewer: the name") as refused:
        _propose(served, administrator, item_1_rationale=f"Signed {name}. The request is not medically necessary.")
    assert list(refused.value.fields) == ["item_1_rationale"]
    with pytest.raises(DomainError, match="identify the reviewer"):
        propose_correction(
            determination_id=served.determination_id,
            actor=administrator,
            texts={"clinical_case_summary": NEW},
            reason=f"As {name} asked.",
        )
    with pytest.raises(LetterTextError, match="U\\+"):
        _propose(served, administrator, clinical_case_summary="Cuneiform: \U00012000")
    with pytest.raises(ValueError, match="no place item_1_outcome"):
        corrected(snapshot_of(served.determination).letter, {"item_1_outcome": "overturned"})
    assert not Correction.objects.exists()


@pytest.mark.django_db
def test_correction_is_refused_or_taken_back_and_its_words_stay(administrator: User, director: User) -> None:
    served = make_signable().served(administrator)
    correction = _propose(served, administrator)
    with pytest.raises(ConflictError, match="proposed already"):
        _propose(served, administrator, clinical_case_summary="Others.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.filter(pk=correction.pk).update(changes=[])
    refuse_correction(correction_id=correction.pk, actor=director, note="The age was right.")
    again = _propose(served, director)
    with pytest.raises(NotAllowedError, match="You proposed"):
        _approve(again, director)
    withdraw_correction(correction_id=again.pk, actor=director, note="It was right.")
    assert set(Correction.objects.values_list("status", flat=True)) == {
        CorrectionStatus.REFUSED,
        CorrectionStatus.WITHDRAWN,
    }
    assert Determination.objects.filter(case=served.case).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(administrator: User, director: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering takes far longer than all else and would decide every race."""

    def paper(*arguments: object) -> pdf.RenderedPdf:
        return pdf.RenderedPdf(data=b"%PDF-1.7 as short as can be", page_count=1)

    for module, name in ((correcting, "render_letter_pdf"), (letters, "render_letter_pdf")):
        monkeypatch.setattr(module, name, paper)
    monkeypatch.setattr(serving, "render_served_pdf", paper)
    monkeypatch.setattr(signing, "is_on", lambda: False)
    other = make_user(Role.MEDICAL_DIRECTOR)
    for _ in range(REPETITIONS):
        correction = _propose(make_signable().served(administrator), administrator)
        results = race(partial(_approve, correction, director), partial(_approve, correction, other))
        (refused,) = [result for result in results if isinstance(result, ConflictError)]
        assert "was approved on" in refused.message
        assert Determination.objects.filter(case=correction.case, corrects__isnull=False).count() == 1


@pytest.mark.django_db
def test_every_place_can_be_corrected_and_no_outcome(administrator: User) -> None:
    letter = snapshot_of(make_signable(items=[{}, {}]).sign()).letter
    texts = {
        place.key: {"date": "01/02/2024", "lines": "Nevada\nCalifornia"}.get(place.kind, f"New {place.key}")
        for place in places_of(letter)
    }
    new = corrected(letter, texts)
    assert {place.key: place.text for place in places_of(new)} == texts
    assert {item.outcome for item in new.items} == {Outcome.UPHELD}
    assert new.decision_date == letter.decision_date
