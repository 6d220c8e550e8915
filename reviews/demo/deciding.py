"""Assigning, deciding, signing and releasing a demo case, through the same services as the pages."""

import time
from datetime import timedelta

from cases.models import Case
from guidelines.models import GuidelineSection
from imr.accounts.models import User
from imr.core import clock, jobs
from imr.core.models import OutboxJob
from imr.core.words import mmddyyyy
from reviews.demo.disputes import DemoItem
from reviews.demo.filing import Cast
from reviews.demo.people import PASSWORD
from reviews.demo.reading import read_records, referring
from reviews.demo.stories import Stage, Story
from reviews.enums import DocumentUse, LetterKind
from reviews.models import Assignment, Determination, Letter, Review, Reviewer
from reviews.selectors.letter import job_key
from reviews.selectors.workspace import items_under_review, records_of
from reviews.services import assignment as assigning
from reviews.services import review as writing
from reviews.services.completeness import all_gaps, confirm_warnings
from reviews.services.determination import pass_determination, sign_determination
from reviews.services.dispatch import release_letter
from reviews.services.serving import serve_letter

# A worker that is up may be rendering the same letter.
PATIENCE = timedelta(seconds=30)


class NoLetterError(RuntimeError):
    """The letter of a demo case did not appear."""


def assign_case(story: Story, case: Case, cast: Cast, reviewers: dict[str, Reviewer]) -> Assignment:
    """The case is offered to the story's reviewer, who has accepted unless the story ends before."""
    reviewer = reviewers[story.reviewer]
    offered = assigning.offer_assignment(case_id=case.pk, reviewer_id=reviewer.pk, actor=cast.administrator)
    return offered if story.stage == Stage.OFFERED else accept_offer(offered, cast.people[story.reviewer])


def accept_offer(offered: Assignment, actor: User) -> Assignment:
    """The reviewer has accepted, without a conflict."""
    return assigning.accept_assignment(
        assignment_id=offered.pk,
        actor=actor,
        conflicts=(),
        note="",
        is_qualified=True,
        is_in_active_practice=True,
    )


def write_review(story: Story, assignment: Assignment, cast: Cast) -> None:
    """The review holds summary, marks and findings; a half-written one has only the beginning."""
    actor = cast.people[story.reviewer]
    review = writing.open_review(assignment_id=assignment.pk, actor=actor)
    records = list(records_of(assignment.case_id))
    is_half = story.stage == Stage.HALF_WRITTEN
    marked = records[:1] if is_half else records
    writing.mark_documents(
        assignment_id=assignment.pk, actor=actor, uses={record.pk: DocumentUse.CONSIDERED for record in marked}
    )
    writing.save_summary(
        assignment_id=assignment.pk,
        actor=actor,
        version=review.version,
        clinical_case_summary=referring(_summary(story), records),
    )
    read_records(assignment, actor)
    if is_half:
        return
    for row, item in zip(items_under_review(assignment.case_id), story.dispute.items, strict=True):
        _write_finding(item, row.pk, assignment, actor)
    review = Review.objects.select_related("assignment").get(pk=review.pk)
    keys = {gap.key for gap in all_gaps(review=review) if gap.needs_confirmation}
    if keys:
        confirm_warnings(assignment_id=assignment.pk, actor=actor, keys=keys)


def sign_review(story: Story, assignment: Assignment, cast: Cast) -> Determination:
    """The determination is signed and its letter is promised."""
    return sign_determination(assignment_id=assignment.pk, actor=cast.people[story.reviewer], password=PASSWORD)


def finish_letter(story: Story, determination: Determination, cast: Cast) -> None:
    """The letter is there; as far as the story goes, the determination is passed and the letter served."""
    letter = _letter_of(determination)
    if story.stage >= Stage.PASSED:
        pass_determination(determination_id=determination.pk, actor=cast.medical_director)
    if story.stage >= Stage.ISSUED:
        dispatch = release_letter(letter_id=letter.pk, actor=cast.administrator, service_on=clock.today())
        serve_letter(dispatch_id=dispatch.pk)


def _write_finding(item: DemoItem, item_id: int, assignment: Assignment, actor: User) -> None:
    finding = Review.objects.get(assignment=assignment).findings.get(item_id=item_id)
    for code, chapter, title in item.cites:
        writing.add_citation(
            assignment_id=assignment.pk,
            item_id=item_id,
            actor=actor,
            section=_section(code, chapter, title),
        )
    writing.save_finding(
        assignment_id=assignment.pk,
        item_id=item_id,
        actor=actor,
        version=finding.version,
        written=writing.FindingWords(
            outcome=item.outcome,
            rationale=item.rationale,
            claims_basis=item.claims_basis,
            claims_text=item.claims_text,
            reviewer_basis=item.basis,
            hierarchy_reason=item.why_not_mtus,
        ),
    )


def _section(code: str, chapter: str, title: str) -> GuidelineSection:
    found = GuidelineSection.objects.filter(edition__source__code=code, chapter=chapter, title=title)
    return found.select_related("edition__source").order_by("-edition__in_force_from")[0]


def _letter_of(determination: Determination) -> Letter:
    """The rendered letter: by this process when no worker is up, else by whichever is first."""
    job = OutboxJob.objects.filter(unique_key=job_key(determination.pk)).first()
    if job is not None:
        jobs.run(job.pk)
    end = time.monotonic() + PATIENCE.total_seconds()
    while time.monotonic() < end:
        letter = Letter.objects.filter(determination=determination, kind=LetterKind.FINAL).first()
        if letter is not None:
            return letter
        time.sleep(0.2)
    raise NoLetterError(f"No letter appeared for determination {determination.pk} within {PATIENCE}.")


def _summary(story: Story) -> str:
    dispute = story.dispute
    injury = clock.today() - timedelta(days=story.days + 312 + story.age)
    requested = "; ".join(item.description for item in dispute.items)
    # "Lumbar radiculopathy, left L5" keeps its capital L.
    diagnosis = dispute.diagnosis[0].lower() + dispute.diagnosis[1:]
    return (
        f"The injured worker is a {story.age} year old {story.sex}, who sustained an industrial injury on "
        f"{mmddyyyy(injury)}. The diagnosis is {diagnosis}. The report of the treating physician "
        f"notes {dispute.findings}. The request at issue is for {requested}."
    )
