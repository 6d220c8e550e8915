"""Chromium, signed-in browsers, and what every page is measured by: axe, the console, 320 px."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from imr.accounts.models import User

# Playwright's sync API leaves an event loop on the main thread; Django's ORM refuses without this.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Measure = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="No Chromium was found; `make setup` names the command."))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
    return {**browser_type_launch_args, "args": args, "executable_path": CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-US",
        "timezone_id": "America/Los_Angeles",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def axe() -> Measure:
    """`axe(page)` fails with a report when axe finds anything of WCAG 2.2 AA or best practice."""
    tool = Axe()

    def measure(page: Page) -> None:
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
        result = tool.run(page, options=options)
        assert result.violations_count == 0, result.generate_report()

    return measure


def _without_aborted(seen: list[str]) -> list[str]:
    """Without what htmx reports, twice each, of requests that ended because the page was left while they ran."""
    elements = [text.partition(", ")[2] for text in seen if text.startswith("htmx:sendAbort, ")]
    aborted = {f"htmx:{event}, {element}" for element in elements for event in ("sendAbort", "afterRequest")}
    return [text for text in seen if text not in aborted]


@pytest.fixture(autouse=True)
def console(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fails the test when the page wrote an error to the console or a script threw.

    A page's own answer of 4xx is logged by Chromium as an error and does not count; a missing file does. A test that
    provokes an error clears the list.
    """
    seen: list[str] = []
    if "page" not in request.fixturenames:
        yield seen
        return
    page: Page = request.getfixturevalue("page")

    def note(message: ConsoleMessage) -> None:
        answered = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type == "error" and not (answered and "/static/" not in message.location["url"]):
            seen.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield seen
    assert _without_aborted(seen) == []


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer) -> Callable[[User], None]:
    """`sign_in(user)` makes the browser that person's, by cookie."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])

    return enter


@pytest.fixture(scope="session")
def no_sideways_scroll() -> Measure:
    """`no_sideways_scroll(page)` fails when the page is wider than a window of 320 px (WCAG 1.4.10)."""

    def measure(page: Page) -> None:
        before = page.viewport_size
        page.set_viewport_size({"width": 320, "height": 800})
        wide = page.evaluate(
            """() => document.documentElement.scrollWidth <= 320 ? [] : [...document.querySelectorAll('body *')]
               .filter((e) => e.getBoundingClientRect().right > 320 && !e.closest('.table-scroll'))
               .map((e) => `${e.tagName}.${e.className}`).concat('page')"""
        )
        if before:
            page.set_viewport_size(before)
        assert wide == []

    return measure
