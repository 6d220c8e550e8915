"""Paper, fax and phone: received when it arrived; corrected only with a reason and a second person (T7)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseStatus, CorrectionState, DeadlineKind, DeadlineOrigin, FilingChannel
from cases.exceptions import IncompleteError, SubmittedError
from cases.letters import FilingReceiptLetter
from cases.models import Application, Case, Deadline, FilingReceipt, ReceiptCorrection
from cases.services.paper import key_in_application, note_arrival
from cases.services.receipt_correction import decide_receipt, propose_receipt
from cases.services.submission import submit_application
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case
from tests.factories.paper import key_in

pytestmark = pytest.mark.django_db
WHY = "The fax journal says so."


def test_keyed_in_application_counts_from_its_arrival(cast: Cast) -> None:
    arrived = clock.now() - timedelta(days=2, hours=3)
    draft = key_in(cast.administrator, cast.home, arrived_at=arrived, is_complete=True)

    case = submit_application(case_id=draft.pk, actor=cast.administrator, attested_name="Staff")

    assert (case.received_at, case.received_by) == (arrived, cast.administrator)
    assert Deadline.objects.get(case=case, kind=DeadlineKind.SCREEN).started_at == arrived
    letter = FilingReceiptLetter.from_json(FilingReceipt.objects.get(case=case).manifest)
    assert letter.received == arrived
    assert [answer.value for answer in letter.sections[0].answers][:2] == ["Fax", "Lena Ortiz, mail room"]
    attested_at = Application.objects.get(case=case).attested_at
    assert attested_at is not None
    assert attested_at > arrived


def test_signature_cannot_be_later_than_the_arrival(cast: Cast) -> None:
    draft = key_in(cast.administrator, cast.home, arrived_at=clock.now() - timedelta(days=7), is_complete=True)
    with pytest.raises(IncompleteError, match="signature"):
        submit_application(case_id=draft.pk, actor=cast.administrator, attested_name="Staff")


@pytest.mark.parametrize(
    ("ago", "words"), [(timedelta(minutes=-1), "in the future"), (timedelta(days=900), "Check the year")]
)
def test_arrival_in_the_future_or_of_another_year_is_refused(cast: Cast, ago: timedelta, words: str) -> None:
    with pytest.raises(IncompleteError, match=words) as raised:
        key_in(cast.administrator, cast.home, arrived_at=clock.now() - ago)
    assert list(raised.value.fields) == ["arrived_on"]
    assert not Case.objects.exists()


def test_arrival_before_the_decision_and_after_submission_is_refused(cast: Cast) -> None:
    draft = key_in(cast.administrator, cast.home, is_complete=True)
    given = {"channel": FilingChannel.MAIL, "taken_by": "Desk"}
    with pytest.raises(IncompleteError, match="before the UR decision"):
        note_arrival(
            case_id=draft.pk,
            actor=cast.administrator,
            arrived_at=clock.now() - timedelta(days=11),
            **given,  # type: ignore[arg-type]
        )
    submit_application(case_id=draft.pk, actor=cast.administrator, attested_name="Staff")
    with pytest.raises(SubmittedError):
        note_arrival(case_id=draft.pk, actor=cast.administrator, arrived_at=clock.now(), **given)  # type: ignore[arg-type]


def test_claims_people_key_nothing_in(cast: Cast) -> None:
    with pytest.raises(NotAllowedError):
        key_in_application(
            actor=cast.claims, organization=cast.home, channel=FilingChannel.FAX, arrived_at=clock.now(), taken_by="x"
        )


def test_approved_correction_recounts_the_clock_and_keeps_the_history(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    # Nine days hold working days in any week, Thanksgiving's too: four may be a long weekend, which counts nothing.
    former, right = case.received_at, clock.now() - timedelta(days=9)
    row = propose_receipt(case_id=case.pk, actor=cast.administrator, corrected_at=right, reason=WHY)
    case.refresh_from_db()
    assert case.received_at == former

    decide_receipt(correction_id=row.pk, actor=cast.other_administrator, is_approved=True)

    case.refresh_from_db()
    assert case.received_at == right
    old, new = Deadline.objects.filter(case=case, kind=DeadlineKind.SCREEN).order_by("pk")
    assert (new.started_at, new.origin, new.replaces, new.reason) == (right, DeadlineOrigin.RECOUNTED, old, WHY)
    assert old.ended_at is not None
    assert new.due_at < old.due_at
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (CorrectionState.APPROVED, cast.other_administrator)


def test_correction_needs_a_second_person(cast: Cast) -> None:  # T7
    case = make_case(user=cast.claims)
    row = propose_receipt(
        case_id=case.pk, actor=cast.administrator, corrected_at=clock.now() - timedelta(days=1), reason=WHY
    )
    with pytest.raises(NotAllowedError, match="second person"):
        decide_receipt(correction_id=row.pk, actor=cast.administrator, is_approved=True)
    earlier = clock.now() - timedelta(hours=2)
    with pytest.raises(ConflictError, match="waits for a second person"):
        propose_receipt(case_id=case.pk, actor=cast.medical_director, corrected_at=earlier, reason=WHY)
    decide_receipt(correction_id=row.pk, actor=cast.administrator, is_approved=False)
    with pytest.raises(ConflictError, match="decided meanwhile: refused"):
        decide_receipt(correction_id=row.pk, actor=cast.medical_director, is_approved=True)


def test_database_refuses_a_moment_without_an_approved_correction(cast: Cast) -> None:  # T7
    case = make_case(user=cast.claims)
    right = clock.now() - timedelta(days=1)
    propose_receipt(case_id=case.pk, actor=cast.administrator, corrected_at=right, reason=WHY)
    for values in ({"received_at": right}, {"number": "CM26-9999999"}, {"received_by": cast.administrator}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**values)
    own = {"state": CorrectionState.APPROVED, "decided_by": cast.administrator, "decided_at": clock.now()}
    with pytest.raises(DatabaseError), transaction.atomic():
        ReceiptCorrection.objects.filter(case=case).update(**own)


@pytest.mark.parametrize("status", [CaseStatus.ISSUED, CaseStatus.WITHDRAWN, CaseStatus.INELIGIBLE])
def test_receipt_of_an_ended_case_stays(cast: Cast, status: CaseStatus) -> None:
    case = make_case(status, user=cast.claims)
    with pytest.raises(ConflictError, match="no longer be corrected"):
        propose_receipt(case_id=case.pk, actor=cast.administrator, corrected_at=clock.now(), reason=WHY)


def test_future_and_equal_moment_are_no_correction(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    assert case.received_at is not None
    for moment in (clock.now() + timedelta(minutes=1), case.received_at):
        with pytest.raises(IncompleteError):
            propose_receipt(case_id=case.pk, actor=cast.administrator, corrected_at=moment, reason=WHY)
