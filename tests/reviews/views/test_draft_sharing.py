"""Buttons of the workspace that reach further than their item, and a workspace that stays shut."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from reviews.models import Assignment, Finding, License
from reviews.services.offer import watch_assignments
from tests.factories.review_drafts import add_item, prepare_case
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SignIn = Callable[[User], Client]


@pytest.fixture
def accepted() -> Accepted:
    case = make_ready_case()
    add_item(case, "12 sessions of aquatic therapy")
    found = make_accepted(case)
    prepare_case(found.case)
    return found


def address(name: str, accepted: Accepted, *more: int) -> str:
    return reverse(f"reviews:{name}", args=[accepted.assignment.pk, *more])


def first_finding(accepted: Accepted) -> Finding:
    return Finding.objects.filter(review__assignment=accepted.assignment).order_by("item__position")[0]


def typed(finding: Finding, **changes: Any) -> dict[str, Any]:
    fields = ("version", "outcome", "rationale", "claims_basis", "claims_text", "reviewer_basis")
    return {name: getattr(finding, name) for name in (*fields, "reviewer_text", "hierarchy_reason")} | changes


def test_one_rationale_is_chosen_for_items_and_given_up(accepted: Accepted, client_of: SignIn) -> None:
    client: Any = client_of(accepted.user)
    finding = first_finding(accepted)
    other = Finding.objects.filter(review=finding.review).exclude(pk=finding.pk).get()
    save = address("finding-save", accepted, finding.item_id)
    data = typed(finding, rationale="For both of them.", action="share:")
    refused = client.post(save, data)
    assert refused.status_code == 422
    assert "Tick the items that this rationale is meant for." in refused.content.decode()
    assert "For both of them." in refused.content.decode()
    finding.refresh_from_db()
    quiet = client.post(save, {**data, "version": finding.version}, headers=HTMX)
    assert quiet.status_code == 422
    assert "Tick the items" in quiet.content.decode()
    shared = client.post(save, {**data, "version": finding.version, "share": other.item_id}, headers=HTMX)
    assert shared.status_code == 200
    text = shared.content.decode()
    # The other item's field and version follow without the page being loaded.
    assert f'id="item_{other.item_id}_elsewhere"' in text
    assert 'data-from="1"' in text
    assert "One rationale with item 2" in text
    other.refresh_from_db()
    assert other.rationale == "For both of them."
    finding.refresh_from_db()
    more = client.post(save, typed(finding, rationale="For both of them, still."), headers=HTMX)
    assert f'id="item_{other.item_id}_elsewhere"' in more.content.decode()
    other.refresh_from_db()
    assert other.rationale == "For both of them, still."
    page = client.get(address("workspace", accepted)).content.decode()
    assert "Give item 1 a rationale of its own" in page
    finding.refresh_from_db()
    apart = client.post(save, typed(finding, action="unshare:"))
    assert apart.status_code == 302
    assert apart["Location"].endswith(f"#item_{finding.item_id}_shared")
    finding.refresh_from_db()
    assert (finding.rationale, finding.rationale_group) == ("For both of them, still.", None)
    assert "Give item 1 a rationale of its own" not in client.get(address("workspace", accepted)).content.decode()


def test_opening_a_case_that_the_file_bars_shows_why_and_changes_nothing(accepted: Accepted, client_of: SignIn) -> None:
    first_finding(accepted)
    expired = clock.today() - timedelta(days=1)
    License.objects.filter(reviewer=accepted.reviewer).update(expires_on=expired)
    client: Any = client_of(accepted.user)
    page = client.get(address("workspace", accepted))
    assert page.status_code == 409
    assert "Your work is saved" in page.content.decode()
    assert "12 sessions of aquatic therapy" not in page.content.decode()
    assert Assignment.objects.get(pk=accepted.assignment.pk).status == "accepted"
    assert not Event.objects.filter(action="assignment.credentials_lapsed").exists()
    # The schedule takes it back.
    assert watch_assignments()["taken_back"] == 1
    assert Assignment.objects.get(pk=accepted.assignment.pk).status == "recalled"
