from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cases.models import Application
from cases.services import reference
from guidelines.services.catalog import load_catalog
from imr.accounts.models import User
from reviews.demo import people
from reviews.demo.amended import amend_applications, propose_reference_change
from reviews.demo.arriving import doubt_receipt, join_cases, send_spreadsheet
from reviews.demo.book import fill_book
from reviews.demo.deciding import assign_case, finish_letter, sign_review, write_review
from reviews.demo.disputes import KNEE_SURGERY
from reviews.demo.filing import Cast, file_case, screen_case, send_late_record, send_records, send_scan
from reviews.demo.following import ask_offices, send_letter_later, tell_of_an_end
from reviews.demo.mail_room import fill_mail_room
from reviews.demo.money import choose_demo_mails, make_bills, make_rates
from reviews.demo.paragraphs import write_paragraphs
from reviews.demo.past import days_ago, set_back
from reviews.demo.requests import make_requests
from reviews.demo.scenes import play_scene
from reviews.demo.stories import STORIES, Stage, Story
from reviews.models import Determination, Reviewer


class Command(BaseCommand):
    help = "Load invented people, reviewers and cases for trying the product. Does nothing a second time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="only print the demo sign-ins; change nothing")
        parser.add_argument("--people-only", action="store_true", help="leave the cases out")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._print_sign_ins()
            return
        if settings.IMR_MODE == "production":
            raise CommandError("Demo people share one printed password, so they are refused under production settings.")
        if not reference.is_loaded():
            reference.load_legal_parameters()
            reference.load_holidays()
            reference.load_treatment_categories()
            reference.load_notice_wordings()
            reference.load_record_requirements()
            reference.load_ending_reasons()
            load_catalog()
        cast = Cast(people.make_people())
        reviewers = people.make_reviewers(cast.people)
        make_requests(cast.people, reviewers)
        make_rates(cast.people)
        choose_demo_mails(cast.people)
        # The oldest first, so that numbers follow the days of receipt.
        stories = [] if options["people_only"] else sorted(STORIES, key=lambda story: -story.days)
        made = sum(self._make_case(story, cast, reviewers) for story in stories)
        fill_book(cast)
        send_spreadsheet(cast)
        doubt_receipt(cast)
        amend_applications(cast)
        propose_reference_change(cast)
        ask_offices(cast.filer("sierra"))
        send_letter_later(cast.filer("harbor"))
        tell_of_an_end(cast.administrator)
        fill_mail_room(cast)
        make_bills(cast.people, reviewers)
        write_paragraphs(cast.people["reviewer@demo.example"], cast.medical_director)
        self.stdout.write(f"Demo: {len(cast.people)} people, {len(reviewers)} reviewers, {made} new cases.")

    def _make_case(self, story: Story, cast: Cast, reviewers: dict[str, Reviewer]) -> bool:
        if Application.objects.filter(claim_number=story.claim_number).exists():
            return False
        with transaction.atomic():
            determination = _tell(story, cast, reviewers)
        if determination is not None:
            # A worker sees the promised letter only after the commit.
            finish_letter(story, determination, cast)
        play_scene(story, cast, reviewers)
        return True

    def _print_sign_ins(self) -> None:
        demo = User.objects.filter(email__in=[one.email for one in people.SIGN_INS])
        held = set(demo.values_list("email", flat=True))
        rows = [
            (one.role.label, one.email, people.FIRMS[one.home].name if one.home in people.FIRMS else "IMR organization")
            for one in people.main_sign_ins()
            if one.email in held
        ]
        if not rows:
            self.stdout.write("There are no demo sign-ins in this database.")
            return
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        self.stdout.write(f"Demo sign-ins (password for all: {people.PASSWORD})")
        for role, email, organization in rows:
            self.stdout.write(f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {organization}")


def _tell(story: Story, cast: Cast, reviewers: dict[str, Reviewer]) -> Determination | None:
    """Carry one case to its stage, short of the letter."""
    with days_ago(story.days):
        case = file_case(story, cast)
        other = file_case(replace(story, dispute=story.also), cast) if story.also else None
        for one in filter(None, (case, other)):
            set_back(one)
    if story.stage < Stage.SCREENING:
        return None
    with days_ago(max(story.days - 2, 0)):
        screen_case(story, case, cast)
        if other is not None:
            join_cases(story, case, other, cast)
        set_back(case)
    if story.stage == Stage.AWAITING_RECORDS and story.dispute is KNEE_SURGERY:
        with days_ago(max(story.days - 10, 0)):
            send_scan(story, case, cast)
            set_back(case)
    if story.stage < Stage.READY:
        return None
    with days_ago(max(story.days - 14 - story.records_late, 0)):
        send_records(story, case, cast)
        set_back(case)
    if story.stage < Stage.OFFERED:
        return None
    assignment = assign_case(story, case, cast, reviewers)
    if story.stage < Stage.HALF_WRITTEN:
        return None
    write_review(story, assignment, cast)
    if story.stage == Stage.HALF_WRITTEN:
        send_late_record(story, case, cast)
    return sign_review(story, assignment, cast) if story.stage >= Stage.SIGNED else None
