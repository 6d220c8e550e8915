"""What the codebase promises about itself, and import-linter cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from imr.core import jobs

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("imr", "cases", "reviews", "guidelines")
OUR_APPS = ("core", "accounts", "audit", "guidelines", "cases", "reviews")
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "save", "get_or_create", "update_or_create"}
# Django's own manager protocol, and the admin site, write where Django says.
WRITE_EXEMPT = (
    *("/migrations/", "/services/", "imr/core/jobs.py", "imr/accounts/models/user.py", "/admin.py", "/demo/"),
    # They do on purpose what services refuse: faults, and the guards switched off.
    *("reviews/management/failpoints.py", "reviews/management/faults.py"),
)


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def orm_writes(tree: ast.AST) -> Iterator[int]:
    """Lines where something reached through `objects`, `filter(...)` or a model instance is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            chain = ast.unparse(node.func.value)
            if ".objects" in chain or ".filter(" in chain or ".all()" in chain:
                yield node.lineno


def test_orm_writes_stand_in_services_only() -> None:
    found = [
        f"{short(path)}:{line}"
        for path in sources()
        if not any(part in short(path) for part in WRITE_EXEMPT)
        for line in orm_writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found, f"writes belong into a service: {found}"


def test_status_is_assigned_by_the_one_door_only() -> None:
    pattern = re.compile(r"\bcase\.status\s*=[^=]|Case\.objects[^\n]*\.update\([^)]*status=")
    found = [
        f"{short(path)}"
        for path in sources()
        if short(path) != "cases/services/transitions.py" and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"only transition_case assigns Case.status: {found}"


def test_no_catch_all_modules() -> None:
    bad = [short(path) for path in sources() if path.stem in {"utils", "helpers", "common", "misc"}]
    assert not bad


def test_no_signals_and_no_save_overrides() -> None:
    found = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        if re.search(r"from django\.db\.models\.signals|from django\.dispatch", text):
            found.append(f"{short(path)}: signals")
        if "/models/" in short(path) and re.search(r"def (save|delete)\(", text):
            found.append(f"{short(path)}: overrides save or delete")
    assert not found


def our_models() -> list[type[models.Model]]:
    return [model for label in OUR_APPS for model in apps.get_app_config(label).get_models()]


def nullable_pairs() -> list[tuple[type[models.Model], str, str]]:
    """Nullable `<act>_at` fields with a nullable `<act>_by` beside them."""
    pairs = []
    for model in our_models():
        names = {field.name: field for field in model._meta.fields}
        for name, field in names.items():
            if name.endswith("_at") and field.null and (by := name[:-3] + "_by") in names and names[by].null:
                pairs.append((model, name, by))
    return pairs


@pytest.mark.parametrize(
    ("model", "at", "by"), nullable_pairs(), ids=lambda value: value.__name__ if isinstance(value, type) else value
)
def test_who_and_when_come_in_pairs(model: type[models.Model], at: str, by: str) -> None:
    conditions = [
        str(constraint.condition)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    assert any(f"{at}__isnull" in text and f"{by}__isnull" in text for text in conditions)


def test_foreign_keys_across_apps_have_no_way_back() -> None:
    found = []
    for model in our_models():
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey):
                target = field.related_model
                assert isinstance(target, type)
                crosses = target._meta.app_label != model._meta.app_label
                if crosses and field.remote_field.related_name != "+":
                    found.append(f"{model.__name__}.{field.name}")
    assert not found


def enqueued_names() -> set[str]:
    names = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"enqueue", "jobs.enqueue"} and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    names.add(first.value)
    return names


def test_every_enqueued_job_has_a_handler() -> None:
    names = enqueued_names()
    assert names, "no enqueue() with a literal name was found: the test lost its subject"
    assert names <= set(jobs.handlers())


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sources()]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*") if path.is_file()]
    everything = "\n".join(texts)
    unused = []
    for path in sorted((ROOT / "templates").rglob("*")):
        name = path.relative_to(ROOT / "templates").as_posix()
        by_django = name.startswith(("django/", "admin/", "registration/", "drf_spectacular/"))
        stem = name.rsplit(".", 1)[0]
        # A letter's template is named by its version: folder and version stand apart in the code.
        folder, _, version = stem.rpartition("/")
        by_version = folder.startswith("letters/") and f"{folder}/" in everything and f'"{version}"' in everything
        if path.is_file() and not by_django and not by_version and name not in everything:
            unused.append(name)
    assert not unused
