"""Objects of the pages of the reference data; they belong to nobody, so whoever may read them reads them all."""

from cases.models import Holiday, LegalParameter
from imr.accounts.enums import Role
from tests.access.cases import NOBODY
from tests.access.objects import Objects, Reach, objects_for
from tests.cases.services.test_reference_change import new_holiday
from tests.factories.accounts import Cast

EDITORS: dict[Role, Reach] = {Role.ADMINISTRATOR: "any", Role.MEDICAL_DIRECTOR: "any"}
READERS: dict[Role, Reach] = {**EDITORS, Role.AUDITOR: "any", Role.OPERATOR: "any"}


@objects_for("cases:reference-list")
def kinds(cast: Cast) -> Objects:
    return Objects(kwargs={"slug": "figures"}, foreign={"slug": "holidays"}, missing={"slug": "no"}, reach=READERS)


@objects_for("cases:reference-add")
def undated_kind(cast: Cast) -> Objects:
    return Objects(kwargs={"slug": "holidays"}, foreign={"slug": "holidays"}, missing={"slug": "no"}, reach=EDITORS)


@objects_for("cases:reference-row")
def row(cast: Cast) -> Objects:
    figure, holiday = LegalParameter.objects.first(), Holiday.objects.first()
    assert figure is not None
    assert holiday is not None
    return Objects(
        kwargs={"slug": "figures", "row_id": figure.pk},
        foreign={"slug": "holidays", "row_id": holiday.pk},
        missing={"slug": "figures", "row_id": NOBODY},
        reach=READERS,
    )


@objects_for("cases:reference-succeed", "cases:reference-correct")
def edited_row(cast: Cast) -> Objects:
    first, last = LegalParameter.objects.first(), LegalParameter.objects.last()
    assert first is not None
    assert last is not None
    return Objects(
        kwargs={"slug": "figures", "row_id": first.pk},
        foreign={"slug": "figures", "row_id": last.pk},
        missing={"slug": "figures", "row_id": NOBODY},
        reach=EDITORS,
    )


@objects_for("cases:reference-change")
def change(cast: Cast) -> Objects:
    one, other = new_holiday(cast.administrator), new_holiday(cast.administrator, "2027-07-07")
    return Objects(
        kwargs={"change_id": one.pk}, foreign={"change_id": other.pk}, missing={"change_id": NOBODY}, reach=READERS
    )


@objects_for("cases:reference-decide")
def decided_change(cast: Cast) -> Objects:
    one, other = new_holiday(cast.administrator), new_holiday(cast.administrator, "2027-07-07")
    return Objects(
        kwargs={"change_id": one.pk}, foreign={"change_id": other.pk}, missing={"change_id": NOBODY}, reach=EDITORS
    )
