"""The gate before a signature, asked on real rows."""

from typing import Any

import pytest

from cases.enums import DocumentKind
from imr.audit.models import Event
from reviews.enums import DocumentUse
from reviews.exceptions import NotCompleteError
from reviews.models import Determination
from reviews.models.identity import ReviewerIdentity
from reviews.services.completeness import all_gaps, confirm_warnings, find_open_gaps, require_complete
from reviews.services.determination import sign_determination
from reviews.services.review import FindingWords, mark_documents, open_review, save_finding, save_summary
from tests.factories.accounts import PASSWORD
from tests.factories.review_drafts import SUMMARY, complete_review, make_record, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_reviewer

pytestmark = pytest.mark.django_db


def who(accepted: Accepted) -> dict[str, Any]:
    return {"assignment_id": accepted.assignment.pk, "actor": accepted.user}


def test_new_review_lists_everything_that_is_missing() -> None:
    accepted = make_accepted()
    prepare_case(accepted.case)
    review = open_review(**who(accepted))
    assert [gap.code for gap in find_open_gaps(review=review)] == [
        "documents_unmarked",
        "documents_none",
        "summary",
        "claims_basis",
        "reviewer_basis",
        "outcome",
        "rationale",
    ]
    with pytest.raises(NotCompleteError) as refused:
        require_complete(assignment_id=accepted.assignment.pk)
    assert len(refused.value.missing) == 7


def test_complete_review_may_be_signed_and_one_on_ur_information_alone_may_not() -> None:
    accepted = make_accepted()
    review = complete_review(accepted)
    assert find_open_gaps(review=review) == []
    report = make_record(accepted.case)
    with pytest.raises(NotCompleteError) as refused:
        sign_determination(**who(accepted), password=PASSWORD)
    assert refused.value.missing == [f"Mark “{report.title}” as considered or not relevant."]
    others = {document.pk: DocumentUse.NOT_RELEVANT.value for document in accepted.case.documents.all()}
    ur_decision = accepted.case.documents.get(kind=DocumentKind.UR_DECISION)
    mark_documents(**who(accepted), uses=others | {ur_decision.pk: DocumentUse.CONSIDERED})
    assert [gap.code for gap in find_open_gaps(review=review)] == ["ur_information_alone"]
    with pytest.raises(NotCompleteError):
        sign_determination(**who(accepted), password=PASSWORD)
    mark_documents(**who(accepted), uses={report.pk: DocumentUse.CONSIDERED})
    sign_determination(**who(accepted), password=PASSWORD)
    assert Determination.objects.filter(case=accepted.case).count() == 1


def test_warning_asks_again_when_the_words_change() -> None:
    accepted = make_accepted()
    review = complete_review(accepted, rationale="The study is medically necessary.")
    (gap,) = find_open_gaps(review=review)
    assert gap.code == "contradiction"
    review = confirm_warnings(**who(accepted), keys={gap.key, "made-up"})
    assert review.confirmations == [gap.key]
    assert find_open_gaps(review=review) == []
    assert all_gaps(review=review) == [gap]
    finding = review.findings.get()
    written = FindingWords(
        outcome="upheld",
        rationale="As said before, the study is medically necessary.",
        claims_basis="none",
        reviewer_basis="mtus",
        reviewer_text=finding.reviewer_text,
    )
    save_finding(**who(accepted), item_id=finding.item_id, version=finding.version, written=written)
    assert [gap.code for gap in find_open_gaps(review=review)] == ["contradiction"]


@pytest.mark.parametrize(
    ("telling", "kind"),
    [
        ("I am Ysolde Quarrington, and I", "your name"),
        ("As QUARRINGTON I", "your name"),
        ("Quarrington, Ysolde", "your name"),
        ("License G-77 123 456 of mine", "your license number"),
        ("My NPI 1234 567 893", "your NPI"),
        ("Ask ysolde.q@clinic.example.", "your e-mail address"),
        ("At the  Tidewater Spine Institute we", "your practice"),
        ("Call 916.555.0134", "your telephone number"),
    ],
)
def test_own_identity_in_the_text_is_refused_without_repeating_it(telling: str, kind: str) -> None:
    """B85."""
    reviewer = make_reviewer(
        identity={
            "first_name": "Ysolde",
            "last_name": "Quarrington",
            "npi": "1234567893",
            "phone": "(916) 555-0134",
            "practice_name": "Tidewater Spine Institute",
        }
    )
    reviewer.licenses.update(number="G77123456")
    reviewer.user.email = "ysolde.q@clinic.example"
    reviewer.user.save()
    accepted = make_accepted(reviewer=reviewer)
    review = complete_review(accepted)
    review = save_summary(**who(accepted), version=review.version, clinical_case_summary=f"{SUMMARY} {telling}")
    (gap,) = find_open_gaps(review=review)
    assert (gap.code, gap.place) == ("own_identity", "summary_clinical_case_summary")
    assert gap.message == f"Remove what could identify you: {kind}."
    with pytest.raises(NotCompleteError):
        sign_determination(**who(accepted), password=PASSWORD)
    kept = str(list(Event.objects.values_list("detail", "reason")))
    assert "Quarrington" not in kept


def test_own_identity_does_not_mistake_terms_and_figures() -> None:
    reviewer = make_reviewer(identity={"first_name": "Ann", "last_name": "Brown", "npi": "1234567893"})
    accepted = make_accepted(reviewer=reviewer)
    review = complete_review(accepted)
    words = "A brown discharge, a Brown-Séquard pattern, 12345678930 units, and Ann's diary."
    review = save_summary(**who(accepted), version=review.version, clinical_case_summary=words)
    assert find_open_gaps(review=review) == []
    ReviewerIdentity.objects.filter(pk=reviewer.pk).delete()
    assert find_open_gaps(review=review) == []
