"""What is typed outlives the network, the session, the web process and the browser, each cut off in mid-sentence.

Once each in the daily suite; `IMR_LOSS_REPETITIONS=100` repeats every cut as often and prints what was lost.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, BrowserType, Error, Page, expect
from pytest_django.live_server_helper import LiveServer

from imr.accounts.models import User
from reviews.models import Review
from tests.factories.accounts import PASSWORD
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import Accepted, make_accepted

SignIn = Callable[[User], None]

REPETITIONS = int(os.environ.get("IMR_LOSS_REPETITIONS", "1"))
ROOT = Path(__file__).resolve().parents[2]
BEGUN = "The records describe numbness of the left leg, "
GONE_ON = "and no home program was tried."
COPIED = "(count) => Number(document.querySelector('#summary_form').dataset.copied ?? 0) >= count"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def accepted(transactional_db: None) -> Accepted:
    accepted = make_accepted()
    prepare_case(accepted.case)
    # Saved once and emptied: the field does not begin with the facts of the case.
    Review.objects.filter(assignment=accepted.assignment).update(version=2)
    return accepted


def address(accepted: Accepted) -> str:
    return reverse("reviews:workspace", args=[accepted.assignment.pk])


def stored() -> str:
    return Review.objects.get().clinical_case_summary


def begin(page: Page, base: str, accepted: Accepted) -> None:
    """The workspace is open, an empty summary has the cursor, and the first half of the sentence is typed."""
    page.goto(base + address(accepted))
    page.wait_for_selector("html[data-copies=ready]", state="attached")
    Review.objects.update(clinical_case_summary="")
    page.locator("#summary_clinical_case_summary").fill("")
    page.keyboard.type(BEGUN)


def expect_whole(page: Page, cut: str) -> None:
    """The page says that it saved, and the server has every character."""
    whole = BEGUN + GONE_ON
    expect(page.locator("#summary_clinical_case_summary")).to_have_value(whole)
    deadline = time.monotonic() + 60
    while stored() != whole and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    print(f"{cut}: {len(whole) - len(stored())} of {len(whole)} characters lost")  # noqa: T201
    assert stored() == whole


def test_network_that_goes_in_mid_sentence_loses_nothing(
    page: Page,
    context: BrowserContext,
    live_server: LiveServer,
    accepted: Accepted,
    sign_in: SignIn,
    console: list[str],
) -> None:
    sign_in(accepted.user)
    for _ in range(REPETITIONS):
        begin(page, live_server.url, accepted)
        context.set_offline(True)
        page.keyboard.type(GONE_ON)
        state = page.locator("#summary_status")
        expect(state).to_contain_text("Not saved: no connection. Your text is here; trying again", timeout=20_000)
        # The control: the cut was real, the server does not have the sentence.
        assert stored() != BEGUN + GONE_ON
        context.set_offline(False)
        expect_whole(page, "network")
    console.clear()


def test_session_that_ends_in_mid_sentence_is_taken_up_in_place(
    page: Page, live_server: LiveServer, accepted: Accepted, sign_in: SignIn
) -> None:
    for _ in range(REPETITIONS):
        sign_in(accepted.user)
        begin(page, live_server.url, accepted)
        Session.objects.all().delete()
        page.keyboard.type(GONE_ON)
        dialog = page.locator("#session-dialog")
        expect(dialog).to_contain_text("Your text is still here.")
        assert stored() != BEGUN + GONE_ON
        dialog.get_by_label("Password of").fill("not the password")
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("The password is not right.")
        dialog.get_by_label("Password of").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect_whole(page, "session")
        # The cursor is where it was: the next keys go on with the sentence.
        page.keyboard.type(" None since.")
        expect(page.locator("#summary_clinical_case_summary")).to_have_value(f"{BEGUN}{GONE_ON} None since.")


def test_web_process_that_is_killed_in_mid_sentence_loses_nothing(
    page: Page, context: BrowserContext, accepted: Accepted, console: list[str]
) -> None:
    with free_port() as port:
        base = f"http://localhost:{port}"
        cookie = session_of(accepted.user)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": base}])
        process = serve(port)
        try:
            for _ in range(REPETITIONS):
                begin(page, base, accepted)
                process.kill()
                process.wait(timeout=30)
                page.keyboard.type(GONE_ON)
                expect(page.locator("#summary_status")).to_contain_text("Not saved", timeout=20_000)
                assert stored() != BEGUN + GONE_ON
                process = serve(port)
                expect_whole(page, "web process")
        finally:
            process.kill()
            process.wait(timeout=30)
    console.clear()


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])
def test_browser_that_is_killed_in_mid_sentence_has_a_copy(
    is_kept: bool,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    live_server: LiveServer,
    accepted: Accepted,
    tmp_path: Path,
) -> None:
    """Without network too, so that the copy alone can have the words. The control gets no key, and loses them."""
    cookie: Any = {"name": "sessionid", "value": session_of(accepted.user), "url": live_server.url}

    def start() -> BrowserContext:
        opened = browser_type.launch_persistent_context(str(tmp_path), **browser_type_launch_args)
        opened.add_cookies([cookie])
        return opened

    for _ in range(REPETITIONS if is_kept else 1):
        context = start()
        page = context.pages[0]
        if not is_kept:
            page.route("**/draft-key/", lambda route: route.abort())
        page.goto(live_server.url + address(accepted))
        if is_kept:
            page.wait_for_selector("html[data-copies=ready]", state="attached")
        page.route("**/summary/", lambda route: route.abort())
        page.locator("#summary_clinical_case_summary").focus()
        page.keyboard.type(BEGUN)
        if is_kept:
            page.wait_for_function(COPIED, arg=len(BEGUN))
        raw = page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "numbness" not in raw
        kill_browser(tmp_path)
        with suppress(Error):
            context.close()
        assert b"numbness" not in b"".join(
            path.read_bytes() for path in tmp_path.rglob("*IndexedDB*/**/*") if path.is_file()
        )
        context = start()
        page = context.pages[0]
        page.goto(live_server.url + address(accepted))
        offer = page.get_by_role("region", name="Words that were not saved")
        if is_kept:
            expect(offer).to_contain_text(BEGUN.strip())
            offer.get_by_role("button", name="Bring them back").click()
            expect(page.locator("#summary_clinical_case_summary")).to_have_value(BEGUN)
            expect(page.locator("#save-state")).to_contain_text("Saved")
            assert stored() == BEGUN.strip()
            print(f"browser: 0 of {len(BEGUN)} characters lost that were copied before the last moment")  # noqa: T201
            Review.objects.update(clinical_case_summary="", version=2)
        else:
            expect(page.locator("#summary_clinical_case_summary")).to_have_value("")
            expect(offer).to_have_count(0)
            assert stored() == ""
        context.close()


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "control"])
def test_source_that_was_typed_and_not_added_is_offered_in_the_next_window(
    is_kept: bool, context: BrowserContext, live_server: LiveServer, accepted: Accepted
) -> None:
    """It is no part of the finding until it is added, so that a save of the item stores nothing of it. Without the key
    the control loses it."""
    cookie: Any = {"name": "sessionid", "value": session_of(accepted.user), "url": live_server.url}
    context.add_cookies([cookie])
    item = accepted.case.items.get().pk
    if not is_kept:
        context.route("**/draft-key/", lambda route: route.abort())
    page = context.new_page()
    page.goto(live_server.url + address(accepted))
    if is_kept:
        page.wait_for_selector("html[data-copies=ready]", state="attached")
    page.get_by_text("Cite a source that is not in the catalog").click()
    page.locator(f"#item_{item}_cite_text").fill("A trial of graded exercise, 2021")
    page.get_by_label("This source is part of the MTUS").check(force=True)
    page.locator(f"#item_{item}_rationale").fill("Saved.")
    expect(page.locator(f"#item_{item}_status")).to_contain_text("Saved")
    if is_kept:
        page.wait_for_function("(id) => document.getElementById(id).dataset.copied", arg=f"item_{item}_form")
    page.close()
    page = context.new_page()
    page.goto(live_server.url + address(accepted))
    expect(page.locator(f"#item_{item}_rationale")).to_have_value("Saved.")
    offer = page.get_by_role("region", name="Words that were not saved")
    if not is_kept:
        expect(page.locator(f"#item_{item}_cite_text")).to_have_value("")
        expect(offer).to_have_count(0)
        return
    expect(offer).to_contain_text("A trial of graded exercise, 2021")
    offer.get_by_role("button", name="Bring them back").click()
    expect(page.locator(f"#item_{item}_cite_text")).to_have_value("A trial of graded exercise, 2021")
    expect(page.get_by_label("This source is part of the MTUS")).to_be_checked()
    page.get_by_role("button", name="Add this source").click()
    expect(page.locator(f"#item_{item}_citations")).to_contain_text("A trial of graded exercise, 2021")
    expect(page.locator(f"#item_{item}_cite_text")).to_have_value("")


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def kill_browser(profile: Path) -> None:
    """End the browser of this profile, and no other, as a crash would."""
    mark = f"--user-data-dir={profile}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if mark in words:
                os.kill(int(entry.name), signal.SIGKILL)
        except OSError:
            continue


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


def serve(port: int) -> subprocess.Popen[bytes]:
    """A web process of its own on the test database; it answers when this returns."""
    held = connection.settings_dict
    host = quote(held["HOST"] or "localhost", safe="")
    place = f"{host}:{held['PORT']}" if held["PORT"] else host
    password = f":{quote(held['PASSWORD'])}" if held["PASSWORD"] else ""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "DATABASE_URL": f"postgresql://{held['USER']}{password}@{place}/{held['NAME']}",
    }
    command = [sys.executable, "manage.py", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return process
        except OSError:
            assert process.poll() is None, "The web process ended by itself."
            time.sleep(0.1)
    raise AssertionError("The web process does not answer.")
