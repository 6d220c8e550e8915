"""`make check` and `make fix`: every linter, the types, the import contracts, migrations and deployment checks."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PYTHON = sys.executable
MANAGE = [PYTHON, "manage.py"]
# Values of the right form and no worth, so that production settings can be loaded and examined; a database is added.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "imr.settings.production",
    "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz-0123456789-only-for-checks-ABCDEFGHIJ",
    "REDIS_URL": "redis://localhost/0",
    "ALLOWED_HOSTS": "imr.example.org",
    "IMR_BASE_URL": "https://imr.example.org",
    "IMR_DOCUMENT_ROOT": str(ROOT / ".local" / "check-documents"),
    "IMR_SIGN_LETTERS": "0",
    "MAIL_URL": "smtp://mail.example.org",
    "MAIL_FROM": "IMR <no-reply@imr.example.org>",
}


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def checks() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Every check by name: its command, and what it needs in the environment."""
    test = {"DJANGO_SETTINGS_MODULE": "imr.settings.test"}
    found = {
        # Every file is hashed, and every reference in it resolved, as when the image is built.
        "static files": ([PYTHON, "bin/collect_static.py"], PRODUCTION),
        "code style": ([PYTHON, "-m", "ruff", "check", "."], {}),
        "formatting": ([PYTHON, "-m", "ruff", "format", "--check", "."], {}),
        "types": ([PYTHON, "-m", "mypy"], {}),
        "import contracts": ([str(Path(PYTHON).parent / "lint-imports"), "--no-logo"], {}),
        "migrations": ([*MANAGE, "makemigrations", "--check", "--dry-run"], test),
        "deployment": ([*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        "packages": ([PYTHON, "-m", "pip", "check"], {}),
    }
    if templates():
        found["templates"] = (
            [str(Path(PYTHON).parent / "djade"), "--check", "--target-version", "6.1", *templates()],
            {},
        )
    return found


def database_url() -> str:
    """A database that answers, as Django's checks of models ask its version; it stays up until this process ends."""
    from imr.local.paths import default_database_url
    from imr.local.services import ensure_services

    ensure_services()
    return os.environ.get("DATABASE_URL") or default_database_url()


def check() -> int:
    """Run all of them, as many at a time as there are processors; 1 when any failed."""
    PRODUCTION["DATABASE_URL"] = database_url()
    found = checks()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda name: run(name, *found[name]), found))
    failed = [name for name, passed in zip(found, results, strict=True) if not passed]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def run(name: str, command: list[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = result.returncode == 0
    words = "" if passed else "\n" + result.stdout.rstrip() + "\n"
    print(f"{name:<18}{'ok' if passed else 'FAILED':<8}{time.monotonic() - started:5.1f} s{words}", flush=True)
    return passed


def fix() -> int:
    """Apply what can be applied safely; the rest is named."""
    codes = [
        subprocess.run([PYTHON, "-m", "ruff", *arguments, "."], cwd=ROOT, check=False).returncode
        for arguments in (["check", "--fix"], ["format"])
    ]
    if templates():
        # djade ends with 1 when it changed something.
        subprocess.run(
            [str(Path(PYTHON).parent / "djade"), "--target-version", "6.1", *templates()], cwd=ROOT, check=False
        )
    return max(codes)


if __name__ == "__main__":
    sys.exit(fix() if sys.argv[1:] == ["--fix"] else check())
