"""`make run`'s supervisor: restarts, refusals, and the address it tells."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.core.exceptions import ImproperlyConfigured

from imr.local import paths, supervisor
from imr.local.processes import Program


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "PROJECT_ROOT", tmp_path)
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(paths, "LOGS", tmp_path / ".local" / "logs")
    paths.LOGS.mkdir(parents=True)
    return tmp_path


@pytest.fixture
def make_child() -> Iterator[Callable[[str], supervisor.Child]]:
    made: list[supervisor.Child] = []

    def make(code: str) -> supervisor.Child:
        child = supervisor.Child(Program("trial", ("-c", code)), dict(os.environ))
        made.append(child)
        child.start()
        return child

    yield make
    for child in made:
        child.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def restarts(child: supervisor.Child) -> int:
    child.watch()
    return child.restarts


def test_killed_child_is_restarted_and_its_group_ended(
    make_child: Callable[[str], supervisor.Child], local: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = local / "pids"
    code = (
        "import os, subprocess, sys, time\n"
        f"grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(note)!r}, 'a').write(f'{{os.getpid()}} {{grandchild.pid}}\\n')\n"
        "time.sleep(60)"
    )
    child = make_child(code)
    wait_for(lambda: note.exists() and note.read_text().endswith("\n"))
    leader, grandchild = map(int, note.read_text().split())

    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: not child.is_running())
    child.watch()
    assert not child.is_running()  # not before its pause is over
    wait_for(lambda: restarts(child) == 1)

    assert child.restarts == 1
    wait_for(lambda: not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == "zombie")
    assert "trial was ended by SIGKILL; starting it again" in capsys.readouterr().out


def test_pauses_grow_while_a_child_fails(make_child: Callable[[str], supervisor.Child]) -> None:
    child = make_child("raise SystemExit(3)")
    pauses = []
    for _ in range(2):
        wait_for(lambda: not child.is_running())
        child.watch()
        pauses.append(child._pause)
        wait_for(lambda: restarts(child) == len(pauses))

    assert pauses == [0.5, 1.0]


def test_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(supervisor.CannotRunError, match=rf"^Port {port} is taken .* `PORT={port + 1} make run`.$"):
            supervisor._require_free_port(port)
    supervisor._require_free_port(port)


def test_second_run_of_a_folder_is_refused_with_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8123")
    plan = supervisor.make_plan()
    with (
        supervisor._only_one(plan),
        pytest.raises(supervisor.CannotRunError, match=r"already up .* at http://localhost:8123; stop it first"),
        supervisor._only_one(plan),
    ):
        pass
    with supervisor._only_one(plan):  # free again
        assert (paths.LOCAL / "make-run.lock").read_text() == "http://localhost:8123"
    assert (paths.LOCAL / "make-run.lock").read_text() == ""


def test_plan_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "IMR_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "imr.settings.test")
    plan = supervisor.make_plan()

    assert (plan.port, plan.embedded_postgres, plan.embedded_redis) == (8001, True, True)
    assert plan.environment["IMR_BASE_URL"] == "http://localhost:8001"
    assert plan.environment["DJANGO_SETTINGS_MODULE"] == "imr.settings.dev"
    assert "PYTHONPATH" not in plan.environment

    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/0")
    assert supervisor.make_plan().embedded_redis is False

    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(ImproperlyConfigured, match="PORT must be a port number"):
        supervisor.make_plan()
