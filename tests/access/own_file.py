"""Objects of a reviewer's own file, and of the changes that reviewers ask for."""

from datetime import timedelta
from typing import Any

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from reviews.enums import ProposalKind
from reviews.models import DocumentRequest, Reviewer
from reviews.services.availability import add_absence
from reviews.services.determination import return_for_correction
from reviews.services.document_request import ask_for_records, pass_on_request
from reviews.services.print_pack import make_pack, request_pack
from reviews.services.proposal import propose_change
from reviews.services.quality import add_comment
from tests.access.objects import Objects, Reach, objects_for
from tests.access.reviews import NOBODY, READERS, REVIEWER, STAFF
from tests.factories.accounts import Cast
from tests.factories.letters import make_signable
from tests.factories.reviews import make_accepted, make_ready_case, make_reviewer

EVERYBODY: dict[Role, Reach] = {**READERS, **REVIEWER}


def _entry(user: User) -> Reviewer:
    return Reviewer.objects.filter(user=user).first() or make_reviewer(user, maximum_load=100)


def _proposal(user: User, kind: ProposalKind) -> dict[str, int]:
    _entry(user)
    file = [b"%PDF-1.4"] if kind == ProposalKind.CV else ()
    return {"pk": propose_change(actor=user, kind=kind, note="New phone", file=file, file_name="cv.pdf").pk}


@objects_for("reviews:own-file-withdraw", "reviews:proposal-detail")
def proposal(cast: Cast) -> Objects:
    return Objects(
        kwargs=_proposal(cast.reviewer, ProposalKind.OTHER),
        foreign=_proposal(cast.other_reviewer, ProposalKind.OTHER),
        missing={"pk": NOBODY},
        reach=EVERYBODY,
    )


@objects_for("reviews:proposal-cv")
def proposed_cv(cast: Cast) -> Objects:
    return Objects(
        kwargs=_proposal(cast.reviewer, ProposalKind.CV),
        foreign=_proposal(cast.other_reviewer, ProposalKind.CV),
        missing={"pk": NOBODY},
        reach=READERS,
    )


@objects_for("reviews:own-absence-end")
def absence(cast: Cast) -> Objects:
    def make(user: User) -> dict[str, int]:
        _entry(user)
        day = clock.today() + timedelta(days=30)
        return {"pk": add_absence(actor=user, first_day=day, last_day=day).pk}

    return Objects(
        kwargs=make(cast.reviewer), foreign=make(cast.other_reviewer), missing={"pk": NOBODY}, reach=REVIEWER
    )


@objects_for("reviews:own-file-propose")
def part_of_the_file(cast: Cast) -> Objects:
    """The page is one's own, so there is no foreign one: a part that no file has does not exist."""
    _entry(cast.reviewer)
    return Objects(kwargs={"kind": "license"}, foreign={"kind": "name"}, missing={"kind": "name"}, reach=REVIEWER)


def _requests(cast: Cast) -> tuple[DocumentRequest, DocumentRequest]:
    made = []
    for home, user in ((cast.home, cast.reviewer), (cast.away, cast.other_reviewer)):
        accepted = make_accepted(make_ready_case(home), _entry(user))
        items = [item.pk for item in accepted.case.items.all()]
        made.append(
            ask_for_records(
                assignment_id=accepted.assignment.pk, actor=user, words="The operative report", item_ids=items
            )
        )
    return made[0], made[1]


@objects_for("reviews:request-ask", "reviews:next-case", "reviews:assignment-time", "reviews:print-pack")
def request_of_a_review(cast: Cast) -> Objects:
    mine, theirs = _requests(cast)
    return Objects(
        kwargs={"assignment_id": mine.assignment_id},
        foreign={"assignment_id": theirs.assignment_id},
        missing={"assignment_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:request-withdraw", "reviews:request-answer")
def records_request(cast: Cast) -> Objects:
    mine, theirs = _requests(cast)
    return Objects(
        kwargs={"pk": mine.pk}, foreign={"pk": theirs.pk}, missing={"pk": NOBODY}, reach={**STAFF, **REVIEWER}
    )


@objects_for("reviews:documents-receive")
def case_that_waits_for_documents(cast: Cast) -> Objects:
    mine, theirs = _requests(cast)
    for asked in (mine, theirs):
        pass_on_request(request_id=asked.pk, actor=cast.administrator, words="The operative report")
    return Objects(
        kwargs={"case_id": mine.assignment.case_id},
        foreign={"case_id": theirs.assignment.case_id},
        missing={"case_id": NOBODY},
        reach=STAFF,
    )


@objects_for("reviews:own-thread")
def thread_of_reviewer(cast: Cast) -> Objects:
    mine, theirs = _requests(cast)
    return Objects(
        kwargs={"assignment_id": mine.assignment_id},
        foreign={"assignment_id": theirs.assignment_id},
        missing={"assignment_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:staff-thread")
def thread_of_staff(cast: Cast) -> Objects:
    mine, theirs = _requests(cast)
    return Objects(
        kwargs={"pk": mine.assignment_id}, foreign={"pk": theirs.assignment_id}, missing={"pk": NOBODY}, reach=STAFF
    )


@objects_for("reviews:comment-answer")
def returned_comment(cast: Cast) -> Objects:
    """The foreign one is the nested kind: somebody else's comment under one's own assignment."""
    made = [
        make_signable(organization=home, reviewer=_entry(user))
        for home, user in ((cast.home, cast.reviewer), (cast.away, cast.other_reviewer))
    ]
    comments = []
    for one in made:
        determination = one.sign()
        who: dict[str, Any] = {"determination_id": determination.pk, "actor": cast.medical_director}
        comments.append(add_comment(**who, position=1, kind="facts", text="The side is wrong.").pk)
        return_for_correction(**who, reason="See the comment.")
    mine = made[0].assignment.pk
    return Objects(
        kwargs={"assignment_id": mine, "comment_id": comments[0]},
        foreign={"assignment_id": mine, "comment_id": comments[1]},
        missing={"assignment_id": mine, "comment_id": NOBODY},
        reach=REVIEWER,
    )


@objects_for("reviews:print-pack-download")
def print_pack(cast: Cast) -> Objects:
    """As above: somebody else's pack under one's own assignment."""
    packs = []
    for asked in _requests(cast):
        pack = request_pack(assignment_id=asked.assignment_id, actor=asked.assignment.reviewer.user)
        packs.append(make_pack(pack_id=pack.pk))
    mine = packs[0].assignment_id
    return Objects(
        kwargs={"assignment_id": mine, "pack_id": packs[0].pk},
        foreign={"assignment_id": mine, "pack_id": packs[1].pk},
        missing={"assignment_id": mine, "pack_id": NOBODY},
        reach=REVIEWER,
    )
