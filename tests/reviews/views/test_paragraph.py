"""The pages of paragraphs that are used again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from reviews.models import Paragraph, ParagraphVersion
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/paragraphs/"


def test_reviewer_writes_proposes_and_the_director_approves(cast: Cast, client_of: SignIn) -> None:
    reviewer, director = client_of(cast.reviewer), client_of(cast.medical_director)
    assert "No paragraphs yet" in reviewer.get(LIST).content.decode()
    wrong = {"key": "PT ext", "title": "More therapy", "text": "For {{age}} and {{height}}."}
    refused = reviewer.post(reverse("reviews:paragraph-create"), wrong)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "small letters, digits and single hyphens" in text
    assert "Nothing fills {{height}}" in text
    assert "For {{age}} and {{height}}." in text
    entry = {"key": "pt-ext", "title": "More therapy", "text": "For {{age}}."}
    assert reviewer.post(reverse("reviews:paragraph-create"), entry).status_code == 302
    assert reviewer.post(reverse("reviews:paragraph-create"), entry).status_code == 400
    own = Paragraph.objects.get()
    assert "pt-ext" not in client_of(cast.other_reviewer).get(LIST).content.decode()
    reviewer.post(reverse("reviews:paragraph-propose", args=[own.pk]))
    page = director.get(LIST).content.decode()
    assert "Proposed for everybody" in page
    assert cast.reviewer.email not in page
    version = ParagraphVersion.objects.get(status="proposed")
    decide = reverse("reviews:paragraph-decide", args=[version.pk])
    assert director.post(decide, {"action": "later"}).status_code == 400
    director.post(decide, {"action": "approve"})
    assert "pt-ext" in client_of(cast.other_reviewer).get(LIST).content.decode()
    assert "already" in director.post(decide, {"action": "refuse"}, follow=True).content.decode()
    # A change of the shared one is a proposal; its key stays whatever is sent.
    shared = Paragraph.objects.get(owner__isnull=True)
    changed = {**entry, "key": "other", "text": "Better words."}
    client_of(cast.other_reviewer).post(reverse("reviews:paragraph-edit", args=[shared.pk]), changed)
    shared.refresh_from_db()
    assert shared.key == "pt-ext"
    assert ParagraphVersion.objects.get(status="proposed").text == "Better words."
    reviewer.post(reverse("reviews:paragraph-remove", args=[own.pk]))
    assert Paragraph.objects.filter(removed_at__isnull=True).get() == shared


@pytest.mark.parametrize("query", ["\x00", "%", "x" * 5_000, "pt' OR 1=1", "a b c d e f g h i j k l"])
def test_any_search_is_answered(query: str, cast: Cast, client_of: SignIn) -> None:
    assert client_of(cast.reviewer).get(LIST, {"q": query, "page": "x"}).status_code == 200
