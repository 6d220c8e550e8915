"""E3: what reads a file of strangers can open nothing else, reach nobody, write nothing, and use up little."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imr.core import pdf_cage

CAGE = str(Path(pdf_cage.__file__))
TRY = """
import json, runpy, socket, sys
handle = runpy.run_path({cage!r})["enclose"]({file!r}, memory=1 << 28, cpu_seconds=5)
found = {{"file": handle.read().decode()}}
def attempt(name, act):
    try:
        act()
        found[name] = "done"
    except (OSError, MemoryError) as error:
        found[name] = type(error).__name__
attempt("secret", lambda: open({secret!r}).read())
attempt("listing", lambda: __import__("os").listdir({folder!r}))
attempt("network", lambda: socket.socket().connect({address!r}))
attempt("memory", lambda: bytearray(1 << 29))
attempt("files", lambda: [__import__("os").dup(0) for _ in range(100)])
sys.stdout.write(json.dumps(found))
"""


def allows_isolation() -> bool:
    """Whether this kernel lets a program leave its network and its files behind."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET); os.chroot('/proc/self')"],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def escape(tmp_path: Path, address: tuple[str, int]) -> dict[str, str]:
    file, secret = tmp_path / "file", tmp_path / "secret"
    file.write_text("readable")
    secret.write_text("the signing key")
    program = TRY.format(cage=CAGE, file=str(file), secret=str(secret), folder=str(tmp_path), address=address)
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False, timeout=60)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_program_in_the_cage_reaches_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = escape(tmp_path, server.getsockname())

    assert found["file"] == "readable"
    assert found["memory"] == "MemoryError"
    assert found["files"] == "OSError"
    if not allows_isolation():
        pytest.skip("This kernel lets no program leave its network: the limits alone were checked.")
    assert found["secret"] == "FileNotFoundError"
    assert found["listing"] == "FileNotFoundError"
    assert found["network"] == "OSError"


def test_written_bytes_are_limited(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    out, file = str(tmp_path / "out"), str(tmp_path / "file")
    program = f"""
import os, runpy, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
out = os.open({out!r}, os.O_CREAT | os.O_WRONLY)
runpy.run_path({CAGE!r})["enclose"]({file!r}, memory=1 << 28, cpu_seconds=5, output=10)
os.write(out, b"x" * 5), os.write(out, b"x" * 20), os.write(out, b"x")
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False, timeout=60)

    assert done.returncode != 0
    assert (tmp_path / "out").stat().st_size == 10
