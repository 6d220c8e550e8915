"""Compare the engines on the same letters. `make bench-letters ARGS="--rounds 3 --seconds 2 --repeats 1"` is quick."""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")
django.setup()

from bin.bench_letters.engines import ENGINES, available  # noqa: E402
from bin.bench_letters.host import Growth, Host, Load, Spent  # noqa: E402
from bin.bench_letters.sample import make_sample  # noqa: E402
from reviews.services.rehearsal_text import item_counts  # noqa: E402

SIZES = (1, 3, 10)
MIX_LETTERS = 10
BUSY_PERCENT = 25.0
GATE_SECONDS = 20.0
LOAD_SAMPLES = 700
BASE = "naive"
MIB = 1 << 20


def main() -> None:
    options = _options()
    found = available()
    names = [name for name in options.engines.split(",") if name in found] if options.engines else list(found)
    if missing := set(ENGINES) - set(found):
        print(f"Not installed here: {', '.join(sorted(missing))}.", flush=True)
    started = time.monotonic()
    if options.growth:
        _growth(options.growth, options.seed)
        return
    if options.rounds:
        _rounds(names, options)
    if options.repeats:
        _loads(names, options)
    print(
        f"\n{time.monotonic() - started:.0f} s in all; other programs used {_busy():.0f} % of the machine at the end."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_letters", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="rounds of single letters (default 15, 0 for none)")
    parser.add_argument("--repeats", type=int, default=3, help="runs under full load (default 3, 0 for none)")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of each such run (default 5)")
    parser.add_argument("--engines", default="", help=f"some of {','.join(ENGINES)} (default all)")
    parser.add_argument("--growth", type=int, default=0, help="instead: memory of one worker over so many letters")
    parser.add_argument("--seed", type=int, default=1, help="of the letters and of the order (default 1)")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for a quiet moment before each round")
    return parser.parse_args()


def _rounds(names: Sequence[str], options: argparse.Namespace) -> None:
    """Every engine makes the same new letters in every round, in a random order; one at a time."""
    rng = random.Random(options.seed)  # noqa: S311  repeatable, not secret
    seeds = iter(range(options.seed * 1_000_000, sys.maxsize))
    counts = _cycle(rng)
    spent: dict[str, dict[str, list[Spent]]] = {name: {} for name in names}
    with ExitStack() as stack:
        hosts = {name: stack.enter_context(Host(name)) for name in names}
        for host in hosts.values():
            host.prepare()
            host.render([make_sample(next(seeds), items=3) for _ in range(3)])
        for turn in range(options.rounds):
            batches = {f"{items} item{'s' * (items > 1)}": [make_sample(next(seeds), items=items)] for items in SIZES}
            batches["mix"] = [make_sample(next(seeds), items=next(counts)) for _ in range(MIX_LETTERS)]
            if not options.no_wait:
                _gate()
            for name in rng.sample(list(names), len(names)):
                for title, samples in batches.items():
                    found = hosts[name].render(samples, count_pages=turn == 0)
                    spent[name].setdefault(title, []).append(found)
            print(f"\rround {turn + 1} of {options.rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    _print_rounds(spent)


def _cycle(rng: random.Random) -> Iterator[int]:
    while True:
        yield from item_counts(rng, letters=50)


def _print_rounds(spent: dict[str, dict[str, list[Spent]]]) -> None:
    titles = list(next(iter(spent.values())))
    print("CPU milliseconds per letter, median (in brackets: median of the rounds' ratios to naive WeasyPrint), pages")
    print(f"{'':<18}" + "".join(f"{title:>24}" for title in titles) + f"{'KiB (3)':>9}")
    for name, found in spent.items():
        cells = []
        for title in titles:
            letters = MIX_LETTERS if title == "mix" else 1
            median = statistics.median(one.cpu / letters for one in found[title]) * 1000
            ratio = "-"
            if BASE in spent:
                pairs = zip(found[title], spent[BASE][title], strict=True)
                ratio = f"{statistics.median(ours.cpu / base.cpu for ours, base in pairs if base.cpu):.2f}"
            pages = sum(found[title][0].pages)
            cells.append(f"{f'{median:.1f} ({ratio}) {pages} p':>24}")
        size = statistics.mean(found["3 items"][0].sizes) / 1024
        print(f"{ENGINES[name].name:<18}" + "".join(cells) + f"{size:>9.0f}")  # type: ignore[attr-defined]
    if {BASE, "product"} <= set(spent):
        pairs = zip(spent["product"]["mix"], spent[BASE]["mix"], strict=True)
        times = statistics.median(base.cpu / ours.cpu for ours, base in pairs)
        print(f"This product makes {times:.2f} times the letters of naive WeasyPrint per core (mix; target 2.6).")


def _loads(names: Sequence[str], options: argparse.Namespace) -> None:
    """Letters a second on the mix with one and with two processes, in fresh processes every time."""
    rng = random.Random(options.seed)  # noqa: S311  as above
    found: dict[tuple[str, int], list[Load]] = {(name, many): [] for name in names for many in (1, 2)}
    counts = item_counts(rng, letters=LOAD_SAMPLES)
    for repeat in range(options.repeats):
        first = (options.seed * 1000 + repeat + 1) * 100_000
        samples = [make_sample(first + at, items=items) for at, items in enumerate(counts)]
        for name, many in rng.sample(list(found), len(found)):
            if not options.no_wait:
                _gate()
            with Host(name) as host:
                found[name, many].append(host.load(samples, processes=many, seconds=options.seconds))
            print(f"\rload {repeat + 1} of {options.repeats}: {name}, {many}    ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    _print_loads(names, found)


def _print_loads(names: Sequence[str], found: dict[tuple[str, int], list[Load]]) -> None:
    print("\nLetters a second by the clock on the mix, median of the runs; milliseconds; peak memory (PSS)")
    print(f"{'':<18}{'1 process':>11}{'2 processes':>13}{'p50 / p95 of 2':>18}{'MiB of 1':>10}{'MiB of 2':>10}")
    for name in names:
        one, two = found[name, 1], found[name, 2]
        latencies = sorted(ms for load in two for ms in load.latencies)
        middle, late = (latencies[int(len(latencies) * share)] * 1000 for share in (0.5, 0.95))
        print(
            f"{ENGINES[name].name:<18}"  # type: ignore[attr-defined]
            f"{_rate(one):>11.1f}{_rate(two):>13.1f}{f'{middle:.0f} / {late:.0f}':>18}"
            f"{max(load.peak for load in one) / MIB:>10.0f}{max(load.peak for load in two) / MIB:>10.0f}"
        )
    if {"product", "chromium"} <= set(names):
        ours, theirs = found["product", 2], found["chromium", 2]
        memory = max(load.peak for load in ours) / max(load.peak for load in theirs)
        print(
            f"This product makes {_rate(ours) / _rate(theirs):.2f} times the letters of warm Chromium on 2 cores "
            f"with {memory:.2f} of its memory (targets 1.0 and 0.33)."
        )


def _rate(loads: Sequence[Load]) -> float:
    return statistics.median(load.rate for load in loads)


def _growth(letters: int, seed: int) -> None:
    """One worker's memory between the first tenth and the end, and the naive call's over a tenth of the letters."""
    runs = {"product": (letters, letters // 10), "naive": (max(20, letters // 10), max(10, letters // 100))}
    for name, (many, warm) in runs.items():
        with Host(name) as host:
            found: Growth = host.grow(letters=many, warm=warm, first=seed * 10_000_000)
        grown = found.after - found.before
        print(
            f"{ENGINES[name].name}: {found.before / MIB:.1f} MiB after {warm} letters, {found.after / MIB:.1f} MiB "  # type: ignore[attr-defined]
            f"after {many}: {grown / MIB:+.1f} MiB, {grown / 1024 / found.letters:.1f} KiB a letter",
            flush=True,
        )
        if name == "product" and grown > 8 * MIB:
            sys.exit("A worker grows by more than 8 MiB.")


def _gate() -> None:
    """Wait for a moment in which others use little of the machine, but not for ever."""
    until = time.monotonic() + GATE_SECONDS
    while _busy() > BUSY_PERCENT and time.monotonic() < until:
        time.sleep(0.2)


def _busy() -> float:
    return float(psutil.cpu_percent(interval=0.3))


if __name__ == "__main__":
    main()
