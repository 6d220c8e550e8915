"""What a check of eligibility answers."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from cases.enums import CheckVerdict, IneligibilityReason
from imr.core.words import mmddyyyy

Value = date | str | bool | int | None
Inputs = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that the check looked at, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The answer of one check about the case, or about the item at position `item`.

    `code` is the reason of ineligibility that the check is about, whatever the verdict. `steps` is the arithmetic of
    a date. `doubts` are the figures of law that are to be confirmed. `curable_until` is the last day on which the
    application can be filed anew without what is wrong; None where nothing cures it, or the day has passed.
    """

    check: str
    title: str
    verdict: CheckVerdict
    code: IneligibilityReason
    words: str
    citation: str
    inputs: tuple[Input, ...] = ()
    item: int | None = None
    steps: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    curable_until: date | None = None

    @property
    def key(self) -> str:
        """What names the check within a case: `signature`, `duplicate:2`."""
        return self.check if self.item is None else f"{self.check}:{self.item}"

    @property
    def fingerprint(self) -> str:
        """A digest of what was answered and why; another one means that the facts have changed."""
        told = [self.key, self.verdict.value, self.words, *(f"{one.label}={one.value}" for one in self.inputs)]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The stored form; `from_json` reads it back to an equal result."""
        curable = self.curable_until.isoformat() if self.curable_until else None
        return {**asdict(self), "verdict": self.verdict.value, "code": self.code.value, "curable_until": curable}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The result of a stored form; raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        return cls(
            **{
                **data,
                "verdict": CheckVerdict(data["verdict"]),
                "code": IneligibilityReason(data["code"]),
                "inputs": tuple(Input(**one) for one in data["inputs"]),
                "steps": tuple(data["steps"]),
                "doubts": tuple(data["doubts"]),
                "curable_until": date.fromisoformat(data["curable_until"]) if data["curable_until"] else None,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check's own words: with these it makes its results."""

    name: str
    title: str
    code: IneligibilityReason
    citation: str

    def passes(self, words: str, **more: Any) -> CheckResult:
        """Nothing speaks against the application."""
        return self._result(CheckVerdict.PASSED, words, **more)

    def fails(self, words: str, **more: Any) -> CheckResult:
        """The application, or the item, is ineligible for the check's reason, unless a person finds otherwise."""
        return self._result(CheckVerdict.FAILED, words, **more)

    def asks(self, words: str, **more: Any) -> CheckResult:
        """The facts do not settle it: a person decides."""
        return self._result(CheckVerdict.NEEDS_PERSON, words, **more)

    def _result(self, verdict: CheckVerdict, words: str, *, inputs: Inputs | None = None, **more: Any) -> CheckResult:
        return CheckResult(
            check=self.name,
            title=self.title,
            verdict=verdict,
            code=self.code,
            words=words,
            citation=more.pop("citation", self.citation),
            inputs=tuple(Input(label, told(value)) for label, value in (inputs or {}).items()),
            **more,
        )


def told(value: Value) -> str:
    """A fact in words."""
    if value is None or value == "":
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return mmddyyyy(value) if isinstance(value, date) else str(value)
