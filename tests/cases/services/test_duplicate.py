"""Duplicates: found at filing and at intake, merged into the case that was received first."""

import pytest

from cases.enums import CaseLinkKind, CaseStatus, DocumentKind, ItemEligibility, ItemStatus, Outcome
from cases.exceptions import IncompleteError, TransitionError
from cases.models import CaseLink, DisputedItem, Document
from cases.selectors.draft import earlier_cases, read_draft
from cases.selectors.duplicate import duplicates_of, item_hints
from cases.selectors.worklist import intake_queue
from cases.services.duplicate import merge_duplicate
from cases.services.submission import submit_application
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core.errors import ConflictError, NotAllowedError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document, make_item
from tests.factories.duplicates import repeat

pytestmark = pytest.mark.django_db


def merge(case_id: int, into_id: int, actor: User) -> None:
    merge_duplicate(case_id=case_id, into_id=into_id, actor=actor, reason="Same form by fax and by mail")


def test_filer_is_told_of_the_own_case_and_has_to_tick(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    again = repeat(first, user=cast.colleague, status=CaseStatus.DRAFT)

    with pytest.raises(IncompleteError, match=str(first.number)) as raised:
        submit_application(case_id=again.pk, actor=cast.colleague, attested_name="Another")

    assert (raised.value.code, list(raised.value.fields)) == ("confirmation_needed", ["confirm_INE-DUP"])
    filed = submit_application(case_id=again.pk, actor=cast.colleague, attested_name="Another", confirmed=("INE-DUP",))
    assert filed.receipt.manifest["notes"][0].startswith("INE-DUP: ")


def test_filer_is_told_nothing_of_another_organization(cast: Cast) -> None:
    theirs = make_case(user=cast.away_claims)
    mine = repeat(theirs, user=cast.claims, status=CaseStatus.DRAFT)

    assert earlier_cases(read_draft(mine)) == []
    assert submit_application(case_id=mine.pk, actor=cast.claims, attested_name="Ines Kovac").number


@pytest.mark.parametrize("ended", [CaseStatus.INELIGIBLE, CaseStatus.WITHDRAWN, CaseStatus.MERGED])
def test_dispute_that_ended_without_review_may_be_filed_again(cast: Cast, ended: CaseStatus) -> None:
    first = make_case(ended, user=cast.claims)
    assert earlier_cases(read_draft(repeat(first, user=cast.claims, status=CaseStatus.DRAFT))) == []


def test_intake_sees_the_cases_of_all_organizations_and_the_mark_in_the_queue(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    theirs, other = repeat(first, user=cast.away_claims), make_case(user=cast.claims)

    found = duplicates_of(theirs)
    assert [one.case for one in found if one.match.is_same] == [first]
    assert not any(one.match.is_same for one in duplicates_of(other))
    marks = {case.pk: case.has_duplicate for case in intake_queue()}  # type: ignore[attr-defined]
    assert marks == {first.pk: True, theirs.pk: True, other.pk: False}


def test_merging_joins_documents_links_and_keeps_the_earlier_receipt(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.claims)
    same = Document.objects.filter(case=first).first()
    assert same is not None
    twice = make_document(second, DocumentKind.OTHER)
    Document.objects.filter(pk=twice.pk).update(sha256=same.sha256)
    new = make_document(second, DocumentKind.DIAGNOSTIC_REPORT)
    before = Document.objects.filter(case=first).count()
    own = Document.objects.filter(case=second).count()

    merge(second.pk, first.pk, cast.administrator)

    second.refresh_from_db()
    assert second.status == CaseStatus.MERGED
    link = CaseLink.objects.get(case=second)
    assert (link.lead, link.kind) == (first, CaseLinkKind.MERGED)
    joined = Document.objects.filter(case=first)
    assert joined.count() == before + own - 1
    copy = joined.get(sha256=new.sha256)
    assert (copy.kind, copy.received_at, copy.uploaded_by) == (new.kind, new.received_at, new.uploaded_by)
    assert Document.objects.filter(case=second).count() == own
    assert not second.deadlines.filter(ended_at__isnull=True).exists()
    event = Event.objects.get(case_id=first.pk, action="case.duplicate_joined")
    assert event.detail == {"number": second.number, "documents": own - 1}
    assert second not in [one.case for one in duplicates_of(first)]


def test_later_case_is_the_one_that_is_merged(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.claims)
    with pytest.raises(ConflictError, match="received after this one"):
        merge(first.pk, second.pk, cast.administrator)


def test_merging_never_shows_documents_to_another_organization(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.away_claims)
    with pytest.raises(ConflictError, match="another claims administrator"):
        merge(second.pk, first.pk, cast.administrator)


def test_item_that_would_be_lost_stops_the_merge(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.claims)
    make_item(second, "Knee brace, custom")
    with pytest.raises(ConflictError, match="does not dispute item 2"):
        merge(second.pk, first.pk, cast.administrator)


def test_ended_case_takes_no_duplicate_and_a_case_not_itself(cast: Cast) -> None:
    first = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    second = repeat(first, user=cast.claims)
    with pytest.raises(ConflictError, match="takes no more documents"):
        merge(second.pk, first.pk, cast.administrator)
    with pytest.raises(ConflictError, match="into itself"):
        merge(second.pk, second.pk, cast.administrator)


def test_only_intake_merges_and_only_before_eligibility_is_decided(cast: Cast) -> None:
    first = make_case(user=cast.claims)
    second = repeat(first, user=cast.claims)
    with pytest.raises(NotAllowedError):
        merge(second.pk, first.pk, cast.medical_director)
    late = repeat(first, user=cast.claims, status=CaseStatus.ELIGIBLE)
    with pytest.raises(TransitionError):
        merge(late.pk, first.pk, cast.administrator)


def test_item_decided_within_the_life_of_the_denial_is_hinted(cast: Cast) -> None:  # D19
    first = make_case(CaseStatus.ISSUED, user=cast.claims)
    again = repeat(first, user=cast.claims)
    assert item_hints(again) == []
    DisputedItem.objects.filter(case=first).update(
        eligibility=ItemEligibility.ELIGIBLE, status=ItemStatus.DECIDED, outcome=Outcome.UPHELD
    )
    [hint] = item_hints(again)
    assert f"decided in case {first.number} (upheld)" in hint.words
