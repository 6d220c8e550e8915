"""The only reader of the environment.

`read(mode)` returns every variable converted, or raises one `ImproperlyConfigured` that names each missing or
bad variable in a sentence of its own. `VARIABLES` is the whole list: `.env.example`, `docker-compose.yml` and
`docs/operations.md` are tested against it.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from imr.local.paths import PROJECT_ROOT, default_database_url, default_redis_url

type Mode = Literal["development", "test", "production"]

_MODES: Final[Mapping[str, Mode]] = {"dev": "development", "test": "test", "production": "production"}

# Not a secret: it signs nothing outside one developer's machine, and production refuses it.
DEVELOPMENT_SECRET_KEY: Final = "development-only-" + "not-a-secret-" * 4


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _secret_key(value: str) -> str:
    if value == DEVELOPMENT_SECRET_KEY:
        raise ValueError("must not be the development key")
    if len(value) < 50 or len(set(value)) < 5:
        raise ValueError("must be at least 50 random characters")
    return value


def _hosts(value: str) -> list[str]:
    hosts = [part.strip() for part in value.split(",") if part.strip()]
    if not hosts:
        raise ValueError("must name at least one host, separated by commas")
    for host in hosts:
        if host == "*" or not re.fullmatch(r"\.?[A-Za-z0-9\[\]:.-]+", host):
            raise ValueError(f"has {host!r}, which is not a host name (no scheme, no port, no *)")
    return hosts


def _database_url(value: str) -> str:
    if urlsplit(value).scheme not in {"postgres", "postgresql"}:
        raise ValueError("must be a postgresql:// address")
    try:
        name = dj_database_url.parse(value).get("NAME")
    except (ValueError, dj_database_url.ParseError) as error:
        raise ValueError("must be a postgresql:// address") from error
    if not name:
        raise ValueError("must name a database after the host")
    return value


def _redis_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError("must be a redis://, rediss:// or unix:// address")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must be an address such as https://imr.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _https_base_url(value: str) -> str:
    base = _base_url(value)
    if not base.startswith("https://"):
        raise ValueError("must begin with https://")
    return base


def _absolute_path(value: str) -> Path:
    path = Path(value)
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


def _file(value: str) -> Path | None:
    """A readable file, or None when nothing is named."""
    if not value:
        return None
    path = _absolute_path(value)
    if not path.is_file() or not os.access(path, os.R_OK):
        raise ValueError("must name a file that is there and may be read")
    if path.stat().st_size == 0:
        raise ValueError("names a file that is empty")
    return path


def _picture(value: str) -> Path | None:
    """A readable picture, or None when nothing is named."""
    path = _file(value)
    if path is not None and path.suffix.lower() not in {".png", ".jpg", ".jpeg", ".svg"}:
        raise ValueError("must name a PNG, JPEG or SVG file")
    return path


def _mail_url(value: str) -> dict[str, Any]:
    """One `MAILERS` entry from `smtp://user:password@host:587?tls=true`."""
    parts = urlsplit(value)
    query = dict(parse_qsl(parts.query))
    match parts.scheme:
        case "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        case "file" if parts.path:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"BACKEND": backend, "OPTIONS": {"file_path": parts.path}}
        case "smtp" | "smtps" if parts.hostname:
            options: dict[str, Any] = {
                "host": parts.hostname,
                "port": parts.port or (465 if parts.scheme == "smtps" else 587),
                "use_ssl": parts.scheme == "smtps",
                "use_tls": parts.scheme == "smtp" and query.get("tls", "true") == "true",
                "timeout": 10,
            }
            if parts.username:
                options |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
            return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
        case _:
            raise ValueError("must be smtp://, smtps://, file:///folder or console://")


def _clamd_address(value: str) -> tuple[str, int] | str | None:
    """Host and port, or the path of a socket, or None when nothing is named."""
    if not value:
        return None
    parts = urlsplit(value)
    try:
        if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
            return parts.hostname, parts.port or 3310
    except ValueError as error:
        raise ValueError("has a port that is not a number") from error
    if parts.scheme == "unix" and parts.path.startswith("/"):
        return parts.path
    raise ValueError("must be an address such as tcp://clamav:3310 or unix:///run/clamav/clamd.ctl")


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 10:
        raise ValueError("must be a whole number from 0 to 10")
    return int(value)


def _flag(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError("must be 0 or 1")
    return value == "1"


def _off(value: str) -> bool:
    if value != "0":
        raise ValueError("must be 0 in production: its pages would show settings and health data")
    return False


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise ValueError("must be a port number from 1 to 65535")
    return int(value)


def _processes(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 64:
        raise ValueError("must be a whole number from 1 to 64")
    return int(value)


def _one_of(*choices: str) -> Callable[[str], str]:
    def convert(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return convert


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable.

    `default` stands in development and tests, and in production unless `required` is set.
    """

    name: str
    purpose: str
    convert: Callable[[str], Any]
    default: str | None = None
    required: bool = False
    production_convert: Callable[[str], Any] | None = None


VARIABLES: Final[tuple[Variable, ...]] = (
    Variable(
        "SECRET_KEY",
        "Signs sessions and links; at least 50 random characters.",
        _text,
        default=DEVELOPMENT_SECRET_KEY,
        required=True,
        production_convert=_secret_key,
    ),
    Variable(
        "DATABASE_URL",
        "PostgreSQL, as postgresql://user:password@host:5432/name.",
        _database_url,
        default=default_database_url(),
        required=True,
    ),
    Variable(
        "REDIS_URL",
        "Redis, the queue between web and workers, as redis://host:6379/0.",
        _redis_url,
        default=default_redis_url(),
        required=True,
    ),
    Variable(
        "ALLOWED_HOSTS",
        "Host names the site answers to, separated by commas.",
        _hosts,
        default="localhost,127.0.0.1,[::1]",
        required=True,
    ),
    Variable(
        "IMR_BASE_URL",
        "The site's own address, used in mail and letters.",
        _base_url,
        default="http://localhost:8000",
        required=True,
        production_convert=_https_base_url,
    ),
    Variable(
        "IMR_DOCUMENT_ROOT",
        "Folder of records and letters; private, shared by web and workers, backed up.",
        _absolute_path,
        default=str(PROJECT_ROOT / ".local" / "documents"),
        required=True,
    ),
    Variable(
        "IMR_ORGANIZATION_NAME",
        "Name of the IMR organization, printed in letters.",
        _text,
        default="Alder Creek Independent Medical Review",
    ),
    Variable(
        "IMR_REVIEWER_GUIDELINE_LABEL",
        "Heading over the reviewer's guideline in letters.",
        _text,
        default="IMRO guideline",
    ),
    Variable(
        "IMR_LETTER_LOGO",
        "Picture at the top of letters, beside the name: PNG, JPEG or SVG, by absolute path.",
        _picture,
        default="",
    ),
    Variable(
        "IMR_SIGN_LETTERS",
        "1 signs letters digitally; 0 says that letters leave without a signature.",
        _flag,
        default="1",
        required=True,
    ),
    Variable(
        "IMR_SIGNING_KEY",
        "File of the key that signs letters: PKCS#12, or PEM beside IMR_SIGNING_CERTIFICATE.",
        _file,
        default="",
    ),
    Variable(
        "IMR_SIGNING_CERTIFICATE",
        "PEM file of the key's certificate, then those between it and its authority.",
        _file,
        default="",
    ),
    Variable("IMR_SIGNING_PASSPHRASE", "Opens the file of IMR_SIGNING_KEY.", str, default=""),
    Variable(
        "IMR_SIGNING_FORMER_CERTIFICATES",
        "PEM file of the certificates that signed earlier letters.",
        _file,
        default="",
    ),
    Variable(
        "MAIL_URL",
        "Outgoing mail, as smtp://user:password@host:587 (STARTTLS) or smtps://host.",
        _mail_url,
        default="file://" + str(PROJECT_ROOT / ".local" / "mail"),
        required=True,
    ),
    Variable("MAIL_FROM", "Sender of mail.", _text, default="IMR <no-reply@localhost>", required=True),
    Variable(
        "CLAMD_ADDRESS",
        "Virus check of uploads by clamd, as tcp://host:3310 or unix:///path; empty: uploads are not checked.",
        _clamd_address,
        default="",
    ),
    Variable(
        "TRUSTED_PROXY_COUNT",
        "How many of our own proxies stand before the web process and append to X-Forwarded-For.",
        _count,
        default="0",
    ),
    Variable(
        "LOG_LEVEL",
        "Least severe level written to the log.",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        default="INFO",
    ),
    Variable(
        "DEBUG",
        "1 shows Django's error pages; development only.",
        _flag,
        default="0",
        production_convert=_off,
    ),
    Variable("PORT", "Port of the web process.", _port, default="8000"),
    Variable("WEB_CONCURRENCY", "Web worker processes.", _processes, default="2"),
    Variable("WORKER_CONCURRENCY", "Child processes of one Celery worker.", _processes, default="2"),
    Variable(
        "IMR_PROCESS",
        "Set by wsgi.py: web processes get a statement timeout.",
        _one_of("web", "command"),
        default="command",
    ),
    Variable("TEST_DATABASE_NAME", "Name of the test database.", _text, default="test_imr"),
)


def current_mode() -> Mode:
    """The mode of the settings module in use; raises `ImproperlyConfigured` for one that is not ours."""
    module = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    try:
        return _MODES[module.removeprefix("imr.settings.")]
    except KeyError:
        raise ImproperlyConfigured(
            "DJANGO_SETTINGS_MODULE must be imr.settings.dev, imr.settings.test or imr.settings.production."
        ) from None


def read(mode: Mode, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every variable by name, converted.

    `environ` defaults to the process environment, completed from `.env` beside manage.py where a variable is
    not set. Raises `ImproperlyConfigured` with one sentence for each missing or bad variable.
    """
    if environ is None:
        Env().read_env(PROJECT_ROOT / ".env", recurse=False)
        environ = os.environ
    values: dict[str, Any] = {}
    problems: list[str] = []
    for variable in VARIABLES:
        production = mode == "production"
        raw = environ.get(variable.name, "")
        if not raw:
            if (production and variable.required) or variable.default is None:
                problems.append(f"{variable.name} is not set. {variable.purpose}")
                continue
            raw = variable.default
        convert = (variable.production_convert if production else None) or variable.convert
        try:
            values[variable.name] = convert(raw)
        except ValueError as error:
            problems.append(f"{variable.name} {error}. {variable.purpose}")
    if mode == "production" and values.get("IMR_SIGN_LETTERS") and values.get("IMR_SIGNING_KEY", "") is None:
        problems.append("IMR_SIGNING_KEY is not set, and IMR_SIGN_LETTERS is 1. Set it, or set IMR_SIGN_LETTERS to 0.")
    if problems:
        raise ImproperlyConfigured("The settings cannot be used:\n" + "\n".join(f"- {p}" for p in problems))
    return values
