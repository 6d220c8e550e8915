"""The environment's one reader: what it converts, and how it names what is wrong."""

import ast
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from imr.settings import env

GOOD = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "DATABASE_URL": "postgresql://imr:p%40ss@db.example.org:5433/imr",
    "REDIS_URL": "rediss://:secret@redis.example.org:6380/2",
    "ALLOWED_HOSTS": "imr.example.org, www.example.org",
    "IMR_BASE_URL": "https://imr.example.org/",
    "IMR_DOCUMENT_ROOT": "/var/lib/imr/documents",
    "IMR_SIGN_LETTERS": "0",
    "MAIL_URL": "smtp://user:p%2Fw@mail.example.org:2525",
    "MAIL_FROM": "IMR <no-reply@imr.example.org>",
}
REQUIRED = {variable.name for variable in env.VARIABLES if variable.required}


def problems(environ: dict[str, str]) -> list[str]:
    with pytest.raises(ImproperlyConfigured) as caught:
        env.read("production", environ)
    return str(caught.value).splitlines()[1:]


def test_production_reads_every_variable() -> None:
    values = env.read("production", GOOD)

    assert set(values) == {variable.name for variable in env.VARIABLES}
    assert values["ALLOWED_HOSTS"] == ["imr.example.org", "www.example.org"]
    assert values["IMR_BASE_URL"] == "https://imr.example.org"
    assert values["MAIL_URL"]["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 2525,
        "use_ssl": False,
        "use_tls": True,
        "timeout": 10,
        "username": "user",
        "password": "p/w",
    }


def test_everything_missing_is_named_at_once() -> None:
    found = problems({})

    assert {line.split()[1] for line in found} == REQUIRED
    assert all("is not set." in line and line.endswith(".") for line in found)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", env.DEVELOPMENT_SECRET_KEY, "must not be the development key"),
        ("SECRET_KEY", "short", "at least 50 random characters"),
        ("SECRET_KEY", "a" * 60, "at least 50 random characters"),
        ("DATABASE_URL", "sqlite:///db.sqlite3", "must be a postgresql:// address"),
        ("DATABASE_URL", "postgresql://db.example.org", "must name a database"),
        ("DATABASE_URL", "postgresql://db.example.org:port/imr", "must be a postgresql:// address"),
        ("REDIS_URL", "http://redis", "must be a redis://"),
        ("ALLOWED_HOSTS", "*", "not a host name"),
        ("ALLOWED_HOSTS", "https://imr.example.org", "not a host name"),
        ("ALLOWED_HOSTS", " , ", "at least one host"),
        ("IMR_BASE_URL", "http://imr.example.org", "must begin with https://"),
        ("IMR_BASE_URL", "https://imr.example.org/app", "without a path"),
        ("IMR_DOCUMENT_ROOT", "documents", "absolute path"),
        ("MAIL_URL", "mail.example.org", "must be smtp://"),
        ("MAIL_URL", "smtp://mail.example.org:many", "MAIL_URL"),
        ("IMR_SIGN_LETTERS", "yes", "must be 0 or 1"),
        ("IMR_SIGNING_KEY", "key.pem", "absolute path"),
        ("IMR_SIGNING_KEY", "/nowhere/key.pem", "a file that is there"),
        ("IMR_SIGNING_CERTIFICATE", "/", "a file that is there"),
        ("IMR_SIGNING_FORMER_CERTIFICATES", os.devnull, "a file that is there"),
        ("DEBUG", "1", "must be 0 in production"),
        ("TRUSTED_PROXY_COUNT", "-1", "from 0 to 10"),
        ("LOG_LEVEL", "chatty", "must be one of"),
        ("PORT", "70000", "from 1 to 65535"),
        ("WEB_CONCURRENCY", "0", "from 1 to 64"),
    ],
)
def test_bad_value_is_one_sentence_with_the_name(name: str, value: str, words: str) -> None:
    (line,) = problems({**GOOD, name: value})

    assert line.startswith(f"- {name} ")
    assert words in line


def test_several_faults_are_named_together() -> None:
    found = problems({**GOOD, "SECRET_KEY": "", "REDIS_URL": "x", "PORT": "y"})

    assert [line.split()[1] for line in found] == ["SECRET_KEY", "REDIS_URL", "PORT"]


def test_production_signs_letters_or_says_that_it_does_not(tmp_path: Path) -> None:
    (line,) = problems({**GOOD, "IMR_SIGN_LETTERS": "1"})
    key = tmp_path / "key.p12"
    key.write_bytes(b"")
    (empty,) = problems({**GOOD, "IMR_SIGN_LETTERS": "1", "IMR_SIGNING_KEY": str(key)})
    key.write_bytes(b"key")

    assert line.startswith("- IMR_SIGNING_KEY is not set, and IMR_SIGN_LETTERS is 1.")
    assert "names a file that is empty" in empty
    assert (
        env.read("production", {**GOOD, "IMR_SIGN_LETTERS": "1", "IMR_SIGNING_KEY": str(key)})["IMR_SIGNING_KEY"] == key
    )


def test_development_needs_nothing() -> None:
    values = env.read("development", {})

    assert values["IMR_SIGN_LETTERS"] is True
    assert values["IMR_SIGNING_KEY"] is None
    assert values["DATABASE_URL"].startswith("postgresql://imr@")
    assert values["DEBUG"] is False


def test_nothing_else_reads_the_environment() -> None:
    """Our code asks settings; only entry points set a default, and the local machine passes its own on."""
    root = Path(settings.BASE_DIR)
    allowed = {"imr/settings/env.py", "imr/local/services.py", "imr/local/start.py", "imr/local/supervisor.py"}
    readers = set()
    for package in ("imr", "cases", "reviews", "guidelines"):
        for path in (root / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                    readers.add(path.relative_to(root).as_posix())
    setters = {"imr/wsgi.py", "imr/asgi.py", "imr/celery.py", "imr/local/prepare.py"}
    # They start processes of their own, and give them what they have.
    starters = {"reviews/management/chaos.py", "reviews/management/commands/prove_upload.py"}
    assert readers - allowed - setters - starters == set()
