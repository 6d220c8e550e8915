"""The proof that a large upload survives a lost connection, and costs the web process no memory.

It starts a web process of its own on the loopback, against a throw-away database beside the one in use, sends a PDF of
200 MB that is cut three times, and prints what arrived, what was sent again, and how much the process grew.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import pikepdf
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from django.utils.crypto import get_random_string

from cases.models import Case
from cases.views.tus import PIECE_TYPE
from imr.accounts.models import User
from reviews.management.chaos import free_port
from reviews.management.rehearsal import rehearsal
from reviews.services.rehearsal import make_rehearsal_application

GROWTH_LIMIT: Final = 50 * 1024 * 1024
START_SECONDS: Final = 60
BLOCK: Final = 256 * 1024
MB: Final = 1024 * 1024


@dataclass(slots=True)
class Sender:
    """Speaks tus to the web process as the person of the rehearsal."""

    port: int
    session: str
    case_id: int
    token: str
    sent: int = 0

    def ask(self, method: str, path: str, *, body: bytes = b"", **headers: str) -> HTTPResponse:
        link = HTTPConnection("127.0.0.1", self.port, timeout=120)
        link.request(method, path, body=body, headers=self._headers(**headers))
        answer = link.getresponse()
        answer.read()
        link.close()
        return answer

    def finish(self, path: str) -> tuple[int, str]:
        """The status and the words for the person."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        link.request("POST", f"{path}finish/", urlencode({}).encode(), self._headers() | headers)
        answer = link.getresponse()
        status, text = answer.status, answer.read().decode()
        link.close()
        return status, text

    def send(self, path: str, file: Path, *, offset: int, until: int) -> None:
        """Send the file from `offset` as one piece that ends with it, and cut the line at `until`."""
        size = file.stat().st_size
        link = HTTPConnection("127.0.0.1", self.port, timeout=120)
        link.putrequest("PATCH", path)
        told = {"Upload-Offset": str(offset), "Content-Length": str(size - offset), "Content-Type": PIECE_TYPE}
        for name, value in (self._headers() | told).items():
            link.putheader(name, value)
        link.endheaders()
        with file.open("rb") as handle:
            handle.seek(offset)
            while handle.tell() < until:
                block = handle.read(min(BLOCK, until - handle.tell()))
                try:
                    link.send(block)
                except OSError as error:
                    raise CommandError(f"A piece was answered early: {link.getresponse().status}.") from error
                self.sent += len(block)
        if until == size:
            answer = link.getresponse()
            if answer.status != 204:
                raise CommandError(f"The last piece was answered with {answer.status}.")
        link.close()

    def _headers(self, **headers: str) -> dict[str, str]:
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={self.token}"
        always = {"Cookie": cookie, "X-CSRFToken": self.token, "Tus-Resumable": "1.0.0"}
        return always | {name.replace("_", "-"): value for name, value in headers.items()}


class Command(BaseCommand):
    # The system checks import every page; the web process does that for itself.
    requires_system_checks: list[str] = []
    help = "Upload 200 MB with three cuts; print what was sent again and how much the web process grew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--megabytes", type=int, default=199, help="size of the file (default 199)")

    def handle(self, *args: Any, **options: Any) -> None:
        scratch = {"lease": 45, "republish": 30, "failpoint": "", "time_limit": 0}
        with rehearsal(scratch, workers=0, sweepers=0) as stage, tempfile.TemporaryDirectory() as folder:
            file = large_pdf(Path(folder) / "large.pdf", options["megabytes"] * MB)
            case = make_rehearsal_application()
            with web(stage.environment) as (port, pid):
                growth = self._upload(file, case, port, pid)
        if growth > GROWTH_LIMIT:
            raise CommandError(f"The web process grew by {growth / MB:.0f} MB; the limit is {GROWTH_LIMIT / MB:.0f}.")

    def _upload(self, file: Path, case: Case, port: int, pid: int) -> int:
        size = file.stat().st_size
        sender = Sender(port, signed_in(case.created_by), case.pk, get_random_string(32))
        # The first requests import what every later one uses.
        page = f"/cases/{case.pk}/application/documents/"
        opened = sender.ask("GET", page)
        if opened.status != 200:
            raise CommandError(f"The page of documents was answered with {opened.status}.")
        told = f"filename {base64.b64encode(b'large.pdf').decode()},kind {base64.b64encode(b'medical_report').decode()}"
        begun = sender.ask("POST", f"/cases/{case.pk}/uploads/", Upload_Length=str(size), Upload_Metadata=told)
        if begun.status != 201:
            raise CommandError(f"The upload was not begun: {begun.status}.")
        place = urlsplit(begun.headers["Location"] or "").path
        before = memory(pid, "VmRSS")
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
        began, offset, again = time.monotonic(), 0, 0
        for cut in (size // 4, size // 2, 3 * size // 4, size):
            sender.send(place, file, offset=offset, until=cut)
            arrived = self._arrived(sender, place)
            again += max(0, offset - arrived)
            self.stdout.write(f"cut after {cut / MB:6.1f} MB sent: {arrived / MB:6.1f} MB had arrived and were kept")
            offset = arrived
        sending = time.monotonic() - began
        status, words = sender.finish(place)
        if status != 200:
            raise CommandError(f"The file was not taken in: {status} {words[:200]}")
        growth = memory(pid, "VmHWM") - before
        self.stdout.write(f"file {size / MB:.1f} MB, sent {sender.sent / MB:.1f} MB in all, {sending:.1f} s")
        self.stdout.write(f"sent again of what had arrived: {again} bytes")
        self.stdout.write(f"checked and on record after {time.monotonic() - began - sending:.1f} s more")
        self.stdout.write(f"web process: {before / MB:.0f} MB before, at most {growth / MB:.1f} MB more")
        return growth

    def _arrived(self, sender: Sender, place: str) -> int:
        """How much the server has, once it has noticed that the line is cut and let go of the file."""
        last = -1
        for _ in range(100):
            arrived = int(sender.ask("HEAD", place).headers["Upload-Offset"] or 0)
            if arrived == last:
                return arrived
            last = arrived
            time.sleep(0.2)
        raise CommandError("The upload does not come to rest.")


def large_pdf(path: Path, size: int) -> Path:
    """A PDF of about `size` bytes with one page, most of it a stream that nothing can compress."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Filler = pdf.make_stream(secrets.token_bytes(size - 2_000))
    pdf.save(path)
    return path


def signed_in(user: User) -> str:
    """The key of a session of this person."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def memory(pid: int, line: str) -> int:
    """Bytes of the process: `VmRSS` now, `VmHWM` the most since `clear_refs`."""
    for text in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if text.startswith(line):
            return int(text.split()[1]) * 1024
    raise CommandError("The web process has ended.")


@contextmanager
def web(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A web process with one worker, with its port and the worker's process id; it ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "imr.wsgi", "--worker-class", "sync", "--workers", "1"]
    command += ["--timeout", "60", "--no-control-socket", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    process = subprocess.Popen(  # noqa: S603  our own program
        command,
        env={**os.environ, **environment, "IMR_PROCESS": "web"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_web(port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        yield port, int(children[0])
    finally:
        process.terminate()
        process.wait(30)


def await_web(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        link = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.3)
        finally:
            link.close()
    raise CommandError("The web process does not start.")
