"""Public copies: nothing that names anybody leaves, and two people see to it."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.enums import PartyRole
from cases.models import Application, Case, Document, Party
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import pdf_metadata, pdf_text, storage
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.enums import LetterKind, PublicationState
from reviews.models import Assignment, Letter, PublicCopy
from reviews.models.identity import ReviewerIdentity
from reviews.rules.leaks import LeakHit
from reviews.selectors.publication import compared_parts, findings_of, unpublished_letters
from reviews.services import publication
from tests.factories.accounts import make_user
from tests.factories.letters import Signable, make_signable
from tests.factories.reviews import make_reviewer

WORKER = {
    "first_name": "Ottiwell",
    "middle_initial": "Q",
    "last_name": "Marblethwaite",
    "address_line_1": "4417 Thornapple Hollow Road",
    "city": "Quartzville",
    "state": "CA",
    "zip_code": "95991",
    "phone": "(530) 555-0147",
    "email": "ottiwell.m@example.org",
}
PARTIES: dict[str, dict[str, str]] = {
    PartyRole.EMPLOYEE: WORKER,
    PartyRole.EMPLOYER: {
        "firm_name": "Wrenfallow Packing, Inc.",
        "address_line_1": "12 Cannery Row",
        "city": "Quartzville",
        "state": "CA",
        "zip_code": "95991",
        "phone": "530-555-0199",
    },
    PartyRole.REQUESTING_PHYSICIAN: {
        "first_name": "Benedetta",
        "last_name": "Kowalczyk-Ruiz",
        "firm_name": "Fenwarden Orthopaedic Partners",
        "address_line_1": "900 Medical Plaza Drive",
        "city": "Quartzville",
        "state": "CA",
        "zip_code": "95991",
        "phone": "530 555 0111",
        "fax": "530 555 0112",
    },
    PartyRole.ATTORNEY: {
        "first_name": "Thaddeus",
        "last_name": "Oakenshield",
        "firm_name": "Oakenshield & Daughters LLP",
        "bar_number": "SBN 283771",
        "address_line_1": "77 Court Street",
        "city": "Quartzville",
        "state": "CA",
        "zip_code": "95991",
        "email": "t.oakenshield@example.com",
    },
}
IDENTITY = {
    "first_name": "Zephyrinqua",
    "last_name": "Quillhaverstock",
    "npi": "1948372605",
    "phone": "(916) 555-0198",
    "practice_name": "Larkmoor Spine Collective",
}
# Every known thing, as somebody would write it, and what the report calls it.
PLANTED = {
    "Mr. Marblethwaite": "the worker's name",
    "OTTIWELL": "the worker's name",
    "04/09/57": "the worker's date of birth",
    "April 9, 1957": "the worker's date of birth",
    "wcx 7731 qq": "the claim number",
    "4417 Thornapple Hollow Rd": "the worker's address",
    "530.555.0147": "the worker's telephone number",
    "ottiwell.m@example.org": "the worker's e-mail address",
    "Wrenfallow Packing": "the employer's name",
    "Dr. Kowalczyk": "the requesting physician's name",
    "Fenwarden Orthopaedic Partners": "the requesting physician's name",
    "Thaddeus Oakenshield": "the attorney's name",
    "SBN 283771": "the attorney's State Bar number",
    "t.oakenshield@example.com": "the attorney's e-mail address",
    "Pennywhistle Mutual": "the claims administrator's name",
    "Ferdinanda Uppington": "the name of a document's author",
    "Dr. Quillhaverstock": "the reviewer's name",
    "NPI 1948372605": "the reviewer's NPI",
    "Larkmoor Spine Collective": "the reviewer's practice",
    "123-45-6789": "a number like a social security number",
    "MRN 00471-B": "a medical record number",
}


@pytest.fixture
def signable(db: None) -> Signable:
    made = make_signable(
        summary="The worker is a 54-year-old male. " + " Then ".join(f"it says {words}." for words in PLANTED),
        findings={1: {"rationale": "As Marble\u00adthwaite said, MRI is not medically necessary."}},
    )
    fill(made.case)
    return made


def fill(case: Case) -> None:
    for role, fields in PARTIES.items():
        Party.objects.update_or_create(case=case, role=role, defaults=fields)
    Application.objects.filter(case=case).update(
        claim_number="WCX-7731-QQ", employee_birth_date=date(1957, 4, 9), attested_by_name="Claude Filer"
    )
    case.organization.name = "Pennywhistle Mutual"
    case.organization.save(update_fields=["name"])
    Document.objects.filter(case=case).update(author="Ferdinanda Uppington, M.D.")


@pytest.fixture
def editor(db: None) -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def director(db: None) -> User:
    return make_user(Role.MEDICAL_DIRECTOR)


def pdf_of(copy: PublicCopy) -> bytes:
    with storage.open_verified(copy.sha256) as handle:
        return handle.read()


def clean(**arguments: Any) -> Signable:
    made = make_signable(**arguments)
    fill(made.case)
    return made


def settle(copy: PublicCopy, editor: User) -> PublicCopy:
    """Whatever was found is taken out: the certain at once, the possible one by one."""
    copy = publication.redact_certain(copy_id=copy.pk, actor=editor)
    while open_ones := [finding for finding in findings_of(copy) if finding.is_open]:
        copy = publication.redact_words(copy_id=copy.pk, actor=editor, text=open_ones[0].found)
    with pytest.raises(ConflictError, match="no certain finding"):
        publication.redact_certain(copy_id=copy.pk, actor=editor)
    return copy


def test_everything_that_is_known_is_found_refused_and_can_be_taken_out(
    signable: Signable, editor: User, director: User
) -> None:
    letter = signable.served()
    # A reviewer who writes this cannot sign; but the register may learn a name later.
    ReviewerIdentity.objects.filter(pk=signable.reviewer.pk).update(**IDENTITY)
    copy = publication.propose_copy(letter_id=letter.pk, actor=editor)
    hits = [LeakHit.from_data(row) for row in copy.report]

    assert copy.state == PublicationState.REFUSED
    in_summary = [hit for hit in hits if hit.place == "Clinical case summary" and hit.is_certain]
    for words, kind in PLANTED.items():
        own = [hit for hit in in_summary if hit.kind == kind and (words in hit.found or hit.found in words)]
        assert own, f"{words!r} was not found as {kind}"
    assert any(hit.place == "Item 1, decision rationale" and "thwaite" in hit.found for hit in hits)

    with pytest.raises(ConflictError, match="leak test found something"):
        publication.approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)
    copy = settle(copy, editor)
    assert copy.state == PublicationState.PROPOSED
    told = " ".join([*pdf_text.page_texts(pdf_of(copy)), *pdf_metadata.metadata_texts(pdf_of(copy))]).casefold()
    told = re.sub(r"[\s\u00ad]+", " ", told)
    for secret in (
        *WORKER.values(),
        *IDENTITY.values(),
        "wcx-7731-qq",
        "1957",
        "oakenshield",
        "wrenfallow",
        "uppington",
    ):
        if len(secret) > 2:
            assert secret.casefold() not in told
    assert "[redacted]" in told
    assert "54-year-old male" in told
    # The private letter is what it was.
    letter.refresh_from_db()
    assert letter.superseded_at is None
    assert letter.sha256 != copy.sha256


def test_clean_letter_passes_and_a_second_person_publishes_it(editor: User, director: User) -> None:
    signable = clean(
        summary="The patient is a 54 year old male with low back pain since 11/03/2025. Spurling's test was negative.",
        findings={1: {"rationale": "The MTUS recommends MRI for red flags. None is on file. Not medically necessary."}},
    )
    letter = signable.served()
    assert list(unpublished_letters()) == [letter]
    copy = publication.propose_copy(letter_id=letter.pk, actor=editor)

    assert copy.report == []
    assert copy.state == PublicationState.PROPOSED
    assert list(unpublished_letters()) == []
    with pytest.raises(NotAllowedError, match="another person"):
        publication.approve_copy(copy_id=copy.pk, actor=editor, sha256=copy.sha256)
    with pytest.raises(ConflictError, match="changed after you opened"):
        publication.approve_copy(copy_id=copy.pk, actor=director, sha256="0" * 64)
    copy = publication.approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)

    assert copy.state == PublicationState.APPROVED
    published = Letter.objects.get(kind=LetterKind.PUBLIC)
    assert copy.published == published
    assert (published.sha256, published.version, published.superseded_at) == (copy.sha256, 1, None)
    metadata = " ".join(pdf_metadata.metadata_texts(pdf_of(copy)))
    assert str(signable.case.number) in metadata
    assert "/Author" not in metadata
    for name in ("Marblethwaite", "Wrenfallow", "Pennywhistle", "/work", "/home", "/tmp"):
        assert name not in metadata

    with pytest.raises(ConflictError, match="cannot be changed"):
        publication.redact_words(copy_id=copy.pk, actor=editor, text="low back")
    copy = publication.withdraw_copy(copy_id=copy.pk, actor=editor, reason="Asked by the Administrative Director.")
    published.refresh_from_db()
    assert published.superseded_at is not None
    assert list(unpublished_letters()) == [letter]
    with pytest.raises(ConflictError, match="withdrawn on"):
        publication.withdraw_copy(copy_id=copy.pk, actor=editor, reason="Again.")
    actions = list(
        Event.objects.filter(action__startswith="publication.").order_by("pk").values_list("action", flat=True)
    )
    assert actions == ["publication.propose", "publication.approve", "publication.withdraw"]
    again = publication.propose_copy(letter_id=letter.pk, actor=director)
    again = publication.approve_copy(copy_id=again.pk, actor=editor, sha256=again.sha256)
    assert again.published is not None
    assert again.published.version == 2


def test_ordinary_word_that_is_a_name_is_kept_with_a_reason(editor: User, director: User) -> None:
    signable = clean(summary="The worker is a 54-year-old male. Long QT was ruled out. Walks a long way.")
    Party.objects.filter(case=signable.case, role=PartyRole.EMPLOYEE).update(last_name="Long")
    copy = publication.propose_copy(letter_id=signable.served().pk, actor=editor)

    assert copy.state == PublicationState.REFUSED
    (finding,) = findings_of(copy)
    assert (finding.found, finding.is_certain) == ("Long", False)
    with pytest.raises(ConflictError, match="not in the report"):
        publication.confirm_hit(copy_id=copy.pk, actor=editor, key="x: y", reason="It is a term.")
    copy = publication.confirm_hit(copy_id=copy.pk, actor=editor, key=finding.key, reason="A term of cardiology.")
    assert copy.state == PublicationState.PROPOSED
    (finding,) = findings_of(copy)
    assert finding.kept_because == "A term of cardiology."
    assert publication.approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256).approved_by == director


def test_certain_finding_cannot_be_kept_and_is_looked_for_again_at_approval(editor: User, director: User) -> None:
    signable = clean(summary="The worker is a 54-year-old male seen by somebody called Tamsinwood.")
    copy = publication.propose_copy(letter_id=signable.served().pk, actor=editor)
    assert copy.state == PublicationState.PROPOSED
    # Learned after the copy was made.
    Party.objects.filter(case=signable.case, role=PartyRole.EMPLOYEE).update(last_name="Tamsinwood")

    with pytest.raises(ConflictError, match="leak test found something"):
        publication.approve_copy(copy_id=copy.pk, actor=director, sha256=copy.sha256)
    copy.refresh_from_db()
    assert copy.state == PublicationState.REFUSED
    assert not Letter.objects.filter(kind=LetterKind.PUBLIC).exists()
    (finding,) = findings_of(copy)
    assert finding.kind == "the worker's name"
    with pytest.raises(ConflictError, match="cannot be kept"):
        publication.confirm_hit(copy_id=copy.pk, actor=editor, key=finding.key, reason="I like it.")


def test_words_are_taken_out_where_they_stand_and_can_be_put_back(editor: User) -> None:
    signable = clean(
        summary="The worker is a 54-year-old male. Tamsinwood said so.",
        findings={1: {"rationale": "Tamsinwood is quoted. Not medically necessary."}},
    )
    copy = publication.propose_copy(letter_id=signable.served().pk, actor=editor)
    before = copy.sha256
    copy = publication.redact_words(copy_id=copy.pk, actor=editor, text=" tamsinwood ", place="Clinical case summary")

    parts = {part.place: part for part in compared_parts(copy)}
    summary, rationale = parts["Clinical case summary"], parts["Item 1, decision rationale"]
    assert [piece.text for piece in summary.private if piece.mark == "gone"] == ["Tamsinwood"]
    assert "".join(piece.text for piece in summary.public).endswith("[redacted] said so.")
    assert "".join(piece.text for piece in rationale.public).startswith("Tamsinwood is quoted")
    assert copy.sha256 != before
    for words, told in (("", "Enter the words"), ("Nobody", "do not stand"), ("Tamsinwood", "do not stand")):
        with pytest.raises(DomainError, match=told):
            publication.redact_words(copy_id=copy.pk, actor=editor, text=words, place="Clinical case summary")
    copy = publication.undo_redaction(copy_id=copy.pk, actor=editor, position=0)
    assert copy.sha256 == before
    with pytest.raises(ConflictError, match="undone already"):
        publication.undo_redaction(copy_id=copy.pk, actor=editor, position=0)


def test_only_the_letter_that_holds_gets_one_public_copy(editor: User) -> None:
    signable = clean()
    final = signable.letter()
    with pytest.raises(ConflictError, match="only a letter that was served"):
        publication.propose_copy(letter_id=final.pk, actor=editor)
    letter = make_signable().served()
    copy = publication.propose_copy(letter_id=letter.pk, actor=editor)
    with pytest.raises(ConflictError, match="already"):
        publication.propose_copy(letter_id=letter.pk, actor=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicCopy.objects.filter(pk=copy.pk).update(state=PublicationState.APPROVED)


def test_ordinary_words_of_the_reviewers_name_and_a_former_reviewer(editor: User) -> None:
    signable = clean(summary="The worker is a 54-year-old male. quillhaverstock was here. He was young then.")
    reviewer = make_reviewer(identity=IDENTITY)
    first = Assignment.objects.get(case=signable.case)
    ReviewerIdentity.objects.filter(pk=first.reviewer_id).update(last_name="Young")
    letter = signable.served()
    Assignment.objects.filter(case=signable.case).update(reviewer=reviewer)
    copy = publication.propose_copy(letter_id=letter.pk, actor=editor)
    found = {(finding.kind, finding.found, finding.is_certain) for finding in findings_of(copy)}

    assert ("the reviewer's name", "quillhaverstock was here.", False) in found
