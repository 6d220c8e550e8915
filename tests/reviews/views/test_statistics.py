"""A reviewer's own figures: right, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from reviews.models import Assignment, TimeCorrection, WorkSitting
from reviews.selectors.statistics import own_statistics, time_of_all
from reviews.services.assignment import decline_assignment
from reviews.services.determination import pass_determination, return_for_correction
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable
from tests.factories.panels import make_panel
from tests.factories.reviews import make_offer, make_reviewer

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
PAGE = "reviews:own-statistics"


def worked(assignment: Assignment, minutes: int) -> None:
    now = clock.now()
    WorkSitting.objects.filter(assignment=assignment).delete()
    WorkSitting.objects.create(assignment=assignment, began_at=now - timedelta(minutes=minutes), ended_at=now)


def test_figures_are_ones_own_and_add_up(client_of: SignIn) -> None:
    reviewer = make_reviewer()
    director = make_user(Role.MEDICAL_DIRECTOR)
    kept, back = make_signable(reviewer=reviewer), make_signable(reviewer=reviewer)
    other = make_signable()
    for made, minutes in ((kept, 30), (back, 90), (other, 500)):
        worked(made.assignment, minutes)
    pass_determination(determination_id=kept.sign().pk, actor=director)
    return_for_correction(determination_id=back.sign().pk, actor=director, reason="The side is wrong.")
    other.sign()
    decline_assignment(assignment_id=make_offer(reviewer=reviewer).pk, actor=reviewer.user, reason="workload")
    today = clock.today()
    found = own_statistics(reviewer.user, since=today, until=today)
    assert (found.signatures, found.read, found.returned, len(found.work)) == (2, 2, 1, 2)
    assert (found.agreed, found.median_time, found.median_days) == ("1 of 2 passed as signed", "1 h 00 min", "0 days")
    assert (found.declined, found.unanswered, found.panel_items) == (1, 0, 0)
    page = client_of(reviewer.user).get(reverse(PAGE)).content.decode()
    assert str(kept.case.number) in page
    assert str(other.case.number) not in page
    assert own_statistics(reviewer.user, since=today + timedelta(days=1), until=today + timedelta(days=2)).work == []
    assert client_of(director).get(reverse(PAGE)).status_code == 403
    wrong = client_of(reviewer.user).get(reverse(PAGE), {"since": "02/02/2026", "until": "01/01/2026"})
    assert wrong.status_code == 422


def test_a_case_without_a_trace_is_not_measured_rather_than_done_in_no_time(client_of: SignIn) -> None:
    made = make_signable()
    WorkSitting.objects.filter(assignment=made.assignment).delete()
    made.sign()
    page = client_of(made.user).get(reverse(PAGE)).content.decode()
    assert "not measured" in page
    assert "0 min" not in page


def test_opinions_of_a_panel_are_compared_with_what_was_decided() -> None:
    made = make_panel([["upheld", "upheld"], ["overturned", "upheld"]])
    made.sign_all()
    today = clock.today()
    first, second = (own_statistics(seat.user, since=today, until=today) for seat in made.seats)
    # An even split is overturned.
    assert (first.panel_words, second.panel_words) == ("1 of 2 items", "2 of 2 items")
    assert (first.signatures, second.signatures, len(second.work)) == (1, 1, 1)


def test_time_is_corrected_on_its_page_and_refused_beside_the_field(client_of: SignIn) -> None:
    made = make_signable()
    worked(made.assignment, 20)
    client: Any = client_of(made.user)
    url = reverse("reviews:assignment-time", args=[made.assignment.pk])
    assert client.get(url).context["time"].measured == 20
    wrong = client.post(url, {"minutes": "9999", "reason": "Read on paper."})
    assert wrong.status_code == 422
    assert "Read on paper." in wrong.content.decode()
    assert not TimeCorrection.objects.exists()
    done = client.post(url, {"minutes": "45", "reason": "Read on paper."})
    assert done["Location"] == reverse(PAGE)
    assert TimeCorrection.objects.get().minutes == 45
    made.sign()
    assert "Read on paper." in client.get(reverse(PAGE)).content.decode()
    assert client_of(make_reviewer().user).get(url).status_code == 404


def test_time_of_all_tells_of_nobody(client_of: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    today = clock.today()
    reviewers = [make_reviewer(), make_reviewer()]
    for number, minutes in enumerate((10, 20, 40)):
        made = make_signable(reviewer=reviewers[number % 2])
        worked(made.assignment, minutes)
        made.sign()
    assert time_of_all(since=today, until=today).minutes is None
    monkeypatch.setattr("reviews.selectors.statistics.FEWEST", 3)
    assert time_of_all(since=today, until=today).words == "median 20 min, 3 cases of 2 reviewers"
    page = client_of(make_user(Role.MEDICAL_DIRECTOR)).get(reverse("reviews:scorecard")).content.decode()
    assert "median 20 min" in page
    assert "median 20 min" not in client_of(reviewers[0].user).get(reverse("reviews:scorecard")).content.decode()
