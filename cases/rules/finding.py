"""A finding of the rules about an application: what it does to the filing, and the words for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.enums import DraftStep
from imr.core.words import mmddyyyy


class Severity(StrEnum):
    """What a finding does: `MISSING` and `ERROR` stop the filing, `CONFIRM` needs a tick, `WARNING` is said."""

    MISSING = "missing"
    ERROR = "error"
    CONFIRM = "confirm"
    WARNING = "warning"


STOPS = frozenset({Severity.MISSING, Severity.ERROR})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the application, in a sentence for the person who files it."""

    step: DraftStep
    severity: Severity
    message: str
    field: str = ""
    code: str = ""
    citation: str = ""


def in_step_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order of the steps."""
    order = list(DraftStep)
    return sorted(findings, key=lambda finding: order.index(finding.step))


def stopping(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop the filing."""
    return [finding for finding in findings if finding.severity in STOPS]


def to_confirm(findings: Iterable[Finding]) -> list[Finding]:
    """Those that the filer has to tick before filing anyway."""
    return [finding for finding in findings if finding.severity == Severity.CONFIRM]


def error(step: DraftStep, name: str, message: str, *, code: str = "") -> Finding:
    """Something that is wrong and stops the filing."""
    return Finding(step, Severity.ERROR, message, field=name, code=code)


def missing(step: DraftStep, name: str, message: str) -> Finding:
    """Something that is not there and stops the filing."""
    return Finding(step, Severity.MISSING, message, field=name)


def warning(step: DraftStep, message: str, code: str) -> Finding:
    """Something that is said and stops nothing."""
    return Finding(step, Severity.WARNING, message, code=code)


def not_after_today(step: DraftStep, name: str, words: str, day: date | None, today: date) -> list[Finding]:
    """`words` names the date; it is not in the future."""
    if day is None or day <= today:
        return []
    return [error(step, name, f"{words}, {mmddyyyy(day)}, cannot be later than today, {mmddyyyy(today)}.")]
