"""Searching the records of a case."""

from tests.access.cases import NOBODY, READERS
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.factories.cases import make_case


@objects_for("cases:page-search")
def searched_case(cast: Cast) -> Objects:
    mine, theirs = make_case(user=cast.claims), make_case(user=cast.away_claims)
    return Objects(
        kwargs={"case_id": mine.pk}, foreign={"case_id": theirs.pk}, missing={"case_id": NOBODY}, reach=READERS
    )
