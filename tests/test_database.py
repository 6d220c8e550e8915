import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from imr.accounts.models import User
from imr.audit.models import Event
from imr.audit.services import record
from tests import database
from tests.factories.accounts import make_user


def test_emptying_is_refused_outside_of_the_test_settings(db: None) -> None:
    user = make_user()
    with override_settings(SETTINGS_MODULE="imr.settings.production"):
        for act in (database.prepare, database.restore):
            with pytest.raises(database.NotATestDatabaseError):
                act()
    assert User.objects.filter(pk=user.pk).exists()


def test_emptying_is_refused_on_a_database_that_is_not_the_tests(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "imr")
    with pytest.raises(database.NotATestDatabaseError):
        database.restore()


def test_product_never_puts_triggers_to_sleep() -> None:
    pattern = re.compile("session_replication_role|DISABLE TRIGGER", re.IGNORECASE)
    root = Path(settings.BASE_DIR)
    found = [
        path
        for package in ("imr", "cases", "reviews", "guidelines")
        for path in (root / package).rglob("*.py")
        if pattern.search(path.read_text())
    ]
    assert found == []


@pytest.mark.django_db(transaction=True)
def test_committed_rows_are_gone_and_triggers_awake_after_restore() -> None:
    user = make_user()
    record(action="sign_in", actor=user)
    database.restore()
    assert not User.objects.exists()
    assert not Event.objects.exists()
    record(action="sign_in", actor=None)
    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_event")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Event.objects.update(action="other")
