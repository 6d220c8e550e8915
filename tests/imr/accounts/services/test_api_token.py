from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from imr.accounts.enums import Role
from imr.accounts.models import ApiToken, Organization, User
from imr.accounts.services.api_token import authenticate_token, issue_token, revoke_token
from imr.accounts.services.secret import secret_hash
from imr.core import clock
from imr.core.errors import ConflictError, NotAllowedError
from tests.factories.accounts import Cast


def test_key_opens_the_organization_and_is_not_stored(cast: Cast) -> None:
    issued = issue_token(actor=cast.manager, name="Claims system")
    user = authenticate_token(issued.key)
    assert user is not None
    assert (user.role, user.organization, user.has_usable_password()) == (Role.API_CLIENT, cast.home, False)
    row = ApiToken.objects.values().get(pk=issued.token.pk)
    assert issued.key not in str(row)
    assert row["key_hash"] == secret_hash(issued.key)
    assert issued.key.startswith(row["prefix"])


@pytest.mark.parametrize("key", ["", "imr_", "imr_" + "x" * 43, "\x00", "\ud800", "é" * 10_000])
def test_wrong_keys_open_nothing(db: None, key: str) -> None:
    assert authenticate_token(key) is None


def test_key_ends_after_its_days_with_revocation_and_with_its_organization(cast: Cast) -> None:
    issued = issue_token(actor=cast.manager, name="A", days=30)
    with time_machine.travel(clock.now() + timedelta(days=29, hours=23)):
        assert authenticate_token(issued.key) is not None
    with time_machine.travel(clock.now() + timedelta(days=30, seconds=1)):
        assert authenticate_token(issued.key) is None
    Organization.objects.filter(pk=cast.home.pk).update(is_active=False)
    assert authenticate_token(issued.key) is None
    Organization.objects.filter(pk=cast.home.pk).update(is_active=True)
    revoke_token(actor=cast.manager, token=issued.token)
    assert authenticate_token(issued.key) is None
    with pytest.raises(ConflictError):
        revoke_token(actor=cast.manager, token=issued.token)


def test_use_is_noted_once_a_minute(cast: Cast) -> None:
    issued = issue_token(actor=cast.manager, name="A")
    with time_machine.travel(clock.now(), tick=False) as moved:
        seen = []
        for _ in range(3):
            authenticate_token(issued.key)
            seen.append(ApiToken.objects.get(pk=issued.token.pk).last_used_at)
            moved.shift(timedelta(seconds=40))
    assert seen[0] == seen[1] != seen[2]


def test_others_neither_issue_nor_revoke(cast: Cast) -> None:
    issued = issue_token(actor=cast.manager, name="A")
    for actor in (cast.claims, cast.administrator, cast.operator, cast.away_manager):
        with pytest.raises(NotAllowedError):
            revoke_token(actor=actor, token=issued.token)
    with pytest.raises(NotAllowedError):
        issue_token(actor=cast.claims, name="B")


def test_page_shows_the_key_once(cast: Cast, client_of: Callable[[User], Client]) -> None:
    client = client_of(cast.manager)
    body = client.post("/tokens/", {"name": "Claims system", "days": "90"}).content.decode()
    token = ApiToken.objects.get()
    key = body[body.index("imr_") :].split('"')[0]
    assert secret_hash(key) == token.key_hash
    again = client.get("/tokens/").content.decode()
    assert key not in again
    assert token.prefix in again
    assert client.post("/tokens/", {"name": "", "days": "9999"}).status_code == 422
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    assert "Revoked" in client.get("/tokens/").content.decode()
