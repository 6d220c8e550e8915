"""A reviewer's calendar: the own dates by a secret address, without a name and without anything of health."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from imr.core import clock
from reviews.selectors.calendar import reviewer_dates
from tests.factories.reviews import make_accepted, make_offer, make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def address(client: Client, page: str) -> str:
    """A new address, as the page shows it once."""
    found = re.search(r'value="(http[^"]+key=[^"]+)"', client.post(page).content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_calendar_has_the_own_dates_alone(client_of: SignIn) -> None:
    reviewer, other = make_reviewer(), make_reviewer()
    accepted, offer, foreign = (
        make_accepted(reviewer=reviewer),
        make_offer(reviewer=reviewer),
        make_accepted(reviewer=other),
    )
    answer = Client().get(address(client_of(reviewer.user), reverse("reviews:own-calendar")))
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode().replace("\r\n ", "")
    assert f"SUMMARY:{accepted.case.number}: Determination due" in text
    assert f"SUMMARY:{offer.case.number}: Accept or decline" in text
    assert str(foreign.case.number) not in text
    assert text.count("BEGIN:VEVENT") == 2
    for told in ("Sandoval", "Lumbago", reviewer.user.email, reviewer.code, "Given", "Family"):
        assert told not in text


def test_dates_stand_in_the_order_in_which_they_fall_due() -> None:
    reviewer = make_reviewer()
    make_accepted(reviewer=reviewer)
    make_offer(reviewer=reviewer)
    dates = reviewer_dates(reviewer.user, now=clock.now())
    assert [one.clock is None for one in dates] == [True, False]
    assert dates[0].due_at <= dates[1].due_at


def test_address_is_revocable_and_ends_with_the_account(client_of: SignIn) -> None:
    user = make_reviewer().user
    client, page = client_of(user), reverse("reviews:own-calendar")
    first = address(client, page)
    second = address(client, page)
    assert [Client().get(one).status_code for one in (first, second)] == [404, 200]
    # The calendar of cases is not a reviewer's.
    assert Client().get(second.replace("/reviews/calendar/", "/cases/calendar/")).status_code == 404
    client.post(reverse("reviews:own-calendar-revoke"))
    assert Client().get(second).status_code == 404
    third = address(client, page)
    User.objects.filter(pk=user.pk).update(is_active=False, deactivated_at=clock.now())
    assert Client().get(third).status_code == 404
