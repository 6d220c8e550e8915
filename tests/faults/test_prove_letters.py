"""The proof in short, and its control: with the sweeper off the same faults must lose letters."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.faults


def _prove(*options: str) -> tuple[int, dict[str, int], str]:
    result = subprocess.run(
        [sys.executable, "manage.py", "prove_letters", *options],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "imr.settings.dev"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    figures = {
        name.strip(): int(value) for name, value in re.findall(r"^(\D+?)\s+(\d+)$", result.stdout, flags=re.MULTILINE)
    }
    return result.returncode, figures, result.stdout + result.stderr


def test_no_letter_is_lost_or_doubled_while_workers_and_redis_are_killed() -> None:
    code, figures, output = _prove("--signatures", "24", "--seed", "7", "--lease", "3", "--republish", "2")
    assert code == 0, output
    assert figures["signed"] == figures["letters"] == 24
    assert (figures["lost"], figures["doubled"], figures["wrong content"], figures["refused"]) == (0, 0, 0, 0)
    assert {"Redis killed", "Redis flushed", "worker killed"} <= set(figures), output


def test_without_the_sweeper_the_same_faults_lose_letters() -> None:
    code, figures, output = _prove("--signatures", "6", "--seed", "7", "--lease", "3", "--no-sweeper")
    assert code == 0, output
    assert figures["lost"] >= 3, output
    assert figures["doubled"] == 0
