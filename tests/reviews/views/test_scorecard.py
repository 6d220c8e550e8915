"""Scorecards and the page of the sample."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import clock
from reviews.models import SamplingRule
from reviews.selectors.scorecard import scorecards
from reviews.services.determination import return_for_correction
from reviews.services.quality import add_comment
from reviews.services.returned import answer_comment
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable
from tests.factories.panels import make_panel

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_a_scorecard_counts_signatures_returns_and_comments_and_keeps_small_numbers_back(client_of: SignIn) -> None:
    director = make_user(Role.MEDICAL_DIRECTOR)
    made = make_signable()
    first = made.sign()
    comment = add_comment(determination_id=first.pk, actor=director, position=1, kind="facts", text="The side.")
    return_for_correction(determination_id=first.pk, actor=director, reason="The side.")
    answer_comment(assignment_id=made.assignment.pk, actor=made.user, comment_id=comment.pk, text="Put right.")
    made.sign()
    panel = make_panel([["upheld"], ["upheld"]])
    panel.sign_all()
    today = clock.today()

    cards = {card.code: card for card in scorecards(director, since=today, until=today)}

    card = cards[made.reviewer.code]
    assert (card.signed, card.returned, card.in_time_words) == (2, 1, "1 of 1")
    assert card.comment_words == "wrong body part, side, dose, quantity or date 1"
    assert card.outcome_words == "kept back: a number is under 5"
    assert [cards[seat.reviewer.code].signed for seat in panel.seats] == [1, 1]
    (own,) = scorecards(made.user, since=today, until=today)
    assert own == card

    client: Any = client_of(made.user)
    page = client.get(reverse("reviews:scorecard"))
    assert [one.code for one in page.context["cards"]] == [card.code]
    csv = client.get(reverse("reviews:scorecard-csv")).content.decode("utf-8-sig")
    assert csv.splitlines()[1].startswith(f"{card.code},2,1,1,1,")
    wrong = client.get(reverse("reviews:scorecard-csv"), {"since": "06/02/2026", "until": "06/01/2026"})
    assert wrong.status_code == 422
    assert client_of(make_user(Role.CLAIMS_STAFF)).get(reverse("reviews:scorecard")).status_code == 403


def test_the_medical_director_sets_the_sample(client_of: SignIn) -> None:
    client: Any = client_of(make_user(Role.MEDICAL_DIRECTOR))
    address = reverse("reviews:quality-sample")
    assert b"No rule is in force" in client.get(address).content
    fields = {
        "in_force_from": f"{clock.today():%m/%d/%Y}",
        "rate": "5.5",
        "monthly_cap": "60",
        "first_determinations": "3",
        "always_panel": "on",
    }
    wrong = client.post(address, fields | {"rate": "120"})
    assert wrong.status_code == 422
    assert client.post(address, fields).status_code == 302
    assert SamplingRule.objects.get().rate == 5.5
    make_signable().sign()
    shown = client.get(address)
    assert shown.context["months"][0].differing == ()
    assert b"One of the reviewer&#x27;s first" in shown.content
