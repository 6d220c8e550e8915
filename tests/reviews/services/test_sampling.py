"""The sample of the second read: drawn at the signature, explained, and a gate before the release."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cases.enums import ItemEligibility
from cases.models import DisputedItem
from imr.accounts.enums import Role
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.models import SampleDraw, SampleMonth, SamplingRule
from reviews.selectors.sampling import comes_out_again, month_of_sample, sampling_rule_on
from reviews.services.determination import pass_determination, return_for_correction
from reviews.services.dispatch import release_letter
from reviews.services.sampling import set_sampling
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable
from tests.factories.panels import make_panel

pytestmark = pytest.mark.django_db


def rule(**fields: Any) -> SamplingRule:
    return set_sampling(
        **{
            "actor": make_user(Role.MEDICAL_DIRECTOR),
            "in_force_from": clock.today(),
            "rate": Decimal(0),
            "monthly_cap": 40,
            "first_determinations": 0,
            "always_panel": True,
            "always_expedited": False,
            "always_overturned": False,
            "note": "",
            **fields,
        }
    )


def test_without_a_rule_nothing_is_drawn() -> None:
    make_signable().sign()
    assert not SampleDraw.objects.exists()


def test_what_is_drawn_waits_for_the_pass_and_the_rest_may_leave() -> None:
    rule(first_determinations=1)
    made = make_signable()
    letter = made.letter()
    administrator = make_user(Role.ADMINISTRATOR)
    assert SampleDraw.objects.get().reason == "first"
    with pytest.raises(ConflictError, match="drawn for the second read"):
        release_letter(letter_id=letter.pk, actor=administrator, without_check=True)
    pass_determination(determination_id=letter.determination_id, actor=make_user(Role.MEDICAL_DIRECTOR))
    assert release_letter(letter_id=letter.pk, actor=administrator).was_passed

    second = make_signable(reviewer=made.reviewer).letter()
    assert SampleDraw.objects.get(determination=second.determination_id).reason == "not_drawn"
    assert not release_letter(letter_id=second.pk, actor=administrator).was_passed


def test_a_return_a_panel_and_every_lot_are_read() -> None:
    rule()
    made = make_signable()
    first = made.sign()
    assert not SampleDraw.objects.get(determination=first).is_read
    return_for_correction(determination_id=first.pk, actor=make_user(Role.MEDICAL_DIRECTOR), reason="The year.")
    assert SampleDraw.objects.get(determination=made.sign()).reason == "returned"
    assert SampleDraw.objects.get(determination=make_panel([["upheld"], ["upheld"]]).sign_all()).reason == "panel"


def test_every_draw_comes_out_the_same_when_it_is_run_again() -> None:
    rule(rate=Decimal(100), monthly_cap=1)
    reasons = []
    for _ in range(2):
        made = make_signable()
        reasons.append(SampleDraw.objects.get(determination=made.sign()).reason)
    assert reasons == ["lot", "cap"]
    assert all(comes_out_again(one) for one in SampleDraw.objects.all())
    month = month_of_sample(SampleMonth.objects.get(), clock.today())
    assert (month.signed, month.read, month.by_lot, month.differing) == (2, 1, 1, ())
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_sampledraw SET lot = 1")


def test_a_rule_ends_the_one_before_it_and_never_looks_back() -> None:
    first = rule()
    second = rule(in_force_from=clock.today() + timedelta(days=7), rate=Decimal(10))
    first.refresh_from_db()
    assert first.in_force_until == second.in_force_from
    assert sampling_rule_on(clock.today()) == first
    assert sampling_rule_on(second.in_force_from) == second
    for day in (date(2020, 1, 1), second.in_force_from):
        with pytest.raises(DomainError):
            rule(in_force_from=day)
    with pytest.raises(NotAllowedError):
        rule(actor=make_user(Role.ADMINISTRATOR))


def test_an_eligible_item_that_the_letter_lacks_holds_the_release() -> None:
    made = make_signable(items=[{}, {"eligibility": ItemEligibility.PENDING}])
    letter = made.letter()
    DisputedItem.objects.filter(case=made.case, position=2).update(eligibility=ItemEligibility.ELIGIBLE)
    with pytest.raises(ConflictError, match="item 2 is eligible and not in the letter"):
        release_letter(letter_id=letter.pk, actor=make_user(Role.ADMINISTRATOR), without_check=True)
