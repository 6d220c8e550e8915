"""The short opinion of a colleague: same conflict rules, blind, without effect, kept with the case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from cases.models import Case, Document
from imr.accounts.enums import MailEvent, Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.exceptions import AssignmentBlockedError
from reviews.models import Affiliation, Assignment, ColleagueOpinion, Determination, License
from reviews.models.identity import ReviewerIdentity
from reviews.permissions import may_read_for_opinion
from reviews.selectors.candidates import candidate_for
from reviews.selectors.colleague import colleagues_for, opinions_waiting_for
from reviews.services import colleague as service
from reviews.services.assignment import recall_assignment
from reviews.services.colleague import (
    ItemVerdict,
    answer_colleague,
    ask_colleague,
    attest_for_opinion,
    decline_opinion,
    withdraw_opinion,
)
from reviews.services.determination import return_for_correction
from reviews.services.offer import watch_assignments
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable
from tests.factories.mails import send_waiting
from tests.factories.reviews import make_offer, make_reviewer
from tests.races import race

SignIn = Callable[[User], Client]
NO_CONFLICT: dict[str, Any] = {"conflicts": [], "note": "", "is_qualified": True, "is_in_active_practice": True}
AGREE = {1: ItemVerdict("agree")}


def asked(determination: Determination, **arguments: Any) -> ColleagueOpinion:
    return ask_colleague(
        **{
            "determination_id": determination.pk,
            "reviewer_id": make_reviewer().pk,
            "actor": make_user(Role.ADMINISTRATOR),
            **arguments,
        }
    )


def own(opinion: ColleagueOpinion) -> dict[str, Any]:
    return {"opinion_id": opinion.pk, "actor": opinion.reviewer.user}


def reading(determination: Determination, **arguments: Any) -> ColleagueOpinion:
    opinion = asked(determination, **arguments)
    return attest_for_opinion(**own(opinion), **NO_CONFLICT)


@pytest.mark.django_db
def test_opinion_is_given_by_item_after_attesting_and_changes_nothing_of_the_case() -> None:
    made = make_signable(items=[{}, {}])
    determination = made.sign()
    before = Case.objects.filter(pk=made.case.pk).values().get(), determination.snapshot_sha256
    opinion = asked(determination, question="Does the table cover a second course?")
    both = {1: ItemVerdict("agree"), 2: ItemVerdict("disagree", "The table covers it.")}
    with pytest.raises(NotAllowedError, match="Attest first"):
        answer_colleague(**own(opinion), verdicts=both)
    assert attest_for_opinion(**own(opinion), **NO_CONFLICT).status == "reading"
    for wrong, field in (
        ({1: ItemVerdict("agree")}, "verdict_2"),
        ({1: ItemVerdict("perhaps"), 2: ItemVerdict("agree")}, "verdict_1"),
        ({1: ItemVerdict("agree"), 2: ItemVerdict("disagree", " ")}, "reasons_2"),
    ):
        with pytest.raises(DomainError) as refused:
            answer_colleague(**own(opinion), verdicts=wrong)
        assert set(refused.value.fields) == {field}
    family = ReviewerIdentity.objects.get(reviewer=opinion.reviewer).last_name
    with pytest.raises(DomainError) as telling:
        answer_colleague(**own(opinion), verdicts={**both, 1: ItemVerdict("agree", f"It holds. {family}")})
    assert "identify you" in telling.value.fields["reasons_1"][0]
    given = answer_colleague(**own(opinion), verdicts=both)
    said = [(one.position, one.verdict, one.reasons) for one in given.answers.all()]
    assert said == [(1, "agree", ""), (2, "disagree", "The table covers it.")]
    with pytest.raises(ConflictError, match="ended"):
        answer_colleague(**own(opinion), verdicts=both)
    determination.refresh_from_db()
    assert (Case.objects.filter(pk=made.case.pk).values().get(), determination.snapshot_sha256) == before
    acts = Event.objects.filter(action__startswith="colleague.").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["colleague.ask", "colleague.attest", "colleague.answer"]
    assert "table" not in str(list(acts.values_list("detail", "reason")))


@pytest.mark.django_db
def test_only_reviewers_whom_no_rule_bars_and_who_never_had_the_case_are_asked() -> None:
    made = make_signable()
    earlier = make_reviewer()
    fit, lapsed, tied = make_reviewer(maximum_load=0), make_reviewer(verified=False), make_reviewer()
    Affiliation.objects.create(reviewer=tied, relation="employer", name=made.case.organization.name)
    determination = made.sign()
    offer = make_offer(reviewer=earlier)
    recall_assignment(assignment_id=offer.pk, actor=make_user(Role.ADMINISTRATOR), reason="Another field.")
    Assignment.objects.filter(pk=offer.pk).update(case=made.case)
    # A full load bars no short opinion.
    assert {one.reviewer.pk for one in colleagues_for(determination)} == {fit.pk}
    for reviewer in (lapsed, tied, earlier, made.reviewer):
        with pytest.raises(AssignmentBlockedError):
            asked(determination, reviewer_id=reviewer.pk)
    with pytest.raises(NotAllowedError):
        asked(determination, actor=make_user(Role.AUDITOR))
    asked(determination, reviewer_id=fit.pk)
    with pytest.raises(ConflictError, match="asked already"):
        asked(determination, reviewer_id=fit.pk)
    assert fit.pk not in {one.reviewer.pk for one in colleagues_for(determination)}


@pytest.mark.django_db
def test_declared_conflict_keeps_everything_shut_and_bars_the_reviewer_from_the_case(client_of: SignIn) -> None:
    made = make_signable()
    determination = made.sign()
    author = ReviewerIdentity.objects.get(reviewer=made.reviewer)
    with pytest.raises(DomainError, match="tells who reviewed"):
        asked(determination, question=f"Is {author.first_name} {author.last_name} right?")
    opinion = asked(determination)
    assert attest_for_opinion(**own(opinion), **{**NO_CONFLICT, "conflicts": ["facility"]}).status == "declined"
    barred = [check.code for check in candidate_for(made.case, opinion.reviewer).failures]
    assert barred == ["history"]
    page = client_of(opinion.reviewer.user).get(reverse("reviews:colleague-opinion", args=[opinion.pk]))
    assert "This request ended" in page.content.decode()
    assert determination.snapshot["letter"]["items"][0]["rationale"] not in page.content.decode()
    other = asked(determination)
    with pytest.raises(DomainError, match="Say why not"):
        decline_opinion(**own(other), note=" ")
    assert decline_opinion(**own(other), note="Not my field.").end_note == "Not my field."
    third = asked(determination)
    with pytest.raises(NotAllowedError):
        decline_opinion(opinion_id=third.pk, actor=opinion.reviewer.user, note="Not mine.")
    withdraw_opinion(opinion_id=third.pk, actor=make_user(Role.MEDICAL_DIRECTOR))
    with pytest.raises(ConflictError, match="taken back"):
        attest_for_opinion(**own(third), **NO_CONFLICT)
    with pytest.raises(ConflictError):
        withdraw_opinion(opinion_id=third.pk, actor=make_user(Role.MEDICAL_DIRECTOR))


@pytest.mark.django_db
def test_the_moment_itself_closes_a_request_and_the_schedule_ends_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    determination = make_signable().sign()
    opinion = reading(determination)
    assert may_read_for_opinion(opinion.reviewer.user, opinion).allowed
    License.objects.filter(reviewer=opinion.reviewer).update(expires_on=clock.today() - timedelta(days=1))
    assert not may_read_for_opinion(opinion.reviewer.user, opinion).allowed
    License.objects.filter(reviewer=opinion.reviewer).update(expires_on=clock.today() + timedelta(days=90))
    later = opinion.answer_due_at + timedelta(seconds=1)
    assert list(opinions_waiting_for(opinion.reviewer.user)) == [opinion]
    monkeypatch.setattr(clock, "now", lambda: later)
    # Nothing has ended the row yet, and still it waits for nobody, opens nothing and takes no answer.
    assert "time for this opinion is over" in may_read_for_opinion(opinion.reviewer.user, opinion).reason
    assert list(opinions_waiting_for(opinion.reviewer.user)) == []
    with pytest.raises(ConflictError, match="time for this opinion is over"):
        decline_opinion(**own(opinion), note="Too late.")
    assert service.end_opinions_over(now=later) == 1
    assert service.end_opinions_over(now=later) == 0
    opinion.refresh_from_db()
    assert (opinion.status, opinion.ended_by) == ("expired", None)


@pytest.mark.django_db
def test_schedule_ends_what_was_returned_and_the_same_reviewer_can_be_asked_about_the_next_one() -> None:
    made = make_signable()
    determination = made.sign()
    opinion = reading(determination)
    director = make_user(Role.MEDICAL_DIRECTOR)
    return_for_correction(determination_id=determination.pk, actor=director, reason="The side.")
    with pytest.raises(ConflictError, match="returned for correction"):
        asked(determination)
    with pytest.raises(ConflictError, match="returned for correction"):
        answer_colleague(**own(opinion), verdicts=AGREE)
    assert watch_assignments()["opinions_ended"] == 1
    again = asked(made.sign(), reviewer_id=opinion.reviewer_id)
    assert again.status == "asked"


@pytest.mark.django_db
def test_colleague_reads_words_and_records_and_neither_name_nor_credentials_of_the_author(client_of: SignIn) -> None:
    made = make_signable()
    determination = made.sign()
    opinion = asked(determination, question="Is the exercise program enough?")
    client: Any = client_of(opinion.reviewer.user)
    url = reverse("reviews:colleague-opinion", args=[opinion.pk])
    document = Document.objects.filter(case=made.case)[0]
    file = reverse("reviews:colleague-record", args=[opinion.pk, document.pk])
    assert url in client.get(reverse("reviews:worklist")).content.decode()
    rationale = determination.snapshot["letter"]["items"][0]["rationale"]
    shut = client.get(url).content.decode()
    assert rationale not in shut
    # Who attests to be knowledgeable about the treatment has to read which one it is.
    assert all(item.description in shut for item in made.case.items.all())
    assert document.title not in shut
    assert client.get(file).status_code == 403
    assert client.post(url, {"answer": "attest"}).status_code == 422
    answers = {f"conflict_{name}": "no" for name in ("employer", "physician", "facility", "maker", "employee")}
    client.post(url, {"answer": "attest", **answers, "is_qualified": "yes", "is_in_active_practice": "yes"})
    text = client.get(url).content.decode()
    assert rationale in text
    assert file in text
    author = ReviewerIdentity.objects.get(reviewer=made.reviewer)
    for secret in (author.last_name, made.reviewer.code, made.user.email):
        assert secret not in text
    assert Event.objects.filter(action="colleague.view", actor=opinion.reviewer.user).exists()
    empty = client.post(url, {"answer": "opinion", "verdict_1": "disagree", "reasons_1": ""})
    assert empty.status_code == 400
    assert "Say why you do not agree with item 1." in empty.content.decode()
    client.post(url, {"answer": "opinion", "verdict_1": "agree", "reasons_1": "The program was not tried."})
    director = client_of(make_user(Role.MEDICAL_DIRECTOR))
    second_read = director.get(reverse("reviews:quality-detail", args=[determination.pk])).content.decode()
    assert "The program was not tried." in second_read
    # With the answer everything is shut again, and the author and the claims administrator see nothing of it.
    assert client.get(file).status_code == 403
    assert rationale not in client.get(url).content.decode()
    for user in (made.user, made.case.created_by):
        assert client_of(user).get(url).status_code in {403, 404}
        assert client_of(user).get(file).status_code in {403, 404}
        case_page = client_of(user).get(reverse("cases:case-detail", args=[made.case.pk])).content.decode()
        assert "The program was not tried." not in case_page
        assert "colleague" not in case_page.lower()
    own_page = client_of(made.user).get(reverse("reviews:workspace", args=[made.assignment.pk])).content.decode()
    assert opinion.reviewer.code not in own_page
    assert "colleague" not in own_page.lower()


@pytest.mark.django_db
def test_each_opened_record_is_on_record_and_one_of_another_case_is_not_there(client_of: SignIn) -> None:
    made, other = make_signable(), make_signable()
    opinion = reading(made.sign())
    client: Any = client_of(opinion.reviewer.user)
    strange = Document.objects.filter(case=other.case)[0]
    assert client.get(reverse("reviews:colleague-record", args=[opinion.pk, strange.pk])).status_code == 404
    document = Document.objects.filter(case=made.case)[0]
    service.record_opinion_view(opinion=opinion, actor=opinion.reviewer.user, document=document)
    event = Event.objects.get(action="document.view", object_id=document.pk)
    assert event.detail == {"sha256": document.sha256, "opinion": opinion.pk}


@pytest.mark.django_db
def test_staff_ask_and_take_back_on_the_page_and_the_mails_name_no_more_than_the_case(client_of: SignIn) -> None:
    made = make_signable()
    determination = made.sign()
    fit = make_reviewer()
    client: Any = client_of(make_user(Role.ADMINISTRATOR))
    url = reverse("reviews:colleague-ask", args=[determination.pk])
    assert fit.code in client.get(url).content.decode()
    refused = client.post(url, {"question": "Words that stay.", "reviewer": "x"})
    assert refused.status_code == 422
    assert "Words that stay." in refused.content.decode()
    assert client.post(url, {"question": "Does it hold?", "reviewer": fit.pk}).status_code == 302
    opinion = ColleagueOpinion.objects.get()
    send_waiting(MailEvent.OPINION_ASKED)
    sent = mail.outbox[-1]
    assert sent.to == [fit.user.email]
    assert "Does it hold?" not in sent.body
    assert str(made.case.number) in sent.body
    client.post(reverse("reviews:colleague-withdraw", args=[determination.pk, opinion.pk]))
    opinion.refresh_from_db()
    assert opinion.status == "withdrawn"
    again = asked(determination, reviewer_id=fit.pk)
    decline_opinion(**own(again), note="I am away.")
    count = len(mail.outbox)
    # Who declined before the mail went out is not asked by it any more; who asked is told.
    send_waiting(MailEvent.OPINION_ASKED)
    assert len(mail.outbox) == count
    send_waiting(MailEvent.OPINION_ANSWERED)
    assert mail.outbox[-1].to == [again.asked_by.email]
    assert "away" not in mail.outbox[-1].body


@pytest.mark.django_db(transaction=True)
def test_answer_against_a_return_is_kept_or_refused_and_never_both() -> None:
    determination = make_signable().sign()
    opinion = reading(determination)
    director = make_user(Role.MEDICAL_DIRECTOR)
    answered, returned = race(
        lambda: answer_colleague(**own(opinion), verdicts=AGREE),
        lambda: return_for_correction(determination_id=determination.pk, actor=director, reason="The side."),
    )
    assert isinstance(returned, Determination)
    opinion.refresh_from_db()
    assert (opinion.status == "answered") == isinstance(answered, ColleagueOpinion)
    assert opinion.answers.exists() == (opinion.status == "answered")
