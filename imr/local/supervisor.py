"""`make run`: starts the servers and the processes, restarts what dies, and stops all of it.

Every process is a session of its own, so that Ctrl-C reaches only the supervisor, which then ends them in order.
The kernel ends them too when the supervisor itself is killed.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from imr.local import paths, services
from imr.local.processes import Program, programs
from imr.settings import env

_READY_SECONDS: Final = 90
_GRACE_SECONDS: Final = 15
_LONGEST_PAUSE: Final = 30.0
# A process that lived this long did not fail at its start, and is restarted at once.
_SETTLED_SECONDS: Final = 60
_LOG_BYTES: Final = 20 * 1024 * 1024
_PR_SET_PDEATHSIG: Final = 1


class CannotRunError(Exception):
    """`make run` cannot go on; the text is for the person at the terminal."""


class Child:
    """One process, started again with growing pauses whenever it ends."""

    def __init__(self, program: Program, environment: dict[str, str]) -> None:
        self.program = program
        self.restarts = 0
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = 0.0
        self._not_before = 0.0

    @property
    def log(self) -> Path:
        return paths.LOGS / f"{self.program.name}.log"

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        _rotate(self.log)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self.program.arguments],
                cwd=paths.PROJECT_ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self._started = time.monotonic()

    def watch(self) -> None:
        """Start the process again when it has ended and its pause is over."""
        if self.is_running():
            return
        now = time.monotonic()
        if self._process is not None:
            code = self._process.returncode
            # Children of a killed leader would go on taking work, or hold the port.
            self._signal(os.killpg, signal.SIGKILL)
            self._process = None
            self._pause = 0.5 if now - self._started > _SETTLED_SECONDS else min(self._pause * 2 or 0.5, _LONGEST_PAUSE)
            self._not_before = now + self._pause
            what = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
            log = self.log.relative_to(paths.PROJECT_ROOT)
            say(f"{self.program.name} {what}; starting it again (log: {log})")
        if now >= self._not_before:
            self.restarts += 1
            self.start()

    def ask_to_stop(self) -> None:
        if self.is_running():
            self._signal(os.kill, signal.SIGTERM)

    def kill(self) -> None:
        if self._process is not None:
            self._signal(os.killpg, signal.SIGKILL)
            self._process.wait()

    def _signal(self, send: Callable[[int, int], None], number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                send(self._process.pid, number)


@dataclass(frozen=True, slots=True)
class Plan:
    port: int
    embedded_postgres: bool
    embedded_redis: bool
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


def run() -> int:
    """Run until Ctrl-C, SIGTERM or SIGHUP; returns the exit code."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        plan = make_plan()
        with _only_one(plan):
            _require_free_port(plan.port)
            return _serve(plan, stop)
    except (CannotRunError, services.ServiceError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def make_plan() -> Plan:
    """Read the environment once; raises `ImproperlyConfigured` with every variable that is wrong."""
    Env().read_env(paths.PROJECT_ROOT / ".env", recurse=False)
    values = env.read("development")
    environment = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONHOME", "GUNICORN_CMD_ARGS"):
        environment.pop(name, None)
    environment |= {
        "DJANGO_SETTINGS_MODULE": "imr.settings.dev",
        "PYTHONUNBUFFERED": "1",
        "WEB_CONCURRENCY": str(values["WEB_CONCURRENCY"]),
        # They would load every page into the worker, and a page loads the letters' renderer.
        "CELERY_SKIP_CHECKS": "1",
    }
    if not environment.get("IMR_BASE_URL"):
        environment["IMR_BASE_URL"] = f"http://localhost:{values['PORT']}"
    return Plan(
        port=values["PORT"],
        embedded_postgres=not environment.get("DATABASE_URL"),
        embedded_redis=not environment.get("REDIS_URL"),
        environment=environment,
    )


def _serve(plan: Plan, stop: threading.Event) -> int:
    began = time.monotonic()
    if plan.embedded_postgres or plan.embedded_redis:
        say("Starting PostgreSQL and Redis ..." if plan.embedded_postgres else "Starting Redis ...")
    lease = services.ensure_services(plan.environment)
    children: list[Child] = []
    try:
        sign_ins = _prepare(plan, stop)
        schedule = str(paths.LOCAL / "beat-schedule")
        say("Starting web, worker, beat and sweeper ...")
        for program in programs(port=plan.port, schedule=schedule):
            child = Child(program, plan.environment)
            child.start()
            children.append(child)
        _await_ready(plan, children, stop)
        if not stop.is_set():
            say(f"\nIMR is ready at {plan.address} (after {time.monotonic() - began:.0f} s).\n")
            say(sign_ins)
            say("Logs and mail are in .local/logs and .local/mail. Ctrl-C stops everything.")
        _watch(plan, children, stop)
    finally:
        _stop(children, stop)
        if lease is not None:
            lease.release()
    say("Stopped.")
    return 0


def _prepare(plan: Plan, stop: threading.Event) -> str:
    """Migrate and load data; returns the table of sign-ins."""
    say("Preparing the database ...")
    log = paths.LOGS / "prepare.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "imr.local.prepare"],
            cwd=paths.PROJECT_ROOT,
            env=plan.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        ) as process,
    ):
        lines = []
        for line in process.stdout or ():
            if line.endswith("...\n"):
                say(line.rstrip())
            else:
                lines.append(line)
            if stop.is_set():
                process.terminate()
    if process.returncode != 0 and not stop.is_set():
        where = log.relative_to(paths.PROJECT_ROOT)
        raise CannotRunError(f"{services.tail(log, 6)}\nThe database could not be prepared; all of it is in {where}.")
    return "".join(lines)


def _await_ready(plan: Plan, children: list[Child], stop: threading.Event) -> None:
    """Return when every process runs and `/readyz` says so; raises `CannotRunError` when that takes too long."""
    opener = build_opener(ProxyHandler({}))
    answer = "no answer"
    deadline = time.monotonic() + _READY_SECONDS
    while not stop.wait(0.25):
        for child in children:
            child.watch()
        if all(child.is_running() for child in children):
            try:
                with opener.open(f"http://127.0.0.1:{plan.port}/readyz", timeout=5):
                    return
            except URLError as error:
                read = getattr(error, "read", None)
                answer = read().decode(errors="replace").strip() if read else str(error.reason)
            except OSError as error:
                answer = str(error)
        failing = [child.program.name for child in children if child.restarts > 3]
        if failing or time.monotonic() > deadline:
            words = "".join(
                f"\n{child.program.name}:\n{services.tail(child.log, 12)}"
                for child in children
                if child.restarts or not failing
            )
            raise CannotRunError(f"Not healthy after {_READY_SECONDS} s: /readyz says {answer[:500]}.{words}")


def _watch(plan: Plan, children: list[Child], stop: threading.Event) -> None:
    checked = time.monotonic()
    while not stop.wait(0.25):
        for child in children:
            child.watch()
        if time.monotonic() - checked > 1:
            checked = time.monotonic()
            _watch_servers(plan)


def _watch_servers(plan: Plan) -> None:
    postgres = plan.embedded_postgres and services.postgres_pid() is None
    redis = plan.embedded_redis and services.redis_pid() is None
    for name, gone in (("PostgreSQL", postgres), ("Redis", redis)):
        if gone:
            say(f"{name} ended; starting it again (log: .local/logs/{name.removesuffix('QL').lower()}.log)")
    if postgres or redis:
        try:
            services.revive_services(postgres=postgres, redis=redis)
        except services.ServiceError as error:
            say(str(error))


def _stop(children: list[Child], stop: threading.Event) -> None:
    if any(child.is_running() for child in children):
        say("\nStopping ...")
    stop.clear()
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + _GRACE_SECONDS
    # A second Ctrl-C does not wait. Nothing is lost: the outbox has every job that was under way.
    while any(child.is_running() for child in children) and time.monotonic() < deadline:
        if stop.wait(0.1):
            break
    for child in children:
        child.kill()


@contextmanager
def _only_one(plan: Plan) -> Iterator[None]:
    """Hold this clone's lock; raises `CannotRunError` when another `make run` has it."""
    paths.LOCAL.mkdir(exist_ok=True)
    with (paths.LOCAL / "make-run.lock").open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            where = handle.read().strip() or "another port"
            raise CannotRunError(f"`make run` is already up for this folder, at {where}; stop it first.") from None
        handle.truncate(0)
        handle.write(plan.address)
        handle.flush()
        yield
        handle.truncate(0)


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotRunError(f"Port {port} is for root only; choose another with `PORT=8001 make run`.") from None
        except OSError:
            other = port + 1 if port < 65535 else 8001
            raise CannotRunError(
                f"Port {port} is taken by another program; choose another with `PORT={other} make run`."
            ) from None


def _rotate(log: Path) -> None:
    with suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def say(text: str) -> None:
    # The terminal may be gone while the product runs on.
    with suppress(OSError):
        print(text, flush=True)
