"""The embedded servers, in a folder of their own: shared, stopped by the last user, started after a crash."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from imr.local import paths, services

# A process that uses the servers of the folder in its argument until its standard input ends.
USER = """
import sys
from pathlib import Path
from imr.local import paths
paths.LOCAL = Path(sys.argv[1])
paths.POSTGRES_DATA = paths.LOCAL / "postgres"
paths.REDIS_DATA = paths.LOCAL / "redis"
paths.LOGS = paths.LOCAL / "logs"
from imr.local import services
lease = services.ensure_services({})
assert services.postgres_answers() and services.redis_answers()
print(services.postgres_pid(), services.redis_pid(), flush=True)
sys.stdin.read()
"""


class User:
    """One such process."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.servers = [int(part) for part in self.process.stdout.readline().split()]

    def leave(self) -> None:
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("local machine")
    yield folder
    for name in ("postgres/postmaster.pid", "run/redis.pid"):
        if (folder / name).exists():
            pid = int((folder / name).read_text().split()[0])
            if pid != os.getpid() and psutil.pid_exists(pid):
                os.kill(pid, signal.SIGKILL)


def test_servers_are_shared_and_outlive_neither_crash_nor_last_user(folder: Path) -> None:
    first = User(folder)
    second = User(folder)
    assert len(first.servers) == 2
    assert second.servers == first.servers

    # The one that started them leaves: the other keeps them.
    first.leave()
    assert all(psutil.pid_exists(pid) for pid in second.servers)

    # A user that dies leaves no claim behind.
    second.kill()
    third = User(folder)
    assert third.servers == first.servers

    # Servers killed, and the number in the stale file now belongs to another program.
    for pid in third.servers:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) and not _zombie(pid) for pid in third.servers):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stale = folder / "postgres" / "postmaster.pid"
    stale.write_text(stale.read_text().replace(str(third.servers[0]), str(os.getpid()), 1))
    fourth = User(folder)
    assert set(fourth.servers).isdisjoint(third.servers)

    third.leave()
    assert all(psutil.pid_exists(pid) for pid in fourth.servers)
    fourth.leave()
    assert not any(psutil.pid_exists(pid) and not _zombie(pid) for pid in fourth.servers)


def test_sockets_move_where_the_path_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCAL", Path("/srv/imr/.local"))
    assert paths.run_directory() == Path("/srv/imr/.local/run")

    monkeypatch.setattr(paths, "LOCAL", Path("/srv") / ("long" * 20) / ".local")
    assert paths.run_directory().parent == Path(tempfile.gettempdir())
    assert len(str(paths.postgres_socket_directory() / ".s.PGSQL.5432.lock")) <= 107


def test_own_servers_need_no_embedded_ones(folder: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db/imr", "REDIS_URL": "redis://redis/0"}
    assert services.ensure_services(given) is None


def _zombie(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
