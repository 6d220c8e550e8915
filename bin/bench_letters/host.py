"""A process of its own for every engine, and the questions that it answers."""

import io
import multiprocessing
import os
import pickle
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import psutil

from bin.bench_letters.blocks import Sample
from bin.bench_letters.engines import ENGINES, Chromium, Engine, pss

_spawn = multiprocessing.get_context("spawn")
_fork = multiprocessing.get_context("fork")
SAMPLE_SECONDS = 1.0


@dataclass(slots=True)
class Spent:
    """What some letters took: CPU and wall seconds in all, and pages and bytes of each where asked for."""

    cpu: float
    wall: float
    pages: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Load:
    """What came of some seconds under full load. `peak` is PSS in bytes, all processes of the engine together."""

    letters: int
    seconds: float
    latencies: list[float]
    peak: int

    @property
    def rate(self) -> float:
        return self.letters / self.seconds


@dataclass(slots=True)
class Growth:
    """Resident memory in bytes after some letters of warming up, and after all of them."""

    letters: int
    before: int
    after: int


class Host:
    """A started process with one engine; `with` ends it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pipe, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=_serve, args=(name, theirs), name=f"bench {name}")
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def prepare(self) -> None:
        self._ask("prepare")

    def render(self, samples: Sequence[Sample], *, count_pages: bool = False) -> Spent:
        found: Spent = self._ask("render", samples, count_pages)
        return found

    def load(self, samples: Sequence[Sample], *, processes: int, seconds: float) -> Load:
        # In files, of which each process reads its own letter by letter: what waits is not the engine's memory.
        with tempfile.TemporaryDirectory(prefix="imr-bench-") as folder:
            paths = [Path(folder) / str(at) for at in range(processes)]
            for at, path in enumerate(paths):
                with path.open("wb") as out:
                    for sample in samples[at::processes]:
                        pickle.dump(sample, out)
            found: Load = self._ask("load", paths, seconds)
        return found

    def grow(self, *, letters: int, warm: int, first: int) -> Growth:
        found: Growth = self._ask("grow", letters, warm, first)
        return found

    def close(self) -> None:
        if self._process.is_alive():
            self._pipe.send(None)
            self._process.join(timeout=20)
        if self._process.is_alive():
            self._process.kill()

    def _ask(self, what: str, *args: Any) -> Any:
        self._pipe.send((what, args))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(name: str, pipe: Connection) -> None:
    engine = ENGINES[name]()
    answers: dict[str, Callable[..., Any]] = {"prepare": _prepare, "render": _render, "load": _load, "grow": _grow}
    try:
        while (question := pipe.recv()) is not None:
            what, args = question
            try:
                pipe.send(answers[what](engine, *args))
            except Exception as error:  # noqa: BLE001  told to who asked
                pipe.send(RuntimeError(f"{name}: {type(error).__name__}: {error}"))
    except EOFError:
        pass
    finally:
        engine.close()


def _prepare(engine: Engine) -> None:
    engine.prepare()


def _render(engine: Engine, samples: Sequence[Sample], count_pages: bool) -> Spent:
    cpu, wall = engine.cpu_seconds(), time.perf_counter()
    made = [engine.render(sample) for sample in samples]
    spent = Spent(cpu=engine.cpu_seconds() - cpu, wall=time.perf_counter() - wall)
    if count_pages:
        import pikepdf

        for data in made:
            with pikepdf.open(io.BytesIO(data)) as document:
                spent.pages.append(len(document.pages))
            spent.sizes.append(len(data))
    return spent


def _read(path: Path) -> Iterator[Sample]:
    with path.open("rb") as given, suppress(EOFError):
        while True:
            yield pickle.load(given)  # noqa: S301  our own bytes


def _load(engine: Engine, paths: Sequence[Path], seconds: float) -> Load:
    if engine.forks:
        engine.prepare()
    if isinstance(engine, Chromium):
        engine.prepare()
        samples = chain.from_iterable(map(_read, paths))
        engine.load(islice(samples, 2 * len(paths)), tabs=len(paths), until=time.monotonic() + 60)
        return _watched_tabs(engine, samples, len(paths), seconds)
    return _watched_forks(engine, paths, seconds)


def _watched_tabs(engine: Chromium, samples: Iterator[Sample], tabs: int, seconds: float) -> Load:
    stop = threading.Event()
    peaks = [0]

    def watch() -> None:
        while not stop.is_set():
            peaks.append(sum(map(pss, engine.processes())))
            stop.wait(SAMPLE_SECONDS)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    latencies = engine.load(samples, tabs=tabs, until=started + seconds)
    took = time.monotonic() - started
    stop.set()
    watcher.join()
    return Load(letters=len(latencies), seconds=took, latencies=latencies, peak=max(peaks))


def _watched_forks(engine: Engine, paths: Sequence[Path], seconds: float) -> Load:
    ready, go = _fork.Barrier(len(paths) + 1), _fork.Event()
    answers: Any = _fork.Queue()
    children = [
        _fork.Process(target=_work, args=(engine, _read(path), (ready, go), answers, seconds)) for path in paths
    ]
    for child in children:
        child.start()
    ready.wait(timeout=120)
    started = time.monotonic()
    go.set()
    peak = 0
    watched = [psutil.Process(os.getpid()), *(psutil.Process(child.pid) for child in children)]
    while time.monotonic() < started + seconds - 0.3:
        time.sleep(min(SAMPLE_SECONDS, seconds / 4))
        peak = max(peak, sum(map(pss, watched)))
    spent = [answers.get(timeout=seconds + 60) for _ in children]
    for child in children:
        child.join(timeout=20)
    latencies = [one for _, found in spent for one in found]
    return Load(
        letters=len(latencies), seconds=max(ended for ended, _ in spent) - started, latencies=latencies, peak=peak
    )


def _work(engine: Engine, samples: Iterator[Sample], gate: tuple[Any, Any], answers: Any, seconds: float) -> None:
    ready, go = gate
    if not engine.forks:
        engine.prepare()
    engine.render(next(samples))
    ready.wait(timeout=120)
    go.wait()
    until = time.monotonic() + seconds
    latencies = []
    for sample in samples:
        started = time.monotonic()
        if started >= until:
            break
        engine.render(sample)
        latencies.append(time.monotonic() - started)
    answers.put((time.monotonic(), latencies))


def _grow(engine: Engine, letters: int, warm: int, first: int) -> Growth:
    engine.prepare()
    import django

    django.setup()
    from bin.bench_letters.sample import make_sample
    from reviews.services.rehearsal_text import item_counts

    process = psutil.Process()
    before = 0
    for at, items in enumerate(item_counts(random.Random(first), letters=letters)):  # noqa: S311  repeatable
        engine.render(make_sample(first + at, items=items))
        if at + 1 == warm:
            before = process.memory_info().rss
    return Growth(letters=letters - warm, before=before, after=process.memory_info().rss)
