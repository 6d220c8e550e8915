"""Messages between a claims administrator and the IMR organization."""

import pytest
from django.db import DatabaseError, transaction

from cases.enums import CaseStatus
from cases.exceptions import IncompleteError
from cases.models import CaseMessage
from cases.rules.messages import MOST_IN_A_WHILE, why_not_writable
from cases.selectors.message import is_unread, thread_of, threads, unread_count
from cases.services.message import TooManyMessagesError, open_thread, send_message
from cases.workflow import TERMINAL
from imr.audit.models import Event
from imr.core.errors import ConflictError
from tests.factories.accounts import Cast
from tests.factories.cases import make_case, make_document


def test_each_side_sees_what_the_other_wrote_as_unread_until_somebody_opens_it(cast: Cast) -> None:
    case, other = make_case(user=cast.claims), make_case(user=cast.away_claims)
    send_message(case_id=case.pk, actor=cast.claims, text="When will it be decided?")
    send_message(case_id=other.pk, actor=cast.away_claims, text="Ours?")
    everybody = (cast.claims, cast.colleague, cast.administrator, cast.away_claims, cast.reviewer)
    assert [unread_count(user) for user in everybody] == [0, 0, 2, 0, 0]
    open_thread(case_id=case.pk, actor=cast.medical_director)
    assert [unread_count(user) for user in everybody] == [0, 0, 1, 0, 0]
    send_message(case_id=case.pk, actor=cast.administrator, text="By Friday.")
    assert [unread_count(user) for user in everybody] == [1, 1, 1, 0, 0]
    assert is_unread(case, reader=cast.colleague)
    open_thread(case_id=case.pk, actor=cast.colleague)
    assert unread_count(cast.claims) == 0
    assert [one.case for one in threads(cast.claims)] == [case]
    assert {one.case for one in threads(cast.administrator)} == {case, other}


def test_claims_people_read_no_name_of_the_staff(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    send_message(case_id=case.pk, actor=cast.claims, text="One.")
    send_message(case_id=case.pk, actor=cast.administrator, text="Two.")
    own, colleague, staff = (thread_of(case, reader=user) for user in (cast.claims, cast.colleague, cast.administrator))
    assert [one.by for one in own] == ["You", "IMR organization"]
    assert [one.by for one in colleague] == [cast.claims.full_name, "IMR organization"]
    assert [one.by for one in staff] == [f"{cast.claims.full_name}, {cast.home.name}", "You"]
    assert [one.is_read for one in staff] == [True, False]


def test_message_points_to_documents_of_its_own_case(cast: Cast) -> None:
    case, other = make_case(user=cast.claims), make_case(user=cast.claims)
    mine, foreign = make_document(case), make_document(other)
    sent = send_message(case_id=case.pk, actor=cast.claims, text="See this.", document_ids=[mine.pk])
    assert list(sent.documents.all()) == [mine]
    with pytest.raises(IncompleteError) as refused:
        send_message(case_id=case.pk, actor=cast.claims, text="And this.", document_ids=[foreign.pk])
    assert list(refused.value.fields) == ["documents"]
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseMessage.objects.filter(pk=sent.pk).update(text="Other words.")


def test_ended_case_is_read_and_not_continued(cast: Cast) -> None:
    case = make_case(CaseStatus.WITHDRAWN, user=cast.claims)
    with pytest.raises(ConflictError, match="has ended"):
        send_message(case_id=case.pk, actor=cast.claims, text="Late.")
    closed = {status for status in CaseStatus if why_not_writable(status)}
    assert closed == TERMINAL | {CaseStatus.DRAFT, CaseStatus.CLOSED}


def test_too_many_messages_in_a_while_are_refused(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    for number in range(MOST_IN_A_WHILE):
        send_message(case_id=case.pk, actor=cast.claims, text=f"Message {number}.")
    with pytest.raises(TooManyMessagesError, match="Wait a little"):
        send_message(case_id=case.pk, actor=cast.claims, text="One more.")
    send_message(case_id=case.pk, actor=cast.colleague, text="Somebody else may.")


def test_looking_is_on_record_and_the_words_are_not(cast: Cast) -> None:
    case = make_case(user=cast.claims)
    send_message(case_id=case.pk, actor=cast.claims, text="canary words")
    open_thread(case_id=case.pk, actor=cast.administrator)
    acts = Event.objects.filter(case_id=case.pk, action__startswith="case_message.")
    assert set(acts.values_list("action", flat=True)) == {"case_message.send", "case_message.viewed"}
    assert not [act for act in acts if "canary" in f"{act.reason} {act.detail}"]
