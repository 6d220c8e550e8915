"""A regular review becomes an expedited one, its clocks in the same transaction (C15)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from cases.enums import (
    CaseStatus,
    DeadlineKind,
    DeadlineOrigin,
    DocumentKind,
    ItemEligibility,
    ItemStatus,
    NoticeKind,
    Priority,
    ServiceMethod,
)
from cases.exceptions import IncompleteError
from cases.models import Case, Deadline, DisputedItem, Document, ExpeditedCertification, Notice
from cases.rules.expedited import CONVERTIBLE
from cases.selectors.timeline import case_timeline
from cases.services.expedited import convert_to_expedited
from cases.services.records import record_notice_served
from imr.accounts.models import User
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document

pytestmark = pytest.mark.django_db
TODAY = "2026-11-16T20:00:00+00:00"


def convert(case: Case, actor: User, document: Document | None = None, *, ago: int = 1) -> Case:
    paper = document or make_document(case, DocumentKind.EXPEDITED_CERTIFICATION)
    return convert_to_expedited(
        case_id=case.pk,
        actor=actor,
        document_id=paper.pk,
        physician="Noah Bell, MD",
        certified_on=clock.today() - timedelta(days=ago),
    )


def awaiting_records(cast: Cast) -> Case:
    case = make_case(CaseStatus.ELIGIBLE, user=cast.claims)
    return record_notice_served(
        case_id=case.pk, actor=cast.administrator, method=ServiceMethod.MAIL, served_at=clock.now()
    )


def test_records_are_due_in_24_and_the_determination_in_72_hours_from_now(cast: Cast) -> None:
    with time_machine.travel(TODAY, tick=False):
        case = awaiting_records(cast)
        convert(case, cast.administrator)
        case.refresh_from_db()
        assert case.priority == Priority.EXPEDITED
        running = {row.kind: row for row in Deadline.objects.filter(case=case, ended_at__isnull=True)}
        assert running[DeadlineKind.RECORDS].due_at == clock.now() + timedelta(hours=24)
        assert running[DeadlineKind.DETERMINE].due_at == clock.now() + timedelta(hours=72)
    for kind in (DeadlineKind.RECORDS, DeadlineKind.DETERMINE):
        row = running[kind]
        assert row.origin == DeadlineOrigin.RECOUNTED
        assert row.replaces is not None
        assert row.replaces.ended_at is not None
    assert ExpeditedCertification.objects.get(case=case).converted_by == cast.administrator


def test_parties_are_told_in_a_notice_of_what_is_still_to_be_reviewed(cast: Cast) -> None:
    case = awaiting_records(cast)
    gone = DisputedItem.objects.get(case=case)
    kept_item = DisputedItem.objects.create(
        case=case,
        position=2,
        description="Radiofrequency ablation of the lumbar medial branches",
        category=gone.category,
        ur_outcome=gone.ur_outcome,
        eligibility=ItemEligibility.ELIGIBLE,
    )
    DisputedItem.objects.filter(pk=gone.pk).update(status=ItemStatus.WITHDRAWN)
    convert(case, cast.administrator)
    notice = Notice.objects.get(case=case, kind=NoticeKind.EXPEDITED)
    assert notice.issued_by == cast.administrator
    kept = str(notice.letter)
    assert kept_item.description in kept
    assert gone.description not in kept
    with pytest.raises(ConflictError):
        convert(case, cast.administrator, Document.objects.get(kind=DocumentKind.EXPEDITED_CERTIFICATION))
    assert Notice.objects.filter(case=case, kind=NoticeKind.EXPEDITED).count() == 1


def test_clock_that_would_end_later_stays(cast: Cast) -> None:
    with time_machine.travel(TODAY, tick=False) as at:
        case = awaiting_records(cast)
        standard = Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True)
        at.move_to(standard.due_at - timedelta(hours=2))
        convert(case, cast.administrator)
        assert Deadline.objects.get(case=case, kind=DeadlineKind.RECORDS, ended_at__isnull=True) == standard


@pytest.mark.parametrize("status", [one for one in CaseStatus if one != CaseStatus.DRAFT])
def test_only_a_case_under_way_is_converted(cast: Cast, status: CaseStatus) -> None:
    case = make_case(status, user=cast.claims)
    if status in CONVERTIBLE:
        assert convert(case, cast.administrator).priority == Priority.EXPEDITED
        with pytest.raises(ConflictError, match="expedited already"):
            convert(case, cast.administrator, ExpeditedCertification.objects.get(case=case).document)
    else:
        with pytest.raises(ConflictError, match="between the notice"):
            convert(case, cast.administrator)


def test_certification_has_to_be_a_document_of_the_case_about_this_decision(cast: Cast) -> None:
    case, other = (make_case(CaseStatus.IN_REVIEW, user=cast.claims) for _ in range(2))
    foreign = make_document(other, DocumentKind.EXPEDITED_CERTIFICATION)
    for document in (foreign, make_document(case, DocumentKind.MEDICAL_REPORT)):
        with pytest.raises(IncompleteError) as raised:
            convert(case, cast.administrator, document)
        assert list(raised.value.fields) == ["document"]
    for ago, words in ((-1, "in the future"), (11, "earlier than the UR decision")):
        with pytest.raises(IncompleteError, match=words):
            convert(case, cast.administrator, ago=ago)
    DisputedItem.objects.filter(case=case).update(is_retrospective=True, service_date=clock.today())
    with pytest.raises(IncompleteError, match="already provided"):
        convert(case, cast.administrator)
    case.refresh_from_db()
    assert case.priority == Priority.STANDARD


def test_parties_read_it_and_nobody_changes_the_certification(cast: Cast) -> None:
    case = make_case(CaseStatus.IN_REVIEW, user=cast.claims)
    convert(case, cast.administrator)
    told = [entry.text for entry in case_timeline(case, reader=cast.claims)]
    assert "Review became an expedited one" in told
    with pytest.raises(DatabaseError), transaction.atomic():
        ExpeditedCertification.objects.filter(case=case).update(physician="Another")
