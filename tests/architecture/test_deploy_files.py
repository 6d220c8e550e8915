"""Compose file, Procfile, image and .env.example agree with the settings and with `make run`."""

import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings

from imr.local import processes
from imr.settings import env

ROOT = Path(settings.BASE_DIR)
NAMES = {variable.name for variable in env.VARIABLES}
# Ours to set, not the operator's.
INTERNAL = {"IMR_PROCESS", "TEST_DATABASE_NAME"}
# Read by docker compose, which makes DATABASE_URL and REDIS_URL from them.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
OUR_SERVICES = {"release", "web", "worker", "beat", "sweeper"}

_DURATION = {"type": "string", "pattern": r"^(\d+(us|ms|s|m|h))+$"}
_COMMAND = {
    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}
# The part of the public compose specification that this file uses; an unknown key is a mistake.
COMPOSE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["services"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
        "volumes": {
            "type": "object",
            "additionalProperties": {"type": ["object", "null"], "additionalProperties": False},
        },
        "services": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-zA-Z0-9._-]+$"},
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "anyOf": [{"required": ["image"]}, {"required": ["build"]}],
                "properties": {
                    "image": {"type": "string"},
                    "build": {"type": "string"},
                    "init": {"type": "boolean"},
                    "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
                    "command": _COMMAND,
                    "environment": {
                        "type": "object",
                        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                    },
                    "volumes": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                    "ports": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                    "stop_grace_period": _DURATION,
                    "shm_size": {"type": ["string", "number"]},
                    "healthcheck": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["test"],
                        "properties": {
                            "test": {
                                "type": "array",
                                "prefixItems": [{"enum": ["NONE", "CMD", "CMD-SHELL"]}],
                                "items": {"type": "string"},
                                "minItems": 1,
                            },
                            "interval": _DURATION,
                            "timeout": _DURATION,
                            "start_period": _DURATION,
                            "retries": {"type": "number"},
                        },
                    },
                    "depends_on": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["condition"],
                            "properties": {
                                "condition": {
                                    "enum": [
                                        "service_started",
                                        "service_healthy",
                                        "service_completed_successfully",
                                    ]
                                }
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def procfile() -> dict[str, list[str]]:
    lines = (ROOT / "Procfile").read_text().splitlines()
    return {name: shlex.split(command) for name, command in (line.split(": ", 1) for line in lines)}


def example() -> dict[str, str]:
    """Every variable of .env.example with its value; a commented one counts."""
    found = re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable stands twice"
    return dict(found)


def substituted(text: str) -> set[str]:
    """Names of the `${…}` in a compose value."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_compose_has_the_shape_of_the_specification(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, COMPOSE_SCHEMA)
    services = compose["services"]
    for name, service in services.items():
        for needed, condition in service.get("depends_on", {}).items():
            assert needed in services, f"{name} waits for {needed}, which is not there"
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in services[needed]
        for mount in service.get("volumes", []):
            assert mount.split(":")[0] in compose["volumes"]


def test_compose_runs_the_same_processes(compose: dict[str, Any], procfile: dict[str, list[str]]) -> None:
    services = compose["services"]
    assert set(services) == OUR_SERVICES | {"postgres", "redis"}
    assert set(procfile) == OUR_SERVICES
    assert {program.name for program in processes.programs(port=1, schedule="x")} == OUR_SERVICES - {"release"}

    release = "python manage.py migrate --no-input && python manage.py load_reference_data"
    assert services["release"]["command"] == ["sh", "-c", release]
    assert shlex.join(procfile["release"]).replace("'&&'", "&&") == release
    assert services["worker"]["command"] == procfile["worker"] == list(processes.WORKER)
    assert services["beat"]["command"] == procfile["beat"]
    assert procfile["beat"][: len(processes.BEAT)] == list(processes.BEAT)
    assert services["sweeper"]["command"] == procfile["sweeper"] == ["python", *processes.SWEEPER]
    assert procfile["web"][: len(processes.GUNICORN)] == list(processes.GUNICORN)


def test_image_starts_the_web_process_by_itself(compose: dict[str, Any]) -> None:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    command = yaml.safe_load(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[-1])

    assert command[: len(processes.GUNICORN)] == list(processes.GUNICORN)
    assert "command" not in compose["services"]["web"]
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE)[-1] == "imr"
    port = command[command.index("--bind") + 1].rsplit(":", 1)[1]
    assert compose["services"]["web"]["ports"] == [f"127.0.0.1:${{PORT:-8000}}:{port}"]
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        assert (ROOT / source).exists()


def test_queues_are_those_of_the_settings() -> None:
    assert processes.QUEUES.split(",") == [queue.name for queue in settings.CELERY_TASK_QUEUES]


def test_compose_sets_what_production_requires(compose: dict[str, Any]) -> None:
    required = {variable.name for variable in env.VARIABLES if variable.required}
    for name in OUR_SERVICES:
        service = compose["services"][name]
        given = service["environment"]
        assert required <= set(given), name
        assert set(given) - NAMES <= {"DJANGO_SETTINGS_MODULE", "FORWARDED_ALLOW_IPS"}, name
        assert given["DJANGO_SETTINGS_MODULE"] == "imr.settings.production"
        # A document that web stores must be there for the worker.
        assert f"documents:{given['IMR_DOCUMENT_ROOT']}" in service["volumes"]


def test_settings_accept_what_compose_gives(compose: dict[str, Any]) -> None:
    values = {
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
        "POSTGRES_PASSWORD": "Pass1",
        "REDIS_PASSWORD": "Pass2",
        "ALLOWED_HOSTS": "imr.example.org",
        "IMR_BASE_URL": "https://imr.example.org",
        "IMR_SIGN_LETTERS": "0",
        "MAIL_URL": "smtps://user:pass@mail.example.org",
        "MAIL_FROM": "no-reply@imr.example.org",
    }

    def fill(match: re.Match[str]) -> str:
        return values.get(match[1]) or (match[2] or "").removeprefix(":-")

    given = {
        name: re.sub(r"\$\{([A-Z_]+)(:-[^}]*)?(?::\?[^}]*)?\}", fill, str(value))
        for name, value in compose["services"]["web"]["environment"].items()
    }
    read = env.read("production", given)

    assert read["DATABASE_URL"] == "postgresql://imr:Pass1@postgres:5432/imr"
    assert read["REDIS_URL"] == "redis://:Pass2@redis:6379/0"
    assert read["IMR_ORGANIZATION_NAME"]


def test_secrets_have_no_default(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in COMPOSE_ONLY | {"SECRET_KEY"}:
        uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses)


def test_data_survive_and_processes_return(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert service["restart"] == ("no" if name == "release" else "always")
        # One container of a name, or of a host port, could not be scaled.
        assert "container_name" not in service
        assert ("ports" in service) == (name == "web")
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert services["redis"]["volumes"] == ["redis:/data"]
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    grace = int(services["worker"]["stop_grace_period"].removesuffix("s"))
    assert grace > settings.CELERY_TASK_TIME_LIMIT


def test_example_lists_every_variable_with_its_default() -> None:
    listed = example()
    assert set(listed) == (NAMES - INTERNAL) | COMPOSE_ONLY

    for variable in env.VARIABLES:
        if variable.name in INTERNAL:
            continue
        if variable.required:
            assert listed[variable.name] == "" or variable.name in {"DATABASE_URL", "REDIS_URL", "IMR_DOCUMENT_ROOT"}
        else:
            assert listed[variable.name] == variable.default


def test_every_substituted_variable_is_explained() -> None:
    assert substituted((ROOT / "docker-compose.yml").read_text()) <= set(example())


def test_operations_page_lists_every_variable() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)) == (NAMES - {"IMR_PROCESS"}) | COMPOSE_ONLY
