"""Log lines: one JSON object each, with the request's id, and without what people typed.

A line never holds a query string (searches carry names), an exception's message (a database error quotes the
row) or the values of local variables. What remains of an exception is its type and where it was raised.
"""

import logging
import sys
import traceback
from typing import Any, Final
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def drop_query_string(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """`GET /cases/?q=name` becomes `GET /cases/`."""
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.split("?", 1)[0]
    return event


def name_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the exception's type and the places it passed through."""
    info = event.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    elif info and not isinstance(info, tuple):
        info = sys.exc_info()
    if info and info[0] is not None:
        event["exception"] = info[0].__qualname__
        event["raised_at"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(info[2])
        ]
    # Celery's and django-structlog's own texts of an exception.
    event.pop("error", None)
    return event


# Text that code of ours passes beside a message; it holds no words of a user.
TEXT_FIELDS: Final = frozenset({"error", "job", "queue", "state", "process"})
_RECORD_FIELDS: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def add_fields(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add a record's `extra`: numbers and ids under any name, text under the names above only."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and not record.name.startswith("celery"):
        for name, value in vars(record).items():
            if name in _RECORD_FIELDS or name.startswith("_"):
                continue
            if isinstance(value, int | float | UUID) or (isinstance(value, str) and name in TEXT_FIELDS):
                event[name] = value
    return event


SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_query_string,
    name_exception,
    add_fields,
]


def configuration(level: str) -> dict[str, Any]:
    """The `LOGGING` setting: everything to standard error, as JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(default=str),
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            # In the web workers, once Django is loaded: gunicorn's own handler would quote a failing request.
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
            "axes": {"level": "ERROR"},
            # One line a rendered page of a letter, and every font table.
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "WARNING"},
            # Says at import that it is there.
            "pikepdf": {"level": "WARNING"},
        },
    }
