"""What the checks know of a case."""

from datetime import timedelta

from cases.enums import CheckVerdict, DocumentKind, SignerKind
from cases.models import Application, Case, Document, DocumentPage, URDecision
from cases.selectors.draft import read_draft
from cases.selectors.eligibility import draft_checks, eligibility_facts
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.cases import SEED_ITEM, make_case, make_draft


def _verdicts(case: Case) -> dict[str, str]:
    return {result.key: result.verdict for result in draft_checks(read_draft(case), today=clock.today())}


def test_complete_draft_passes_every_check(db: None) -> None:
    assert set(_verdicts(make_draft(items=2)).values()) == {CheckVerdict.PASSED}


def test_draft_without_signature_and_letter_says_until_when_it_can_be_mended(db: None) -> None:
    case = make_draft()
    Application.objects.filter(case=case).update(signer=SignerKind.UNSIGNED)
    Document.objects.filter(case=case, kind=DocumentKind.UR_DECISION).delete()
    found = {result.check: result for result in draft_checks(read_draft(case), today=clock.today())}
    assert found["signature"].verdict == found["ur-attached"].verdict == CheckVerdict.FAILED
    assert found["signature"].curable_until
    assert found["signature"].curable_until > clock.today()


def test_late_draft_fails(db: None) -> None:
    case = make_draft()
    URDecision.objects.filter(case=case).update(
        served_on=clock.today() - timedelta(days=60), decided_on=clock.today() - timedelta(days=60)
    )
    assert _verdicts(case)["timeliness"] == CheckVerdict.FAILED


def test_text_of_the_attached_letter_is_read(db: None) -> None:
    case = make_draft()
    letter = Document.objects.get(case=case, kind=DocumentKind.UR_DECISION)
    DocumentPage.objects.create(document=letter, number=1, text="The request is conditionally denied.")
    assert _verdicts(case)["conditional"] == CheckVerdict.NEEDS_PERSON


def test_same_dispute_is_found_among_earlier_cases_of_the_organization_alone(cast: Cast) -> None:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    for earlier, verdict in ((mine, CheckVerdict.FAILED), (theirs, CheckVerdict.PASSED)):
        case = make_draft(cast.claims)
        told = Application.objects.get(case=earlier)
        Application.objects.filter(case=case).update(
            claim_number=told.claim_number.lower(), date_of_injury=told.date_of_injury
        )
        assert _verdicts(case)["duplicate:1"] == verdict


def test_filed_case_is_not_its_own_duplicate_nor_that_of_a_later_one(cast: Cast) -> None:
    first, second = make_case(user=cast.claims), make_case(user=cast.claims)
    Application.objects.filter(case=second).update(claim_number=Application.objects.get(case=first).claim_number)
    everything = Case.objects.all()
    assert eligibility_facts(read_draft(first), earlier=everything).earlier == ()
    (earlier,) = eligibility_facts(read_draft(second), earlier=everything).earlier
    assert earlier.number == first.number
    assert len(earlier.items) == 1
    assert SEED_ITEM.casefold().replace(" ", "") in earlier.items
