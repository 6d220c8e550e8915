"""Two rows of the fault matrix in short, with a control; `prove_faults` runs all of them at full length."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--trials", "1", "--lease", "2", "--republish", "1", "--linger", "0")

pytestmark = pytest.mark.faults


def _prove(*options: str) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, "manage.py", "prove_faults", *options, *SHORT],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "imr.settings.dev"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_frozen_worker_comes_back_too_late_to_commit() -> None:
    code, output = _prove("F18")
    assert code == 0, output
    assert "doubled 0" in output
    assert "late commits refused 1" in output


def test_frozen_worker_without_lease_and_constraint_doubles_the_letter() -> None:
    code, output = _prove("F18", "--control")
    assert code == 0, output
    assert "Letters were doubled." in output
