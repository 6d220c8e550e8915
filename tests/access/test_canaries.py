"""No byte that leaves the IMR organization names the reviewer (LC 4610.6(f)); none that is logged names the worker.

A reviewer with a canary in each field takes a case from the offer to the released letter. What the parties, strangers
and the outbox received meanwhile is searched whole.
"""

import base64
import gzip
import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cases.enums import CaseStatus, DocumentKind, PartyRole
from cases.models import Application, Case, DisputedItem, Document, Party
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.accounts.services.api_token import issue_token
from imr.core import clock, jobs
from imr.core.models import JobState, OutboxJob
from reviews.enums import LetterKind
from reviews.models import Assignment, Certification, Determination, Letter, License
from reviews.services.determination import pass_determination, sign_determination
from reviews.services.dispatch import release_letter
from reviews.services.letter_archive import zip_of_letters
from tests.access.canaries import Heard, find_canaries
from tests.factories.accounts import PASSWORD, Cast, build_user, make_cast
from tests.factories.cases import make_case
from tests.factories.letters import write_draft
from tests.factories.reviews import accept_offer, make_offer, make_reviewer
from tests.fixtures.broker import messages, own_redis
from tests.routes import Route, all_routes

REVIEWER = {
    "first name": "Zephyrinqua",
    "last name": "Quillhaverstock",
    "user name": "xylofane.brookwyn",
    "phone": "(916) 555-0198",
    "phone digits": "9165550198",
    "NPI": "1948372605",
    "practice": "Wrenfallow Spine Collective",
    "license number": "QK8847120Z",
    "public code": "R-884271",
    "user id": "904417263551",
    "register id": "703318825467",
}
# Ids of accounts are what log lines of the organization's own are for.
IN_LOGS = {name: word for name, word in REVIEWER.items() if name not in {"user id", "register id", "public code"}}
WORKER = {
    "first name": "Ottiwell",
    "last name": "Marblethwaite",
    "claim number": "WCX-7731-QQ",
    "date of birth": "04/09/1957",
    "date of birth, stored": "1957-04-09",
}


@dataclass
class Ears:
    """Everything that left, by channel."""

    outside: list[Heard] = field(default_factory=list)
    addresses: list[Heard] = field(default_factory=list)
    logs: list[Heard] = field(default_factory=list)
    mails: list[Heard] = field(default_factory=list)
    redis: list[Heard] = field(default_factory=list)
    health: list[Heard] = field(default_factory=list)
    pages: int = 0


class _Written(logging.Handler):
    """Log lines as they are written out, by the formatter of the settings."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        configured = dict(settings.LOGGING["formatters"]["json"])
        self.setFormatter(configured.pop("()")(**configured))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written() -> Iterator[_Written]:
    handler = _Written()
    root = logging.getLogger()
    root.addHandler(handler)
    level, root.level = root.level, logging.INFO
    yield handler
    root.level = level
    root.removeHandler(handler)


@dataclass
class Journey:
    """A case with a canary worker, offered to a canary reviewer."""

    cast: Cast
    case: Case
    reviewer_user: User
    key: str

    def viewers(self) -> Iterator[tuple[str, Client]]:
        for name in ("claims", "manager", "away_claims", "away_manager"):
            client = Client(raise_request_exception=False)
            client.force_login(getattr(self.cast, name), backend="django.contrib.auth.backends.ModelBackend")
            yield name, client
        yield "public", Client(raise_request_exception=False)
        yield "api", Client(raise_request_exception=False, headers={"Authorization": f"Bearer {self.key}"})

    def arguments(self, route: Route) -> dict[str, object]:
        """Arguments that point into this case wherever the name says so."""
        letter = Letter.objects.filter(case=self.case).order_by("service_date").first()
        assignment = Assignment.objects.filter(case=self.case)[0].pk
        determination = Determination.objects.filter(case=self.case).first()
        known: dict[str, object] = {
            "case_id": self.case.pk,
            "item_id": DisputedItem.objects.filter(case=self.case)[0].pk,
            "document_id": Document.objects.filter(case=self.case)[0].pk,
            "letter_id": letter.pk if letter else 1,
            "assignment_id": assignment,
            "determination_id": determination.pk if determination else 1,
            "slug": "claim",
            "code": "odg",
        }
        if "reviewers/" in route.pattern:
            known["pk"] = int(REVIEWER["register id"])
        elif "people/" in route.pattern:
            known["pk"] = self.reviewer_user.pk
        elif "assignments/" in route.pattern:
            known["pk"] = assignment
        return {name: known.get(name, 1) for name in route.arguments}


@pytest.fixture
def journey(transactional_db: None) -> Journey:
    cast = make_cast()
    hidden = build_user(
        Role.REVIEWER, cast.imr, email=f"{REVIEWER['user name']}@example.org", pk=int(REVIEWER["user id"])
    )
    hidden.save(force_insert=True)
    reviewer = make_reviewer(
        hidden,
        specialties=("Orthopedic Surgery",),
        identity={
            "first_name": REVIEWER["first name"],
            "last_name": REVIEWER["last name"],
            "npi": REVIEWER["NPI"],
            "phone": REVIEWER["phone"],
            "practice_name": REVIEWER["practice"],
        },
        code=REVIEWER["public code"],
        pk=int(REVIEWER["register id"]),
    )
    License.objects.filter(reviewer=reviewer).update(number=REVIEWER["license number"])
    case = make_case(
        CaseStatus.READY_FOR_REVIEW,
        user=cast.claims,
        documents=[DocumentKind.MEDICAL_REPORT],
        claim_number=WORKER["claim number"],
    )
    Application.objects.filter(case=case).update(employee_birth_date=date(1957, 4, 9))
    Party.objects.filter(case=case, role=PartyRole.EMPLOYEE).update(
        first_name=WORKER["first name"], last_name=WORKER["last name"]
    )
    make_offer(case, reviewer, actor=cast.administrator)
    return Journey(cast, case, hidden, issue_token(actor=cast.manager, name="Claims system").key)


def listen(journey: Journey, ears: Ears, stage: str) -> None:
    """Ask for every address of the site as every outsider, by GET, and with what makes it complain."""
    for name, client in journey.viewers():
        for route in all_routes():
            try:
                address = reverse(route.name, kwargs=journey.arguments(route))
            except NoReverseMatch:
                continue
            answers = [client.get(address)]
            if route.is_api:
                answers.append(client.options(address))
            elif route.name.startswith(("reviews:", "cases:case", "cases:filing-receipt")):
                answers.append(client.get(address, headers={"HX-Request": "true"}))
            for answer in answers:
                hear(ears, answer, f"{stage} {name} {answer.request['REQUEST_METHOD']} {address}")
        for query in (REVIEWER["last name"], REVIEWER["public code"], REVIEWER["user id"]):
            # The search's own field repeats what was typed, so only the count of rows tells.
            answer = client.get(reverse("cases:case-list"), {"q": query})
            assert str(journey.case.number).encode() not in answer.content, f"{name} finds the case by {query}"
        hear(ears, client.post(reverse("accounts:sign-in"), {"username": "nobody"}), f"{stage} {name} POST /sign-in/")


def hear(ears: Ears, answer: object, where: str) -> None:
    """Keep everything of an answer: body, headers, cookies, and each address in it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    headers = "\n".join(f"{key}: {value}" for key, value in answer.headers.items())  # type: ignore[attr-defined]
    cookies = answer.cookies.output()  # type: ignore[attr-defined]
    assert answer.status_code < 500 or "readyz" in where, where  # type: ignore[attr-defined]
    # Whoever asks for an address knows it; that the answer repeats it tells nothing.
    asked = where.rsplit(" ", 1)[-1]
    for echo in dict.fromkeys((asked, quote(asked, safe=""), quote(asked))):
        body, headers = body.replace(echo.encode(), b"(asked)"), headers.replace(echo, "(asked)")
    ears.outside += [Heard(where, body), Heard(f"{where} headers", f"{headers}\n{cookies}".encode())]
    found = re.findall(rb'(?:href|src|action|hx-\w+)="([^"]*)"', body)
    ears.addresses.append(Heard(where, b"\n".join([*found, headers.encode()])))
    ears.pages += 1
    if "readyz" in where or "healthz" in where:
        ears.health.append(Heard(where, body + headers.encode()))


def work_off() -> None:
    """What the worker would do now."""
    for pk in OutboxJob.objects.filter(state=JobState.PENDING).values_list("pk", flat=True):
        assert jobs.run(pk) == JobState.DONE


def test_nothing_outside_names_the_reviewer_and_no_log_names_the_worker(
    journey: Journey, written: _Written, tmp_path: Path
) -> None:
    ears = Ears()
    case, cast = journey.case, journey.cast
    with own_redis(tmp_path) as redis_url:
        offer = Assignment.objects.get(case=case)
        # Each stage is walked by its people too, so that their requests are in the log.
        inside = Client()
        inside.force_login(journey.reviewer_user, backend="django.contrib.auth.backends.ModelBackend")
        assert inside.get(reverse("reviews:assignment-offer", args=[offer.pk])).status_code == 200
        accept_offer(offer)
        write_draft(offer, journey.reviewer_user)
        assert inside.get(reverse("reviews:workspace", args=[offer.pk])).status_code == 200
        preview = inside.get(reverse("reviews:letter-preview", args=[offer.pk]))
        ears.outside.append(Heard("preview", b"".join(preview)))
        listen(journey, ears, "in review")

        determination = sign_determination(assignment_id=offer.pk, actor=journey.reviewer_user, password=PASSWORD)
        ears.redis.append(Heard("redis", messages(redis_url)))
        work_off()
        pass_determination(determination_id=determination.pk, actor=cast.medical_director)
        release_letter(letter_id=Letter.objects.get(case=case).pk, actor=cast.administrator, service_on=clock.today())
        work_off()
        letter = Letter.objects.select_related("case__organization", "determination").get(
            case=case, kind=LetterKind.SERVED
        )
        inside.force_login(cast.administrator, backend="django.contrib.auth.backends.ModelBackend")
        for address in (
            reverse("cases:case-list") + f"?q={quote(WORKER['last name'])}",
            reverse("cases:case-detail", args=[case.pk]),
            reverse("reviews:reviewer-detail", args=[int(REVIEWER["register id"])]),
        ):
            assert inside.get(address).status_code == 200
        ears.outside.append(Heard("zip", b"".join(zip_of_letters(letters=[letter], actor=cast.manager))))
        listen(journey, ears, "issued")
        ears.redis.append(Heard("redis", messages(redis_url)))
    for message in mail.outbox:
        ears.mails.append(Heard("mail", message.message().as_bytes()))
        ears.mails.append(Heard("mail", f"{message.subject}\n{message.body}\n{message.to}".encode()))
    ears.logs = [Heard("log", line.encode()) for line in written.lines]

    # The ears were open: the released letter, the log and the queue are among what was heard.
    letters = [heard.where for heard in ears.outside if heard.data[:5] == b"%PDF-" and "/letter" in heard.where]
    assert all(any(f"issued {name} " in where for where in letters) for name in ("claims", "manager", "api"))
    assert not any("away" in where or "public" in where or "in review" in where for where in letters)
    assert len(ears.logs) > 100
    assert b"imr.core.tasks.run_job" in ears.redis[0].data
    assert ears.pages > 400

    # Whoever is inside the log of the case's people may search for the worker by name; the parties' pages show it.
    assert find_canaries(ears.outside, REVIEWER) == []
    assert find_canaries([*ears.mails, *ears.redis], REVIEWER) == []
    assert find_canaries(ears.logs, IN_LOGS) == []
    assert find_canaries([*ears.logs, *ears.mails, *ears.redis, *ears.health, *ears.addresses], WORKER) == []
    # The search can find what is there: the worker's name is on the pages of the case's own people.
    assert {hit.canary for hit in find_canaries(ears.outside, WORKER)} >= {"last name", "claim number"}
    assert Certification.objects.filter(reviewer_id=int(REVIEWER["register id"])).exists()


WORD = "Zephyrinqua+Quill/Haver"


def _pdf_with(word: str, place: str) -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    shown = f"<{word.encode().hex()}> Tj" if place == "text" else "(nothing) Tj"
    page.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 720 Td {shown} ET".encode("latin-1"))
    if place == "title":
        pdf.docinfo["/Author"] = word
    if place == "xmp":
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [word]
    if place == "alt":
        page.Alt = pikepdf.String(word)
    buffer = io.BytesIO()
    pdf.save(buffer, compress_streams=True, recompress_flate=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    data = buffer.getvalue()
    assert word.encode() not in data or place == "xmp"
    return data


def _zip_of(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


WRAPPED: dict[str, Callable[[], bytes]] = {
    "raw": f"<p>{WORD}</p>".encode,
    "upper case": lambda: WORD.upper().encode(),
    "percent": lambda: quote(WORD, safe="").encode(),
    "every byte percent": lambda: "".join(f"%{byte:02X}" for byte in WORD.encode()).encode(),
    "base64": lambda: base64.b64encode(WORD.encode()),
    "base64 at place 1": lambda: base64.b64encode(b"x" + WORD.encode() + b"and more"),
    "base64 at place 2": lambda: base64.b64encode(b"xy" + WORD.encode() + b"and more"),
    "base64 for addresses": lambda: base64.urlsafe_b64encode(b"id:" + WORD.encode()),
    "utf-16": lambda: WORD.encode("utf-16"),
    "utf-16 big": lambda: WORD.encode("utf-16-be"),
    "hexadecimal": lambda: WORD.encode().hex().encode(),
    "html": lambda: "".join(f"&#{ord(letter)};" for letter in WORD).encode(),
    "json": lambda: json.dumps({"name": "".join(WORD)}).encode(),
    "json escapes": lambda: "".join(f"\\u{ord(letter):04x}" for letter in WORD).encode(),
    "gzip": lambda: gzip.compress(WORD.encode()),
    "zip": lambda: _zip_of("a.txt", WORD.encode()),
    "zip name": lambda: _zip_of(f"{WORD}.txt", b"nothing"),
    "pdf text": lambda: _pdf_with(WORD, "text"),
    "pdf title": lambda: _pdf_with(WORD, "title"),
    "pdf xmp": lambda: _pdf_with(WORD, "xmp"),
    "pdf alternative text": lambda: _pdf_with(WORD, "alt"),
    "pdf in a zip": lambda: _zip_of("letter.pdf", _pdf_with(WORD, "text")),
}


@pytest.mark.parametrize("shape", WRAPPED)
def test_search_finds_a_planted_canary(shape: str) -> None:
    heard = [Heard("somewhere", b"nothing here"), Heard("planted", WRAPPED[shape]())]
    hits = find_canaries(heard, {"planted": WORD, "absent": "Wrenfallow"})
    assert {(hit.canary, hit.where) for hit in hits} == {("planted", "planted")}
