"""Work in several processes: in order, and one bad thing costs itself alone."""

import os
import signal
import time
from collections.abc import Iterator

from imr.core.parallel import Lost, in_order


def _answer(thing: int) -> int:
    if thing == 3:
        raise ValueError("three")
    if thing == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    if thing == 7:
        time.sleep(60)
    if thing == 0:
        time.sleep(0.1)
    return thing * thing


def test_answers_come_in_order_and_a_bad_thing_costs_itself_alone() -> None:
    answers = dict(in_order(_answer, range(40), jobs=2, seconds=1))
    assert list(answers) == list(range(40))
    assert answers.pop(3) == Lost("ValueError: three")
    assert answers.pop(5) == Lost("The process ended at this one (SIGKILL).")
    assert answers.pop(7) == Lost("It took longer than 1 seconds.")
    assert answers == {thing: thing * thing for thing in answers}


def test_things_are_taken_as_they_are_needed() -> None:
    taken = 0

    def things() -> Iterator[int]:
        nonlocal taken
        for thing in range(10, 10_000):
            taken += 1
            yield thing

    answers = in_order(_answer, things(), jobs=2)
    assert [next(answers) for _ in range(3)] == [(10, 100), (11, 121), (12, 144)]
    answers.close()  # type: ignore[attr-defined]
    assert taken < 50


def test_memory_of_a_process_is_limited() -> None:
    ((_, answer),) = in_order(bytearray, [3 << 30], jobs=1, address_space=1 << 30)
    assert answer == Lost("MemoryError: ")


def test_nothing_to_do_is_done() -> None:
    assert list(in_order(_answer, [], jobs=3)) == []
