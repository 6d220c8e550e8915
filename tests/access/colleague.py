"""Objects of the opinions of colleagues on signed determinations."""

from cases.models import Document
from imr.accounts.models import Organization
from reviews.enums import DocumentUse
from reviews.models import ColleagueOpinion, Determination, Reviewer
from reviews.services.colleague import ask_colleague, attest_for_opinion
from reviews.services.review import mark_documents
from tests.access.objects import Objects, objects_for
from tests.access.reviews import NOBODY, REVIEWER, STAFF
from tests.factories.accounts import Cast
from tests.factories.cases import make_document
from tests.factories.letters import make_signable
from tests.factories.reviews import make_reviewer


def _signed(cast: Cast) -> tuple[Determination, Determination]:
    """A determination of each claims administrator, signed by a third reviewer, with a record that can be opened."""
    return _sign(cast.home), _sign(cast.away)


def _sign(organization: Organization) -> Determination:
    made = make_signable(organization=organization)
    document = make_document(made.case)
    mark_documents(assignment_id=made.assignment.pk, actor=made.user, uses={document.pk: DocumentUse.CONSIDERED})
    return made.sign()


def _asked(cast: Cast) -> tuple[ColleagueOpinion, ColleagueOpinion]:
    """Each reviewer of the cast is asked about another determination, and reads it."""
    asked = []
    for determination, user in zip(_signed(cast), (cast.reviewer, cast.other_reviewer), strict=True):
        reviewer = Reviewer.objects.filter(user=user).first() or make_reviewer(user, maximum_load=100)
        opinion = ask_colleague(determination_id=determination.pk, reviewer_id=reviewer.pk, actor=cast.administrator)
        asked.append(
            attest_for_opinion(
                opinion_id=opinion.pk, actor=user, conflicts=(), note="", is_qualified=True, is_in_active_practice=True
            )
        )
    return asked[0], asked[1]


@objects_for("reviews:colleague-ask")
def determination_to_ask_about(cast: Cast) -> Objects:
    mine, theirs = _signed(cast)
    return Objects(
        kwargs={"determination_id": mine.pk},
        foreign={"determination_id": theirs.pk},
        missing={"determination_id": NOBODY},
        reach=STAFF,
    )


@objects_for("reviews:colleague-withdraw")
def colleague_asked(cast: Cast) -> Objects:
    """The missing one is the nested kind: a request about another determination."""
    mine, theirs = _asked(cast)
    return Objects(
        kwargs={"determination_id": mine.determination_id, "opinion_id": mine.pk},
        foreign={"determination_id": theirs.determination_id, "opinion_id": theirs.pk},
        missing={"determination_id": mine.determination_id, "opinion_id": theirs.pk},
        reach=STAFF,
    )


@objects_for("reviews:colleague-opinion")
def own_opinion(cast: Cast) -> Objects:
    mine, theirs = _asked(cast)
    return Objects(kwargs={"pk": mine.pk}, foreign={"pk": theirs.pk}, missing={"pk": NOBODY}, reach=REVIEWER)


@objects_for("reviews:colleague-record")
def record_of_own_opinion(cast: Cast) -> Objects:
    """The foreign one is the nested kind too: a record of another case under one's own request."""
    mine, theirs = _asked(cast)

    def record(opinion: ColleagueOpinion) -> int:
        return Document.objects.filter(case_id=opinion.determination.case_id).latest("pk").pk

    return Objects(
        kwargs={"pk": mine.pk, "document_id": record(mine)},
        foreign={"pk": mine.pk, "document_id": record(theirs)},
        missing={"pk": theirs.pk, "document_id": record(theirs)},
        reach=REVIEWER,
    )
