"""The page that describes the programs' interface, under the site's own content security policy."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from imr.accounts.models import User
from tests.factories.accounts import make_cast


@pytest.mark.browser
def test_description_is_shown_without_a_word_in_the_console(
    live_server: LiveServer, page: Page, client_of: Callable[[User], Client]
) -> None:
    session = client_of(make_cast().manager).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/api/docs/")
    page.locator(".opblock-summary").first.wait_for()
    page.get_by_text("Submit a draft").click()
    page.get_by_text("The case has a number and a time of receipt").wait_for()
