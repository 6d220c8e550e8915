"""What the faults of the matrix share: drafts to sign, waiting for letters, and counting what came of it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from imr.accounts.models import User
from imr.core import pdf
from imr.core.models import OutboxJob
from reviews.management import failpoints
from reviews.management.chaos import Stage
from reviews.management.rehearsal import START_SECONDS, count_letters, drain
from reviews.models import Determination, Letter
from reviews.services.determination import sign_determination
from reviews.services.rehearsal import PASSWORD, make_rehearsal_drafts


@dataclass(slots=True)
class Outcome:
    """`problems` are sentences, empty when the fault did no harm; `facts` are figures by name."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def require(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the fault matrix. `seconds` is what its letters may take from the fault on.

    `signatures` is how many are given while Redis is away, `signing` what the 95th of a hundred may take (s; 0: any).
    `control` is the failpoint, or the guard, that the control takes away: `sweeper`, `health checks`, `time limit`.
    """

    words: str
    run: "Callable[[Stage, Fault, dict[str, Any]], Outcome]"
    trials: int
    seconds: float
    control: str
    failpoint: str = ""
    signatures: int = 5
    signing: float = 0


class Signers:
    """Signs drafts one after the other, and knows how long each took."""

    def __init__(self, count: int) -> None:
        self.signer, self._drafts = make_rehearsal_drafts(count=count)
        self.left: Iterator[int] = iter(self._drafts)
        self.seconds: list[float] = []
        pdf.warm_up()

    def sign(self, count: int) -> None:
        for _ in range(count):
            draft = next(self.left, None)
            if draft is None:
                raise CommandError("There are no drafts left to sign.")
            started = time.monotonic()
            sign_determination(assignment_id=draft, actor=self.signer, password=PASSWORD)
            self.seconds.append(time.monotonic() - started)

    @property
    def slowest_of_20(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.95) - 1] if ordered else 0.0


def session_of(user: User) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def counted(stage: Stage, fault: Fault) -> Outcome:
    """Letters lost, doubled and wrong, and how long each took from its fault on."""
    counts = count_letters()
    outcome = Outcome(facts={"signed": Determination.objects.count(), **counts})
    for name in ("lost", "doubled", "wrong"):
        outcome.require(not counts[name], f"Letters were {name}.")
    # The last fault of a job: a run that lasts over several takes as long as the last of them. A commit that is refused
    # follows from one, and may come when the letter is there already.
    faults = [note for note in failpoints.notes(stage.folder) if note.what != failpoints.LATE_COMMIT_REFUSED]
    hit = {note.job: note.at for note in faults}
    jobs = dict(OutboxJob.objects.filter(pk__in=hit).values_list("args__determination_id", "pk"))
    delays = [
        rendered_at.timestamp() - hit[jobs[determination_id]]
        for determination_id, rendered_at in Letter.objects.values_list("determination_id", "rendered_at")
        if determination_id in jobs
    ]
    if hit:
        slowest = max(delays, default=0.0)
        outcome.facts |= {"faults": len(faults), "slowest letter s": round(slowest, 1)}
        outcome.require(slowest <= fault.seconds, "A letter came too late.")
    return outcome


def noted(stage: Stage, what: str) -> list[failpoints.Note]:
    return [note for note in failpoints.notes(stage.folder) if note.what == what]


def until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)


def await_letters(stage: Stage, options: dict[str, Any]) -> None:
    """Wait for the letters; in a control, whose letters may never come, only while some do."""
    patience = 0.0
    if options["control"] and not options["without_guards"]:
        if options["failpoint"]:
            until(lambda: bool(failpoints.notes(stage.folder)), START_SECONDS)
        patience = max(8.0, 2.0 * options["lease"])
    drain(seconds=options["drain"], patience=patience)
