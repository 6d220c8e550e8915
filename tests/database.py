"""Emptying the test database between tests that commit.

The audit table refuses TRUNCATE, and Django's `TransactionTestCase` empties by TRUNCATE. So the tests empty the
tables with the triggers asleep (`session_replication_role`), which only a superuser may do and only the test
settings ask for, and put the reference data back as it was after migration.
"""

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

# What `migrate` itself writes.
KEPT_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission"})
PRISTINE = "pristine"


class NotATestDatabaseError(RuntimeError):
    """The database or the settings are not the tests'."""


def require_test_database() -> None:
    """Raise unless both the settings and the database are the tests'."""
    name = str(connection.settings_dict["NAME"])
    if not settings.SETTINGS_MODULE.endswith(".test") or not name.startswith("test_"):
        raise NotATestDatabaseError(f"Refusing to empty {name!r} under {settings.SETTINGS_MODULE}.")


def prepare() -> None:
    """The database holds the reference data and nothing else, and a copy of it stands aside."""
    require_test_database()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {PRISTINE} CASCADE")
        _empty()
    if "load_reference_data" in get_commands():
        call_command("load_reference_data", verbosity=0)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {PRISTINE}")
        for table in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            row = cursor.fetchone()
            if row and row[0]:
                cursor.execute(f'CREATE TABLE {PRISTINE}."{table}" AS SELECT {_columns(table)} FROM "{table}"')


def restore() -> None:
    """The database is as `prepare` left it; ids go on counting."""
    require_test_database()
    for attempt in range(3):
        try:
            _restore()
        except OperationalError as error:
            # A last request of a page that is closing takes the same tables in an order of its own.
            if attempt == 2 or not isinstance(error.__cause__, DeadlockDetected):
                raise
        else:
            return


def _restore() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # A thread of a live server that still holds a lock makes this fail and say so.
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        _empty()
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [PRISTINE])
        for (table,) in cursor.fetchall():
            columns = _columns(table)
            cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {PRISTINE}."{table}"')


def _empty() -> None:
    """No table of ours holds a row; the rest of this transaction runs without triggers.

    Rows are deleted, and only where there are any: to empty all the empty tables by TRUNCATE takes five times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        tables = _tables()
        # Whoever is still writing is waited for, as TRUNCATE would.
        cursor.execute(f"LOCK TABLE {', '.join(f'"{table}"' for table in tables)} IN ACCESS EXCLUSIVE MODE")
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
        cursor.execute(" UNION ALL ".join(asked))
        for (table,) in cursor.fetchall():
            cursor.execute(f'DELETE FROM "{table}"')


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - KEPT_TABLES)


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall())


def disconnect_others() -> None:
    """End what a server or worker thread of the last tests left connected: the database could not be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    connection.close()
