"""Filing: one number, one receipt, the server's clock, whatever is pressed twice."""

from datetime import UTC, datetime

import pytest
import time_machine

from cases.enums import CaseStatus, DocumentKind, DraftStep, Priority, ReviewType, SignerKind
from cases.exceptions import IncompleteError, StaleVersionError, SubmittedError
from cases.letters import FilingReceiptLetter
from cases.models import Application, Case, Document, FilingReceipt
from cases.services.draft import save_step
from cases.services.submission import submit_application
from imr.audit.models import Event
from imr.core.models import OutboxJob
from tests.factories.accounts import Cast
from tests.factories.cases import SEED_ITEM, make_case, make_draft

pytestmark = pytest.mark.django_db


def test_submission_makes_a_numbered_case_with_a_frozen_receipt(cast: Cast) -> None:
    draft = make_draft(cast.claims, items=2)

    case = submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac")

    assert case.status == CaseStatus.RECEIVED
    assert case.number is not None
    assert case.number.startswith("CM")
    assert case.received_by == cast.claims
    assert case.deadlines.filter(kind="screen", ended_at__isnull=True).count() == 1
    receipt = FilingReceipt.objects.get(case=case)
    letter = FilingReceiptLetter.from_json(receipt.manifest)
    assert letter.sha256() == receipt.manifest_sha256
    assert letter.case_number == case.number
    assert letter.attested_by == "Ines Kovac"
    assert letter.received == case.received_at
    described = [answer.value for section in letter.sections for answer in section.answers]
    assert SEED_ITEM in described
    assert [file.sha256 for file in letter.files] == list(
        Document.objects.filter(case=case).values_list("sha256", flat=True)
    )
    assert OutboxJob.objects.filter(unique_key=f"receipt:{case.pk}", name="cases.render_receipt").count() == 1
    assert Event.objects.filter(case_id=case.pk, action="case.submit", actor=cast.claims).count() == 1


def test_second_submission_by_the_same_person_returns_the_first_case(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    first = submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac")

    second = submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac")

    assert second.number == first.number
    assert FilingReceipt.objects.filter(case=first).count() == 1
    assert Event.objects.filter(case_id=first.pk, action="case.submit").count() == 1


def test_submission_by_a_colleague_afterwards_is_refused_with_the_number(cast: Cast) -> None:
    case = make_case(user=cast.claims)

    with pytest.raises(SubmittedError, match=str(case.number)):
        submit_application(case_id=case.pk, actor=cast.colleague, attested_name="Another")


def test_empty_draft_is_refused_and_stays_a_draft(cast: Cast) -> None:
    draft = make_draft(cast.claims, is_complete=False)

    with pytest.raises(IncompleteError) as raised:
        submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac")

    assert raised.value.fields["claim.claim_number"] == ["Enter the claim number."]
    assert raised.value.fields["items"] == ["Add at least one disputed treatment."]
    assert Case.objects.get(pk=draft.pk).is_draft


def test_missing_letter_and_signature_need_a_tick_each_and_are_on_the_receipt(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    Document.objects.filter(case=draft, kind=DocumentKind.UR_DECISION).delete()
    Application.objects.filter(case=draft).update(
        signer=SignerKind.UNSIGNED, signer_name="", signed_on=None, consent_signed_on=None
    )
    for ticks in ((), ("INE-UR",), ("INE-SIG",)):
        with pytest.raises(IncompleteError) as raised:
            submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac", confirmed=ticks)
        assert raised.value.code == "confirmation_needed"

    case = submit_application(
        case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac", confirmed=("INE-UR", "INE-SIG")
    )

    notes = FilingReceipt.objects.get(case=case).manifest["notes"]
    assert [note.split(":")[0] for note in notes] == ["INE-SIG", "INE-UR"]


def test_submission_of_a_draft_changed_since_it_was_seen_is_refused(cast: Cast) -> None:
    draft = make_draft(cast.claims)
    seen = Application.objects.get(case=draft).version
    save_step(
        case_id=draft.pk,
        actor=cast.colleague,
        step=DraftStep.REVIEW_TYPE,
        cleaned={"review_type": ReviewType.EXPEDITED},
        version=seen,
    )

    with pytest.raises(StaleVersionError):
        submit_application(case_id=draft.pk, actor=cast.claims, attested_name="Ines Kovac", version=seen)


def test_priority_follows_the_type_of_review(cast: Cast) -> None:
    assert make_case(user=cast.claims, review_type=ReviewType.EXPEDITED).priority == Priority.EXPEDITED
    assert make_case(user=cast.claims).priority == Priority.STANDARD


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        (datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC), "CM26"),
        (datetime(2027, 1, 1, 8, 0, 0, tzinfo=UTC), "CM27"),
    ],
)
def test_number_is_of_the_pacific_year(cast: Cast, instant: datetime, year: str) -> None:
    with time_machine.travel(instant, tick=False):
        case = make_case(user=cast.claims)

    assert str(case.number).startswith(year)
    assert case.received_at == instant


@pytest.mark.parametrize("status", list(CaseStatus))
def test_factory_reaches_every_status(status: CaseStatus) -> None:
    assert make_case(status).status == status
