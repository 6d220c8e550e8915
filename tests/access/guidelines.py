"""Objects of the guideline catalog: the same for everybody who may look at it."""

from guidelines.models import GuidelineSource
from imr.accounts.enums import Role
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast


@objects_for("guidelines:source")
def source(cast: Cast) -> Objects:
    first, second = GuidelineSource.objects.order_by("pk")[:2]
    return Objects(
        kwargs={"code": first.code},
        foreign={"code": second.code},
        missing={"code": "no-such-guideline"},
        reach=dict.fromkeys([role for role in Role if role != Role.OPERATOR], "any"),
    )
