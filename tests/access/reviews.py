"""Objects of the reviewer register, of assignments, of the workspace and of background jobs."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models.functions import Now

from cases.models import DisputedItem
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core.models import JobState, OutboxJob
from reviews.enums import ConflictRelation
from reviews.models import (
    Affiliation,
    Certification,
    Letter,
    LetterTemplate,
    License,
    ParagraphVersion,
    Precedent,
    Reviewer,
    Revision,
)
from reviews.services.note import add_note
from reviews.services.paragraph import ParagraphWords, create_paragraph, propose_paragraph
from reviews.services.precedent import reveal_precedents
from reviews.services.quality import add_comment
from reviews.services.review import open_review, save_summary
from reviews.services.template import copy_template
from tests.access.objects import Builder, Objects, Reach, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_document
from tests.factories.letters import make_signable, serve
from tests.factories.panels import approve_panel
from tests.factories.review_drafts import complete_review, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_offer, make_ready_case, make_reviewer
from tests.reviews.letters.test_exchange import DATA
from tests.reviews.services.test_archive import take

NOBODY = 9_999_999
STAFF: dict[Role, Reach] = {Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"}
READERS: dict[Role, Reach] = {**STAFF, Role.AUDITOR: "any"}
REVIEWER: dict[Role, Reach] = {Role.REVIEWER: "own"}
CLAIMS: dict[Role, Reach] = {Role.CLAIMS_STAFF: "own", Role.CLAIMS_MANAGER: "own", Role.API_CLIENT: "own"}


def _reviewer(user: User) -> Reviewer:
    return Reviewer.objects.filter(user=user).first() or make_reviewer(user, maximum_load=100)


def _pair(make: Callable[[Reviewer], Mapping[str, Any]], missing: Mapping[str, Any]) -> Builder:
    """One object of the cast's reviewer and one of the other, for pages of the register."""

    def build(cast: Cast) -> Objects:
        return Objects(
            kwargs=make(_reviewer(cast.reviewer)),
            foreign=make(_reviewer(cast.other_reviewer)),
            missing=missing,
            reach=READERS,
        )

    return build


objects_for(
    "reviews:reviewer-detail",
    "reviews:reviewer-edit",
    "reviews:reviewer-active",
    "reviews:reviewer-cv-upload",
    "reviews:license-create",
    "reviews:certification-create",
    "reviews:affiliation-create",
    "reviews:verification-create",
)(_pair(lambda reviewer: {"pk": reviewer.pk}, {"pk": NOBODY}))

objects_for("reviews:license-edit")(
    _pair(
        lambda reviewer: {"pk": reviewer.pk, "license_id": License.objects.filter(reviewer=reviewer)[0].pk},
        {"pk": NOBODY, "license_id": NOBODY},
    )
)

objects_for("reviews:certification-edit")(
    _pair(
        lambda reviewer: {"pk": reviewer.pk, "certification_id": Certification.objects.filter(reviewer=reviewer)[0].pk},
        {"pk": NOBODY, "certification_id": NOBODY},
    )
)


@objects_for("reviews:affiliation-edit")
def affiliation(cast: Cast) -> Objects:
    def make(reviewer: Reviewer) -> dict[str, int]:
        held = Affiliation.objects.create(
            reviewer=reviewer, relation=ConflictRelation.choices[0][0], name="Harbor Spine Group"
        )
        return {"pk": reviewer.pk, "affiliation_id": held.pk}

    return Objects(
        kwargs=make(_reviewer(cast.reviewer)),
        foreign=make(_reviewer(cast.other_reviewer)),
        missing={"pk": NOBODY, "affiliation_id": NOBODY},
        reach=READERS,
    )


@objects_for("reviews:reviewer-cv")
def reviewer_without_cv(cast: Cast) -> Objects:
    """There is no file yet, so the page does not exist for anybody."""
    return Objects(
        kwargs={"pk": _reviewer(cast.reviewer).pk},
        foreign={"pk": _reviewer(cast.other_reviewer).pk},
        missing={"pk": NOBODY},
    )


@objects_for("reviews:assignment-create")
def ready_case(cast: Cast) -> Objects:
    return Objects(
        kwargs={"case_id": make_ready_case(cast.home).pk},
        foreign={"case_id": make_ready_case(cast.away).pk},
        missing={"case_id": NOBODY},
        reach=STAFF,
    )


@objects_for("reviews:panel-record")
def case_for_panel(cast: Cast) -> Objects:
    return ready_case(cast)


@objects_for("reviews:panel-approval", "reviews:panel-dissolve")
def panel(cast: Cast) -> Objects:
    mine, theirs = (approve_panel(make_ready_case(home)) for home in (cast.home, cast.away))
    return Objects(
        kwargs={"panel_id": mine.pk}, foreign={"panel_id": theirs.pk}, missing={"panel_id": NOBODY}, reach=STAFF
    )


@objects_for("reviews:assignment-recall", "reviews:assignment-offer", "reviews:assignment-return")
def offer(cast: Cast) -> Objects:
    mine = make_offer(make_ready_case(cast.home), _reviewer(cast.reviewer))
    theirs = make_offer(make_ready_case(cast.away), _reviewer(cast.other_reviewer))
    return Objects(
        kwargs={"pk": mine.pk},
        foreign={"pk": theirs.pk},
        missing={"pk": NOBODY},
        reach={**STAFF, **REVIEWER},
    )


def _accepted(cast: Cast) -> tuple[Accepted, Accepted]:
    cases = make_ready_case(cast.home), make_ready_case(cast.away)
    for case in cases:
        prepare_case(case)
    mine = make_accepted(cases[0], _reviewer(cast.reviewer))
    theirs = make_accepted(cases[1], _reviewer(cast.other_reviewer))
    for accepted in (mine, theirs):
        open_review(assignment_id=accepted.assignment.pk, actor=accepted.user)
    return mine, theirs


@objects_for(
    "reviews:workspace",
    "reviews:summary-save",
    "reviews:summary-history",
    "reviews:documents-mark",
    "reviews:sign",
    "reviews:check-answer",
    "reviews:page-search",
    "reviews:note-list",
    "reviews:note-add",
)
def review(cast: Cast) -> Objects:
    mine, theirs = _accepted(cast)
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk},
        foreign={"assignment_id": theirs.assignment.pk},
        missing={"assignment_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:finding-save", "reviews:finding-history", "reviews:citation-find", "reviews:paragraph-find")
def finding(cast: Cast) -> Objects:
    """The foreign one is the nested kind: somebody else's item under one's own assignment."""
    mine, theirs = _accepted(cast)
    return Objects(
        kwargs={
            "assignment_id": mine.assignment.pk,
            "item_id": DisputedItem.objects.filter(case=mine.case)[0].pk,
        },
        foreign={
            "assignment_id": mine.assignment.pk,
            "item_id": DisputedItem.objects.filter(case=theirs.case)[0].pk,
        },
        missing={"assignment_id": mine.assignment.pk, "item_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:precedent-list")
def item_with_precedents(cast: Cast) -> Objects:
    """Somebody else's item under one's own assignment is not there."""
    return finding(cast)


@objects_for("reviews:precedent-detail")
def precedent(cast: Cast) -> Objects:
    """Revealed for one's own item; never through somebody else's."""
    take(DATA)
    mine, theirs = _accepted(cast)
    complete_review(mine)
    items = [DisputedItem.objects.filter(case=accepted.case)[0] for accepted in (mine, theirs)]
    reveal_precedents(assignment_id=mine.assignment.pk, item_id=items[0].pk, actor=mine.user)
    shown = {"assignment_id": mine.assignment.pk, "precedent_id": Precedent.objects.get().pk}
    return Objects(
        kwargs={**shown, "item_id": items[0].pk},
        foreign={**shown, "item_id": items[1].pk},
        missing={**shown, "item_id": items[0].pk, "precedent_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:note-edit", "reviews:note-remove")
def page_note(cast: Cast) -> Objects:
    """As above: somebody else's note under one's own assignment."""
    mine, theirs = _accepted(cast)
    notes = [
        add_note(
            assignment_id=accepted.assignment.pk,
            actor=accepted.user,
            document=make_document(accepted.case),
            page=1,
            text="Compare with the report before.",
            quote="",
            tags=["gait"],
        )
        for accepted in (mine, theirs)
    ]
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk, "note_id": notes[0].pk},
        foreign={"assignment_id": mine.assignment.pk, "note_id": notes[1].pk},
        missing={"assignment_id": mine.assignment.pk, "note_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:revision-restore")
def revision(cast: Cast) -> Objects:
    """As above: a text of somebody else's review under one's own assignment."""
    mine, theirs = _accepted(cast)
    texts = []
    for accepted in (mine, theirs):
        save_summary(
            assignment_id=accepted.assignment.pk, actor=accepted.user, version=1, clinical_case_summary="Written."
        )
        texts.append(Revision.objects.filter(review__assignment=accepted.assignment)[0].pk)
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk, "revision_id": texts[0]},
        foreign={"assignment_id": mine.assignment.pk, "revision_id": texts[1]},
        missing={"assignment_id": mine.assignment.pk, "revision_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:paragraph-edit", "reviews:paragraph-propose")
def own_paragraph(cast: Cast) -> Objects:
    words = ParagraphWords("pt", "Therapy", "More therapy.")
    return Objects(
        kwargs={"pk": create_paragraph(actor=cast.reviewer, words=words).pk},
        foreign={"pk": create_paragraph(actor=cast.other_reviewer, words=words).pk},
        missing={"pk": NOBODY},
        reach=REVIEWER,
    )


def _proposed(cast: Cast) -> list[ParagraphVersion]:
    versions = []
    for author in (cast.reviewer, cast.other_reviewer):
        words = ParagraphWords(f"key-{author.pk}", "Therapy", "More therapy.")
        shared = propose_paragraph(paragraph_id=create_paragraph(actor=author, words=words).pk, actor=author)
        versions.append(ParagraphVersion.objects.get(paragraph=shared))
    return versions


@objects_for("reviews:paragraph-decide")
def proposed_paragraph(cast: Cast) -> Objects:
    mine, theirs = _proposed(cast)
    return Objects(
        kwargs={"version_id": mine.pk},
        foreign={"version_id": theirs.pk},
        missing={"version_id": NOBODY},
        reach=dict.fromkeys(STAFF, "any"),
    )


@objects_for("reviews:paragraph-remove")
def removable_paragraph(cast: Cast) -> Objects:
    """One's own; those who decide remove shared ones, and these two are not."""
    words = ParagraphWords("rehab", "Therapy", "More therapy.")
    return Objects(
        kwargs={"pk": create_paragraph(actor=cast.reviewer, words=words).pk},
        foreign={"pk": create_paragraph(actor=cast.other_reviewer, words=words).pk},
        missing={"pk": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:document", "reviews:document-pages-seen")
def record(cast: Cast) -> Objects:
    """As above: somebody else's document under one's own assignment."""
    mine, theirs = _accepted(cast)
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk, "document_id": make_document(mine.case).pk},
        foreign={"assignment_id": mine.assignment.pk, "document_id": make_document(theirs.case).pk},
        missing={"assignment_id": mine.assignment.pk, "document_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:job-retry")
def failed_job(cast: Cast) -> Objects:
    def make() -> dict[str, int]:
        job = OutboxJob.objects.create(
            name="send_invitation", queue="mail", state=JobState.FAILED, finished_at=Now(), args={"invitation_id": 0}
        )
        return {"job_id": job.pk}

    return Objects(kwargs=make(), foreign=make(), missing={"job_id": NOBODY}, reach={**STAFF, Role.OPERATOR: "any"})


@objects_for("reviews:letter-preview")
def draft_letter(cast: Cast) -> Objects:
    mine, theirs = _accepted(cast)
    return Objects(
        kwargs={"assignment_id": mine.assignment.pk},
        foreign={"assignment_id": theirs.assignment.pk},
        missing={"assignment_id": NOBODY},
        reach={**STAFF, **REVIEWER},
    )


def _signed(cast: Cast) -> tuple[Letter, Letter]:
    """A letter of each claims administrator, each signed by another reviewer."""
    return (
        make_signable(organization=cast.home, reviewer=_reviewer(cast.reviewer)).letter(),
        make_signable(organization=cast.away, reviewer=_reviewer(cast.other_reviewer)).letter(),
    )


@objects_for("reviews:letter-download")
def released_letter(cast: Cast) -> Objects:
    mine, theirs = (serve(letter, cast.administrator) for letter in _signed(cast))
    return Objects(
        kwargs={"letter_id": mine.pk},
        foreign={"letter_id": theirs.pk},
        missing={"letter_id": NOBODY},
        # The copy of the parties names them; reviewers keep the letter as they signed it.
        reach={**CLAIMS, **READERS},
    )


@objects_for("reviews:letter-status")
def case_with_letter(cast: Cast) -> Objects:
    mine, theirs = _signed(cast)
    return Objects(
        kwargs={"case_id": mine.case_id},
        foreign={"case_id": theirs.case_id},
        missing={"case_id": NOBODY},
        reach={**CLAIMS, **READERS, **REVIEWER},
    )


@objects_for("reviews:quality-detail", "reviews:quality-pass", "reviews:quality-comment")
def signed_determination(cast: Cast) -> Objects:
    mine, theirs = _signed(cast)
    return Objects(
        kwargs={"determination_id": mine.determination_id},
        foreign={"determination_id": theirs.determination_id},
        missing={"determination_id": NOBODY},
        reach={Role.MEDICAL_DIRECTOR: "any"},
    )


@objects_for("reviews:quality-comment-remove")
def quality_comment(cast: Cast) -> Objects:
    def comment(letter: Letter) -> dict[str, int]:
        written = add_comment(
            determination_id=letter.determination_id,
            actor=cast.medical_director,
            position=1,
            kind="facts",
            text="The left knee, not the right one.",
        )
        return {"determination_id": letter.determination_id, "comment_id": written.pk}

    mine, theirs = (comment(letter) for letter in _signed(cast))
    return Objects(
        kwargs=mine,
        foreign=theirs,
        missing={"determination_id": mine["determination_id"], "comment_id": theirs["comment_id"]},
        reach={Role.MEDICAL_DIRECTOR: "any"},
    )


def _template(version: str) -> dict[str, int]:
    return {"pk": LetterTemplate.objects.get(version=version).pk}


@objects_for("reviews:template-detail", "reviews:template-preview", "reviews:template-copy")
def letter_template(cast: Cast) -> Objects:
    return Objects(
        kwargs=_template("2026-1"),
        foreign=_template("2016-1"),
        missing={"pk": NOBODY},
        reach=dict.fromkeys(READERS, "any"),
    )


@objects_for("reviews:template-edit", "reviews:template-discard", "reviews:template-approve")
def letter_template_draft(cast: Cast) -> Objects:
    # Written by neither of those who are asked: a second person approves.
    drafts = [
        copy_template(template_id=_template(version)["pk"], actor=cast.auditor) for version in ("2026-1", "2016-1")
    ]
    return Objects(
        kwargs={"pk": drafts[0].pk},
        foreign={"pk": drafts[1].pk},
        missing={"pk": NOBODY},
        reach=dict.fromkeys(STAFF, "any"),
    )
