"""The menu of each role, from the one table."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.navigation import MENU, Frame, url_or_empty
from tests.factories.accounts import Cast


def frame_of(user: User, path: str = "/") -> Frame:
    request = RequestFactory().get(path)
    request.user = user
    return Frame(request)


@pytest.mark.django_db
def test_menu_shows_what_the_role_may_open_and_nothing_else(cast: Cast) -> None:
    for role, user in cast.people.items():
        allowed = [e for e in MENU if user.can(e.action) and e.is_for(user) and url_or_empty(e.url_name)]
        mates = Counter(entry.section for entry in allowed if entry.section)
        expected = [entry.section if mates[entry.section] > 1 else entry.label for entry in allowed]
        labels = [link.label for link in frame_of(user).menu]
        assert labels == list(dict.fromkeys(expected)), role
        shown = {link.url for entry in allowed for link in frame_of(user, url_or_empty(entry.url_name)).section}
        shown |= {link.url for link in frame_of(user).menu}
        assert shown == {url_or_empty(entry.url_name) for entry in allowed}, role
    assert frame_of(User(role=Role.ADMINISTRATOR, is_active=False)).menu == []


@pytest.mark.django_db
def test_menu_marks_the_page_and_its_section(cast: Cast) -> None:
    people, organizations = reverse("accounts:person-list"), reverse("accounts:organization-list")
    on_page = {link.url: link.current for link in frame_of(cast.administrator, people).menu}
    assert on_page[people] == "page"
    assert [url for url, current in on_page.items() if current] == [people]
    below = {link.url: link.current for link in frame_of(cast.administrator, f"{people}7/").menu}
    assert below[people] == "true"
    assert [url for url, current in below.items() if current] == [people]
    beside = frame_of(cast.administrator, organizations)
    assert [(link.label, link.current) for link in beside.menu if link.current] == [("People", "true")]
    assert [(link.label, link.current) for link in beside.section] == [("People", ""), ("Organizations", "page")]
    assert frame_of(cast.administrator, reverse("reviews:assignment-queue")).section == []


@pytest.mark.django_db
def test_frame_names_the_person_and_for_a_stranger_shows_no_menu(
    cast: Cast, client: Client, client_of: Callable[[User], Client]
) -> None:
    signed_in = client_of(cast.administrator).get("/nothing-here/").content.decode()
    assert cast.administrator.full_name in signed_in
    assert f'action="{reverse("accounts:sign-out")}"' in signed_in
    assert "data-session-idle" in signed_in
    stranger = client.get("/nothing-here/").content.decode()
    assert "<nav" not in stranger
    assert "Sign out" not in stranger
    assert "data-session-idle" not in stranger
