"""The archive: the same for all who may look at it."""

from imr.accounts.enums import Role
from reviews.models import ArchivedDetermination
from tests.access.objects import Objects, objects_for
from tests.factories.accounts import Cast
from tests.reviews.letters.test_exchange import DATA
from tests.reviews.services.test_archive import take


@objects_for("reviews:archive-detail", "reviews:archive-exchange", "reviews:archive-letter")
def archived(cast: Cast) -> Objects:
    take(DATA, DATA | {"case_number": "CM16-0000002"})
    first, second = ArchivedDetermination.objects.order_by("case_number")
    return Objects(
        kwargs={"pk": first.pk},
        foreign={"pk": second.pk},
        missing={"pk": 0},
        reach=dict.fromkeys([Role.ADMINISTRATOR, Role.MEDICAL_DIRECTOR, Role.AUDITOR], "any"),
    )
