"""Starts the embedded servers before Django and the fixtures look for them."""

import pytest

from imr.local.start import start_or_exit


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    start_or_exit()
