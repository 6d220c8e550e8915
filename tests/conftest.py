"""Fixtures of the whole suite."""

from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from imr.accounts.models import User
from tests import database
from tests.factories.accounts import Cast, make_cast

# The same examples on every run, and no clock: what fails here fails on the next machine too. A search for new
# examples is a run of its own (CONTRIBUTING.md).
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database holds the reference data and nothing else; at the end nobody is connected any more."""
    with django_db_blocker.unblock():
        database.prepare()
    yield
    with django_db_blocker.unblock():
        database.disconnect_others()


def _restore_after_commit(self: TransactionTestCase) -> None:
    database.restore()


# What pytest-django runs after a test that may commit (`transactional_db`, `live_server`).
TransactionTestCase._fixture_teardown = _restore_after_commit  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None) -> Cast:
    """One person per role, two claims administrators."""
    return make_cast()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which the given person is signed in."""

    def sign_in(user: User, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
