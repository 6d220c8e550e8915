"""Objects of public copies, and the check page's code."""

from reviews.models import Letter, PublicCopy
from reviews.services.publication import propose_copy
from tests.access.objects import Objects, objects_for
from tests.access.reviews import NOBODY, READERS, STAFF
from tests.factories.accounts import Cast
from tests.factories.letters import make_signable


def _served(cast: Cast) -> tuple[Letter, Letter]:
    return (
        make_signable(organization=cast.home).served(cast.administrator),
        make_signable(organization=cast.away).served(cast.administrator),
    )


@objects_for("reviews:publication-propose")
def letter(cast: Cast) -> Objects:
    mine, theirs = _served(cast)
    return Objects(
        kwargs={"letter_id": mine.pk}, foreign={"letter_id": theirs.pk}, missing={"letter_id": NOBODY}, reach=STAFF
    )


def _copies(cast: Cast) -> tuple[int, int]:
    """The same two for every page: making one takes seconds."""
    made = list(PublicCopy.objects.order_by("pk").values_list("pk", flat=True))
    if not made:
        made = [propose_copy(letter_id=served.pk, actor=cast.administrator).pk for served in _served(cast)]
    return made[0], made[1]


@objects_for("reviews:publication-detail", "reviews:publication-pdf")
def copy(cast: Cast) -> Objects:
    mine, theirs = _copies(cast)
    return Objects(kwargs={"copy_id": mine}, foreign={"copy_id": theirs}, missing={"copy_id": NOBODY}, reach=READERS)


@objects_for(
    "reviews:publication-redact",
    "reviews:publication-redact-certain",
    "reviews:publication-keep",
    "reviews:publication-approve",
    "reviews:publication-withdraw",
)
def open_copy(cast: Cast) -> Objects:
    mine, theirs = _copies(cast)
    return Objects(kwargs={"copy_id": mine}, foreign={"copy_id": theirs}, missing={"copy_id": NOBODY}, reach=STAFF)


@objects_for("reviews:publication-undo")
def redaction(cast: Cast) -> Objects:
    mine, theirs = _copies(cast)
    return Objects(
        kwargs={"copy_id": mine, "position": 0},
        foreign={"copy_id": theirs, "position": 0},
        missing={"copy_id": NOBODY, "position": 0},
        reach=STAFF,
    )
