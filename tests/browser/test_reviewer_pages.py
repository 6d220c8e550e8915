"""The reviewer's pages beside the workspace: accessible, narrow, and one rationale chosen for two items by keyboard."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.enums import Role
from imr.accounts.models import User
from reviews.models import Finding
from reviews.services.determination import return_for_correction, sign_determination
from reviews.services.message import send_message
from reviews.services.print_pack import make_pack, request_pack
from reviews.services.quality import add_comment
from reviews.services.work_time import correct_time
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.letters import make_signable
from tests.factories.review_drafts import add_item, complete_review
from tests.factories.reviews import Accepted, make_accepted, make_ready_case

Measure = Callable[[Page], None]
SHOTS = os.environ.get("IMR_SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True)


def written() -> Accepted:
    """Two items, decided."""
    case = make_ready_case()
    add_item(case, "MRI of the left knee")
    made = make_accepted(case)
    complete_review(made)
    return made


def returned() -> Accepted:
    """A case that came back with a comment, with a thread, a pack and a corrected time; another one is signed."""
    made = written()
    signed = sign_determination(assignment_id=made.assignment.pk, actor=made.user, password=PASSWORD)
    who: dict[str, Any] = {"determination_id": signed.pk, "actor": make_user(Role.MEDICAL_DIRECTOR)}
    add_comment(**who, position=1, kind="facts", text="The report names the left side.")
    return_for_correction(**who, reason="See the comment.")
    send_message(assignment_id=made.assignment.pk, actor=make_user(Role.ADMINISTRATOR), text="A report arrived.")
    make_pack(pack_id=request_pack(assignment_id=made.assignment.pk, actor=made.user).pk)
    other = make_signable(reviewer=made.reviewer)
    correct_time(assignment_id=other.assignment.pk, actor=made.user, minutes=50, reason="Read the printed records.")
    other.sign()
    return made


def test_pages_beside_the_workspace_are_accessible_and_narrow(
    page: Page, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure, no_sideways_scroll: Measure
) -> None:
    made = returned()
    sign_in(made.user)
    pages: tuple[tuple[Any, ...], ...] = (
        ("own-availability",),
        ("own-file",),
        ("own-statistics",),
        ("assignment-time", made.assignment.pk),
        ("print-pack", made.assignment.pk),
        ("request-ask", made.assignment.pk),
        ("own-thread", made.assignment.pk),
        ("workspace", made.assignment.pk),
    )
    for name, *args in pages:
        page.goto(live_server.url + reverse(f"reviews:{name}", args=args))
        if name == "workspace":
            expect(page.locator(".returned")).to_contain_text("The report names the left side.")
        axe(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
        no_sideways_scroll(page)


def test_one_rationale_follows_in_the_other_item_and_another_window_loses_nothing(
    page: Page, context: BrowserContext, live_server: LiveServer, sign_in: Callable[[User], None], axe: Measure
) -> None:
    made = written()
    one, two = made.case.items.order_by("position").values_list("pk", flat=True)
    url = live_server.url + reverse("reviews:workspace", args=[made.assignment.pk])
    sign_in(made.user)
    page.goto(url)
    mine, other = (page.locator(f"#item_{pk}_rationale") for pk in (one, two))
    mine.fill("For both of them.")
    shared = page.locator(f"#item_{one}_shared")
    shared.locator("summary").press("Enter")
    shared.get_by_role("checkbox", name="Item 2").press("Space")
    shared.get_by_role("button", name="Share the rationale").press("Enter")
    expect(shared).to_contain_text("One rationale with item 2")
    expect(other).to_have_value("For both of them.")
    expect(page.locator(f"#item_{two}_shared")).to_contain_text("One rationale with item 1")
    axe(page)
    if SHOTS:
        shared.scroll_into_view_if_needed()
        page.screenshot(path=f"{SHOTS}/shared.png")
    # Typed in the second item, and seen in the first; no conflict with oneself.
    other.press("Control+End")
    other.press_sequentially(" And more.")
    expect(mine).to_have_value("For both of them. And more.")
    late = context.new_page()
    late.goto(url)
    mine.fill("Rewritten in the first window.")
    expect(other).to_have_value("Rewritten in the first window.")
    late.locator(f"#item_{two}_rationale").fill("Rewritten in the second window.")
    conflict = late.locator(f"#item_{two}_conflict")
    expect(conflict).to_contain_text("Rewritten in the first window.")
    conflict.get_by_role("button", name="Keep mine").click()
    expect(conflict.get_by_role("button")).to_have_count(0)
    assert set(Finding.objects.filter(item__in=[one, two]).values_list("rationale", flat=True)) == {
        "Rewritten in the second window."
    }
    page.locator(f"#item_{one}_unshare").press("Enter")
    expect(shared).not_to_contain_text("One rationale with")
    assert not Finding.objects.filter(rationale_group__isnull=False).exists()
