"""From when an application counts whose UR decision letter came after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from cases.enums import CaseStatus, CheckVerdict, DeadlineKind, DocumentKind
from cases.exceptions import IncompleteError, TransitionError
from cases.models import Case, CompletenessDecision, Document
from cases.selectors.completeness import late_letter, undecided_letters
from cases.selectors.eligibility import JudgedCheck, case_checks
from cases.services.completeness import decide_completeness
from cases.services.eligibility import find_ineligible
from cases.views import intake
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import late_letter_case, make_case, make_document
from tests.factories.following import running_clock

type ClientOf = Callable[[User], Client]


def letter_of(case: Case) -> Document:
    found = late_letter(case)
    assert found
    return found.document


def check(case: Case, key: str) -> JudgedCheck:
    found = case_checks(case, today=clock.today()).find(key)
    assert found
    return found


def decide(case: Case, actor: User, *, is_moved: bool, reason: str = "It came by mail.") -> CompletenessDecision:
    return decide_completeness(
        case_id=case.pk, actor=actor, document_id=letter_of(case).pk, is_moved=is_moved, reason=reason
    )


def test_letter_that_came_later_asks_a_person_and_the_decision_moves_day_and_clock(cast: Cast) -> None:
    case = late_letter_case()
    arrived_at = letter_of(case).received_at
    assert list(undecided_letters(Case.objects.all())) == [case]
    assert check(case, "ur-attached").verdict == CheckVerdict.NEEDS_PERSON
    assert check(case, "timeliness").verdict == CheckVerdict.PASSED
    decide(case, cast.administrator, is_moved=True)
    assert not undecided_letters(Case.objects.all()).exists()
    assert check(case, "ur-attached").verdict == CheckVerdict.PASSED
    late = check(case, "timeliness")
    assert late.verdict != CheckVerdict.PASSED
    assert f"{clock.pacific_date(arrived_at):%m/%d/%Y}" in late.result.words
    screening = running_clock(case, DeadlineKind.SCREEN)
    assert screening
    assert screening.started_at == arrived_at
    assert screening.replaces
    event = Event.objects.get(action="eligibility.completeness", case_id=case.pk)
    assert (event.reason, event.detail["moved"]) == ("It came by mail.", True)


def test_decision_can_be_changed_while_eligibility_is_open_and_all_are_kept(cast: Cast) -> None:
    case = late_letter_case()
    decide(case, cast.administrator, is_moved=True)
    decide(case, cast.medical_director, is_moved=False, reason="It lay in the same envelope.")
    assert check(case, "timeliness").verdict == CheckVerdict.PASSED
    screening = running_clock(case, DeadlineKind.SCREEN)
    assert screening
    assert screening.started_at == case.received_at
    assert CompletenessDecision.objects.filter(case=case).count() == 2
    for change in ({"is_moved": True}, {"reason": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CompletenessDecision.objects.update(**change)


def test_another_letter_that_came_first_is_asked_about_anew_by_check_and_queue(cast: Cast) -> None:
    case = late_letter_case()
    assert case.received_at
    decide(case, cast.administrator, is_moved=False)
    assert not undecided_letters(Case.objects.all()).exists()
    make_document(case, DocumentKind.UR_DECISION, received_at=case.received_at + timedelta(days=20))
    assert check(case, "ur-attached").verdict == CheckVerdict.NEEDS_PERSON
    assert list(undecided_letters(Case.objects.all())) == [case]


def test_intake_queue_says_when_more_letters_wait_than_it_lists(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_LISTED", 1)
    for days in (40, 41):
        late_letter_case(user=cast.claims, days=days)
    page = client_of(cast.administrator).get(reverse("cases:intake-queue")).content.decode()
    assert "UR decision letter came after filing (more than 1)" in page
    assert page.count("/eligibility/completeness/") == 1


def test_decision_that_leaves_the_receipt_changes_no_clock(cast: Cast) -> None:
    case = late_letter_case()
    before = running_clock(case, DeadlineKind.SCREEN)
    decide(case, cast.administrator, is_moved=False)
    assert running_clock(case, DeadlineKind.SCREEN) == before


def test_nothing_is_asked_of_a_letter_that_came_along_or_on_the_same_day(cast: Cast) -> None:
    along = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    make_document(along, DocumentKind.UR_DECISION)
    same_day = late_letter_case(days=0)
    Document.objects.filter(case=same_day, kind=DocumentKind.UR_DECISION).update(received_at=same_day.received_at)
    missing = make_case(CaseStatus.ELIGIBILITY_REVIEW)
    Document.objects.filter(case=missing, kind=DocumentKind.UR_DECISION).delete()
    assert [late_letter(case) for case in (along, same_day, missing)] == [None] * 3
    assert not undecided_letters(Case.objects.all()).exists()
    assert check(along, "ur-attached").verdict == CheckVerdict.PASSED
    assert check(missing, "ur-attached").verdict == CheckVerdict.FAILED


def test_decision_needs_a_reason_the_letter_that_was_seen_and_an_open_case(cast: Cast) -> None:
    case = late_letter_case()
    with pytest.raises(IncompleteError) as refused:
        decide(case, cast.administrator, is_moved=True, reason=" ")
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(ConflictError, match="have changed"):
        decide_completeness(case_id=case.pk, actor=cast.administrator, document_id=1, is_moved=True, reason="r")
    find_ineligible(case_id=case.pk, actor=cast.administrator, reason="INE-DUP", note="Filed before.")
    with pytest.raises(TransitionError):
        decide(case, cast.administrator, is_moved=True)


def test_pages_lead_to_the_one_act(cast: Cast, client_of: ClientOf) -> None:
    case = late_letter_case(user=cast.claims)
    client, url = client_of(cast.administrator), reverse("cases:eligibility-completeness", args=[case.pk])
    for name, args in (("case-detail", [case.pk]), ("eligibility-checks", [case.pk]), ("intake-queue", [])):
        assert url in client.get(reverse(f"cases:{name}", args=args)).content.decode()
    assert url not in client_of(cast.claims).get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    shown = client.get(url).content.decode()
    assert "Passed: Received on" in shown
    assert shown.count("the last day") == 2
    typed = {"document_id": letter_of(case).pk, "reason": "kept words"}
    assert "kept words" in client.post(url, typed).content.decode()
    assert client.post(url, {**typed, "counts": "arrival"}).status_code == 302
    page = client.get(url).content.decode()
    assert "from the arrival of the letter. kept words" in page
    assert "See or change the decision" in client.get(reverse("cases:case-detail", args=[case.pk])).content.decode()
    find_ineligible(case_id=case.pk, actor=cast.administrator, reason="INE-DUP", note="Filed before.")
    assert "what was known then stays" in client.get(url).content.decode()
    other = reverse("cases:eligibility-completeness", args=[make_case(user=cast.claims).pk])
    assert client.get(other).status_code == 404
