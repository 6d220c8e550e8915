"""The page of the second read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from reviews.models import QualityComment
from tests.factories.accounts import make_user
from tests.factories.letters import make_signable

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_comments_are_added_shown_and_removed(client_of: SignIn) -> None:
    determination = make_signable(items=[{}, {}]).sign()
    client: Any = client_of(make_user(Role.MEDICAL_DIRECTOR))
    page = reverse("reviews:quality-detail", args=[determination.pk])
    add = reverse("reviews:quality-comment", args=[determination.pk])

    wrong = client.post(add, {"position": "9", "kind": "", "text": "The year <b>2014</b> is wrong."})
    assert wrong.status_code == 422
    assert set(wrong.context["comment_form"].errors) == {"position", "kind"}
    assert b"The year &lt;b&gt;2014&lt;/b&gt; is wrong." in wrong.content

    done = client.post(add, {"position": "2", "kind": "guideline", "text": "The year is wrong."})
    assert done["Location"] == f"{page}#comments"
    comment = QualityComment.objects.get()
    assert (comment.position, comment.kind) == (2, "guideline")
    assert b"The year is wrong." in client.get(page).content

    client.post(reverse("reviews:quality-comment-remove", args=[determination.pk, comment.pk]))
    assert not QualityComment.objects.exists()
