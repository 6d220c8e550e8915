"""The same work on many things in several processes, answers in order; no thing takes the others down with it."""

import os
import resource
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, get_context
from pathlib import Path
from time import monotonic
from typing import Any, cast

READ_AHEAD = 8  # answers that may wait, for each process, until those before them are there

_context = get_context("fork")


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no answer; `reason` is a sentence: the process died, failed, or took too long."""

    reason: str


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def in_order[T, R](
    work: Callable[[T], R], things: Iterable[T], *, jobs: int, seconds: float = 120, address_space: int | None = None
) -> Iterator[tuple[T, R | Lost]]:
    """Each of `things` with what `work` makes of it, in their order, in `jobs` processes forked from this one.

    A process that ends by itself, or works on one thing for more than `seconds`, costs only that thing: another one
    takes its place. `address_space` is how many bytes each process may map beyond what this one has. Things are taken
    as they are needed, so neither they nor the answers need to fit into memory at once. `work` may not use what cannot
    be shared by a fork (the connection to the database).
    """
    pool = _Pool(work, max(1, jobs), seconds, address_space)
    try:
        yield from pool.run(things)
    finally:
        pool.close()


class _Worker:
    """A forked process that answers one thing at a time."""

    def __init__(self, work: Callable[[Any], Any], address_space: int | None, others: Iterable["_Worker"]) -> None:
        self.pipe, its_end = connection.Pipe()
        inherited = [self.pipe, *(other.pipe for other in others)]
        process = _context.Process(target=_serve, args=(work, its_end, inherited, address_space), daemon=True)
        with warnings.catch_warnings():
            # A library of the renderer may keep a thread; the child uses none of its locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        its_end.close()
        self.process = process
        self.index: int | None = None
        self.since = 0.0

    def give(self, index: int, thing: Any) -> None:
        self.index, self.since = index, monotonic()
        self.pipe.send(thing)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class _Pool:
    def __init__(self, work: Callable[[Any], Any], jobs: int, seconds: float, address_space: int | None) -> None:
        self.work, self.seconds, self.address_space = work, seconds, address_space
        self.workers: list[_Worker] = []
        for _ in range(jobs):
            self.workers.append(self._new_worker())

    def run[T](self, things: Iterable[T]) -> Iterator[tuple[T, Any]]:
        source = iter(enumerate(things))
        waiting: deque[T] = deque()  # taken and not handed out, in order; `done` has the answers that are there
        done: dict[int, Any] = {}
        first, more = 0, True
        while more or waiting:
            for worker in self.workers:
                if more and worker.index is None and len(waiting) < READ_AHEAD * len(self.workers):
                    taken = next(source, None)
                    more = taken is not None
                    if taken is not None:
                        waiting.append(taken[1])
                        self._give(worker, *taken, done)
            if waiting and first not in done:
                self._collect(done)
            while first in done:
                yield waiting.popleft(), done.pop(first)
                first += 1

    def close(self) -> None:
        for worker in self.workers:
            worker.end()

    def _new_worker(self) -> _Worker:
        return _Worker(self.work, self.address_space, self.workers)

    def _give(self, worker: _Worker, index: int, thing: Any, done: dict[int, Any]) -> None:
        try:
            worker.give(index, thing)
        except (BrokenPipeError, ConnectionResetError):
            self._lose(worker, "The process that should do it has ended.", done)

    def _collect(self, done: dict[int, Any]) -> None:
        """Wait for the next answers, the end of a process, or the end of somebody's time."""
        busy = {worker.pipe: worker for worker in self.workers if worker.index is not None}
        oldest = min((worker.since for worker in busy.values()), default=monotonic())
        ready = connection.wait(list(busy), timeout=max(0.0, oldest + self.seconds - monotonic()))
        for pipe in ready:
            worker = busy[cast("connection.Connection[Any, Any]", pipe)]
            try:
                answer = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join(5)
                self._lose(worker, f"The process ended at this one ({_ending(worker.process.exitcode)}).", done)
            else:
                done[cast("int", worker.index)] = answer
                worker.index = None
        for worker in self.workers:
            if worker.index is not None and monotonic() - worker.since >= self.seconds:
                self._lose(worker, f"It took longer than {self.seconds:g} seconds.", done)

    def _lose(self, worker: _Worker, reason: str, done: dict[int, Any]) -> None:
        done[cast("int", worker.index)] = Lost(reason)
        worker.end()
        self.workers.remove(worker)
        self.workers.append(self._new_worker())


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"


def _mapped() -> int:
    """Bytes of address space that this process has; a fork begins with what its parent had."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _serve(
    work: Callable[[Any], Any],
    pipe: "connection.Connection[Any, Any]",
    inherited: Iterable["connection.Connection[Any, Any]"],
    address_space: int | None,
) -> None:
    """The life of a child: until the parent is gone or ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in inherited:
        # Held open here, it would keep the child that reads it alive after its parent.
        other.close()
    if address_space is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = _mapped() + address_space
        resource.setrlimit(resource.RLIMIT_AS, (min(limit, hard) if hard > 0 else limit, hard))
    while True:
        try:
            thing = pipe.recv()
        except EOFError:
            return
        try:
            answer = work(thing)
        except Exception as error:  # noqa: BLE001  whatever it is, it belongs to this one thing
            answer = Lost(f"{type(error).__name__}: {error}"[:300])
        pipe.send(answer)
