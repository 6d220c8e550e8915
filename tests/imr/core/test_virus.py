"""The virus check: an answer, or none; none is never taken for a good one (F14, B51, B66)."""

import os
import shutil
import socket
from pathlib import Path

import pytest
from pytest_django import Settings

from imr.core.virus import Scan, ScannerError, ScannerState, is_configured, scan, scanner_state
from imr.settings.env import VARIABLES
from tests.factories.clamd import EICAR, clamd


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"%PDF-1.7" * 1_000)
    return path


def test_clean_and_infected_files_are_told_apart(file: Path, settings: Settings) -> None:
    with clamd() as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        assert scan(file, seconds=5) == Scan("")
        assert fake.scanned == [8_000]
        file.write_bytes(b"%PDF-1.7 " + EICAR)
        found = scan(file, seconds=5)
        assert (found.is_clean, found.signature) == (False, "Eicar-Test-Signature")
        assert scanner_state().version.startswith("ClamAV 1.4.3")


@pytest.mark.parametrize("mode", ["error", "close", "hang"])
def test_scanner_that_fails_or_hangs_gives_no_answer(file: Path, settings: Settings, mode: str) -> None:
    with clamd(mode) as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        with pytest.raises(ScannerError):
            scan(file, seconds=0.3)


def test_scanner_that_is_away_or_not_there_gives_no_answer(file: Path, settings: Settings, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.IMR_CLAMD_ADDRESS = unused.getsockname()
        with pytest.raises(ScannerError):
            scan(file, seconds=1)
        assert scanner_state() == ScannerState(is_configured=True)
    settings.IMR_CLAMD_ADDRESS = str(tmp_path / "no.sock")
    with pytest.raises(ScannerError):
        scan(file, seconds=1)
    settings.IMR_CLAMD_ADDRESS = None
    assert not is_configured()
    assert scanner_state() == ScannerState(is_configured=False)
    with pytest.raises(ScannerError):
        scan(file, seconds=1)


def test_time_of_the_whole_scan_is_limited(file: Path, settings: Settings) -> None:
    with clamd() as fake:
        settings.IMR_CLAMD_ADDRESS = fake.address
        with pytest.raises(ScannerError):
            scan(file, seconds=-1)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", None),
        ("tcp://clamav:3310", ("clamav", 3310)),
        ("tcp://10.0.0.7", ("10.0.0.7", 3310)),
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("clamav:3310", ValueError),
        ("tcp://clamav:many", ValueError),
        ("unix://relative", ValueError),
        ("http://clamav/", ValueError),
    ],
)
def test_address_is_read_from_the_environment(value: str, address: object) -> None:
    convert = next(variable.convert for variable in VARIABLES if variable.name == "CLAMD_ADDRESS")
    if address is ValueError:
        with pytest.raises(ValueError, match=r"must be an address|not a number"):
            convert(value)
    else:
        assert convert(value) == address


@pytest.mark.skipif(
    "TEST_CLAMD" not in os.environ or shutil.which("clamd") is None,
    reason="No clamd runs here; TEST_CLAMD=unix:///run/clamav/clamd.ctl checks against a real one.",
)
def test_real_clamd_finds_the_test_virus(tmp_path: Path, settings: Settings) -> None:
    convert = next(variable.convert for variable in VARIABLES if variable.name == "CLAMD_ADDRESS")
    settings.IMR_CLAMD_ADDRESS = convert(os.environ["TEST_CLAMD"])
    path = tmp_path / "eicar"
    path.write_bytes(EICAR)
    assert not scan(path, seconds=30).is_clean
    path.write_bytes(b"harmless")
    assert scan(path, seconds=30).is_clean
