"""The demo data: complete, within the rules, loaded once, and never in production."""

import io
from collections import Counter
from datetime import timedelta
from itertools import groupby

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory, override_settings

from cases.enums import CaseStatus, CorrectionState, FilingChannel
from cases.models import Application, BatchRow, Case, DisputedItem, Document, ReceiptCorrection
from cases.selectors.penalty import late_deadlines, late_records
from cases.services.reference import treatment_category_rows
from guidelines.services.catalog import catalog_rows
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from reviews.demo import people
from reviews.demo.disputes import DISPUTES, DemoItem
from reviews.demo.past import days_ago
from reviews.demo.stories import STORIES, Stage, Story
from reviews.enums import LetterKind
from reviews.management.commands import seed_demo
from reviews.models import Determination, Letter, Message, Opinion, PrintPack, QualityComment, Reviewer
from reviews.rules.completeness import stated_outcome
from reviews.selectors.reviewer import credential_line, credential_problems
from reviews.selectors.shared_rationale import shared_positions

ITEMS = [item for dispute in DISPUTES for item in dispute.items]


def one_story_per_stage() -> list[Story]:
    by_stage = groupby(sorted(STORIES, key=lambda story: story.stage), key=lambda story: story.stage)
    return [next(stories) for _, stories in by_stage]


def run(**options: bool) -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_demo_takes_a_case_to_every_stage_and_does_nothing_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = one_story_per_stage()
    monkeypatch.setattr(seed_demo, "STORIES", stories)
    assert f"{len(stories)} new cases" in run()
    assert Counter(Case.objects.values_list("status", flat=True)) == Counter(
        {
            CaseStatus.DRAFT: 2,
            CaseStatus.RECEIVED: 1,
            CaseStatus.ELIGIBILITY_REVIEW: 1,
            CaseStatus.INFO_REQUESTED: 1,
            CaseStatus.DEFERRED: 1,
            CaseStatus.INELIGIBLE: 1,
            CaseStatus.ELIGIBLE: 1,
            CaseStatus.CONSOLIDATED: 1,
            CaseStatus.AWAITING_RECORDS: 1,
            CaseStatus.READY_FOR_REVIEW: 2,
            CaseStatus.IN_REVIEW: 3,
            CaseStatus.QA: 1,
            CaseStatus.DETERMINED: 1,
            CaseStatus.ISSUED: 1,
        }
    )
    assert Letter.objects.filter(superseded_at__isnull=True, kind=LetterKind.FINAL).count() == 3
    assert Letter.objects.filter(superseded_at__isnull=True, kind=LetterKind.SERVED).count() == 1
    assert Letter.objects.filter(released_at__isnull=False).count() == 1
    assert_papers_came_when_the_case_was_filed()
    assert dict(BatchRow.objects.values_list("reference", "state")) == {
        "A-1": "checked",
        "A-2": "refused",
        "A-3": "refused",
    }
    counts = (User.objects.count(), Reviewer.objects.count(), DisputedItem.objects.count())
    assert "0 new cases" in run()
    assert (User.objects.count(), Reviewer.objects.count(), DisputedItem.objects.count()) == counts


def assert_papers_came_when_the_case_was_filed() -> None:
    """Nobody looks at a demo in which every record is late because it was made today."""
    for case in Case.objects.filter(received_at__isnull=False):
        for paper in Document.objects.filter(case=case, kind__in=["ur_decision", "signed_form"]):
            assert case.received_at is not None
            assert abs(paper.received_at - case.received_at) < timedelta(hours=4)
    late = late_records(late_deadlines(User.objects.get(email="admin@demo.example")), today=clock.today())
    assert len(late) <= 1


@pytest.mark.django_db
def test_demo_shows_how_applications_arrive_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {"sc-2026-01090", "SC-2026-00890"}
    monkeypatch.setattr(seed_demo, "STORIES", [story for story in STORIES if story.claim_number in shown])
    run()
    faxed = Application.objects.get(channel=FilingChannel.FAX)
    assert faxed.case.received_at == faxed.arrived_at
    assert ReceiptCorrection.objects.get(case=faxed.case).state == CorrectionState.PROPOSED
    [late] = late_records(late_deadlines(User.objects.get(email="claims@demo.example")), today=clock.today())
    assert (late.penalty.days, late.penalty.is_running) == (2, False)


@pytest.mark.django_db
def test_demo_shows_a_return_a_panel_a_thread_and_a_shared_rationale(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {"HL-26-54391", "SC-2026-00866", "SC-2026-01044"}
    monkeypatch.setattr(seed_demo, "STORIES", [story for story in STORIES if story.claim_number in shown])
    run()
    returned = Determination.objects.get(voided_at__isnull=False)
    assert QualityComment.objects.filter(determination=returned).count() == 2
    assert returned.case.status == CaseStatus.IN_REVIEW
    assert shared_positions(returned.assignment_id) == {1: (2,), 2: (1,)}
    assert Opinion.objects.get(voided_at__isnull=True).case.status == CaseStatus.IN_REVIEW
    assert list(Message.objects.values_list("is_from_reviewer", flat=True)) == [True, False]
    assert PrintPack.objects.count() == 1


@pytest.mark.django_db
def test_demo_people_sign_in_and_reviewers_are_as_told() -> None:
    assert "no demo sign-ins" in run(list=True)
    run(people_only=True)
    listed = run(list=True)
    for sign_in in people.main_sign_ins():
        assert sign_in.email in listed
        assert authenticate(RequestFactory().post("/"), username=sign_in.email, password=people.PASSWORD)
    assert {sign_in.role for sign_in in people.main_sign_ins()} == set(Role) - {Role.API_CLIENT}
    held = {reviewer.user.email: reviewer for reviewer in Reviewer.objects.select_related("user")}
    barred = {email for email, reviewer in held.items() if credential_problems(reviewer, clock.today())}
    assert barred == {"reviewer6@demo.example"}
    line = credential_line(held["reviewer@demo.example"])
    assert line.states == ("California",)
    assert line.specialties == ("Physical Medicine & Rehabilitation", "Pain Management")


@pytest.mark.django_db
def test_demo_is_refused_under_production_settings() -> None:
    with (
        override_settings(IMR_MODE="production"),
        pytest.raises(CommandError, match="production"),
    ):
        run()
    assert not User.objects.exists()


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.description[:30])
def test_demo_items_name_what_the_reference_data_has(item: DemoItem) -> None:
    codes = {
        row["code"] for category in treatment_category_rows() for row in (category, *category.get("subcategories", ()))
    }
    places = {
        (source["code"], section["chapter"], section["title"])
        for source in catalog_rows()
        for edition in source["editions"]
        for section in edition["sections"]
    }
    assert item.category in codes
    assert set(item.cites) <= places
    assert stated_outcome(item.rationale) == item.outcome


def test_demo_stories_cover_every_stage_with_different_people() -> None:
    assert {story.stage for story in STORIES} == set(Stage)
    for names in (
        [story.claim_number for story in STORIES],
        [(story.first_name, story.last_name) for story in STORIES],
    ):
        assert len(names) == len(set(names))
    assert {story.reviewer for story in STORIES} <= {file.email for file in people.REVIEWERS}


@pytest.mark.parametrize("instant", ["2026-11-29T07:30:00Z", "2026-11-29T08:30:00Z", "2026-03-09T06:30:00Z"])
def test_days_ago_is_the_same_hour_though_the_clocks_were_set_between(instant: str) -> None:
    with time_machine.travel(instant, tick=False):
        present = clock.now().astimezone(clock.PACIFIC)
        with days_ago(28):
            earlier = clock.now().astimezone(clock.PACIFIC)
    assert (present.date() - earlier.date()).days == 28
    assert earlier.time() == present.time()


def test_days_ago_moves_the_clock_and_puts_it_back() -> None:
    today = clock.today()

    def fail_three_days_ago() -> None:
        with days_ago(3):
            assert (today - clock.today()).days == 3
            raise LookupError

    with pytest.raises(LookupError):
        fail_three_days_ago()
    assert clock.today() == today
