"""Reference data: proposed by one, approved by another, no overlap, kept through later loads."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction

from cases.enums import CorrectionState, ReferenceAct
from cases.exceptions import IncompleteError, StaleVersionError
from cases.models import Holiday, LegalParameter, NoticeWording, ReferenceChange
from cases.selectors.reference import field_changes
from cases.selectors.reference_kind import KINDS, ReferenceKind, register
from cases.services.reference import load_notice_wordings
from cases.services.reference_change import decide_change, propose_change
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError
from imr.core.models import OutboxJob
from tests.factories.accounts import Cast, make_cast
from tests.races import race

pytestmark = pytest.mark.django_db
FIGURES, HOLIDAYS, WORDINGS = KINDS["figures"], KINDS["holidays"], KINDS["wordings"]
SUCCEED, CORRECT, ADD = ReferenceAct.SUCCEED, ReferenceAct.CORRECT, ReferenceAct.ADD


def authorize() -> LegalParameter:
    return LegalParameter.objects.get(name="authorize", in_force_until=None)


def propose(
    kind: ReferenceKind, act: ReferenceAct, actor: User, row: LegalParameter | Holiday | NoticeWording, **values: object
) -> ReferenceChange:
    given = {**kind.values_of(row), **values}
    if act == SUCCEED:
        given.pop("in_force_until", None)
    return propose_change(
        kind=kind, act=act, actor=actor, values=given, reason="Stats. 2026, ch. 12.", object_id=row.pk
    )


def new_holiday(actor: User, day: str = "2027-07-06", **values: object) -> ReferenceChange:
    given = {"day": day, "name": "Day of the River", "closes_office": True, "basis": "Gov. Code 6700", **values}
    given.setdefault("is_confirmed", False)
    return propose_change(kind=HOLIDAYS, act=ADD, actor=actor, values=given, reason="Stats. 2026, ch. 12.")


def test_figure_from_a_day_on_ends_the_one_before_and_survives_later_loads(cast: Cast) -> None:
    row = authorize()
    change = propose(FIGURES, SUCCEED, cast.administrator, row, value=4, in_force_from="2027-01-01", is_confirmed=False)
    assert authorize() == row
    assert [(one.label, one.old, one.new) for one in field_changes(FIGURES, change)][:1] == [("Figure", "5", "4")]

    decide_change(kind=FIGURES, change_id=change.pk, actor=cast.medical_director, is_approved=True)

    row.refresh_from_db()
    new = authorize()
    assert row.in_force_until == new.in_force_from == date(2027, 1, 1)
    assert (new.value, new.is_confirmed, new.deadline_id, new.extensions) == (4, False, row.deadline_id, row.extensions)
    change.refresh_from_db()
    assert (change.state, change.made_id) == (CorrectionState.APPROVED, new.pk)
    call_command("load_reference_data", verbosity=0)
    assert list(LegalParameter.objects.filter(name="authorize").values_list("value", "in_force_until")) == [
        (5, date(2027, 1, 1)),
        (4, None),
    ]
    acts = Event.objects.filter(action__startswith="reference.").values_list("action", "actor")
    assert ("reference.approve", cast.medical_director.pk) in list(acts)
    assert OutboxJob.objects.filter(name="cases.recount_clocks").count() == 2


def test_correction_survives_later_loads(cast: Cast) -> None:
    row = LegalParameter.objects.filter(is_confirmed=False).first()
    assert row is not None
    change = propose(FIGURES, CORRECT, cast.administrator, row, is_confirmed=True, note="Read in the section.")
    decide_change(kind=FIGURES, change_id=change.pk, actor=cast.other_administrator, is_approved=True)
    call_command("load_reference_data", verbosity=0)
    row.refresh_from_db()
    assert (row.is_confirmed, row.note) == (True, "Read in the section.")


def test_who_proposed_does_not_approve_and_takes_back(cast: Cast) -> None:
    change = propose(FIGURES, CORRECT, cast.administrator, authorize(), value=6)
    with pytest.raises(NotAllowedError):
        decide_change(kind=FIGURES, change_id=change.pk, actor=cast.administrator, is_approved=True)
    with pytest.raises(IntegrityError, match="referencechange_second_person"), transaction.atomic():
        ReferenceChange.objects.filter(pk=change.pk).update(
            state="approved", decided_by=cast.administrator, decided_at=clock.now(), made_id=1
        )
    decide_change(kind=FIGURES, change_id=change.pk, actor=cast.administrator, is_approved=False)
    with pytest.raises(ConflictError, match="decided meanwhile"):
        decide_change(kind=FIGURES, change_id=change.pk, actor=cast.medical_director, is_approved=True)
    assert authorize().value == 5
    for act in (
        lambda: ReferenceChange.objects.filter(pk=change.pk).update(values={}),
        lambda: ReferenceChange.objects.filter(pk=change.pk).update(state="proposed", decided_by=None, decided_at=None),
        change.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"citation": " "}, "citation"),
        ({"in_force_from": "2013-01-01"}, "in_force_from"),
        ({"in_force_from": "2012-12-31"}, "in_force_from"),
    ],
)
def test_what_could_not_be_approved_is_refused_at_once(cast: Cast, values: dict[str, object], place: str) -> None:
    with pytest.raises(IncompleteError) as raised:
        propose(FIGURES, SUCCEED, cast.administrator, authorize(), **{"in_force_from": "2027-01-01", **values})
    assert list(raised.value.fields) == [place]
    assert not ReferenceChange.objects.exists()
    assert LegalParameter.objects.filter(name="authorize").count() == 1


def test_overlap_is_refused_beside_the_day(cast: Cast) -> None:
    first = LegalParameter.objects.filter(name="information_answer").order_by("in_force_from")[0]
    for values, words in (
        ({"in_force_until": "2014-02-13"}, "same day"),
        ({"in_force_until": "2012-01-01"}, "later than its first day"),
    ):
        with pytest.raises(IncompleteError, match=words):
            propose(FIGURES, CORRECT, cast.administrator, first, **values)
    with pytest.raises(IncompleteError, match="Nothing differs"):
        propose(FIGURES, CORRECT, cast.administrator, first)
    with pytest.raises(IncompleteError) as raised:
        new_holiday(cast.administrator, "2027-07-05")
    assert raised.value.fields == {"day": ["There is such a row already. Correct that one."]}


def test_one_change_of_a_row_waits_at_a_time_and_a_stale_one_is_not_approved(cast: Cast) -> None:
    row = authorize()
    change = propose(FIGURES, CORRECT, cast.administrator, row, value=6)
    with pytest.raises(ConflictError, match="Another change"):
        propose(FIGURES, SUCCEED, cast.administrator, row, in_force_from="2027-01-01")
    LegalParameter.objects.filter(pk=row.pk).update(note="Changed by an import.")
    with pytest.raises(StaleVersionError):
        decide_change(kind=FIGURES, change_id=change.pk, actor=cast.medical_director, is_approved=True)


def test_wording_that_may_have_gone_out_is_succeeded_and_never_corrected(cast: Cast) -> None:
    row = NoticeWording.objects.get(kind="deferred")
    with pytest.raises(ConflictError, match="may have gone out"):
        propose(WORDINGS, CORRECT, cast.administrator, row, title="Another title")
    with pytest.raises(IncompleteError) as raised:
        propose(WORDINGS, SUCCEED, cast.administrator, row, in_force_from="2027-01-01", opening="Dear {nobody}")
    assert "no placeholder of notices" in raised.value.fields["opening"][0]
    first = f"{clock.today() + timedelta(days=30):%Y-%m-%d}"
    change = propose(WORDINGS, SUCCEED, cast.administrator, row, in_force_from=first, title="Notice of a Pause")
    decide_change(kind=WORDINGS, change_id=change.pk, actor=cast.medical_director, is_approved=True)
    assert NoticeWording.objects.filter(kind="deferred").count() == 2
    assert not OutboxJob.objects.filter(name="cases.recount_clocks").exists()
    later = NoticeWording.objects.get(title="Notice of a Pause")
    assert propose(WORDINGS, CORRECT, cast.administrator, later, title="Notice of Pause").pk


def test_mark_of_a_wording_is_corrected_while_its_words_stay(cast: Cast) -> None:
    row = NoticeWording.objects.get(kind="ineligible")
    assert not row.is_confirmed
    assert "9792.10.3(f)" in row.note
    marks = {"citation": row.citation, "is_confirmed": True, "note": "Read in the register of 2024, No. 38."}
    change = propose_change(
        kind=WORDINGS, act=CORRECT, actor=cast.administrator, values=marks, reason="It was read.", object_id=row.pk
    )
    labels = [one.label for one in field_changes(WORDINGS, change)]
    assert labels == ["Checked against the section itself", "What is open"]
    decide_change(kind=WORDINGS, change_id=change.pk, actor=cast.medical_director, is_approved=True)
    after = NoticeWording.objects.get(pk=row.pk)
    assert (after.is_confirmed, after.note) == (True, marks["note"])
    assert (after.opening, after.reasons) == (row.opening, row.reasons)
    load_notice_wordings()
    assert NoticeWording.objects.get(pk=row.pk).is_confirmed


def test_open_wordings_say_what_is_open() -> None:
    load_notice_wordings()
    rows = {row.kind: row for row in NoticeWording.objects.all()}
    assert {kind for kind, row in rows.items() if row.is_confirmed} == {"expedited", "insufficient_records"}
    assert all(row.is_confirmed is (row.note == "") for row in rows.values())


def test_reasons_change_one_by_one(cast: Cast) -> None:
    row = NoticeWording.objects.get(kind="ineligible")
    reasons = {**row.reasons, "INE-DUP": "It was filed before."}
    change = propose(WORDINGS, SUCCEED, cast.administrator, row, in_force_from="2027-01-01", reasons=reasons)
    found = [(one.label, one.new) for one in field_changes(WORDINGS, change) if one.label.startswith("INE-")]
    assert found == [("INE-DUP: Same dispute already filed or decided", "It was filed before.")]


def test_another_kind_is_registered_once() -> None:
    with pytest.raises(RuntimeError, match="figures"):
        register(FIGURES)


@pytest.mark.django_db(transaction=True)
def test_two_rows_from_one_day_approved_at_once_make_one() -> None:
    """Two people approve further rows of one day; the database has the last word."""
    cast = make_cast()
    changes = [new_holiday(cast.administrator, "2027-07-06", name=name) for name in ("River", "Delta")]
    results = race(
        *(
            lambda change=change: decide_change(
                kind=HOLIDAYS, change_id=change.pk, actor=cast.medical_director, is_approved=True
            )
            for change in changes
        )
    )
    refused = [one for one in results if not isinstance(one, ReferenceChange)]
    assert len(refused) == 1
    assert Holiday.objects.filter(day=date(2027, 7, 6)).count() == 1
