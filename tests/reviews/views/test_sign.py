"""The page before the signature: what the checks advise, what was said to it, and the items side by side."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.enums import DocumentKind, ItemEligibility, ItemStatus
from cases.models import DisputedItem
from imr.accounts.models import User
from imr.audit.models import Event
from reviews.enums import CheckReply
from reviews.models import CheckAnswer, Determination
from reviews.selectors.workspace import findings_of, review_of
from reviews.services.review import FindingWords, save_finding
from tests.factories.accounts import PASSWORD
from tests.factories.letters import RATIONALE, Signable, make_signable
from tests.factories.pages import write_pages

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

ABSENT = (
    "The guideline asks for a trial of therapy first. There is no documentation of physical therapy. "
    "The request for the lumbar spine is not medically necessary."
)
SIDE = "The left knee is stable on examination and no red flag is seen. The MRI is not medically necessary."


def address(signable: Signable, name: str = "sign") -> str:
    return reverse(f"reviews:{name}", args=[signable.assignment.pk])


def rewrite(signable: Signable, rationale: str) -> None:
    review = review_of(signable.assignment)
    assert review is not None
    finding = findings_of(review)[0]
    names = FindingWords.__dataclass_fields__
    words = {name: getattr(finding, name) for name in names} | {"rationale": rationale}
    save_finding(
        assignment_id=signable.assignment.pk,
        item_id=finding.item_id,
        actor=signable.user,
        version=finding.version,
        written=FindingWords(**words),
    )


def test_what_is_said_to_be_missing_is_listed_with_the_pages_that_mention_it(client_of: SignIn) -> None:
    signable = make_signable(findings={1: {"rationale": ABSENT}})
    client: Any = client_of(signable.user)
    silent = client.get(address(signable))
    assert [note.finding.code for note in silent.context["checks"].notes] == ["not_in_record"]
    visits = [f"Visit {at}. Physical therapy <b>failed</b>." for at in range(1, 6)]
    document = write_pages(signable.case, "There is no record of physical therapy.", *visits, title="Therapy notes")
    write_pages(signable.case, "Physical therapy is not documented.", kind=DocumentKind.UR_DECISION)
    write_pages(signable.case, "", title="Scan")

    page = client.get(address(signable))

    (shown,) = page.context["advice"]
    assert [(one.hit.document.pk, one.hit.number) for one in shown.pages] == [(document.pk, at) for at in range(2, 7)]
    text = page.content.decode()
    item = DisputedItem.objects.get(case=signable.case)
    for words in (
        "There is no documentation of physical therapy.",
        "Therapy notes, page 2, and 4 other pages mention “physical therapy”.",
        "<mark>Physical</mark> <mark>therapy</mark> &lt; b&gt;failed",
        f"{reverse('reviews:document', args=[signable.assignment.pk, document.pk])}?page=2#page=2",
        f"{address(signable, 'workspace')}#item_{item.pk}_rationale",
        f"{address(signable, 'page-search')}?q=physical+therapy",
        "2 more pages",
        "Scan (scanned: no text)",
    ):
        assert words in text
    rewrite(signable, RATIONALE)
    assert client.get(address(signable)).context["advice"] == []


def test_answered_advice_is_kept_until_the_words_change_and_the_rest_needs_one_tick(client_of: SignIn) -> None:
    signable = make_signable(
        items=[{"description": "MRI of the right knee"}, {"description": "MRI of the right wrist"}],
        findings={1: {"rationale": SIDE}, 2: {"rationale": SIDE.replace("knee", "wrist")}},
    )
    client: Any = client_of(signable.user)
    page = client.get(address(signable))
    keys = [shown.advice.finding.key for shown in page.context["advice"]]
    assert [key.split(":")[:2] for key in keys] == [["side", "1"], ["side", "2"]]
    data = {"password": PASSWORD, "snapshot": page.context["snapshot"]}
    old = page.context["checks"].digest

    answer = client.post(address(signable, "check-answer"), {"key": keys[0]})
    assert answer["Location"] == f"{address(signable)}#advice"
    client.post(address(signable, "check-answer"), {"key": keys[0]})
    page = client.get(address(signable))
    assert "Seen, kept as written</span>" in page.content.decode()
    assert [one.finding.key for one in page.context["checks"].unanswered] == keys[1:]

    digest = page.context["checks"].digest
    for given, words in (
        ({}, "The advice has changed"),
        ({"advice_digest": old, "advice_read": "on"}, "The advice has changed"),
        ({"advice_digest": digest}, "Tick that you have read the advice"),
    ):
        refused = client.post(address(signable), data | given)
        assert (refused.status_code, words in refused.content.decode()) == (422, True)
    assert not Determination.objects.exists()
    tick = {"advice_digest": digest, "advice_read": "on"}
    wrong = client.post(address(signable), data | tick | {"password": "wrong"})
    assert wrong.status_code == 422
    assert "advice_read" not in wrong.content.decode()
    assert client.post(address(signable), data).status_code == 302
    replies = CheckAnswer.objects.filter(assignment=signable.assignment).values_list("key", "reply", "position")
    assert set(replies) == {(keys[0], CheckReply.KEPT, 1), (keys[1], CheckReply.READ, 2)}
    acts = Event.objects.filter(action__startswith="check.").order_by("pk")
    assert [(act.action, act.detail) for act in acts] == [
        ("check.answered", {"findings": [["side", 1]]}),
        ("check.answered", {"findings": [["side", 1]]}),
        ("check.advice_read", {"findings": [["side", 2]]}),
    ]


def test_answer_is_for_the_words_it_was_given_for_and_for_nobody_else(client_of: SignIn) -> None:
    signable = make_signable(items=[{"description": "MRI of the right knee"}], findings={1: {"rationale": SIDE}})
    client: Any = client_of(signable.user)
    key = client.get(address(signable)).context["advice"][0].advice.finding.key
    rewrite(signable, SIDE.replace("is stable", "was stable"))
    gone = client.post(address(signable, "check-answer"), {"key": key}, follow=True)
    assert "This advice no longer stands" in gone.content.decode()
    assert not CheckAnswer.objects.exists()
    (shown,) = gone.context["advice"]
    assert shown.advice.finding.key != key
    other = client_of(make_signable().user)
    assert other.post(address(signable, "check-answer"), {"key": key}).status_code == 404
    assert client.get(address(signable, "check-answer")).status_code == 405


def test_contradiction_that_the_gate_warns_of_is_not_said_twice(client_of: SignIn) -> None:
    rationale = "The guideline supports it after six weeks of care. The request is medically necessary."
    signable = make_signable(findings={1: {"rationale": rationale}})
    page: Any = client_of(signable.user).get(address(signable))
    assert [gap.code for gap in page.context["warnings"]] == ["contradiction"]
    assert page.context["advice"] == []


def test_items_stand_side_by_side_and_one_without_its_match_blocks_the_signature(client_of: SignIn) -> None:
    signable = make_signable(
        items=[
            {"description": "MRI of the lumbar spine", "ur_outcome": "denied"},
            {
                "description": "12 visits of acupuncture",
                "ur_outcome": "modified",
                "authorized": "4 visits of acupuncture",
                "remaining": "8 visits of acupuncture",
            },
        ],
        findings={
            2: {"rationale": "The guideline allows four visits of acupuncture. More is not medically necessary."}
        },
    )
    client: Any = client_of(signable.user)
    page = client.get(address(signable))
    lines = page.context["checks"].lines
    assert [(line.position, line.finding, line.match) for line in lines] == [
        (1, "Upheld", "same"),
        (2, "Upheld", "same"),
    ]
    assert lines[1].ur_decision == (
        "Modified; authorized: 4 visits of acupuncture; in dispute: 8 visits of acupuncture"
    )
    assert page.context["blocks"] == []
    data = {"password": PASSWORD, "snapshot": page.context["snapshot"]}
    checks = page.context["checks"]
    data |= {"advice_digest": checks.digest, "advice_read": "on"}
    stopped = {"eligibility": ItemEligibility.ELIGIBLE, "status": ItemStatus.WITHDRAWN}
    DisputedItem.objects.create(case=signable.case, position=3, description="Sling", **stopped)
    assert len(client.get(address(signable)).context["checks"].lines) == 2
    # What no service does: an eligible item that the letter would leave out.
    DisputedItem.objects.create(
        case=signable.case,
        position=4,
        description="Brace",
        eligibility="eligible",
        status=ItemStatus.DECIDED,
        outcome="upheld",
    )
    blocked = client.post(address(signable), data)
    assert blocked.status_code == 409
    text = blocked.content.decode()
    assert "Item 4 lacks in the findings and letter." in text
    assert 'id="id_password"' not in text
    assert not Determination.objects.exists()


def test_longest_texts_are_checked_in_a_moment(client_of: SignIn, django_assert_max_num_queries: Any) -> None:
    long = " ".join(["There is no documentation of gait change and the left knee was not stable"] * 250)
    signable = make_signable(
        items=[{"description": "MRI of the right knee"}], findings={1: {"rationale": long[:19_990]}}
    )
    write_pages(signable.case, "A gait change of the knee.")
    with django_assert_max_num_queries(104):
        assert client_of(signable.user).get(address(signable)).status_code == 200
