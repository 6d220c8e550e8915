"""What a log line may hold."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from imr.settings import logs


class Lines(logging.Handler):
    """Keeps what would have been written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        options = dict(logs.configuration("INFO")["formatters"]["json"])
        self.setFormatter(options.pop("()")(**options))

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("imr.trial")
    logger.setLevel("INFO")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def fail() -> None:
    patient = "Jane Canary 123-45-6789"
    raise ValueError(f"Key (name)=({patient}) already exists")


@pytest.mark.parametrize("logger", [logging.getLogger("imr.trial"), structlog.get_logger("imr.trial")])
def test_exception_text_and_locals_stay_out(logger: Any, lines: Lines) -> None:
    try:
        fail()
    except ValueError:
        logger.exception("save_failed")
    (line,) = lines.written
    event = json.loads(line)

    assert "Canary" not in line
    assert event["exception"] == "ValueError"
    assert "test_settings_logs.py" in event["raised_at"][-1]
    assert event["event"] == "save_failed"


def test_extra_numbers_pass_and_unknown_text_does_not(lines: Lines) -> None:
    extra = {"job_id": 7, "error": "TimeoutError", "patient": "Jane Canary"}
    logging.getLogger("imr.trial").warning("job_failed", extra=extra)
    event = json.loads(lines.written[0])

    assert (event["job_id"], event["error"]) == (7, "TimeoutError")
    assert "patient" not in event


def test_query_string_is_dropped() -> None:
    event = logs.drop_query_string(None, "info", {"request": "GET /cases/?q=Jane+Canary"})

    assert event["request"] == "GET /cases/"
