"""What happened around single demo cases: a return with comments, a panel, a thread, a comment
and opinions, a corrected time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cases.models import Application
from imr.core import clock
from reviews.demo.deciding import accept_offer, write_review
from reviews.demo.filing import Cast
from reviews.demo.paper import paper
from reviews.demo.people import PASSWORD
from reviews.demo.stories import Story
from reviews.enums import QualityErrorKind
from reviews.models import Assignment, Determination, Reviewer
from reviews.selectors.colleague import colleagues_for
from reviews.selectors.workspace import items_under_review
from reviews.services.assignment import offer_assignment
from reviews.services.colleague import ItemVerdict, answer_colleague, ask_colleague, attest_for_opinion
from reviews.services.determination import return_for_correction
from reviews.services.message import send_message
from reviews.services.opinion import sign_opinion
from reviews.services.panel import record_panel
from reviews.services.print_pack import request_pack
from reviews.services.quality import add_comment
from reviews.services.shared_rationale import share_rationale
from reviews.services.work_time import correct_time

SECOND = "reviewer2@demo.example"

type Scene = Callable[[Story, Assignment, Cast, dict[str, Reviewer]], None]


def play_scene(story: Story, cast: Cast, reviewers: dict[str, Reviewer]) -> None:
    """What belongs to the story's case has happened; most have nothing."""
    scene = SCENES.get(story.claim_number)
    if scene is None:
        return
    case_id = Application.objects.values_list("case_id", flat=True).get(claim_number=story.claim_number)
    scene(story, Assignment.objects.select_related("case").get(case_id=case_id), cast, reviewers)


def _return(_: Story, assignment: Assignment, cast: Cast, __: dict[str, Reviewer]) -> None:
    """The second read finds two faults; the reviewer has the case again, with one rationale for both items."""
    determination = Determination.objects.get(assignment=assignment)
    who: dict[str, Any] = {"determination_id": determination.pk, "actor": cast.medical_director}
    for position, kind, text in (
        (
            1,
            QualityErrorKind.RECORD,
            "The note of the ninth visit measures flexion. Say what it shows, or why it is not enough.",
        ),
        (None, QualityErrorKind.LANGUAGE, "Say in the first sentence of the summary what was requested and when."),
    ):
        add_comment(**who, position=position, kind=kind, text=text)
    return_for_correction(**who, reason="Two points to settle; see the comments.")
    first, *others = items_under_review(assignment.case_id).values_list("pk", flat=True)
    share_rationale(assignment_id=assignment.pk, item_id=first, actor=determination.signed_by, others=others)


def _sit(story: Story, assignment: Assignment, cast: Cast, reviewers: dict[str, Reviewer]) -> None:
    """Two reviewers with the approval on file: one has signed, the other has a draft."""
    record_panel(
        case_id=assignment.case_id,
        actor=cast.administrator,
        seats=2,
        approved_on=clock.today(),
        approved_by_name="Demo Administrative Director",
        reason="Pain management and occupational medicine meet in this request.",
        chunks=[paper("Approval of two reviewers", ["Approved for this case."])],
        name="approval.pdf",
    )
    second = offer_assignment(case_id=assignment.case_id, reviewer_id=reviewers[SECOND].pk, actor=cast.administrator)
    accepted = accept_offer(second, cast.people[SECOND])
    write_review(replace(story, reviewer=SECOND), accepted, cast)
    sign_opinion(assignment_id=accepted.pk, actor=cast.people[SECOND], password=PASSWORD)


def _talk(story: Story, assignment: Assignment, cast: Cast, _: dict[str, Reviewer]) -> None:
    """Reviewer and staff have written to each other; a pack for work on paper is on its way."""
    reviewer = cast.people[story.reviewer]
    for actor, text in (
        (reviewer, "The UR decision names a report of the trainer that I do not find among the records."),
        (
            cast.administrator,
            "It was not sent. Ask for it under “Ask for more records”, and we request it from the parties.",
        ),
    ):
        send_message(assignment_id=assignment.pk, actor=actor, text=text)
    request_pack(assignment_id=assignment.pk, actor=reviewer)


def _read(_: Story, assignment: Assignment, cast: Cast, __: dict[str, Reviewer]) -> None:
    """A comment of a second read that is not decided yet, the opinion of a colleague, and another that is awaited."""
    determination = Determination.objects.get(assignment=assignment)
    asked = [
        ask_colleague(
            determination_id=determination.pk,
            reviewer_id=colleague.reviewer.pk,
            actor=cast.administrator,
            question="Do the four weeks of conservative care have to be over before the nerve test?",
        )
        for colleague in colleagues_for(determination)[:2]
    ]
    for opinion in asked[:1]:
        who: dict[str, Any] = {"opinion_id": opinion.pk, "actor": opinion.reviewer.user}
        attest_for_opinion(**who, conflicts=(), note="", is_qualified=True, is_in_active_practice=True)
        said = ItemVerdict("agree", "The schedule wants them, and the record shows two.")
        answer_colleague(**who, verdicts={item["position"]: said for item in determination.snapshot["letter"]["items"]})
    add_comment(
        determination_id=determination.pk,
        actor=cast.medical_director,
        position=1,
        kind=QualityErrorKind.GUIDELINE,
        text="Name the chapter of the schedule that sets the four weeks.",
    )


def _correct(story: Story, assignment: Assignment, cast: Cast, _: dict[str, Reviewer]) -> None:
    """The reviewer read on paper, and says so."""
    correct_time(
        assignment_id=assignment.pk,
        actor=cast.people[story.reviewer],
        minutes=55,
        reason="Read the printed records at home.",
    )


SCENES: dict[str, Scene] = {
    "HL-26-54391": _return,
    "SC-2026-00866": _sit,
    "SC-2026-01044": _talk,
    "SC-2026-00800": _read,
    "SC-2026-00750": _correct,
}
